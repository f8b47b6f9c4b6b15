//! Writes chunks into a Parquet file, one row group at a time.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;
use source::{Chunk, ColumnData, ColumnInfo};

use super::recording::Recording;
use super::{GROUP_ROWS, stage_error};
use crate::{EngineError, columns};

/// Writes one staged file. Dropping it unfinished leaves a file without a footer, which nothing
/// ever opens; the folder it stands in is emptied at the end of the job.
pub(crate) struct StageWriter {
    path: PathBuf,
    columns: Vec<ColumnInfo>,
    pending: Vec<ColumnData>,
    pending_rows: usize,
    writer: BatchedWriter<Recording>,
    sink: Recording,
}

impl StageWriter {
    /// Creates the file.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when it cannot be created.
    pub(crate) fn create(path: &Path, columns: &[ColumnInfo]) -> Result<Self, EngineError> {
        let file = File::create(path).map_err(|error| EngineError::disk("create", path, error))?;
        let sink = Recording::new(file);
        let writer = ParquetWriter::new(sink.clone())
            // The fastest there is: most files live for one job, and reading must not wait for them.
            .with_compression(ParquetCompression::Lz4Raw)
            .with_statistics(StatisticsOptions::default())
            .batched(&columns::schema(columns))
            .map_err(|error| stage_error("create", path, error))?;
        Ok(Self {
            path: path.to_owned(),
            columns: columns.to_vec(),
            pending: empty(columns),
            pending_rows: 0,
            writer,
            sink,
        })
    }

    /// Adds the rows of a chunk.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the disk is full, [`EngineError::Internal`] when the chunk has
    /// other columns than the file.
    pub(crate) fn push(&mut self, chunk: Chunk) -> Result<(), EngineError> {
        if !columns::matches(&chunk, &self.columns) {
            return Err(EngineError::Internal {
                what: format!(
                    "a chunk for {} has other columns than its file",
                    self.path.display()
                ),
            });
        }
        self.pending_rows += chunk.rows;
        for (into, from) in self.pending.iter_mut().zip(chunk.columns) {
            columns::append(into, from);
        }
        if self.pending_rows >= GROUP_ROWS {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Adds the rows of a Polars frame whose columns have exactly the file's types.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the disk is full, [`EngineError::Stage`] otherwise.
    pub(crate) fn push_frame(&mut self, frame: &DataFrame) -> Result<(), EngineError> {
        for from in (0..frame.height()).step_by(GROUP_ROWS) {
            let mut group = frame.slice(i64::try_from(from).unwrap_or(i64::MAX), GROUP_ROWS);
            // A row group is written per buffer; a slice over several would make small ones.
            group.rechunk_mut();
            self.write(&group)?;
        }
        Ok(())
    }

    /// Writes what is pending and the footer.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub(crate) fn finish(mut self) -> Result<(), EngineError> {
        self.flush()?;
        self.writer.finish().map_err(|error| self.error(error))?;
        self.sink
            .flush()
            .map_err(|error| EngineError::disk("write", &self.path, error))
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        if self.pending_rows == 0 {
            return Ok(());
        }
        let pending = std::mem::replace(&mut self.pending, empty(&self.columns));
        let columns = self
            .columns
            .iter()
            .zip(pending)
            .map(|(column, data)| columns::to_polars(&column.name, data))
            .collect();
        let frame =
            DataFrame::new(self.pending_rows, columns).map_err(|error| self.error(error))?;
        self.pending_rows = 0;
        self.write(&frame)
    }

    fn write(&mut self, group: &DataFrame) -> Result<(), EngineError> {
        self.writer
            .write_batch(group)
            .map_err(|error| self.error(error))
    }

    fn error(&self, error: PolarsError) -> EngineError {
        match self.sink.take_failure() {
            Some(cause) => EngineError::disk("write", &self.path, cause),
            None => stage_error("write", &self.path, error),
        }
    }
}

fn empty(columns: &[ColumnInfo]) -> Vec<ColumnData> {
    columns
        .iter()
        .map(|column| ColumnData::new(column.kind))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use source::{ColumnType, Values};

    use super::*;

    fn numbers(rows: i64) -> Chunk {
        let data = (0..rows).collect();
        Chunk {
            rows: usize::try_from(rows).unwrap(),
            columns: vec![ColumnData::Integer(Values { data, valid: None })],
        }
    }

    fn one_column() -> Vec<ColumnInfo> {
        vec![ColumnInfo {
            name: "n".into(),
            kind: ColumnType::Integer,
        }]
    }

    #[test]
    fn a_full_disk_is_named_as_such() {
        let mut writer = StageWriter::create(Path::new("/dev/full"), &one_column()).unwrap();
        writer.push(numbers(2_048)).unwrap();
        let error = writer.finish().unwrap_err();
        let EngineError::Disk { source, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(source.kind(), ErrorKind::StorageFull);
        assert_eq!(error.class(), "disk");
        assert!(error.message(report::Lang::En).contains("disk is full"));
        assert!(error.message(report::Lang::Ko).contains("가득"));
    }

    #[test]
    fn a_chunk_with_other_columns_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer =
            StageWriter::create(&folder.path().join("x.parquet"), &one_column()).unwrap();
        let other = Chunk {
            rows: 1,
            columns: vec![ColumnData::new(ColumnType::Text)],
        };
        assert!(matches!(
            writer.push(other),
            Err(EngineError::Internal { .. })
        ));
    }
}
