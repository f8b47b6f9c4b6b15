//! The rows of one statement, on their way.

use rows::{Chunk, ColumnInfo};
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::SourceError;

/// Rows on their way from a source. Dropping it stops the statement at the database.
#[derive(Debug)]
pub struct Reading {
    /// The columns, in the order of the statement. Every chunk has them, and the first chunks have
    /// these types. A column nobody declared may become wider on the way: from one chunk on its data
    /// is of another type, into which [`widened`](rows::widened) turns what came before.
    pub columns: Vec<ColumnInfo>,
    pub(crate) chunks: Receiver<Result<Chunk, SourceError>>,
    /// Cancelled by whoever asked for the reading.
    pub(crate) cancel: CancellationToken,
    /// Cancels a child of `cancel` when the reading is dropped: a statement without a reader stops.
    pub(crate) _stop_on_drop: DropGuard,
    pub(crate) ended: bool,
    pub(crate) session: Option<String>,
    pub(crate) endpoint: String,
}

impl Reading {
    /// The next rows; `None` after the last. Nothing follows an error.
    ///
    /// After a cancel no more rows are handed out, even if some are waiting.
    pub async fn next(&mut self) -> Option<Result<Chunk, SourceError>> {
        if self.ended {
            return None;
        }
        let next = if self.cancel.is_cancelled() {
            self.stop().await
        } else {
            self.chunks.recv().await
        };
        self.note(next)
    }

    /// The same for callers without a runtime, such as a thread that writes files.
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn blocking_next(&mut self) -> Option<Result<Chunk, SourceError>> {
        if self.ended {
            return None;
        }
        let next = if self.cancel.is_cancelled() {
            while let Some(Ok(_)) = self.chunks.blocking_recv() {}
            Some(Err(SourceError::Cancelled))
        } else {
            self.chunks.blocking_recv()
        };
        self.note(next)
    }

    /// The session at the database, where it has one: what [`Source::stop`](crate::Source::stop)
    /// wants. Never a password.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// The endpoint that answered: `host:port/database`, or the path of a file. Never a password.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Waits until the statement has really stopped, so that "cancelled" is the truth.
    async fn stop(&mut self) -> Option<Result<Chunk, SourceError>> {
        while let Some(Ok(_)) = self.chunks.recv().await {}
        Some(Err(SourceError::Cancelled))
    }

    fn note(
        &mut self,
        next: Option<Result<Chunk, SourceError>>,
    ) -> Option<Result<Chunk, SourceError>> {
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}
