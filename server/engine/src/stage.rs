//! Rows on disk between the source and the sheet: Parquet files, one per block or partition.
//!
//! A file is written row group by row group and read back row group by row group, so memory does
//! not grow with the number of rows. What Polars and the workbook see always comes from here.

mod answer;
mod encoding;
mod error_keeping_writer;
mod footer;
pub(crate) mod keep;
mod reader;
mod scratch;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use polars::error::PolarsError;
use polars::frame::DataFrame;
use rows::{Chunk, ColumnInfo, Numbers};

use crate::EngineError;

pub(crate) use answer::Answer;
pub(crate) use encoding::Encoding;
pub(crate) use keep::{Entry, Kept, KeptPartition, Key};
pub(crate) use scratch::Scratch;
pub(crate) use writer::StageWriter;

/// Rows per row group: large enough to compress and scan well, small enough for ten wide columns
/// to stay below a dozen megabytes in memory.
pub(crate) const GROUP_ROWS: usize = 32_768;

/// A finished file of staged rows.
#[derive(Clone, Debug)]
pub(crate) struct StageFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its columns.
    pub(crate) columns: Vec<ColumnInfo>,
    /// Names of its decimal columns that were rounded by a division.
    pub(crate) quotients: Vec<String>,
    /// What numbers its columns hold, one entry per column; `None` for files of earlier versions.
    pub(crate) numbers: Option<Vec<Numbers>>,
    /// Its rows, as its own footer counts them.
    pub(crate) rows: u64,
    /// The moment before its rows were read at their source.
    pub(crate) read_at: Timestamp,
    /// Which kept partition it holds; `None` for rows that may be others tomorrow.
    pub(crate) closed_partition: Option<Arc<ClosedPartition>>,
}

/// A closed partition that is kept. Its rows never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClosedPartition {
    /// SHA-256 of the kept file, lower-case hex.
    pub(crate) sha256: String,
    /// The source it was read from.
    pub(crate) source: String,
    /// Which partition of a period it is.
    pub(crate) partition: Option<KeptPartition>,
}

impl StageFile {
    /// Opens a finished file by its footer.
    ///
    /// # Errors
    /// [`EngineError::Stage`] when the footer cannot be read or holds other columns than a stage has.
    pub(crate) fn open(path: &Path, read_at: Timestamp) -> Result<Self, EngineError> {
        let reader = reader::GroupReader::open(path)?;
        let footer = reader.footer();
        let columns = reader.columns();
        Ok(Self {
            path: path.to_owned(),
            columns: columns.to_vec(),
            quotients: footer.quotients,
            numbers: footer
                .numbers
                .filter(|numbers| numbers.len() == columns.len()),
            rows: reader.rows(),
            read_at,
            closed_partition: None,
        })
    }

    /// The rows in order, as chunks, one row group in memory at a time.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub(crate) fn chunks(
        &self,
    ) -> Result<impl Iterator<Item = Result<Chunk, EngineError>> + Send + use<>, EngineError> {
        Ok(reader::Chunks::new(reader::GroupReader::open(&self.path)?))
    }

    /// The row groups in order, as Polars frames.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub(crate) fn frames(
        &self,
    ) -> Result<impl Iterator<Item = Result<DataFrame, EngineError>> + use<>, EngineError> {
        let mut reader = reader::GroupReader::open(&self.path)?;
        Ok((0..reader.groups()).map(move |group| reader.read(group)))
    }
}

/// The error of a failed Parquet operation: [`EngineError::Disk`] when the disk is to blame.
pub(crate) fn stage_error(action: &'static str, path: &Path, error: PolarsError) -> EngineError {
    if let PolarsError::IO { error: cause, .. } = &error {
        let cause = std::io::Error::new(cause.kind(), cause.to_string());
        return EngineError::disk(action, path, cause);
    }
    EngineError::Stage {
        action,
        path: path.to_owned(),
        source: Box::new(error),
    }
}
