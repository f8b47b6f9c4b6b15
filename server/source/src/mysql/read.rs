//! One statement, from its text to its last row.

use std::time::Duration;

use futures::TryStreamExt;
use rows::{Chunk, ColumnInfo};
use sqlx::mysql::{MySqlArguments, MySqlConnection};
use sqlx::{AssertSqlSafe, Connection, Either, Executor, Row};
use tokio::sync::{mpsc, oneshot};

use super::connect::{self, Session};
use super::error::{Failed, Location};
use super::plan::{Column, Text};
use super::rows::Reader;
use super::statement::{Refused, Statement, check_strings};
use super::{MysqlSource, bind, stop};
use crate::deadline::{Deadline, StopReason};
use crate::{Extract, SourceError};

/// Warnings after which the answer is not what the statement asks for: a text that `GROUP_CONCAT`
/// cut off, one that became `NULL` because it was longer than a packet, and rows that are missing
/// because a recursion was ended.
const LOSSES: [&str; 3] = ["1260", "1301", "1931"];

/// How long the server may think about a statement that is only described: it plans it, and some
/// plans compute what they take for constants.
const DESCRIBING: Duration = Duration::from_secs(30);

/// How long a good-bye may take.
const GOOD_BYE: Duration = Duration::from_secs(1);

/// What is known before the first row.
pub(super) struct Begun {
    pub columns: Vec<ColumnInfo>,
    pub session: String,
    pub endpoint: String,
}

type Decided = oneshot::Sender<Result<Begun, SourceError>>;
type Rows = mpsc::Sender<Result<Chunk, SourceError>>;

/// Everything a reading needs.
pub(super) struct Task {
    pub source: MysqlSource,
    pub extract: Extract,
    pub limit: Option<Duration>,
    pub deadline: Deadline,
}

/// Why a reading ends before its last row.
enum Ended {
    /// The server ended it, or never began.
    There(SourceError),
    /// We do, or the network did, and the server has to be told.
    Here(SourceError),
}

impl Task {
    /// Reads until the last row, an error, or nobody listens any more.
    pub(super) async fn run(self, decided: Decided, rows: Rows) {
        let mut decided = Some(decided);
        let opened = tokio::select! {
            biased;
            opened = connect::open(&self.source, self.limit) => opened,
            // Nothing runs yet that would have to be stopped.
            reason = self.deadline.wait() => Err(reason.error(&self.source.name)),
        };
        let mut session = match opened {
            Ok(session) => session,
            Err(error) => return tell(&mut decided, &rows, error).await,
        };
        self.extract.tell_opened(&session.name.to_string());
        let ended = {
            let reading = self.read(&mut session, &mut decided, &rows);
            tokio::select! {
                biased;
                ended = reading => ended,
                reason = self.deadline.wait() => Err(self.stopped(reason)),
            }
        };
        match ended {
            // Whoever has seen the last row, or an error, knows that the session is over.
            Ok(()) => {
                let good_bye = session.connection.close();
                drop(tokio::time::timeout(GOOD_BYE, good_bye).await);
            }
            Err(Ended::There(error)) => {
                drop(session);
                tell(&mut decided, &rows, error).await;
            }
            Err(Ended::Here(error)) => {
                self.stop(session).await;
                tell(&mut decided, &rows, error).await;
            }
        }
    }

    async fn read(
        &self,
        session: &mut Session,
        decided: &mut Option<Decided>,
        rows: &Rows,
    ) -> Result<(), Ended> {
        let prefix = session.prefix(&self.extract.comment_prefix());
        let backslashes = session.strings.backslashes;
        let statement =
            parse(&self.source.name, &self.extract.sql, backslashes).map_err(Ended::There)?;
        check_strings(statement.sql, self.extract.backslash, session.strings)
            .map_err(|message| Ended::There(SourceError::sql(&self.source.name, message, None)))?;
        let text = Text {
            source: &self.source.name,
            prefix: &prefix,
            sql: statement.sql,
        };
        let (full, endpoint) = (text.full(), session.endpoint.shown());
        let mut place = Location {
            sql: &full,
            prefix: prefix.len(),
            backslashes,
            limit: self.limit,
            packet_bytes: session.packet_bytes,
            ..Location::new(&self.source.name, &endpoint)
        };
        let planned = self.plan(&text, session).await;
        let (columns, arguments) = planned.map_err(|failed| there(&place, failed))?;
        if let Some(decided) = decided.take() {
            let begun = Begun {
                columns: columns.iter().map(Column::info).collect(),
                session: session.name.to_string(),
                endpoint: endpoint.clone(),
            };
            if decided.send(Ok(begun)).is_err() {
                return Err(Ended::There(SourceError::Cancelled));
            }
        }

        let mut reader = Reader::new(self, session, text, columns);
        let query = sqlx::query_with(AssertSqlSafe(full.clone()), arguments);
        // `fetch` would look at every row once more, to leave out what the driver says of the whole.
        let mut stream = session.connection.fetch_many(query);
        loop {
            let next = stream.try_next().await;
            place.rows = reader.row;
            let next = next.map_err(|error| there(&place, error.into()))?;
            let is_last = next.is_none();
            let is_full = match next {
                Some(Either::Right(row)) => reader.push(&row).map_err(Ended::Here)?,
                Some(Either::Left(_)) => continue,
                None => false,
            };
            if is_full || is_last {
                let chunk = reader.take().map_err(Ended::Here)?;
                if chunk.rows > 0 && rows.send(Ok(chunk)).await.is_err() {
                    return Err(Ended::Here(SourceError::Cancelled));
                }
                // A reader as fast as the server would otherwise keep us from looking.
                if !is_last && let Some(reason) = self.deadline.reached() {
                    return Err(self.stopped(reason));
                }
            }
            if is_last {
                break;
            }
        }
        drop(stream);
        self.refuse_losses(&mut session.connection)
            .await
            .map_err(|failed| there(&place, failed))
    }

