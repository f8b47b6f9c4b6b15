//! Reads a staged file back, one row group at a time.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::*;
use rows::{CHUNK_ROWS, Chunk, ColumnInfo, ColumnType};

use super::footer::Footer;
use super::stage_error;
use crate::{EngineError, columns};

/// A staged file, open by its footer.
pub(super) struct GroupReader {
    path: PathBuf,
    file: File,
    metadata: FileMetadataRef,
    columns: Vec<ColumnInfo>,
}

impl GroupReader {
    /// Reads the footer.
    pub(super) fn open(path: &Path) -> Result<Self, EngineError> {
        let mut file = File::open(path).map_err(|error| EngineError::disk("open", path, error))?;
        let mut reader = ParquetReader::new(&mut file);
        let broken = |error| stage_error("open", path, error);
        let metadata = reader.get_metadata().map_err(broken)?.clone();
        let footer = Footer::read(metadata.key_value_metadata().as_deref());
        let schema = reader.schema().map_err(broken)?;
        let columns = schema
            .iter_values()
            .map(|field| {
                let dtype = DataType::from_arrow_field(field);
                let kind = columns::kind(&dtype).ok_or_else(|| {
                    broken(
                        polars_err!(SchemaMismatch: "column `{}` has the type {dtype}", field.name),
                    )
                })?;
                let name = field.name.to_string();
                let is_narrow = kind == ColumnType::Integer && footer.narrow.contains(&name);
                let is_mixed = footer.mixed.contains(&name);
                let is_guess = footer.guesses.contains(&name);
                Ok(ColumnInfo {
                    name,
                    kind,
                    is_narrow,
                    is_mixed,
                    is_guess,
                })
            })
            .collect::<Result<_, EngineError>>()?;
        Ok(Self {
            path: path.to_owned(),
            file,
            metadata,
            columns,
        })
    }

    pub(super) fn columns(&self) -> &[ColumnInfo] {
        &self.columns
    }

    /// What the footer tells of the columns.
    pub(super) fn footer(&self) -> Footer {
        Footer::read(self.metadata.key_value_metadata().as_deref())
    }

    /// The rows of all row groups together. The footer's own sum is not taken on trust.
    pub(super) fn rows(&self) -> u64 {
        self.metadata
            .row_groups
            .iter()
            .map(|group| group.num_rows() as u64)
            .sum()
    }

    pub(super) fn groups(&self) -> usize {
        self.metadata.row_groups.len()
    }

    pub(super) fn read(&mut self, group: usize) -> Result<DataFrame, EngineError> {
        // Asked for a slice, the reader would still visit every row group before it; given a
        // footer with one row group it reads just that one.
        let row_group = self.metadata.row_groups[group].clone();
        let mut metadata = FileMetadata::clone(&self.metadata);
        metadata.num_rows = row_group.num_rows();
        metadata.row_groups = vec![row_group];
        let mut reader =
            ParquetReader::new(&mut self.file).read_parallel(ParallelStrategy::Columns);
        reader.set_metadata(Arc::new(metadata));
        let mut frame = reader
            .finish()
            .map_err(|error| stage_error("read", &self.path, error))?;
        frame.rechunk_mut();
        Ok(frame)
    }
}

/// The rows of a file in order.
pub(super) struct Chunks {
    reader: GroupReader,
    next_group: usize,
    current: Option<(DataFrame, usize)>,
}

impl Chunks {
    pub(super) fn new(reader: GroupReader) -> Self {
        Self {
            reader,
            next_group: 0,
            current: None,
        }
    }
}

impl Iterator for Chunks {
    type Item = Result<Chunk, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((frame, from)) = &mut self.current
                && *from < frame.height()
            {
                let rows = CHUNK_ROWS.min(frame.height() - *from);
                let chunk = columns::to_chunk(frame, *from, rows);
                *from += rows;
                return Some(chunk.map_err(|error| stage_error("read", &self.reader.path, error)));
            }
            if self.next_group >= self.reader.groups() {
                return None;
            }
            let group = self.next_group;
            self.next_group += 1;
            // The old group is given back before the next one is decoded.
            self.current = None;
            match self.reader.read(group) {
                Ok(frame) => self.current = Some((frame, 0)),
                Err(error) => {
                    self.next_group = self.reader.groups();
                    return Some(Err(error));
                }
            }
        }
    }
}
