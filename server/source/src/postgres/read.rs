//! One statement, from its text to its last row, and out of the way when nobody wants it.

use std::time::{Duration, Instant};

use futures::{Stream, StreamExt};
use rows::{Chunk, ColumnInfo};
use sqlx::postgres::{PgConnection, PgQueryResult, PgRow};
use sqlx::{Connection, Either, Executor, Statement};
use tokio::sync::{mpsc, oneshot};

use super::chunks::Chunks;
use super::connect::Session;
use super::error::{self, Moment};
use super::prepare::{self, Prepared};
use super::{PostgresSource, bind, session};
use crate::deadline::Deadline;
use crate::{Extract, SourceError};

/// Rows that trickle are handed on at least this often, so that people see them arrive.
const TRICKLE: Duration = Duration::from_secs(1);

/// How long rows may trickle before they have to decide the types.
const UNDECIDED: Duration = Duration::from_secs(5);

/// How long stopping may take; people wait for it.
const STOPPING: Duration = Duration::from_secs(3);

type Decided = oneshot::Sender<Result<Vec<ColumnInfo>, SourceError>>;
type Rows = mpsc::Sender<Result<Chunk, SourceError>>;

/// Everything a reading needs.
pub(super) struct Task {
    pub source: PostgresSource,
    pub extract: Extract,
    pub deadline: Deadline,
}

/// Whom the rows go to.
struct Reader {
    decided: Option<Decided>,
    rows: Rows,
}

impl Task {
    /// Reads until the last row, an error, or nobody listens any more.
    pub(super) async fn run(self, mut session: Session, decided: Decided, rows: Rows) {
        let mut reader = Reader {
            decided: Some(decided),
            rows,
        };
        let ended = tokio::select! {
            biased;
            ended = self.read(&mut session, &mut reader) => ended,
            reason = self.deadline.wait() => Err(reason.error(&self.source.name)),
        };
        let Session { connection, id } = session;
        let Err(error) = ended else {
            // The last row has been read; what is left is good manners.
            connection.close().await.ok();
            return;
        };
        // Closes the socket. A server that waits for us to take rows notices that; one that
        // computes has to be told.
        drop(connection);
        if goes_on(&error) && !matches!(error, SourceError::Down { .. }) {
            // Before the error is told, so that "cancelled" is the truth.
            self.stop(&id).await;
            reader.tell(error).await;
        } else {
            let is_down = matches!(error, SourceError::Down { .. });
            reader.tell(error).await;
            if is_down {
                self.stop(&id).await;
            }
        }
    }