    async fn plan(
        &self,
        text: &Text<'_>,
        session: &mut Session,
    ) -> Result<(Vec<Column>, MySqlArguments), Failed> {
        let connection = &mut session.connection;
        let prepared = text.prepare(connection).await?;
        let given = &self.extract.params;
        if prepared.placeholders != given.len() {
            return Err(Failed::Known(SourceError::internal(
                &self.source.name,
                format!(
                    "the statement has {} placeholders and {} values",
                    prepared.placeholders,
                    given.len()
                ),
            )));
        }
        let zone = &self.source.zone;
        let arguments = bind::arguments(&self.source.name, given, &session.kinds, zone)?;
        let columns = text.decide(connection, &prepared, &arguments).await?;
        Ok((columns, arguments))
    }

    /// Looks through the warnings for something that is missing in the answer.
    async fn refuse_losses(&self, connection: &mut MySqlConnection) -> Result<(), Failed> {
        let warnings = connection.fetch_all(sqlx::raw_sql("SHOW WARNINGS")).await?;
        for warning in warnings {
            let (number, words): (String, String) =
                (warning.try_get_unchecked(1)?, warning.try_get_unchecked(2)?);
            if LOSSES.contains(&number.as_str()) {
                return Err(Failed::Known(SourceError::sql(
                    &self.source.name,
                    format!(
                        "the server left something out ({words}); ask for less at once, or have that limit of the server raised"
                    ),
                    None,
                )));
            }
        }
        Ok(())
    }

    fn stopped(&self, reason: StopReason) -> Ended {
        Ended::Here(reason.error(&self.source.name))
    }

    /// Stops the statement at the server, as far as it lets us.
    async fn stop(&self, session: Session) {
        let stopped = stop::stop(&self.source, &session.name, Some(session.connection)).await;
        match stopped {
            Ok(true) => {}
            Ok(false) => tracing::warn!(
                source = self.source.name,
                session = %session.name,
                "The server did not confirm that a statement has stopped"
            ),
            Err(error) => tracing::warn!(
                source = self.source.name,
                session = %session.name,
                error = %lang::chain_of(&error),
                "A statement cannot be stopped from a second connection"
            ),
        }
    }
}

/// The columns of a statement, without running it.
pub(super) async fn describe(
    source: &MysqlSource,
    sql: &str,
) -> Result<Vec<ColumnInfo>, SourceError> {
    let mut session = connect::open(source, Some(DESCRIBING)).await?;
    let prefix = session.prefix("");
    let statement = parse(&source.name, sql, session.strings.backslashes)?;
    let text = Text {
        source: &source.name,
        prefix: &prefix,
        sql: statement.sql,
    };
    let connection = &mut session.connection;
    let described = async {
        let prepared = text.prepare(connection).await?;
        let nothing = bind::nothing(prepared.placeholders).map_err(sqlx::Error::Encode)?;
        text.decide(connection, &prepared, &nothing).await
    };
    let described = described.await;
    let (full, endpoint) = (text.full(), session.endpoint.shown());
    let place = Location {
        sql: &full,
        prefix: prefix.len(),
        backslashes: session.strings.backslashes,
        limit: Some(DESCRIBING),
        ..Location::new(&source.name, &endpoint)
    };
    let columns = described.map_err(|failed| place.settle(failed))?;
    drop(tokio::time::timeout(GOOD_BYE, session.connection.close()).await);
    Ok(columns.iter().map(Column::info).collect())
}

fn parse<'s>(source: &str, sql: &'s str, backslashes: bool) -> Result<Statement<'s>, SourceError> {
    Statement::parse(sql, backslashes).map_err(|refused| match refused {
        Refused::Writes(what) => SourceError::writes(source, what),
        Refused::Sql(message, offset) => SourceError::sql(source, message, offset),
    })
}

fn there(place: &Location<'_>, failed: Failed) -> Ended {
    // A lost connection is no answer: the server may go on computing, and whoever tries again
    // would then have it compute twice.
    let is_lost = matches!(failed, Failed::Said(sqlx::Error::Io(_)));
    let error = place.settle(failed);
    if is_lost {
        Ended::Here(error)
    } else {
        Ended::There(error)
    }
}

/// Before the columns are decided the caller waits for them, afterwards for rows. When nobody
/// listens there is nobody to tell.
async fn tell(decided: &mut Option<Decided>, rows: &Rows, error: SourceError) {
    match decided.take() {
        Some(decided) => drop(decided.send(Err(error))),
        None => drop(rows.send(Err(error)).await),
    }
}
