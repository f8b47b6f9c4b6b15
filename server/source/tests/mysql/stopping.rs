//! Statements that would never end by themselves, and what the server runs afterwards.

use std::time::{Duration, Instant};

use source::{Extract, SourceError};
use tokio_util::sync::CancellationToken;

use crate::shop::{NUMBERS, Shop};

/// Computes for minutes without a row.
const SILENT: &str =
    "SELECT SUM(a.i * b.i * c.i) AS x FROM numbers AS a, numbers AS b, numbers AS c";

/// Gives rows for minutes.
const ENDLESS: &str =
    "SELECT a.i AS a, b.i AS b, c.i AS c FROM numbers AS a, numbers AS b, numbers AS c";

/// Waits until the server runs so many statements of this test.
async fn until_running(shop: &Shop, count: usize) {
    let begun = Instant::now();
    while shop.running().await != count {
        assert!(begun.elapsed() < Duration::from_secs(20), "never {count}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_stops_a_computation_without_rows() {
    let shop = Shop::new(NUMBERS).await;
    let cancel = CancellationToken::new();
    let mut reading = shop
        .source
        .read(Extract::new(SILENT), cancel.clone())
        .await
        .unwrap();
    until_running(&shop, 1).await;
    cancel.cancel();
    let error = reading.next().await.unwrap().unwrap_err();
    assert!(matches!(error, SourceError::Cancelled), "{error}");
    assert_eq!(shop.running().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_between_rows_hands_out_no_more() {
    let shop = Shop::new(NUMBERS).await;
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
    assert_eq!(shop.running().await, 0);
    assert!(reading.next().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_reading_stops_its_statement() {
    let shop = Shop::new(NUMBERS).await;
    for (sql, has_rows) in [(SILENT, false), (ENDLESS, true)] {
        let mut reading = shop
            .source
            .read(Extract::new(sql), CancellationToken::new())
            .await
            .unwrap();
        if has_rows {
            assert_eq!(reading.next().await.unwrap().unwrap().rows, 2048);
        }
        until_running(&shop, 1).await;
        drop(reading);
        until_running(&shop, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_future_stops_what_it_began() {
    let shop = Shop::new(NUMBERS).await;
    // The question for the types of this one already computes.
    let slow = "SELECT (SELECT SUM(SLEEP(0.01)) FROM numbers) AS x, 1.5 AS y";
    for sql in [SILENT, slow] {
        let source = shop.source.clone();
        // Held with its future, so that nothing but being dropped ends what it began.
        let reading = tokio::spawn(async move {
            let reading = source
                .read(Extract::new(sql), CancellationToken::new())
                .await;
            std::future::pending::<()>().await;
            drop(reading);
        });
        until_running(&shop, 1).await;
        reading.abort();
        until_running(&shop, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_limit_stops_the_statement_and_says_so() {
    let shop = Shop::new(NUMBERS).await;
    for sql in [SILENT, ENDLESS] {
        let mut reading = shop
            .source
            .read(
                Extract {
                    timeout: Some(Duration::from_millis(300)),
                    ..Extract::new(sql)
                },
                CancellationToken::new(),
            )
            .await
            .unwrap();
        let error = loop {
            match reading.next().await.unwrap() {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(
            error.to_string(),
            "the source `shop` did not finish within 300 ms; narrow the period, or raise the time limit"
        );
        assert_eq!(error.class(), lang::FailureClass::SourceTimeout);
        // The server says that it ended the statement a moment before its list of statements does.
        until_running(&shop, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_knows_the_time_limit_too() {
    let shop = Shop::new(NUMBERS).await;
    let setting =
        "SELECT IF(VERSION() LIKE '%MariaDB%', 'max_statement_time', 'max_execution_time')";
    let setting = shop.printed(setting).await.remove(0).unwrap();
    let asked = Extract {
        timeout: Some(Duration::from_secs(77)),
        ..Extract::new(format!(
            "SELECT CAST(@@SESSION.{setting} AS CHAR) AS x, @@SESSION.wait_timeout AS y"
        ))
    };
    let (_, chunks) = shop.extract(asked).await.unwrap();
    let expected = if setting == "max_statement_time" {
        "77.000000"
    } else {
        "77000"
    };
    assert_eq!(crate::shop::column(&chunks, 0), [Some(expected.to_owned())]);
    assert_eq!(crate::shop::column(&chunks, 1), [Some("600".to_owned())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_ours_stops_the_statement() {
    let shop = Shop::new(NUMBERS).await;
    // The second row does not fit; the server would go on for minutes.
    let sql = "SELECT CAST(IF(a.i = 1 AND b.i = 1 AND c.i < 3, '1', REPEAT('9', 50)) AS DECIMAL(65, 0)) AS x, SLEEP(0.001) AS y
               FROM numbers AS a, numbers AS b, numbers AS c";
    let error = shop.error(sql).await;
    assert!(matches!(error, SourceError::Type { .. }), "{error}");
    until_running(&shop, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_stopped_by_its_name() {
    let shop = Shop::new(NUMBERS).await;
    let mut reading = shop
        .source
        .read(Extract::new(SILENT), CancellationToken::new())
        .await
        .unwrap();
    until_running(&shop, 1).await;
    let session = reading.session().unwrap().to_owned();
    assert!(shop.source.stop(&session).await.unwrap());
    assert_eq!(shop.running().await, 0);
    let error = reading.next().await.unwrap().unwrap_err();
    assert!(matches!(error, SourceError::Ended { .. }), "{error}");
    // It has ended by itself.
    assert!(shop.source.stop(&session).await.unwrap());
    let error = shop.source.stop("nonsense").await.unwrap_err();
    assert_eq!(error.class(), lang::FailureClass::Internal);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_session_with_the_same_number_is_left_alone() {
    let shop = Shop::new(NUMBERS).await;
    let reading = shop
        .source
        .read(Extract::new(SILENT), CancellationToken::new())
        .await
        .unwrap();
    until_running(&shop, 1).await;
    let session = reading.session().unwrap();
    let mut parts: Vec<&str> = session.split(' ').collect();
    // The token of a session before a restart of the server.
    parts[1] = "6ccd780c-baba-1026-9564-5b8c656024db";
    assert!(shop.source.stop(&parts.join(" ")).await.unwrap());
    assert_eq!(shop.running().await, 1);
    drop(reading);
    until_running(&shop, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_else_who_ends_a_statement_is_told_of() {
    let shop = Shop::new(NUMBERS).await;
    for (kill, class) in [
        ("KILL QUERY", lang::FailureClass::SourceTimeout),
        ("KILL", lang::FailureClass::SourceDown),
    ] {
        let reading = shop
            .source
            .read(Extract::new(SILENT), CancellationToken::new());
        let mut reading = reading.await.unwrap();
        until_running(&shop, 1).await;
        let id = reading.session().unwrap().split(' ').next().unwrap();
        let kill = format!("{kill} {id}");
        // A statement that has only just begun forgets that it was to be killed.
        let mut asked = 0;
        let error = loop {
            tokio::select! {
                biased;
                next = reading.next() => break next.unwrap().unwrap_err(),
                () = shop.run_if_possible(&kill), if asked < 100 => asked += 1,
            }
        };
        assert_eq!(error.class(), class, "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_holds_few_chunks() {
    let shop = Shop::new(NUMBERS).await;
    let mut reading = shop
        .source
        .read(Extract::new(ENDLESS), CancellationToken::new())
        .await
        .unwrap();
    // The server waits for the reader: it has sent what fits into two chunks and the buffers.
    for _ in 0..50 {
        assert_eq!(reading.next().await.unwrap().unwrap().rows, 2048);
    }
    drop(reading);
    until_running(&shop, 0).await;
}

#[test]
fn a_thread_without_a_runtime_reads_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = runtime.block_on(Shop::new(NUMBERS));
    let extract = Extract::new("SELECT i FROM numbers WHERE i = 1");
    let mut reading = runtime
        .block_on(shop.source.read(extract, CancellationToken::new()))
        .unwrap();
    assert_eq!(reading.blocking_next().unwrap().unwrap().rows, 1);
    assert!(reading.blocking_next().is_none());
}

#[test]
fn what_a_killed_reader_left_behind_is_stopped_by_its_name() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = runtime.block_on(Shop::new(NUMBERS));
    let readers = tokio::runtime::Runtime::new().unwrap();
    let reading = shop
        .source
        .read(Extract::new(SILENT), CancellationToken::new());
    let reading = readers.block_on(reading).unwrap();
    let session = reading.session().unwrap().to_owned();
    runtime.block_on(until_running(&shop, 1));
    // Nobody of the reader's side runs any more, as after a SIGKILL. The server does not notice.
    readers.shutdown_background();
    runtime.block_on(async {
        assert_eq!(shop.running().await, 1);
        assert!(shop.source.stop(&session).await.unwrap());
        assert_eq!(shop.running().await, 0);
    });
}
