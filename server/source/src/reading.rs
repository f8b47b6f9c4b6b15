//! The rows of one statement, on their way.

use tokio::sync::mpsc::Receiver;

use crate::{CancelFlag, Chunk, ColumnInfo, SourceError};

/// Rows on their way from a source. Dropping it stops the statement at the database.
#[derive(Debug)]
pub struct Reading {
    /// The columns, in the order of the statement. Every chunk has exactly these.
    pub columns: Vec<ColumnInfo>,
    pub(crate) chunks: Receiver<Result<Chunk, SourceError>>,
    pub(crate) dropped: StopOnDrop,
    pub(crate) session: Option<String>,
}

impl Reading {
    /// The next rows; `None` after the last. Nothing follows an error.
    pub async fn next(&mut self) -> Option<Result<Chunk, SourceError>> {
        self.chunks.recv().await
    }

    /// The same for callers without a runtime, such as a thread that writes files.
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn blocking_next(&mut self) -> Option<Result<Chunk, SourceError>> {
        self.chunks.blocking_recv()
    }

    /// The database's own name for the session, where it has one, for stopping the statement from
    /// a second connection.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }
}

/// Raises its flag when dropped, so that a statement without a reader stops.
#[derive(Debug, Default)]
pub(crate) struct StopOnDrop(pub(crate) CancelFlag);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}
