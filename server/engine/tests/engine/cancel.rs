//! A wish to stop ends a job at once, wherever it is, and leaves nothing.

use std::time::{Duration, Instant};

use engine::{EngineError, Progress, Step, execute};
use tokio_util::sync::CancellationToken;

use crate::harness::{Shop, report};

/// What a person may have to wait after pressing "cancel".
const AT_MOST: Duration = Duration::from_secs(2);

const SLOW_STATEMENT: &str = r#"/*--- report
title = "Slow"
---*/

-- name: slow
-- source: shop
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
SELECT SUM(n) AS total FROM orders, c;
"#;

const ENDLESS_ROWS: &str = r#"/*--- report
title = "Endless"
---*/

-- name: endless
-- source: shop
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
SELECT n FROM c;
"#;

const WHOLE: &str = r#"/*--- report
title = "Whole"
---*/

-- name: orders
-- source: shop
SELECT id, total_cents FROM orders;

-- name: total
-- engine: polars
SELECT SUM(total_cents) AS total FROM orders;
"#;

const LARGE_CROSS_JOIN: &str = r#"/*--- report
title = "Cross"
---*/

-- name: numbers
-- source: shop
WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000)
SELECT n FROM c;

-- name: crossed
-- engine: polars
SELECT SUM(a.n * b.n) AS total FROM numbers AS a CROSS JOIN numbers AS b;
"#;

/// Cancels a job as soon as it says that it is at a step; how long it went on after that.
async fn cancelled_at(shop: &Shop, text: &str, at: Step) -> Duration {
    let flag = CancellationToken::new();
    let asked = std::sync::Mutex::new(None);
    let cancel = |progress: Progress| {
        let is_there = match progress {
            Progress::Step { step } => step == at,
            Progress::Rows { step, rows, .. } => step == at && rows > 0,
            Progress::Warning { .. } | Progress::Sessions { .. } => false,
        };
        if is_there {
            asked.lock().unwrap().get_or_insert_with(Instant::now);
            flag.cancel();
        }
    };
    let result = execute(shop.job(&report(text), &[]), &cancel, flag.clone()).await;
    let waited = asked
        .lock()
        .unwrap()
        .expect("the step was reached")
        .elapsed();
    assert!(
        matches!(result, Err(EngineError::Cancelled)),
        "{at:?}: {result:?}"
    );
    waited
}

#[tokio::test]
async fn a_job_can_be_cancelled_at_every_step() {
    let shop = Shop::usual().await;
    // A job is there once the run no longer waits.
    for step in Step::ALL.into_iter().filter(|step| *step != Step::Waiting) {
        cancelled_at(&shop, WHOLE, step).await;
        shop.assert_clean();
    }
}

#[tokio::test]
async fn a_statement_that_gives_no_rows_is_stopped() {
    let shop = Shop::usual().await;
    let cancel = CancellationToken::new();
    let work = execute(
        shop.job(&report(SLOW_STATEMENT), &[]),
        &|_| (),
        cancel.clone(),
    );
    let cancelling = async {
        shop.until_read().await;
        cancel.cancel();
    };
    let (result, ()) = tokio::join!(work, cancelling);
    assert!(matches!(result, Err(EngineError::Cancelled)), "{result:?}");
    shop.assert_clean();
    // The statement would never have ended by itself, and no longer holds the table it read.
    shop.run("DROP TABLE orders").await;
}

#[tokio::test]
async fn rows_without_end_are_stopped() {
    let shop = Shop::usual().await;
    // They would never have ended by themselves.
    cancelled_at(&shop, ENDLESS_ROWS, Step::FetchingRows).await;
    shop.assert_clean();
}

#[tokio::test]
async fn a_query_in_polars_is_not_waited_for() {
    let shop = Shop::usual().await;
    assert!(cancelled_at(&shop, LARGE_CROSS_JOIN, Step::Summarising).await < AT_MOST);
    shop.assert_clean();
}

#[tokio::test]
async fn a_job_nobody_wants_any_more_does_not_begin() {
    let shop = Shop::usual().await;
    let flag = CancellationToken::new();
    flag.cancel();
    let result = execute(shop.job(&report(WHOLE), &[]), &|_| (), flag).await;
    assert!(matches!(result, Err(EngineError::Cancelled)));
    assert!(!shop.stage().exists());
}

#[tokio::test]
async fn a_job_that_is_dropped_leaves_nothing() {
    let shop = Shop::usual().await;
    let whole = execute(
        shop.job(&report(SLOW_STATEMENT), &[]),
        &|_| (),
        CancellationToken::new(),
    );
    tokio::select! {
        result = whole => panic!("it ended by itself: {result:?}"),
        () = shop.until_read() => {}
    }
    shop.assert_clean();
    shop.run("DROP TABLE orders").await;
}
