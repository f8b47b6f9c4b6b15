//! From the database to the cells.

use engine::{Progress, Step, execute};
use lang::Lang;
use tokio_util::sync::CancellationToken;

use crate::harness::{Said, Shop, report, seconds, sheet};

const ALL_ORDERS: &str = r#"/*--- report
title = { ko = "주문 전체", en = "All orders" }
timezone = "Asia/Seoul"
---*/

-- name: orders
-- source: shop
SELECT id, region_code, ordered_at, due, total_cents, price, weight, is_paid, note
FROM orders
ORDER BY id;

/*--- workbook
[[sheet]]
name = { ko = "주문", en = "Orders" }
query = "orders"
---*/
"#;

#[tokio::test]
async fn every_cell_is_what_the_database_says() {
    let shop = Shop::usual().await;
    let outcome = shop.execute(ALL_ORDERS, &[]).await.unwrap();
    let (heading, rows) = sheet(&outcome, "Orders");
    assert_eq!(heading[0], "id");
    assert_eq!(heading[8], "note");
    let sql = format!(
        "SELECT CAST(id AS TEXT), region_code, {}, {}, CAST(total_cents AS TEXT),
                rtrim(rtrim(printf('%.2f', price), '0'), '.'), rtrim(rtrim(printf('%.3f', weight), '0'), '.'),
                CAST(is_paid AS TEXT), note
         FROM orders ORDER BY id",
        seconds("ordered_at"),
        seconds("due"),
    );
    let mut expected = shop.answer(&sql).await;
    // printf gives an absent number as 0; here it is an empty cell.
    expected[1][3].clear();
    expected[1][6].clear();
    expected[5][3].clear();
    expected[5][5].clear();
    assert_eq!(rows, expected);
    assert_eq!(outcome.file.rows, 6);
    assert_eq!(outcome.blocks.len(), 1);
    assert_eq!(
        (outcome.blocks[0].rows_read, outcome.blocks[0].rows_staged),
        (6, 6)
    );
    assert!(!outcome.blocks[0].from_stage);
}

#[tokio::test]
async fn the_file_is_named_measured_and_alone_in_its_folder() {
    let shop = Shop::usual().await;
    let outcome = shop.execute(ALL_ORDERS, &[]).await.unwrap();
    let bytes = std::fs::read(&outcome.file.path).unwrap();
    assert_eq!(outcome.file.bytes, bytes.len() as u64);
    assert_eq!(
        outcome.file.sha256,
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes))
    );
    assert_eq!(
        outcome.file.path.file_name().unwrap().to_str().unwrap(),
        outcome.file.name
    );
    let names: Vec<_> = std::fs::read_dir(shop.results())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, [outcome.file.name.as_str()]);
    assert_eq!(
        std::fs::read_dir(shop.stage().join("runs"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn sheets_speak_the_language_of_the_run() {
    let shop = Shop::usual().await;
    let mut job = shop.job(&report(ALL_ORDERS), &[]);
    job.lang = Lang::Ko;
    let outcome = execute(job, &|_| (), CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(outcome.sheets[0].name, "주문");
    assert_eq!(sheet(&outcome, "주문").1.len(), 6);
}

#[tokio::test]
async fn no_rows_make_a_sheet_with_its_heading() {
    let shop = Shop::with("CREATE TABLE orders (id INTEGER, note TEXT);").await;
    let text = r#"/*--- report
title = "Nothing"
---*/

-- name: orders
-- source: shop
SELECT id, note FROM orders;
"#;
    let outcome = shop.execute(text, &[]).await.unwrap();
    assert_eq!(outcome.file.rows, 0);
    let (heading, _) = sheet(&outcome, &outcome.sheets[0].name);
    assert_eq!(heading, ["id", "note"]);
}

#[tokio::test]
async fn steps_are_told_in_order_and_every_row_is_counted() {
    let shop = Shop::usual().await;
    let said = Said::default();
    execute(
        shop.job(&report(ALL_ORDERS), &[]),
        &|progress| said.hear(progress),
        CancellationToken::new(),
    )
    .await
    .unwrap();
    let mut steps = Vec::new();
    let mut fetched = 0;
    let mut written = (0, None);
    for progress in said.all() {
        match progress {
            Progress::Step { step } => steps.push(step),
            Progress::Rows {
                step: Step::FetchingRows,
                rows,
                block,
                bytes,
                ..
            } => {
                assert_eq!(block.as_deref(), Some("orders"));
                assert!(bytes > 0);
                fetched = rows;
            }
            Progress::Rows {
                step: Step::WritingWorkbook,
                rows,
                total,
                ..
            } => written = (rows, total),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        steps,
        [
            Step::Connecting,
            Step::DatabaseWorking,
            Step::FetchingRows,
            Step::WritingWorkbook,
            Step::CheckingCounts,
            Step::Storing
        ]
    );
    assert_eq!(fetched, 6);
    assert_eq!(written, (6, Some(6)));
}

#[tokio::test]
async fn progress_and_outcome_survive_json() {
    let shop = Shop::usual().await;
    let said = Said::default();
    let job = shop.job(&report(ALL_ORDERS), &[]);
    let outcome = execute(
        job,
        &|progress| said.hear(progress),
        CancellationToken::new(),
    )
    .await
    .unwrap();
    for progress in said.all() {
        let line = serde_json::to_string(&progress).unwrap();
        assert_eq!(serde_json::from_str::<Progress>(&line).unwrap(), progress);
    }
    let line = serde_json::to_string(&outcome).unwrap();
    assert_eq!(
        serde_json::from_str::<engine::Outcome>(&line).unwrap(),
        outcome
    );
}