    async fn stop(&self, id: &session::SessionId) {
        let stopping = session::stop(&self.source, id);
        match tokio::time::timeout(STOPPING, stopping).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) | Err(_) => tracing::warn!(
                source = self.source.name,
                session = %id,
                "The database does not confirm that the statement has stopped"
            ),
            Ok(Err(error)) => tracing::warn!(
                source = self.source.name,
                session = %id,
                error = %lang::chain_of(&error),
                "The statement cannot be stopped"
            ),
        }
    }

    async fn read(&self, session: &mut Session, reader: &mut Reader) -> Result<(), SourceError> {
        let name = &self.source.name;
        let extract = &self.extract;
        let prefix = extract.comment_prefix();
        let prepared = prepare::prepare(name, session, &prefix, &extract.sql).await?;
        let wanted = match prepared.statement.parameters() {
            Some(Either::Left(wanted)) => wanted,
            _ => &[],
        };
        let zones = bind::Zones {
            source: &self.source.zone,
            report: &extract.zone,
        };
        let arguments = bind::arguments(name, &extract.params, wanted, zones)?;
        let mut chunks = Chunks::new(name, &prepared.columns, zones.source, zones.report);
        // The session is all that stops the statement when the reader is killed, so the caller gets
        // it before the statement runs, unless rows have to decide a type.
        if chunks.are_decided() {
            reader.decide(&chunks)?;
        }
        let connection: &mut PgConnection = &mut session.connection;
        // `fetch` would look at every row once more, to leave out what the driver says of the whole.
        let rows = connection.fetch_many(prepared.statement.query_with(arguments));
        let read = self.forward(rows, &mut chunks, reader).await;
        read.map_err(|trouble| match trouble {
            Trouble::Known(error) => error,
            Trouble::Said(error) => {
                self.explain(error, &session.id.endpoint, &prepared, chunks.rows_read())
            }
        })
    }

    /// Takes rows as they come and hands on chunks.
    async fn forward(
        &self,
        mut rows: impl Stream<Item = Result<Either<PgQueryResult, PgRow>, sqlx::Error>> + Unpin,
        chunks: &mut Chunks,
        reader: &mut Reader,
    ) -> Result<(), Trouble> {
        let begun = Instant::now();
        let mut tick = tokio::time::interval_at((begun + TRICKLE).into(), TRICKLE);
        loop {
            let next = tokio::select! {
                biased;
                next = rows.next() => next,
                _ = tick.tick(), if chunks.rows() > 0 => {
                    if reader.is_waiting() && begun.elapsed() >= UNDECIDED {
                        chunks.decide()?;
                        reader.decide(chunks)?;
                    }
                    if !reader.is_waiting() {
                        reader.send(chunks).await?;
                    }
                    continue;
                }
            };
            let Some(next) = next else { break };
            let Either::Right(row) = next? else { continue };
            chunks.push(&row)?;
            if let Some(limit) = self.extract.max_rows
                && chunks.rows_read() > limit
            {
                return Err(SourceError::TooManyRows { limit }.into());
            }
            if chunks.is_full() {
                chunks.decide()?;
                reader.decide(chunks)?;
                reader.send(chunks).await?;
                // A reader as fast as the server would otherwise keep us from looking.
                if let Some(reason) = self.deadline.reached() {
                    return Err(reason.error(&self.source.name).into());
                }
            }
        }
        chunks.decide()?;
        reader.decide(chunks)?;
        // An empty result is its columns and no chunk.
        if chunks.rows() > 0 {
            reader.send(chunks).await?;
        }
        Ok(())
    }

    fn explain(
        &self,
        error: sqlx::Error,
        endpoint: &str,
        prepared: &Prepared,
        rows: u64,
    ) -> SourceError {
        let moment = Moment::Reading {
            endpoint,
            sent: &prepared.sent,
            rows,
            stop: self.deadline.reached(),
        };
        error::explain(&self.source.name, error, moment)
    }
}

impl Reader {
    /// Whether it still waits for the columns.
    fn is_waiting(&self) -> bool {
        self.decided.is_some()
    }

    /// Hands over the columns, once.
    fn decide(&mut self, chunks: &Chunks) -> Result<(), SourceError> {
        match self.decided.take() {
            Some(decided) => decided
                .send(Ok(chunks.infos()))
                .map_err(|_| SourceError::Cancelled),
            None => Ok(()),
        }
    }

    async fn send(&self, chunks: &mut Chunks) -> Result<(), SourceError> {
        let sent = self.rows.send(Ok(chunks.take()?)).await;
        sent.map_err(|_| SourceError::Cancelled)
    }

    /// Before the columns are decided the caller waits for them, afterwards for rows. When nobody
    /// listens there is nobody to tell.
    async fn tell(&mut self, error: SourceError) {
        match self.decided.take() {
            Some(decided) => drop(decided.send(Err(error))),
            None => drop(self.rows.send(Err(error)).await),
        }
    }
}

/// Why no more rows come: what the driver said, or an error that is final.
enum Trouble {
    Said(sqlx::Error),
    Known(SourceError),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::Said(error)
    }
}

impl From<SourceError> for Trouble {
    fn from(error: SourceError) -> Self {
        Self::Known(error)
    }
}

/// Whether the statement may still run: it ended because of us or of the network, not because the
/// database said so.
fn goes_on(error: &SourceError) -> bool {
    matches!(
        error,
        SourceError::Cancelled
            | SourceError::Timeout { .. }
            | SourceError::TooManyRows { .. }
            | SourceError::TooWide { .. }
            | SourceError::Type { .. }
            | SourceError::Down { .. }
    )
}
