//! The first sheet is written while its rows arrive, and nobody can tell from the file.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use calamine::{Data, Reader, Xlsx, open_workbook};
use engine::{EngineError, Outcome, Progress, Step, execute};
use tokio_util::sync::CancellationToken;

use crate::harness::{Shop, report, sheet};

/// More cells than a sheet in memory has.
const ROWS: i64 = 90_000;

fn numbers(block: &str, limit: &str) -> String {
    format!(
        r#"/*--- report
title = "Numbers"
{limit}
---*/

-- name: numbers
-- source: shop
{block}
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS})
SELECT n, n * 1.5 AS half, '번호 ' || (n % 97) AS name FROM c;

-- name: total
-- engine: polars
SELECT COUNT(*) AS rows, SUM(n) AS total FROM numbers;

/*--- workbook
[[sheet]]
name = "Numbers"
query = "numbers"

[sheet.columns]
n = {{ total = "sum" }}

[[sheet]]
name = "Total"
query = "total"
---*/
"#
    )
}

/// Runs it and says whether the workbook had begun before the last row had come.
async fn run(shop: &Shop, text: &str) -> (Result<Outcome, EngineError>, bool) {
    let is_begun = AtomicBool::new(false);
    let look = |progress: Progress| {
        if let Progress::Rows {
            step: Step::FetchingRows,
            ..
        } = progress
        {
            let jobs = fs::read_dir(shop.stage().join("runs")).unwrap();
            let mut books = jobs.map(|job| job.unwrap().path().join("book.xlsx"));
            is_begun.fetch_or(books.any(|book| book.exists()), Ordering::Relaxed);
        }
    };
    let job = shop.job(&report(text), &[]);
    let outcome = execute(job, &look, CancellationToken::new()).await;
    (outcome, is_begun.into_inner())
}

fn assert_whole(outcome: &Outcome) {
    let mut book: Xlsx<_> = open_workbook(&outcome.file.path).unwrap();
    let range = book.worksheet_range("Numbers").unwrap();
    let mut rows = range.rows().skip(1);
    for n in 1..=ROWS {
        let expected = [
            Data::Float(n as f64),
            Data::Float(n as f64 * 1.5),
            Data::String(format!("번호 {}", n % 97)),
        ];
        assert_eq!(rows.next().unwrap(), expected);
    }
    let total = ROWS * (ROWS + 1) / 2;
    assert_eq!(rows.next().unwrap()[0], Data::Float(total as f64));
    assert_eq!(rows.next(), None);
    let (_, totals) = sheet(outcome, "Total");
    assert_eq!(totals, [[ROWS.to_string(), total.to_string()]]);
}

#[tokio::test]
async fn a_sheet_of_arriving_rows_is_the_sheet_of_kept_ones() {
    let shop = Shop::usual().await;
    let text = numbers("-- cache: 1 hour", "");
    let (first, is_begun) = run(&shop, &text).await;
    let first = first.unwrap();
    assert!(is_begun);
    assert_whole(&first);
    let (second, is_begun) = run(&shop, &text).await;
    let second = second.unwrap();
    assert!(!is_begun);
    assert!(second.blocks[0].from_stage);
    assert_whole(&second);
    assert_eq!(first.totals, second.totals);
}

#[tokio::test]
async fn a_sheet_that_shows_few_of_the_columns_is_a_small_one() {
    let shop = Shop::usual().await;
    // One column of so many rows is fewer cells than a sheet in memory may have; three would be more.
    let text = numbers("", "").replace(
        "query = \"numbers\"\n",
        "query = \"numbers\"\nothers = false\n",
    );
    let (outcome, is_begun) = run(&shop, &text).await;
    let (heading, rows) = sheet(&outcome.unwrap(), "Numbers");
    assert_eq!((heading.len(), rows.len() as i64), (1, ROWS + 1));
    assert!(!is_begun);
}

#[tokio::test]
async fn a_statement_that_breaks_off_leaves_nothing_of_the_workbook() {
    let shop = Shop::usual().await;
    // The last row is a text where every other is a number.
    let text = numbers("", "").replace(
        "SELECT n, n * 1.5",
        &format!("SELECT CASE WHEN n = {ROWS} THEN 'x' ELSE n END AS n, n * 1.5"),
    );
    let (outcome, _) = run(&shop, &text).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        error.class(),
        lang::FailureClass::UserSql,
        "{}",
        error.chain()
    );
    shop.assert_clean();
}

#[tokio::test]
async fn the_row_limit_ends_a_workbook_that_has_begun() {
    let shop = Shop::usual().await;
    let limit = format!("[limits]\nrows = {}", ROWS - 1);
    let (outcome, _) = run(&shop, &numbers("", &limit)).await;
    assert!(matches!(
        outcome.unwrap_err(),
        EngineError::TooManyRows { .. }
    ));
    shop.assert_clean();
}

#[tokio::test]
async fn a_cancel_ends_a_workbook_that_has_begun() {
    let shop = Shop::usual().await;
    let text = numbers("", "").replace(&format!(" WHERE n < {ROWS}"), "");
    let flag = CancellationToken::new();
    let cancel = |progress: Progress| {
        if let Progress::Rows { rows, .. } = progress
            && rows > ROWS as u64
        {
            flag.cancel();
        }
    };
    let outcome = execute(shop.job(&report(&text), &[]), &cancel, flag.clone()).await;
    assert!(matches!(outcome.unwrap_err(), EngineError::Cancelled));
    shop.assert_clean();
}
