//! The name of a session, and stopping what it works on from a second connection.
//!
//! The driver never stops a statement: a dropped stream leaves it running. And PostgreSQL reuses
//! process numbers, so a number alone may be somebody else's session by now; with the moment it
//! began it is not.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Row};

use super::error::{self, Moment};
use super::{PostgresSource, connect};
use crate::SourceError;

/// When a session of `pg_stat_activity` began, in microseconds since 1970.
pub(super) const BEGUN_MICROS: &str = "(extract(epoch FROM backend_start) * 1000000)::int8";

/// How long the polite way may take. Both together stay below 3 s.
const CANCEL_PATIENCE: Duration = Duration::from_millis(1_500);

/// How long ending the session may take after that.
const TERMINATE_PATIENCE: Duration = Duration::from_millis(1_000);

/// Between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// One session of one server, for ever: `PID/MICROSECONDS@ENDPOINT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SessionId {
    pub pid: i64,
    pub begun_micros: i64,
    pub endpoint: String,
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}@{}", self.pid, self.begun_micros, self.endpoint)
    }
}

impl FromStr for SessionId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (numbers, endpoint) = text.split_once('@').ok_or(())?;
        let (pid, begun) = numbers.split_once('/').ok_or(())?;
        Ok(Self {
            pid: pid.parse().map_err(|_| ())?,
            begun_micros: begun.parse().map_err(|_| ())?,
            endpoint: endpoint.to_owned(),
        })
    }
}

/// Stops what the session works on; whether the server confirms that it works on nothing.
pub(super) async fn stop(source: &PostgresSource, id: &SessionId) -> Result<bool, SourceError> {
    let Some(endpoint) = source.endpoints.iter().find(|e| e.shown() == id.endpoint) else {
        return Err(SourceError::internal(
            &source.name,
            format!(
                "the session was at {}, which is no endpoint of the source any more",
                id.endpoint
            ),
        ));
    };
    let tried = tokio::time::timeout(source.connect_timeout, connect::one(source, endpoint)).await;
    let mut connection = tried.map_err(|_| {
        SourceError::down(
            &source.name,
            format!("{} does not answer", endpoint.shown()),
        )
    })??;
    let stopped = stop_over(&mut connection, id)
        .await
        .map_err(|error| error::explain(&source.name, error, Moment::Connecting(endpoint)))?;
    connection.close().await.ok();
    Ok(stopped)
}

async fn stop_over(connection: &mut PgConnection, id: &SessionId) -> Result<bool, sqlx::Error> {
    for (how, patience) in [
        ("pg_cancel_backend", CANCEL_PATIENCE),
        ("pg_terminate_backend", TERMINATE_PATIENCE),
    ] {
        let begun = Instant::now();
        while works(connection, id).await? {
            if begun.elapsed() >= patience {
                break;
            }
            // Again each time: a cancel that arrives between two steps of the session is lost.
            ask(connection, id, how).await?;
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
    Ok(!works(connection, id).await?)
}

/// Number and beginning are compared in the statement that acts, so nothing lies between.
async fn ask(connection: &mut PgConnection, id: &SessionId, how: &str) -> Result<(), sqlx::Error> {
    let sql = format!(
        "SELECT {how}(pid)::text FROM pg_stat_activity WHERE {}",
        is(id)
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await?;
    Ok(())
}

/// A session whose state is not shown to us counts as working.
async fn works(connection: &mut PgConnection, id: &SessionId) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT count(*)::text FROM pg_stat_activity WHERE {} AND coalesce(state, '') \
         NOT IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')",
        is(id)
    );
    let row = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_one(connection)
        .await?;
    let count = row.try_get_raw(0)?;
    Ok(count.as_str().map_or(true, |count| count != "0"))
}

/// Two numbers of ours; nothing a person wrote.
fn is(id: &SessionId) -> String {
    format!("pid = {} AND {BEGUN_MICROS} = {}", id.pid, id.begun_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_read_back_as_written() {
        let id = SessionId {
            pid: 4_242,
            begun_micros: 1_790_000_000_123_456,
            endpoint: "[::1]:5432/s@les".to_owned(),
        };
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "17", "17@db", "x/1@db", "1/1"] {
            assert_eq!(text.parse::<SessionId>(), Err(()), "{text}");
        }
    }
}
