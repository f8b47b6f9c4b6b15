//! Stopping a statement from a second connection.
//!
//! Dropping a connection stops nothing at the server while it computes: it notices only when it
//! next sends something, and a statement that is still on its way to it begins all the same. So a
//! second connection ends the session and looks into the list of processes until it is gone.
//!
//! A session we hold is ended with `KILL`, which also holds for a statement that has not begun.
//! One that is only known by its name may be a number that was used again after a restart of the
//! server. Every statement of ours therefore begins with a comment that holds a token of its
//! session, and only a connection that runs such a statement is stopped, with `KILL QUERY`, and
//! with `KILL` when that does not help.

use std::fmt;
use std::time::Duration;

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, Row};
use tokio::time::{Instant, sleep, timeout};

use super::error::{self, Location};
use super::{MysqlSource, connect};
use crate::SourceError;

/// How long the server has to stop before the answer is "not confirmed".
const PATIENCE: Duration = Duration::from_millis(2_500);

/// How long `KILL QUERY` has before the whole connection is ended.
const GENTLE: Duration = Duration::from_millis(750);

/// How long an idle connection is looked at. A statement that its reader sent before it was killed
/// has begun by then, or the server has noticed that nobody is there.
const SETTLED: Duration = Duration::from_millis(500);

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
        return Err(SourceError::internal(
            &source.name,
            format!(
                "it has no endpoint {}, where the session was",
                name.endpoint
            ),
        ));
    };
    let connected = timeout(source.connect_timeout, connect::sign_in(source, endpoint));
    let mut second = connected.await.map_err(|_| {
        SourceError::down(
            &source.name,
            format!("{} did not answer in time", name.endpoint),
        )
    })??;
    let confirmed = stop_from(&mut second, name, ours)
        .await
        .map_err(|error| Location::new(&source.name, &name.endpoint).explain(error))?;
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
    let is_ours = ours.is_some();
    if is_ours {
        kill(second, "KILL", name).await?;
    }
    // The server may be waiting for us to take rows. It stops when nobody is there any more.
    drop(ours);
    let mut said = if is_ours { 2 } else { 0 };
    loop {
        let since = begun.elapsed();
        match look(second, name).await? {
            Process::Gone => return Ok(true),
            Process::Runs if said == 0 => {
                said = 1;
                kill(second, "KILL QUERY", name).await?;
            }
            Process::Runs if said == 1 && since > GENTLE => {
                said = 2;
                kill(second, "KILL", name).await?;
            }
            // Somebody else, or a session whose end the server has noticed by now.
            Process::Idles if !is_ours && since > SETTLED => return Ok(true),
            Process::Runs | Process::Idles => {}
        }
        if since > PATIENCE {
            return Ok(false);
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

/// What a connection with the number of a session does.
enum Process {
    /// There is none.
    Gone,
    /// It runs a statement of the session.
    Runs,
    /// It does nothing, or it is another session.
    Idles,
}

/// Looks at the connection with the session's number. A login sees its own without further
/// permission.
async fn look(second: &mut MySqlConnection, name: &Name) -> Result<Process, sqlx::Error> {
    let sql = format!(
        "SELECT IF(info LIKE '%{}%', 'runs', 'idles') AS state \
         FROM information_schema.processlist WHERE id = {}",
        name.token, name.id
    );
    let row = second
        .fetch_optional(sqlx::raw_sql(AssertSqlSafe(sql)))
        .await?;
    let state: Option<String> = row.map(|row| row.try_get_unchecked(0)).transpose()?;
    Ok(match state.as_deref() {
        None => Process::Gone,
        Some("runs") => Process::Runs,
        Some(_) => Process::Idles,
    })
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
