//! `limits.rows` and `limits.runtime` end a job with a clear message instead of going on.

use std::time::Duration;

use engine::EngineError;
use lang::Lang;

use crate::harness::Shop;

fn limited(limit: &str, sql: &str) -> String {
    format!(
        r#"/*--- report
title = "Limited"

[limits]
{limit}
---*/

-- name: orders
-- source: shop
{sql};
"#
    )
}

#[tokio::test]
async fn one_row_above_the_limit_fails_and_the_limit_itself_does_not() {
    let shop = Shop::usual().await;
    let sql = "SELECT id FROM orders";
    assert_eq!(
        shop.execute(&limited("rows = 6", sql), &[])
            .await
            .unwrap()
            .file
            .rows,
        6
    );
    let error = shop
        .execute(&limited("rows = 5", sql), &[])
        .await
        .unwrap_err();
    assert!(
        matches!(&error, EngineError::TooManyRows { block, limit: 5 } if block == "orders"),
        "{error:?}"
    );
    assert_eq!(
        (error.code(), error.class()),
        ("run::too_many_rows", lang::FailureClass::TooBig)
    );
    assert!(error.message().get(Lang::En).contains("limits.rows"));
    assert!(error.message().get(Lang::Ko).contains("5행"));
    assert!(std::fs::read_dir(shop.results()).unwrap().count() == 1);
}

#[tokio::test]
async fn rows_of_a_summary_are_limited_too() {
    let shop = Shop::usual().await;
    let text = limited("rows = 20", "SELECT id FROM orders")
        + "\n-- name: crossed\n-- engine: polars\nSELECT a.id AS a, b.id AS b FROM orders AS a CROSS JOIN orders AS b;\n";
    let error = shop.execute(&text, &[]).await.unwrap_err();
    assert!(
        matches!(&error, EngineError::TooManyRows { block, limit: 20 } if block == "crossed"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_job_ends_when_its_time_is_over() {
    let shop = Shop::usual().await;
    let endless = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT SUM(n) AS n FROM orders, c";
    let error = shop
        .execute(&limited("runtime = \"1 second\"", endless), &[])
        .await
        .unwrap_err();
    assert!(
        matches!(error, EngineError::Runtime { limit } if limit == Duration::from_secs(1)),
        "{error:?}"
    );
    // The statement would never have ended by itself, and no longer holds the database.
    shop.run("DROP TABLE orders").await;
    assert!(error.message().get(Lang::En).contains("1 second"));
    assert!(!error.is_transient());
    shop.assert_clean();
}
