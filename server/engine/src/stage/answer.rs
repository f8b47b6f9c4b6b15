//! The staged answer of a block: one file, or one per partition.

use std::path::PathBuf;

use jiff::Timestamp;
use polars::prelude::*;
use rows::{Chunk, ColumnInfo, Numbers};

use super::StageFile;
use crate::EngineError;

/// Everything a block answered. Whoever reads it sees one table, whatever it is made of.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Its columns.
    pub(crate) columns: Vec<ColumnInfo>,
    /// Its rows, as the footers of its files count them.
    pub(crate) rows: u64,
    /// The moment its rows are true for; see [`of_parts`](Self::of_parts).
    pub(crate) read_at: Timestamp,
    parts: Vec<StageFile>,
}

impl From<StageFile> for Answer {
    fn from(file: StageFile) -> Self {
        Self {
            columns: file.columns.clone(),
            rows: file.rows,
            read_at: file.read_at,
            parts: vec![file],
        }
    }
}

impl Answer {
    /// An answer of several files with the same columns, in the order of their rows. There is at
    /// least one file.
    pub(crate) fn of_parts(parts: Vec<StageFile>, read_at: Timestamp) -> Self {
        let mut columns = parts
            .first()
            .map(|part| part.columns.clone())
            .unwrap_or_default();
        // One part with longer numbers makes all of them long.
        for (place, column) in columns.iter_mut().enumerate() {
            column.is_narrow = parts
                .iter()
                .all(|part| part.columns.get(place).is_some_and(|one| one.is_narrow));
            column.is_guess = parts
                .iter()
                .all(|part| part.columns.get(place).is_some_and(|one| one.is_guess));
            column.is_mixed = parts
                .iter()
                .any(|part| part.columns.get(place).is_some_and(|one| one.is_mixed));
        }
        Self {
            columns,
            rows: parts.iter().map(|part| part.rows).sum(),
            read_at,
            parts,
        }
    }

    /// Whether a decimal column was rounded by a division: its digits beyond those of a float mean
    /// nothing. Columns the answer does not have are none.
    pub(crate) fn is_quotient(&self, column: &str) -> bool {
        let says_so = |part: &StageFile| part.quotients.iter().any(|name| name == column);
        self.parts.iter().any(says_so)
    }

    /// The names of all quotients.
    pub(crate) fn quotients(&self) -> Vec<String> {
        let names = self.columns.iter().map(|column| &column.name);
        names
            .filter(|name| self.is_quotient(name))
            .cloned()
            .collect()
    }

    /// What numbers each column holds in all rows, in the order of the columns; `None` when a file does
    /// not say.
    pub(crate) fn numbers(&self) -> Option<Vec<Numbers>> {
        let mut all = vec![Numbers::default(); self.columns.len()];
        for part in self.parts.iter().filter(|part| part.rows > 0) {
            let own = part.numbers.as_ref()?;
            all.iter_mut()
                .zip(own)
                .for_each(|(all, own)| all.merge(own));
        }
        Some(all)
    }

    /// The files, in the order of their rows.
    pub(crate) fn parts(&self) -> &[StageFile] {
        &self.parts
    }

    /// The rows in order, as chunks, one row group in memory and one file open at a time.
    ///
    /// # Errors
    /// When the first file cannot be opened again; a later one is an item.
    pub(crate) fn chunks(
        &self,
    ) -> Result<impl Iterator<Item = Result<Chunk, EngineError>> + Send + use<>, EngineError> {
        let mut parts = self.parts.clone().into_iter();
        let first = parts.next().map(|part| part.chunks()).transpose()?;
        let rest = parts.flat_map(|part| {
            let (chunks, error) = match part.chunks() {
                Ok(chunks) => (Some(chunks), None),
                Err(error) => (None, Some(Err(error))),
            };
            error.into_iter().chain(chunks.into_iter().flatten())
        });
        Ok(first.into_iter().flatten().chain(rest))
    }

    /// The rows for Polars.
    ///
    /// # Errors
    /// When a path cannot be scanned.
    pub(crate) fn scan(&self) -> PolarsResult<LazyFrame> {
        self.table().map(|rows| rows.frame().clone())
    }

    /// The rows for aggregations.
    ///
    /// # Errors
    /// When a file cannot be opened.
    pub(crate) fn table(&self) -> PolarsResult<aggregate::Rows> {
        // A file without rows says nothing but its columns, which another one says too.
        let path = |part: &StageFile| part.path.clone();
        let with_rows = self.parts.iter().filter(|part| part.rows > 0);
        let mut paths: Vec<PathBuf> = with_rows.map(path).collect();
        if paths.is_empty() {
            paths.extend(self.parts.first().map(path));
        }
        aggregate::Rows::of_files(&paths)
    }
}

#[cfg(test)]
impl Answer {
    /// An answer that is only counted.
    pub(crate) fn of_rows(rows: u64) -> Self {
        Self {
            columns: Vec::new(),
            rows,
            read_at: Timestamp::UNIX_EPOCH,
            parts: Vec::new(),
        }
    }
}
