//! Statements that would go on, and that are gone from the server when nobody wants them.

use std::time::Duration;

use source::{Extract, Source, SourceError};
use tokio_util::sync::CancellationToken;

use crate::place::{Place, seoul};

/// Computes for ever without a row, and never looks at its client by itself.
const SILENT: &str = "SELECT count(*) AS top FROM (SELECT generate_series(1, 1000000000000)) AS i";

/// Gives rows for ever.
const ENDLESS: &str = "SELECT generate_series(1, 1000000000000) AS i";

/// Gives one chunk, then computes for ever.
const ONE_CHUNK: &str = "SELECT i FROM generate_series(1, 2048) AS i
    UNION ALL SELECT count(*) FROM (SELECT generate_series(1, 1000000000000)) AS i";

const WORKS: &str = "state = 'active'";

/// The first thing a silent statement says, which is why it ended.
async fn first_rows(source: &dyn Source, cancel: CancellationToken) -> Result<(), SourceError> {
    let mut reading = source.read(seoul(SILENT), cancel).await?;
    reading.next().await.unwrap().map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_stops_a_computation_without_rows() {
    let place = Place::new("").await;
    let cancel = CancellationToken::new();
    let source = place.source.clone();
    let reading = tokio::spawn({
        let cancel = cancel.clone();
        async move { first_rows(source.as_ref(), cancel).await }
    });
    place
        .until_sessions("query LIKE '%generate_series%' AND state = 'active'", 1)
        .await;
    cancel.cancel();
    let error = reading.await.unwrap().unwrap_err();
    assert!(matches!(error, SourceError::Cancelled), "{error}");
    // Said only after the server had stopped.
    assert_eq!(
        place
            .sessions("query LIKE '%generate_series%' AND state = 'active'")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancel_between_rows_hands_out_no_more() {
    let place = Place::new("").await;
    let cancel = CancellationToken::new();
    let mut reading = place
        .source
        .read(seoul(ENDLESS), cancel.clone())
        .await
        .unwrap();
    assert!(reading.next().await.unwrap().unwrap().rows > 0);
    cancel.cancel();
    assert!(matches!(
        reading.next().await,
        Some(Err(SourceError::Cancelled))
    ));
    assert!(reading.next().await.is_none());
    assert_eq!(place.sessions(WORKS).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_reading_stops_its_statement() {
    let place = Place::new("").await;
    for sql in [ONE_CHUNK, ENDLESS] {
        let mut reading = place
            .source
            .read(seoul(sql), CancellationToken::new())
            .await
            .unwrap();
        assert!(reading.next().await.unwrap().unwrap().rows > 0);
        drop(reading);
        place.until_sessions("true", 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_future_stops_its_statement() {
    let place = Place::new("").await;
    let cancel = CancellationToken::new();
    // Rows have to decide the type, so the future waits for them.
    let sql = SILENT
        .replace("count(*)", "sum(i::numeric)")
        .replace("(1, 1000000000000))", "(1, 1000000000000) AS i)");
    let mut reading = Box::pin(place.source.read(seoul(&sql), cancel));
    tokio::select! {
        _ = &mut reading => panic!("it never answers"),
        () = place.until_sessions("query LIKE '%generate_series%' AND state = 'active'", 1) => {}
    }
    drop(reading);
    place.until_sessions("true", 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_limit_stops_the_statement_and_says_so() {
    let place = Place::new("").await;
    for sql in [SILENT, ONE_CHUNK] {
        let extract = Extract {
            timeout: Some(Duration::from_millis(700)),
            ..seoul(sql)
        };
        let error = place.extract(extract).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the source `shop` did not finish within 700 ms; narrow the period, or raise the time limit"
        );
        assert_eq!(error.class(), lang::FailureClass::SourceTimeout);
        place.until_sessions("true", 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_session_of_a_killed_reader_is_stopped_from_outside() {
    let place = Place::new("").await;
    // A reader that is gone but whose connection stands: somebody else's, in the same words.
    let mut victim = place.administrator().await;
    let id: String = sqlx::query_scalar(
        "SELECT pid || '/' || (extract(epoch FROM backend_start) * 1000000)::int8
         FROM pg_stat_activity WHERE pid = pg_backend_pid()",
    )
    .fetch_one(&mut victim)
    .await
    .unwrap();
    let endpoint = {
        let reading = place
            .source
            .read(seoul("SELECT 1 AS one"), CancellationToken::new())
            .await
            .unwrap();
        reading.endpoint().to_owned()
    };
    let (pid, begun) = id.split_once('/').unwrap();
    let computing =
        tokio::spawn(async move { sqlx::raw_sql(SILENT).execute(&mut victim).await.map(|_| ()) });
    let working = format!(
        "SELECT count(*)::text FROM pg_stat_activity WHERE pid = {pid} AND state = 'active'"
    );
    let works = async || place.printed(&working).await[0].as_deref() == Some("1");
    while !works().await {
        tokio::task::yield_now().await;
    }
    let administrator = source::open(&source::SourceConfig::new(
        "shop",
        &place.database.administrator,
    ))
    .unwrap();
    // Another session that got the same number is left alone.
    let another = format!("{pid}/{}@{endpoint}", begun.parse::<i64>().unwrap() - 1);
    assert!(administrator.stop(&another).await.unwrap());
    assert!(works().await);
    assert!(
        administrator
            .stop(&format!("{id}@{endpoint}"))
            .await
            .unwrap()
    );
    assert!(!works().await);
    assert!(computing.await.unwrap().is_err());
    // What has ended already is stopped, too.
    assert!(
        administrator
            .stop(&format!("{id}@{endpoint}"))
            .await
            .unwrap()
    );
    for strange in ["", "17", &format!("{id}@elsewhere:1/x")] {
        let error = administrator.stop(strange).await.unwrap_err();
        assert!(matches!(error, SourceError::Internal { .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_somebody_stops_at_the_database_says_so() {
    let place = Place::new("").await;
    for (how, class) in [
        ("pg_cancel_backend", lang::FailureClass::SourceTimeout),
        ("pg_terminate_backend", lang::FailureClass::SourceDown),
    ] {
        let source = place.source.clone();
        let reading =
            tokio::spawn(
                async move { first_rows(source.as_ref(), CancellationToken::new()).await },
            );
        place
            .until_sessions("query LIKE '%generate_series%' AND state = 'active'", 1)
            .await;
        let ask = format!(
            "SELECT {how}(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'digger'"
        );
        // Again and again: between preparing and executing there is nothing to cancel.
        while !reading.is_finished() {
            place.run(&ask).await;
        }
        let error = reading.await.unwrap().unwrap_err();
        assert_eq!(error.class(), class, "{error}");
    }
}

/// The server itself keeps rows back until they fill 8 KiB, so these are wide.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_trickle_are_handed_on_as_they_come() {
    let place = Place::new("").await;
    let sql = "SELECT repeat('x', 9000) AS note, pg_sleep(0.7)::text AS waited FROM generate_series(1, 6) AS i";
    let mut reading = place
        .source
        .read(seoul(sql), CancellationToken::new())
        .await
        .unwrap();
    let mut sizes = Vec::new();
    while let Some(chunk) = reading.next().await {
        sizes.push(chunk.unwrap().rows);
    }
    assert_eq!(sizes.iter().sum::<usize>(), 6);
    assert!(sizes.len() > 1, "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_administrator_of_the_database_sees_who_asks() {
    let place = Place::new("").await;
    let extract = Extract {
        comment: "digger run 17, report sales/daily, Kim".to_owned(),
        ..seoul(ENDLESS)
    };
    let reading = place
        .source
        .read(extract, CancellationToken::new())
        .await
        .unwrap();
    let session = reading.session().unwrap();
    let (pid, _) = session.split_once('/').unwrap();
    let condition =
        format!("pid = {pid} AND query LIKE '/* digger run 17, report sales daily, Kim */ %'");
    // The comment loses what could end it.
    let stripped = condition.replace("sales daily", "salesdaily");
    place.until_sessions(&stripped, 1).await;
    drop(reading);
    place.until_sessions("true", 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_has_its_limits_at_the_server() {
    let place = Place::new("").await;
    let extract = Extract {
        timeout: Some(Duration::from_secs(90)),
        ..seoul(
            "SELECT name, setting FROM pg_settings WHERE name IN
             ('statement_timeout', 'idle_in_transaction_session_timeout', 'TimeZone', 'transaction_read_only',
              'transaction_isolation', 'client_connection_check_interval', 'application_name') ORDER BY name COLLATE \"C\"",
        )
    };
    let (_, chunks) = place.extract(extract).await.unwrap();
    let settings: Vec<String> = (0..chunks[0].rows)
        .map(|row| {
            let cell = |index: usize| match &chunks[0].columns[index] {
                rows::ColumnData::Text(values) => values.text(row).unwrap().to_owned(),
                other => panic!("{other:?}"),
            };
            format!("{}={}", cell(0), cell(1))
        })
        .collect();
    let mut expected = vec![
        "TimeZone=Asia/Seoul",
        "application_name=digger",
        "client_connection_check_interval=2000",
        "idle_in_transaction_session_timeout=600000",
        "statement_timeout=90000",
        "transaction_isolation=repeatable read",
        "transaction_read_only=on",
    ];
    if !settings
        .iter()
        .any(|setting| setting.starts_with("client_"))
    {
        expected.remove(2);
    }
    assert_eq!(settings, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_holds_few_chunks() {
    let place = Place::new("").await;
    let mut reading = place
        .source
        .read(seoul(ENDLESS), CancellationToken::new())
        .await
        .unwrap();
    // Anything unbounded would have swallowed the memory long before.
    for _ in 0..50 {
        assert!(reading.next().await.unwrap().unwrap().rows > 0);
    }
}

#[test]
fn a_thread_without_a_runtime_reads_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let place = runtime.block_on(Place::new(""));
    let extract = seoul("SELECT i FROM generate_series(1, 3) AS i");
    let mut reading = runtime
        .block_on(place.source.read(extract, CancellationToken::new()))
        .unwrap();
    assert_eq!(reading.blocking_next().unwrap().unwrap().rows, 3);
    assert!(reading.blocking_next().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_session_is_known_while_the_statement_computes() {
    let place = Place::new("").await;
    let source = place.source.clone();
    let reading = source
        .read(seoul(SILENT), CancellationToken::new())
        .await
        .unwrap();
    let session = reading.session().unwrap().to_owned();
    let (pid, _) = session.split_once('/').unwrap();
    place
        .until_sessions(
            &format!("pid = {pid} AND state = 'active' AND query LIKE '%generate_series%'"),
            1,
        )
        .await;
    // Until it has begun to execute there is nothing to cancel.
    while place.sessions(WORKS).await > 0 {
        assert!(source.stop(&session).await.unwrap());
    }
    drop(reading);
}
