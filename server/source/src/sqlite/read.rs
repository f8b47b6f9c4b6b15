//! One statement, from its text to its last row.

use std::time::{Duration, Instant};

use futures::executor::block_on;
use rows::{CHUNK_ROWS, Chunk, ColumnInfo};
use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::columns::{self, Columns};
use super::statement::{Cell, Database, Failure, Statement};
use super::{SqliteSource, bind, error};
use crate::deadline::{Deadline, StopReason};
use crate::limits::{CHUNK_BYTES, ROW_BYTES};
use crate::{Extract, SourceError, cause};

/// How long a reader waits for a writer to let go of the file.
const BUSY: Duration = Duration::from_secs(5);

type Decided = oneshot::Sender<Result<Vec<ColumnInfo>, SourceError>>;
type Rows = mpsc::Sender<Result<Chunk, SourceError>>;

/// Everything the reading thread needs.
pub(super) struct Task {
    source: SqliteSource,
    extract: Extract,
    deadline: Deadline,
}

impl Task {
    pub(super) fn new(source: SqliteSource, extract: Extract, cancel: CancellationToken) -> Self {
        let deadline = Deadline::new(cancel, extract.timeout.or(source.timeout));
        Self {
            source,
            extract,
            deadline,
        }
    }

    /// Reads until the last row, an error, or nobody listens any more.
    pub(super) fn run(self, mut connection: SqliteConnection, decided: Decided, rows: Rows) {
        let mut decided = Some(decided);
        if let Err(error) = self.read(&mut connection, &mut decided, &rows) {
            // Before the columns are decided the caller waits for them, afterwards for rows. When
            // nobody listens there is nobody to tell.
            match decided.take() {
                Some(decided) => drop(decided.send(Err(error))),
                None => drop(rows.blocking_send(Err(error))),
            }
        }
    }

