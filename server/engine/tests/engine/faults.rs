//! What is broken outside ends in one clear sentence, and nothing is left.

use std::fs;

use engine::{EngineError, execute};
use lang::Lang;
use tokio_util::sync::CancellationToken;

use crate::harness::{Shop, report};

const ORDERS: &str = r#"/*--- report
title = "Orders"
---*/

-- name: orders
-- source: shop
SELECT id FROM orders;
"#;

#[tokio::test]
async fn a_source_that_is_not_configured_is_named_before_anything_is_read() {
    let shop = Shop::usual().await;
    let mut job = shop.job(&report(ORDERS), &[]);
    job.sources.clear();
    let error = execute(
        job,
        &|progress| panic!("{progress:?}"),
        CancellationToken::new(),
    )
    .await
    .unwrap_err();
    assert!(
        matches!(&error, EngineError::UnknownSource { source_name, .. } if source_name == "shop")
    );
    assert!(error.message().get(Lang::Ko).contains("shop"));
}

#[tokio::test]
async fn a_mistake_in_the_sql_belongs_to_the_report() {
    let shop = Shop::usual().await;
    let error = shop
        .execute(&ORDERS.replace("SELECT id", "SELECT idd"), &[])
        .await
        .unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::UserSql);
    assert!(error.chain().contains("idd"), "{}", error.chain());
    assert!(
        !error.message().get(Lang::En).contains("idd"),
        "people do not read SQL"
    );
    shop.assert_clean();
}

#[tokio::test]
async fn a_database_that_is_not_there_is_down() {
    let shop = Shop::usual().await;
    fs::remove_file(shop.database()).unwrap();
    let error = shop.execute(ORDERS, &[]).await.unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::SourceDown);
    assert!(error.is_transient());
    assert!(
        !shop.database().exists(),
        "reading must not make a database"
    );
}

#[tokio::test]
async fn a_stage_or_result_folder_that_cannot_be_used_is_a_disk_error() {
    let shop = Shop::usual().await;
    let file = shop.database();
    let mut job = shop.job(&report(ORDERS), &[]);
    job.stage_dir = file.join("stage");
    let error = execute(job, &|_| (), CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::Disk);
    assert!(error.message().get(Lang::En).contains("no half file"));

    let mut job = shop.job(&report(ORDERS), &[]);
    job.output_dir = file.join("results");
    let error = execute(job, &|_| (), CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::Disk);
    assert!(
        error
            .message()
            .get(Lang::Ko)
            .contains("반쪽 파일은 남지 않았습니다")
    );
    shop.assert_clean();
}
