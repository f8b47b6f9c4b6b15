//! Writes chunks into a Parquet file, one row group at a time.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;
use rows::{Chunk, ColumnData, ColumnInfo, Numbers};

use super::error_keeping_writer::ErrorKeepingWriter;
use super::footer::Footer;
use super::{Encoding, GROUP_ROWS, encoding, stage_error};
use crate::{EngineError, columns};

/// Writes one staged file. Dropping it unfinished leaves a file without a footer, which nothing
/// ever opens; the folder it stands in is emptied at the end of the job.
pub(crate) struct StageWriter {
    path: PathBuf,
    columns: Vec<ColumnInfo>,
    pending: Vec<Arc<Chunk>>,
    pending_rows: usize,
    encoding: Encoding,
    quotients: Vec<String>,
    numbers: Vec<Numbers>,
    writer: BatchedWriter<ErrorKeepingWriter>,
    sink: ErrorKeepingWriter,
}

impl StageWriter {
    /// Creates the file.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when it cannot be created.
    pub(crate) fn create(
        path: &Path,
        columns: &[ColumnInfo],
        encoding: Encoding,
    ) -> Result<Self, EngineError> {
        let file = File::create(path).map_err(|error| EngineError::disk("create", path, error))?;
        let sink = ErrorKeepingWriter::new(file);
        let writer = ParquetWriter::new(sink.clone())
            .with_compression(encoding.compression())
            .with_statistics(encoding.statistics())
            .batched(&columns::schema(columns))
            .map_err(|error| stage_error("create", path, error))?;
        Ok(Self {
            path: path.to_owned(),
            columns: columns.to_vec(),
            pending: Vec::new(),
            pending_rows: 0,
            encoding,
            quotients: Vec::new(),
            numbers: vec![Numbers::default(); columns.len()],
            writer,
            sink,
        })
    }

