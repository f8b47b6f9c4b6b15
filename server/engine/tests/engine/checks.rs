//! Blocks that must return no rows, and sheets that ask for columns that are not there.

use engine::{EngineError, Progress, execute};
use lang::Lang;
use tokio_util::sync::CancellationToken;

use crate::harness::{Said, Shop, report, sheet};

fn checked(check: &str, condition: &str) -> String {
    format!(
        r#"/*--- report
title = "Checked"
---*/

-- name: orders
-- source: shop
SELECT id, region_code, note FROM orders;

-- name: orders_without_a_note
-- engine: polars
-- check: {check}
-- Every order needs a note.
SELECT id, note FROM orders WHERE {condition} ORDER BY id;

/*--- workbook
[[sheet]]
name = "Orders"
query = "orders"
---*/
"#
    )
}

#[tokio::test]
async fn a_failing_check_withholds_the_file_and_shows_its_rows() {
    let shop = Shop::usual().await;
    let error = shop
        .execute(&checked("fail", "id <= 2"), &[])
        .await
        .unwrap_err();
    let EngineError::CheckFailed(check) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(check.rows, 2);
    assert_eq!(check.columns, ["id", "note"]);
    assert_eq!(
        check.first,
        [
            vec![Some("1".to_owned()), Some("=1+1".to_owned())],
            vec![Some("2".to_owned()), None]
        ]
    );
    assert_eq!(
        (error.class(), error.code()),
        (lang::FailureClass::CheckFailed, "run::check_failed")
    );
    let message = error.message().get(Lang::En);
    assert!(
        message.contains("2 rows fail") && message.contains("Every order needs a note."),
        "{message}"
    );
    assert!(
        error
            .message()
            .get(Lang::Ko)
            .contains("orders_without_a_note")
    );
    assert!(
        error.chain().contains("1 | =1+1\n  2 | NULL"),
        "{}",
        error.chain()
    );
    shop.assert_clean();
}

#[tokio::test]
async fn a_warning_check_lets_the_file_through() {
    let shop = Shop::usual().await;
    let said = Said::default();
    let job = shop.job(&report(&checked("warn", "note IS NULL")), &[]);
    let outcome = execute(
        job,
        &|progress| said.hear(progress),
        CancellationToken::new(),
    )
    .await
    .unwrap();
    assert_eq!(outcome.warnings.len(), 1);
    let warning = &outcome.warnings[0];
    assert_eq!(warning.code, "run::check_failed");
    assert_eq!(warning.rows.as_ref().unwrap().rows, 1);
    assert!(said.all().contains(&Progress::Warning {
        warning: Box::new(warning.clone())
    }));
    assert_eq!(sheet(&outcome, "Orders").1.len(), 6);
}

#[tokio::test]
async fn a_check_without_rows_is_silent() {
    let shop = Shop::usual().await;
    let outcome = shop
        .execute(&checked("fail", "id > 100"), &[])
        .await
        .unwrap();
    assert_eq!(outcome.warnings, []);
    assert_eq!(outcome.sheets.len(), 1);
}

#[tokio::test]
async fn only_twenty_rows_of_a_check_are_shown() {
    let shop = Shop::with(
        "CREATE TABLE orders (id INTEGER, region_code TEXT, note TEXT);
         WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1234)
         INSERT INTO orders SELECT n, 'a', NULL FROM c;",
    )
    .await;
    let error = shop
        .execute(&checked("fail", "id > 0"), &[])
        .await
        .unwrap_err();
    let EngineError::CheckFailed(check) = &error else {
        panic!("{error:?}")
    };
    assert_eq!((check.rows, check.first.len()), (1_234, 20));
    assert!(error.message().get(Lang::En).contains("1,234 rows fail"));
}

#[tokio::test]
async fn a_sheet_that_formats_a_missing_column_names_the_nearest_one() {
    let shop = Shop::usual().await;
    let text = r#"/*--- report
title = "Columns"
---*/

-- name: orders
-- source: shop
SELECT id, total_cents FROM orders;

/*--- workbook
[[sheet]]
name = "Orders"
query = "orders"

[sheet.columns]
totl_cents = { format = "int" }
elsewhere = { format = "int" }
---*/
"#;
    let error = shop.execute(text, &[]).await.unwrap_err();
    assert_eq!(
        (error.class(), error.code()),
        (lang::FailureClass::UserSql, "run::columns")
    );
    let message = error.message().get(Lang::En);
    assert!(
        message.contains("“totl_cents” (did you mean “total_cents”?), “elsewhere”"),
        "{message}"
    );
    assert!(message.contains("It returns id, total_cents."), "{message}");
    assert!(
        error
            .message()
            .get(Lang::Ko)
            .contains("혹시 ‘total_cents’?")
    );
    shop.assert_clean();
}
