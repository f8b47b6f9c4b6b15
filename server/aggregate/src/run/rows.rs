//! The rows of a table.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::io::parquet::metadata::FileMetadataRef;
use polars::io::parquet::read::ParallelStrategy;
use polars::prelude::*;
use polars_parquet::parquet::metadata::FileMetadata;

/// The rows of a table, all behind each other, and where they are in files also in pieces.
#[derive(Clone)]
pub struct Rows {
    pub(crate) frame: LazyFrame,
    pub(crate) pieces: Option<Arc<Pieces>>,
}

impl Rows {
    /// The rows of Parquet files with the same columns, in the order of the files. There is at least one
    /// file.
    ///
    /// # Errors
    /// When a file cannot be opened, or is no Parquet.
    pub fn of_files(paths: &[PathBuf]) -> PolarsResult<Self> {
        let scanned = paths
            .iter()
            .map(|path| PlRefPath::try_from_path(path))
            .collect::<PolarsResult<Vec<_>>>()?;
        let arguments = ScanArgsParquet {
            // A folder whose name holds `*` or `[` is a folder, not a pattern.
            glob: false,
            ..ScanArgsParquet::default()
        };
        Ok(Self {
            frame: LazyFrame::scan_parquet_files(scanned.into(), arguments)?,
            pieces: Some(Arc::new(Pieces::open(paths)?)),
        })
    }

    /// All behind each other.
    pub fn frame(&self) -> &LazyFrame {
        &self.frame
    }

    /// Their columns.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn schema(&self) -> PolarsResult<SchemaRef> {
        self.frame.clone().collect_schema()
    }
}

impl From<LazyFrame> for Rows {
    fn from(frame: LazyFrame) -> Self {
        Self {
            frame,
            pieces: None,
        }
    }
}

/// Row groups of Parquet files. Threads read each for itself, so that a row stays near the processor from
/// the file to what is made of it.
pub(crate) struct Pieces(Vec<Piece>);

struct Piece {
    path: Arc<Path>,
    /// The file's footer with this row group alone.
    metadata: FileMetadataRef,
}

impl Pieces {
    fn open(paths: &[PathBuf]) -> PolarsResult<Self> {
        let mut pieces = Vec::new();
        for path in paths {
            let metadata = ParquetReader::new(File::open(path)?)
                .get_metadata()?
                .clone();
            let path: Arc<Path> = path.as_path().into();
            for group in &metadata.row_groups {
                // Asked for a slice, the reader would visit every row group before it.
                let alone = FileMetadata {
                    num_rows: group.num_rows(),
                    row_groups: vec![group.clone()],
                    ..FileMetadata::clone(&metadata)
                };
                pieces.push(Piece {
                    path: path.clone(),
                    metadata: Arc::new(alone),
                });
            }
        }
        Ok(Self(pieces))
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// These columns of a piece, by their places in the table, in the order of the table.
    pub(super) fn read(&self, piece: usize, columns: &[usize]) -> PolarsResult<DataFrame> {
        let Piece { path, metadata } = &self.0[piece];
        let mut reader = ParquetReader::new(File::open(path)?)
            .read_parallel(ParallelStrategy::None)
            .with_projection(Some(columns.to_vec()));
        reader.set_metadata(metadata.clone());
        reader.finish()
    }
}