    fn read(
        &self,
        connection: &mut SqliteConnection,
        decided: &mut Option<Decided>,
        rows: &Rows,
    ) -> Result<(), SourceError> {
        let database = lock(&self.source.name, connection, self.goes_on())?;
        let prefix = self.extract.comment_prefix();
        let sql = format!("{prefix}{}", self.extract.sql);
        let mut statement =
            self.patiently(|| prepare_one(&self.source, &database, &sql, prefix.len()))?;
        self.bind(&mut statement)?;
        let columns = columns::of(&self.source.name, &statement, &self.extract.sql)?;

        let mut reader = Columns::new(&self.source, columns, &self.extract.zone);
        let mut row = 0;
        loop {
            let is_last = self.fill(&mut statement, &mut reader, &mut row, prefix.len())?;
            let chunk = reader.take()?;
            if let Some(decided) = decided.take()
                && decided.send(Ok(reader.infos())).is_err()
            {
                return Ok(());
            }
            // An empty result is its columns and no chunk.
            if chunk.rows > 0 && rows.blocking_send(Ok(chunk)).is_err() {
                return Ok(());
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Reads rows until the chunk is full; whether the last row has been read.
    fn fill(
        &self,
        statement: &mut Statement<'_>,
        reader: &mut Columns,
        row: &mut u64,
        prefix: usize,
    ) -> Result<bool, SourceError> {
        let mut bytes = 0;
        for _ in 0..CHUNK_ROWS {
            let has_row = if *row == 0 {
                self.patiently(|| {
                    statement
                        .step()
                        .map_err(|failure| Trouble::Said(failure, prefix, 1))
                })?
            } else {
                statement
                    .step()
                    .map_err(|failure| self.explain(failure, prefix, *row + 1))?
            };
            if !has_row {
                return Ok(true);
            }
            *row += 1;
            if let Some(limit) = self.extract.max_rows
                && *row > limit
            {
                return Err(SourceError::TooManyRows { limit });
            }
            let before = bytes;
            for column in 0..reader.len() {
                let cell = statement.cell(column);
                if let Cell::Text(value) | Cell::Blob(value) = cell {
                    bytes += value.len();
                }
                if bytes - before > ROW_BYTES {
                    return Err(SourceError::too_wide(*row, ROW_BYTES as u64));
                }
                reader.push(column, cell, *row)?;
            }
            reader.end_row();
            if bytes >= CHUNK_BYTES {
                return Ok(false);
            }
        }
        Ok(false)
    }

    fn bind(&self, statement: &mut Statement<'_>) -> Result<(), SourceError> {
        let (wanted, given) = (statement.placeholders(), self.extract.params.len());
        if wanted != given {
            return Err(SourceError::internal(
                &self.source.name,
                format!("the statement has {wanted} placeholders and {given} values"),
            ));
        }
        for (index, param) in self.extract.params.iter().enumerate() {
            let value = bind::bound(&self.source.name, param, &self.source.zone)?;
            statement
                .bind(index, &value)
                .map_err(|failure| self.explain(failure, 0, 0))?;
        }
        Ok(())
    }

    /// Asked often while SQLite works: whether to go on.
    fn goes_on(&self) -> impl FnMut() -> bool + Send + 'static {
        let deadline = self.deadline.clone();
        move || deadline.reached().is_none()
    }

    /// Tries again while somebody else holds the file, as long as anybody wants the answer.
    fn patiently<T>(
        &self,
        mut attempt: impl FnMut() -> Result<T, Trouble>,
    ) -> Result<T, SourceError> {
        let begun = Instant::now();
        let mut goes_on = self.goes_on();
        loop {
            match attempt() {
                Ok(value) => return Ok(value),
                // Until the deadline, which then says "busy": that is what people can act on.
                Err(Trouble::Said(failure, ..))
                    if error::is_busy(&failure) && begun.elapsed() < BUSY && goes_on() => {}
                Err(Trouble::Said(failure, ..))
                    if error::is_busy(&failure) && self.deadline.is_cancelled() =>
                {
                    return Err(SourceError::Cancelled);
                }
                Err(Trouble::Said(failure, prefix, row)) => {
                    return Err(self.explain(failure, prefix, row));
                }
                Err(Trouble::Known(error)) => return Err(error),
            }
        }
    }

    fn explain(&self, failure: Failure, prefix: usize, row: u64) -> SourceError {
        if error::is_interrupt(&failure) {
            return self.stopped();
        }
        error::explain(&self.source.name, failure, prefix, row)
    }

    fn stopped(&self) -> SourceError {
        let reason = self.deadline.reached().unwrap_or(StopReason::Cancelled);
        reason.error(&self.source.name)
    }
}

/// The columns of a statement, without running it.
pub(super) fn describe(
    source: &SqliteSource,
    mut connection: SqliteConnection,
    sql: &str,
) -> Result<Vec<ColumnInfo>, SourceError> {
    let database = lock(&source.name, &mut connection, || true)?;
    let statement = prepare_one(source, &database, sql, 0).map_err(|trouble| match trouble {
        Trouble::Said(failure, prefix, row) => error::explain(&source.name, failure, prefix, row),
        Trouble::Known(error) => error,
    })?;
    let columns = columns::of(&source.name, &statement, sql)?;
    Ok(columns
        .into_iter()
        .map(columns::Column::described)
        .collect())
}

/// Why an attempt failed: what SQLite said with the length of our prefix and the row, or an error
/// that is final.
enum Trouble {
    Said(Failure, usize, u64),
    Known(SourceError),
}

fn lock<'c>(
    name: &str,
    connection: &'c mut SqliteConnection,
    goes_on: impl FnMut() -> bool + Send + 'static,
) -> Result<Database<'c>, SourceError> {
    let handle = block_on(connection.lock_handle()).map_err(|error| {
        SourceError::internal(name, cause::words(&error)).caused_by(cause::of_driver(error))
    })?;
    Ok(Database::new(handle, goes_on))
}

/// Prepares the only statement in the text.
fn prepare_one<'d>(
    source: &SqliteSource,
    database: &'d Database<'_>,
    sql: &str,
    prefix: usize,
) -> Result<Statement<'d>, Trouble> {
    let sql_error = |message: &str, offset: Option<usize>| {
        Trouble::Known(SourceError::sql(&source.name, message, offset))
    };
    if let Some(at) = sql.find('\0') {
        return Err(sql_error(
            "there is a NUL character in the statement; remove it",
            at.checked_sub(prefix),
        ));
    }
    let said = |failure| Trouble::Said(failure, prefix, 0);
    let (statement, mut rest) = database.prepare(sql).map_err(said)?;
    let Some(statement) = statement else {
        return Err(sql_error("there is no statement, only comments", None));
    };
    while !rest.is_empty() {
        let at = sql.len() - rest.len();
        let second = || {
            let space = rest.len() - rest.trim_start().len();
            sql_error(
                "a second statement begins here; keep one per block",
                (at + space).checked_sub(prefix),
            )
        };
        match database.prepare(rest) {
            Ok((None, after)) if after.len() < rest.len() => rest = after,
            Ok((None, _)) => break,
            // A second statement, good or bad.
            Ok((Some(_), _)) | Err(_) => return Err(second()),
        }
    }
    if !statement.is_reading() {
        return Err(Trouble::Known(SourceError::writes(
            &source.name,
            "writes to the file",
        )));
    }
    Ok(statement)
}