    /// Adds the rows of a chunk, which others may read meanwhile.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the disk is full, [`EngineError::Internal`] when the chunk has
    /// other columns than the file.
    pub(crate) fn push(&mut self, chunk: impl Into<Arc<Chunk>>) -> Result<(), EngineError> {
        let chunk = chunk.into();
        if !columns::matches(&chunk, &self.columns) {
            return Err(EngineError::Internal {
                what: format!(
                    "a chunk for {} has other columns than its file",
                    self.path.display()
                ),
            });
        }
        Numbers::see_all(&mut self.numbers, &chunk);
        for (column, data) in self.columns.iter_mut().zip(&chunk.columns) {
            // Any value settles what nobody declared.
            column.is_guess = column.is_guess && !rows::has_values(data, chunk.rows);
        }
        self.pending_rows += chunk.rows;
        self.pending.push(chunk);
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
            self.look_at(&group)?;
            self.write(&group)?;
        }
        Ok(())
    }

    /// Says which decimal columns are quotients: rounded where they were divided, so that their last
    /// digits mean nothing. Default: none. Counts until [`finish`](Self::finish).
    pub(crate) fn set_quotients(&mut self, names: impl IntoIterator<Item = String>) {
        self.quotients = names.into_iter().collect();
    }

    /// Writes what is pending and the footer.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub(crate) fn finish(mut self) -> Result<(), EngineError> {
        self.flush()?;
        self.end().map_err(|error| self.error(error))?;
        self.sink
            .flush()
            .map_err(|error| EngineError::disk("write", &self.path, error))
    }

    fn end(&self) -> PolarsResult<u64> {
        let writer = self.writer.get_writer().lock();
        let mut writer = writer.unwrap_or_else(PoisonError::into_inner);
        let footer = Footer {
            quotients: self.quotients.clone(),
            narrow: names(&self.columns, |column| column.is_narrow),
            mixed: names(&self.columns, |column| column.is_mixed),
            guesses: names(&self.columns, |column| column.is_guess),
            numbers: Some(self.numbers.clone()),
        };
        let pairs = footer.pairs(writer.schema());
        writer.end(Some(pairs))
    }

    fn look_at(&mut self, group: &DataFrame) -> Result<(), EngineError> {
        for (numbers, (place, column)) in
            self.numbers.iter_mut().zip(self.columns.iter().enumerate())
        {
            if column.kind.is_numeric() {
                let own = group.columns()[place].clone().into_frame();
                let chunk = columns::to_chunk(&own, 0, own.height())
                    .map_err(|error| stage_error("write", &self.path, error))?;
                chunk.columns.iter().for_each(|column| numbers.see(column));
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        if self.pending_rows == 0 {
            return Ok(());
        }
        let written = match self.encoding {
            Encoding::Plain => self.write_pending_plain(),
            Encoding::Compressed => self
                .pending_frame()
                .and_then(|frame| self.writer.write_batch(&frame)),
        };
        self.pending.clear();
        self.pending_rows = 0;
        written.map_err(|error| self.error(error))
    }

    /// The values of a column in all chunks that are pending.
    fn pieces(&self, place: usize) -> Vec<&ColumnData> {
        let chunks = self.pending.iter();
        chunks.map(|chunk| &chunk.columns[place]).collect()
    }

    fn pending_frame(&self) -> PolarsResult<DataFrame> {
        let columns = self.columns.iter().enumerate();
        let columns = columns.map(|(place, column)| {
            columns::to_polars(column, &self.pieces(place), self.pending_rows)
        });
        DataFrame::new(self.pending_rows, columns.collect::<PolarsResult<_>>()?)
    }

    fn write_pending_plain(&mut self) -> PolarsResult<()> {
        let arrays = self.pending_arrays()?;
        // Their memory is free for the pages.
        self.pending.clear();
        self.write_plain(&arrays)
    }

    fn pending_arrays(&self) -> PolarsResult<Vec<ArrayRef>> {
        let mut arrays = Vec::with_capacity(self.columns.len());
        for (place, column) in self.columns.iter().enumerate() {
            let pieces = self.pieces(place);
            match columns::to_bytes(column, &pieces, self.pending_rows)? {
                Some(bytes) => arrays.push(bytes.boxed()),
                None => {
                    let column = columns::to_polars(column, &pieces, self.pending_rows)?;
                    arrays.extend(encoding::arrays(&column.into_frame()));
                }
            }
        }
        Ok(arrays)
    }

    fn write(&mut self, group: &DataFrame) -> Result<(), EngineError> {
        let written = match self.encoding {
            Encoding::Plain => self.write_plain(&encoding::arrays(group)),
            Encoding::Compressed => self.writer.write_batch(group),
        };
        written.map_err(|error| self.error(error))
    }

    fn write_plain(&self, arrays: &[ArrayRef]) -> PolarsResult<()> {
        let (types, options) = {
            let writer = self.writer.get_writer().lock();
            let writer = writer.unwrap_or_else(PoisonError::into_inner);
            (writer.parquet_schema().fields().to_vec(), writer.options())
        };
        let group = encoding::plain(arrays, &types, options)?;
        self.writer.write_row_groups(vec![group])
    }

    fn error(&self, error: PolarsError) -> EngineError {
        match self.sink.take_failure() {
            Some(cause) => EngineError::disk("write", &self.path, cause),
            None => stage_error("write", &self.path, error),
        }
    }
}

fn names(columns: &[ColumnInfo], is_one: fn(&ColumnInfo) -> bool) -> Vec<String> {
    columns
        .iter()
        .filter(|column| is_one(column))
        .map(|column| column.name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use rows::{ColumnType, Values};

    use super::*;
    use crate::stage::{Answer, StageFile};

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
            is_narrow: false,
            is_mixed: false,
            is_guess: false,
        }]
    }

    #[test]
    fn a_full_disk_is_named_as_such() {
        let mut writer =
            StageWriter::create(Path::new("/dev/full"), &one_column(), Encoding::Plain).unwrap();
        writer.push(numbers(2_048)).unwrap();
        let error = writer.finish().unwrap_err();
        let EngineError::Disk { source, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(source.kind(), ErrorKind::StorageFull);
        assert_eq!(error.class(), lang::FailureClass::Disk);
        assert!(error.message().get(lang::Lang::En).contains("disk is full"));
        assert!(error.message().get(lang::Lang::Ko).contains("가득"));
    }

    #[test]
    fn a_file_tells_its_quotients_and_so_does_an_answer_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, quotients: &[&str]| {
            let path = folder.path().join(name);
            let mut writer =
                StageWriter::create(&path, &one_column(), Encoding::Compressed).unwrap();
            writer.push(numbers(3)).unwrap();
            writer.set_quotients(quotients.iter().map(|name| (*name).to_owned()));
            writer.finish().unwrap();
            StageFile::open(&path, jiff::Timestamp::UNIX_EPOCH).unwrap()
        };
        let (plain, divided) = (
            write("a.parquet", &[]),
            write("b.parquet", &["평균 \"n\"", "n"]),
        );
        assert_eq!(plain.quotients, Vec::<String>::new());
        assert_eq!(divided.quotients, ["평균 \"n\"", "n"]);
        let answer = Answer::of_parts(vec![plain.clone(), divided], jiff::Timestamp::UNIX_EPOCH);
        assert!(answer.is_quotient("n") && answer.is_quotient("평균 \"n\""));
        assert!(!answer.is_quotient("other"));
        assert!(!Answer::from(plain).is_quotient("n"));
        // Polars itself reads such a file as any other.
        assert_eq!(answer.scan().unwrap().collect().unwrap().height(), 6);
    }

    #[test]
    fn a_chunk_with_other_columns_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = StageWriter::create(
            &folder.path().join("x.parquet"),
            &one_column(),
            Encoding::Compressed,
        )
        .unwrap();
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
