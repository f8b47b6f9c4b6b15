//! Signing in, and the session an extraction runs in.

use std::time::Duration;

use jiff::tz::TimeZone;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};

use super::PostgresSource;
use super::error::{self, Moment};
use super::session::SessionId;
use crate::endpoint::{self, Endpoint, TlsMode};
use crate::{Cause, Extract, SourceError};

/// How often a computing server looks whether we are still there. PostgreSQL 14 and later. Only for
/// the transaction: behind a pooler the session is somebody else's afterwards.
const STILL_THERE: &str =
    "SAVEPOINT still_there; SET LOCAL client_connection_check_interval = '2s'; RELEASE still_there";

const CHECKS_CLIENTS: u32 = 140_000;

/// A connection in its own read-only transaction.
pub(super) struct Session {
    pub connection: PgConnection,
    pub id: SessionId,
}

/// Connects to the first endpoint that answers and begins a transaction that can only read.
///
/// `limit` is how long a statement may take; the server knows it too, in case we are gone.
pub(super) async fn session(
    source: &PostgresSource,
    zone: &TimeZone,
    limit: Option<Duration>,
) -> Result<Session, SourceError> {
    let (mut connection, endpoint) = any(source).await?;
    let explain = |error| error::explain(&source.name, error, Moment::Connecting(endpoint));
    let begin = begin(source, zone, limit);
    let rows = sqlx::raw_sql(AssertSqlSafe(begin))
        .fetch_all(&mut connection)
        .await
        .map_err(explain)?;
    let mut numbers = rows.last().into_iter().flat_map(|row| {
        (0..2).map(|index| {
            let text = row.try_get_raw(index).ok()?.as_str().ok()?;
            text.parse::<i64>().ok()
        })
    });
    let (pid, begun) = (numbers.next().flatten(), numbers.next().flatten());
    drop(numbers);
    let has_check = connection.server_version_num().unwrap_or_default() >= CHECKS_CLIENTS;
    if has_check
        && connection
            .execute(sqlx::raw_sql(STILL_THERE))
            .await
            .is_err()
    {
        // Some platforms cannot look. A dead client is then noticed at the next row.
        tracing::debug!(source = source.name, "The server cannot check its clients");
        let back = sqlx::raw_sql("ROLLBACK TO still_there");
        connection.execute(back).await.map_err(explain)?;
    }
    match (pid, begun) {
        (Some(pid), Some(begun_micros)) => Ok(Session {
            connection,
            id: SessionId {
                pid,
                begun_micros,
                endpoint: endpoint.shown(),
            },
        }),
        _ => Err(SourceError::down(
            &source.name,
            format!(
                "{} does not say which session it gave us; is it PostgreSQL?",
                endpoint.shown()
            ),
        )),
    }
}

/// A bare connection to the first endpoint that answers.
pub(super) async fn any(source: &PostgresSource) -> Result<(PgConnection, &Endpoint), SourceError> {
    let connect = |endpoint| one(source, endpoint);
    endpoint::first(
        &source.name,
        &source.endpoints,
        source.connect_timeout,
        connect,
    )
    .await
}

/// A bare connection to this endpoint.
pub(super) async fn one(
    source: &PostgresSource,
    endpoint: &Endpoint,
) -> Result<PgConnection, SourceError> {
    if let Some(file) = &endpoint.ca_file
        && let Err(error) = std::fs::File::open(file)
    {
        return Err(SourceError::config(
            &source.name,
            format!("its CA file {} cannot be read ({error})", file.display()),
        )
        .caused_by(Cause::from(error)));
    }
    options(endpoint)
        .connect()
        .await
        .map_err(|error| error::explain(&source.name, error, Moment::Connecting(endpoint)))
}

fn options(endpoint: &Endpoint) -> PgConnectOptions {
    let mut options = PgConnectOptions::new_without_pgpass()
        .port(endpoint.port)
        .application_name("digger")
        .ssl_mode(match endpoint.tls {
            // A local socket leaves the machine no more than memory does.
            _ if endpoint.is_socket() => PgSslMode::Disable,
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        })
        // A pooler refuses it here; it is set in the transaction.
        .extra_float_digits(None)
        // The driver would log every statement that takes longer than a second.
        .disable_statement_logging();
    options = if endpoint.is_socket() {
        options.socket(&endpoint.host)
    } else {
        options.host(&endpoint.host)
    };
    if let Some(user) = &endpoint.user {
        options = options.username(user);
    }
    if let Some(password) = &endpoint.password {
        options = options.password(password);
    }
    if let Some(database) = &endpoint.database {
        options = options.database(database);
    }
    if let Some(file) = &endpoint.ca_file {
        options = options.ssl_root_cert(file);
    }
    if let Some((certificate, key)) = &endpoint.client {
        options = options.ssl_client_cert(certificate).ssl_client_key(key);
    }
    options
}

/// Begins the transaction, all in one round trip. Settings are local to it, so that they work
/// through a connection pooler.
///
/// The report's zone is the session's: binary values are in UTC whatever it is, and `at::date` or
/// `date_trunc('month', at)` in the statement mean the days and months of the report.
fn begin(source: &PostgresSource, zone: &TimeZone, limit: Option<Duration>) -> String {
    let zone = zone.iana_name().unwrap_or("UTC").replace('\'', "''");
    let idle = millis(source.idle_timeout);
    let limit = limit.map_or(0, millis);
    let begun = super::session::BEGUN_MICROS;
    format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
         SET LOCAL TimeZone = '{zone}';
         SET LOCAL statement_timeout = {limit};
         SET LOCAL idle_in_transaction_session_timeout = {idle};
         SET LOCAL tcp_user_timeout = {idle};
         SET LOCAL standard_conforming_strings = on;
         SET LOCAL DateStyle = 'ISO, YMD';
         SET LOCAL IntervalStyle = 'postgres';
         SET LOCAL bytea_output = 'hex';
         SET LOCAL extra_float_digits = 1;
         SELECT pid::text, ({begun})::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    )
}

/// What PostgreSQL takes for a limit: at least 1 ms, because 0 means none, and an `int`.
fn millis(limit: Duration) -> u64 {
    let millis = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    millis.clamp(1, i32::MAX as u64)
}

/// How long a statement of this extract may take.
pub(super) fn limit(source: &PostgresSource, extract: &Extract) -> Option<Duration> {
    extract.timeout.or(source.timeout)
}
