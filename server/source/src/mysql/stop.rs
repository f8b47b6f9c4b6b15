//! Stopping a statement from a second connection.
//!
//! Dropping a connection stops nothing at the server while it computes: it notices only when it
//! next sends something. So a second connection says `KILL QUERY`, and `KILL` when that does not
//! help, and looks into the list of processes until the statement is gone.
//!
//! Numbers of connections are used again after a restart of the server. Every statement of ours
//! therefore begins with a comment that holds a token of its session, and only a connection that
//! runs such a statement is stopped.

use std::fmt;
use std::time::Duration;

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, Row};
use tokio::time::{Instant, sleep, timeout};

use super::error::{self, Place};
use super::{MysqlSource, connect};
use crate::SourceError;

/// How long the server has to stop before the answer is "not confirmed".
const PATIENCE: Duration = Duration::from_millis(2_500);

/// How long `KILL QUERY` has before the whole connection is ended.
const GENTLE: Duration = Duration::from_millis(750);

/// Between two looks into the list of processes.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// `ER_NO_SUCH_THREAD`: it has ended by itself.
const GONE: u16 = 1094;

/// A session, as a second connection finds it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub id: u64,
    /// In the comment of every statement of the session. Hexadecimal digits and dashes.
    pub token: String,
    /// See [`Endpoint::shown`](crate::endpoint::Endpoint::shown).
    pub endpoint: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.id, self.token, self.endpoint)
    }
}

impl Name {
    /// Reads what `to_string` wrote.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let (id, token, endpoint) = (parts.next()?, parts.next()?, parts.next()?);
        let is_token = |c: char| c.is_ascii_hexdigit() || c == '-';
        Some(Self {
            id: id.parse().ok()?,
            token: Some(token.to_owned())
                .filter(|token| token.len() > 8 && token.chars().all(is_token))?,
            endpoint: endpoint.to_owned(),
        })
    }
}

/// Stops whatever the session runs; whether the server confirms that nothing of it runs any more.
/// `ours` is the session's own connection, where we hold it. It is dropped once the server knows.
pub(super) async fn stop(
    source: &MysqlSource,
    name: &Name,
    ours: Option<MySqlConnection>,
) -> Result<bool, SourceError> {
    let Some(endpoint) = source
        .endpoints
        .iter()
        .find(|endpoint| endpoint.shown() == name.endpoint)
    else {
        return Err(SourceError::Internal {
            source_name: source.name.clone(),
            message: format!(
                "it has no endpoint {}, where the session was",
                name.endpoint
            ),
        });
    };
    let connected = timeout(source.connect_timeout, connect::sign_in(source, endpoint));
    let mut second = connected.await.map_err(|_| SourceError::Down {
        source_name: source.name.clone(),
        message: format!("{} did not answer in time", name.endpoint),
    })??;
    let confirmed = stop_from(&mut second, name, ours)
        .await
        .map_err(|error| Place::new(&source.name, &name.endpoint).explain(error))?;
    // Politeness only; the server ends the connection by itself, too.
    drop(timeout(GENTLE, second.close()).await);
    Ok(confirmed)
}

async fn stop_from(
    second: &mut MySqlConnection,
    name: &Name,
    ours: Option<MySqlConnection>,
) -> Result<bool, sqlx::Error> {
    let begun = Instant::now();
    if runs(second, name).await? {
        kill(second, "KILL QUERY", name).await?;
    }
    // The server may be waiting for us to take rows. It stops when nobody is there any more.
    drop(ours);
    let mut is_ended = false;
    while runs(second, name).await? {
        let since = begun.elapsed();
        if since > PATIENCE {
            return Ok(false);
        }
        if since > GENTLE && !is_ended {
            is_ended = true;
            kill(second, "KILL", name).await?;
        }
        sleep(BETWEEN_LOOKS).await;
    }
    Ok(true)
}

/// Whether the session runs a statement of ours. A login sees its own processes without further
/// permission.
async fn runs(second: &mut MySqlConnection, name: &Name) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS CHAR) AS running FROM information_schema.processlist \
         WHERE id = {} AND info LIKE '%{}%'",
        name.id, name.token
    );
    let row = second.fetch_one(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    Ok(row.try_get_unchecked::<String, _>(0)? != "0")
}

async fn kill(second: &mut MySqlConnection, what: &str, name: &Name) -> Result<(), sqlx::Error> {
    let sql = AssertSqlSafe(format!("{what} {}", name.id));
    match second.execute(sqlx::raw_sql(sql)).await {
        Err(error) if error::number(&error) != Some(GONE) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_again_by_its_name() {
        let name = Name {
            id: 42,
            token: "6ccd780c-baba-1026-9564-5b8c656024db".to_owned(),
            endpoint: "db:3306/my shop".to_owned(),
        };
        assert_eq!(Name::parse(&name.to_string()), Some(name));
        for text in ["", "42", "42 x y", "42 %%%%%%%%%%%% y", "x 6ccd780c-baba y"] {
            assert_eq!(Name::parse(text), None, "{text}");
        }
    }
}
