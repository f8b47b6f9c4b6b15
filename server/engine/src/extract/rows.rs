//! Moves the rows of an answer into a stage file, up to the limit of the report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rows::{Chunk, ColumnInfo};
use source::{Reading, SourceError};

use crate::early_sheet::Listener;
use crate::meter::Counter;
use crate::stage::{Encoding, StageFile, StageWriter};
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
/// A column may become wider on the way; then the file is written in parts, which are put together at
/// the end. Whoever listens hears no more.
///
/// # Errors
/// [`EngineError::TooManyRows`], or a failed disk.
pub(super) fn stage(
    mut reading: Reading,
    first: Option<Chunk>,
    (path, encoding): (&Path, Encoding),
    mut listener: Option<Listener>,
    counter: &Counter,
    limit: &Limit,
) -> Result<Result<u64, SourceError>, EngineError> {
    let mut writer = Parts::create(path, &reading.columns, encoding)?;
    let mut rows_read = 0;
    let mut next = first;
    while let Some(chunk) = next {
        let rows = chunk.rows as u64;
        rows_read += rows;
        counter.add(rows, columns::size_bytes(&chunk));
        limit.check(counter.rows())?;
        if writer.widen(&chunk)? {
            listener = None;
        }
        let chunk = Arc::new(chunk);
        listener = listener.filter(|listener| listener.rows(Arc::clone(&chunk)));
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

/// A stage file whose columns may become wider while it is written.
struct Parts<'a> {
    path: &'a Path,
    encoding: Encoding,
    columns: Vec<ColumnInfo>,
    /// Of the rows since the last change.
    writer: StageWriter,
    /// With narrower columns, in their order. They are packed loosely: they are read once.
    before: Vec<PathBuf>,
}

impl<'a> Parts<'a> {
    fn create(
        path: &'a Path,
        columns: &[ColumnInfo],
        encoding: Encoding,
    ) -> Result<Self, EngineError> {
        Ok(Self {
            path,
            encoding,
            columns: columns.to_vec(),
            writer: StageWriter::create(path, columns, encoding)?,
            before: Vec::new(),
        })
    }

    /// Begins another part when the chunk has wider columns than those before it; whether it has.
    fn widen(&mut self, chunk: &Chunk) -> Result<bool, EngineError> {
        if columns::matches(chunk, &self.columns) {
            return Ok(false);
        }
        let columns = columns::of(chunk, &self.columns);
        let finished = match self.before.len() {
            0 => self.path.to_owned(),
            number => part(self.path, number),
        };
        let next = part(self.path, self.before.len() + 1);
        let writer = StageWriter::create(&next, &columns, Encoding::Plain)?;
        std::mem::replace(&mut self.writer, writer).finish()?;
        self.before.push(finished);
        self.columns = columns;
        Ok(true)
    }

    fn push(&mut self, chunk: Arc<Chunk>) -> Result<(), EngineError> {
        self.writer.push(chunk)
    }

    /// Puts the parts together, row group by row group.
    fn finish(self) -> Result<(), EngineError> {
        self.writer.finish()?;
        if self.before.is_empty() {
            return Ok(());
        }
        let last = part(self.path, self.before.len());
        let whole = part(self.path, 0);
        let mut writer = StageWriter::create(&whole, &self.columns, self.encoding)?;
        for path in self.before.iter().chain([&last]) {
            for chunk in StageFile::open(path, Timestamp::UNIX_EPOCH)?.chunks()? {
                writer.push(widened(chunk?, &self.columns)?)?;
            }
            std::fs::remove_file(path).map_err(|error| EngineError::disk("remove", path, error))?;
        }
        writer.finish()?;
        std::fs::rename(&whole, self.path)
            .map_err(|error| EngineError::disk("rename", &whole, error))
    }
}

fn widened(chunk: Chunk, columns: &[ColumnInfo]) -> Result<Chunk, EngineError> {
    let rows = chunk.rows;
    let columns = chunk.columns.into_iter().zip(columns);
    let columns = columns.map(|(data, column)| {
        rows::widened(data, column.kind, rows).ok_or_else(|| EngineError::Internal {
            what: format!(
                "the column `{}` became another type on the way, not a wider one",
                column.name
            ),
        })
    });
    Ok(Chunk {
        rows,
        columns: columns.collect::<Result<_, _>>()?,
    })
}

/// Where a part stands; the whole is part 0 until it takes its place.
fn part(path: &Path, number: usize) -> PathBuf {
    path.with_extension(format!("wider-{number}.parquet"))
}
