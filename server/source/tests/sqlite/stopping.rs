//! Statements that would never end by themselves.

use std::time::Duration;

use source::{Extract, SourceError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use tokio_util::sync::CancellationToken;

use crate::shop::Shop;

const ANY: &str = "CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1);";

/// Computes for ever without a row.
const SILENT: &str = "WITH RECURSIVE n(i) AS (SELECT id FROM t UNION ALL SELECT i + 1 FROM n)
                      SELECT max(i) AS top FROM n";

/// Gives one chunk, then computes for ever.
const ONE_CHUNK: &str = "WITH RECURSIVE n(i) AS (SELECT id FROM t UNION ALL SELECT i + 1 FROM n)
                         SELECT i FROM n WHERE i <= 2048";

/// Gives rows for ever.
const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT id FROM t UNION ALL SELECT i + 1 FROM n)
                       SELECT i FROM n";

/// A writer gets the whole file for itself only when no statement reads it any more.
async fn nobody_reads(shop: &Shop) {
    let mut writer = SqliteConnectOptions::new()
        .filename(shop.path())
        .busy_timeout(Duration::from_secs(10))
        .connect()
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE; COMMIT")
        .execute(&mut writer)
        .await
        .unwrap();
    writer.close().await.unwrap();
}

#[tokio::test]
async fn a_cancel_stops_a_computation_without_rows() {
    let shop = Shop::new(ANY).await;
    let cancel = CancellationToken::new();
    let source = shop.source.clone();
    let reading = tokio::spawn({
        let cancel = cancel.clone();
        async move { source.read(Extract::new(SILENT), cancel).await.map(|_| ()) }
    });
    // The statement holds the file once it works.
    let mut other = shop.writer().await;
    sqlx::raw_sql("PRAGMA busy_timeout = 0")
        .execute(&mut other)
        .await
        .unwrap();
    while sqlx::raw_sql("BEGIN EXCLUSIVE; COMMIT")
        .execute(&mut other)
        .await
        .is_ok()
    {
        tokio::task::yield_now().await;
    }
    cancel.cancel();
    let error = reading.await.unwrap().unwrap_err();
    assert!(matches!(error, SourceError::Cancelled), "{error}");
    nobody_reads(&shop).await;
}

#[tokio::test]
async fn a_cancel_between_rows_hands_out_no_more() {
    let shop = Shop::new(ANY).await;
    let cancel = CancellationToken::new();
    let mut reading = shop
        .source
        .read(Extract::new(ENDLESS), cancel.clone())
        .await
        .unwrap();
    assert_eq!(reading.next().await.unwrap().unwrap().rows, 2048);
    cancel.cancel();
    assert!(matches!(
        reading.next().await,
        Some(Err(SourceError::Cancelled))
    ));
    assert!(reading.next().await.is_none());
    nobody_reads(&shop).await;
}

#[tokio::test]
async fn a_dropped_reading_stops_its_statement() {
    let shop = Shop::new(ANY).await;
    for sql in [ONE_CHUNK, ENDLESS] {
        let mut reading = shop
            .source
            .read(Extract::new(sql), CancellationToken::new())
            .await
            .unwrap();
        assert_eq!(reading.next().await.unwrap().unwrap().rows, 2048);
        drop(reading);
        nobody_reads(&shop).await;
    }
}

#[tokio::test]
async fn a_dropped_future_stops_its_statement() {
    let shop = Shop::new(ANY).await;
    let reading = shop
        .source
        .read(Extract::new(SILENT), CancellationToken::new());
    assert!(
        tokio::time::timeout(Duration::from_millis(100), reading)
            .await
            .is_err()
    );
    nobody_reads(&shop).await;
}

#[tokio::test]
async fn a_time_limit_stops_the_statement_and_says_so() {
    let shop = Shop::new(ANY).await;
    let limit = Some(Duration::from_millis(100));
    let silent = Extract {
        timeout: limit,
        ..Extract::new(SILENT)
    };
    let error = shop.extract(silent).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the source `shop` did not finish within 100 ms; narrow the period, or raise the time limit"
    );
    assert_eq!(error.class(), lang::FailureClass::SourceTimeout);
    let one_chunk = Extract {
        timeout: limit,
        ..Extract::new(ONE_CHUNK)
    };
    assert!(matches!(
        shop.extract(one_chunk).await,
        Err(SourceError::Timeout { .. })
    ));
    nobody_reads(&shop).await;
}

#[tokio::test]
async fn a_slow_reader_holds_few_chunks() {
    let shop = Shop::new(ANY).await;
    let mut reading = shop
        .source
        .read(Extract::new(ENDLESS), CancellationToken::new())
        .await
        .unwrap();
    // An unbounded channel would have swallowed the memory long before.
    for _ in 0..50 {
        assert_eq!(reading.next().await.unwrap().unwrap().rows, 2048);
    }
}

#[test]
fn a_thread_without_a_runtime_reads_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = runtime.block_on(Shop::new(ANY));
    let extract = Extract::new("SELECT id FROM t");
    let mut reading = runtime
        .block_on(shop.source.read(extract, CancellationToken::new()))
        .unwrap();
    assert_eq!(reading.blocking_next().unwrap().unwrap().rows, 1);
    assert!(reading.blocking_next().is_none());
}
