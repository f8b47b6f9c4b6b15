//! Moves the rows of an answer into a stage file, up to the limit of the report.

use std::path::Path;

use source::{Reading, SourceError};

use crate::ahead::Listener;
use crate::meter::Counter;
use crate::stage::{Packing, StageWriter};
use crate::{EngineError, columns};

/// `limits.rows` of the report, over all statements of a block.
pub(super) struct Limit {
    pub(super) block: String,
    pub(super) rows: Option<u64>,
}

impl Limit {
    /// # Errors
    /// [`EngineError::TooManyRows`].
    pub(super) fn check(&self, rows: u64) -> Result<(), EngineError> {
        match self.rows {
            Some(limit) if rows > limit => Err(EngineError::TooManyRows {
                block: self.block.clone(),
                limit,
            }),
            _ => Ok(()),
        }
    }
}

/// Moves every chunk into a new stage file, tells the listener, and counts the rows on the way. The inner
/// error is the source's.
///
/// # Errors
/// [`EngineError::TooManyRows`], or a failed disk.
pub(super) fn stage(
    mut reading: Reading,
    first: Option<source::Chunk>,
    (path, packing): (&Path, Packing),
    mut listener: Option<Listener>,
    counter: &Counter,
    limit: &Limit,
) -> Result<Result<u64, SourceError>, EngineError> {
    let mut writer = StageWriter::create(path, &reading.columns, packing)?;
    let mut rows_read = 0;
    let mut next = first;
    while let Some(chunk) = next {
        let rows = chunk.rows as u64;
        rows_read += rows;
        counter.add(rows, columns::size_bytes(&chunk));
        limit.check(counter.rows())?;
        listener = listener.filter(|listener| listener.rows(chunk.clone()));
        writer.push(chunk)?;
        next = match reading.blocking_next().transpose() {
            Ok(next) => next,
            Err(error) => return Ok(Err(error)),
        };
    }
    if let Some(listener) = listener {
        listener.end();
    }
    writer.finish()?;
    Ok(Ok(rows_read))
}
