//! The rows of the current chunk, column by column.

use jiff::tz::TimeZone;
use rows::{CHUNK_ROWS, Chunk, ColumnInfo};
use sqlx::Row;
use sqlx::ValueRef;
use sqlx::postgres::PgRow;

use super::cells::Cells;
use super::types::Column;
use super::value_error::ValueError;
use crate::limits::{CHUNK_BYTES, ROW_BYTES};
use crate::zones::Zones;
use crate::{Cause, SourceError, cause};

/// Collects rows into chunks.
pub(super) struct Chunks {
    source: String,
    columns: Vec<Filling>,
    rows: usize,
    bytes: usize,
    rows_before: u64,
}

struct Filling {
    name: String,
    cells: Cells,
    zones: Zones,
}

impl Chunks {
    pub(super) fn new(
        source: &str,
        columns: &[Column],
        source_zone: &TimeZone,
        report_zone: &TimeZone,
    ) -> Self {
        let columns = columns
            .iter()
            .map(|column| Filling {
                name: column.name.clone(),
                cells: Cells::new(column.wire),
                zones: Zones::new(source_zone, report_zone),
            })
            .collect();
        Self {
            source: source.to_owned(),
            columns,
            rows: 0,
            bytes: 0,
            rows_before: 0,
        }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`SourceError::Type`] for a value that does not fit, [`SourceError::TooWide`].
    pub(super) fn push(&mut self, row: &PgRow) -> Result<(), SourceError> {
        let number = self.rows_before + self.rows as u64 + 1;
        let mut bytes = 0;
        for (index, column) in self.columns.iter_mut().enumerate() {
            let value = row.try_get_raw(index).map_err(|error| {
                SourceError::internal(&self.source, cause::words(&error))
                    .caused_by(cause::of_driver(error))
            })?;
            let cell = if value.is_null() {
                None
            } else {
                value.as_bytes().ok()
            };
            bytes += cell.map_or(0, <[u8]>::len);
            if bytes > ROW_BYTES {
                return Err(SourceError::too_wide(number, ROW_BYTES as u64));
            }
            column
                .cells
                .push(cell, &mut column.zones)
                .map_err(|error| refused(&self.source, &column.name, number, error))?;
        }
        self.rows += 1;
        self.bytes += bytes;
        Ok(())
    }

    /// How many rows the next chunk has so far.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Rows that were read, in all chunks.
    pub(super) fn rows_read(&self) -> u64 {
        self.rows_before + self.rows as u64
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows >= CHUNK_ROWS || self.bytes >= CHUNK_BYTES
    }

    /// Whether every type is known.
    pub(super) fn are_decided(&self) -> bool {
        self.columns.iter().all(|column| column.cells.is_decided())
    }

    /// Decides what is still open by the rows so far.
    ///
    /// # Errors
    /// [`SourceError::Type`] for a value that fits no type.
    pub(super) fn decide(&mut self) -> Result<(), SourceError> {
        for column in &mut self.columns {
            column.cells.decide(self.rows).map_err(|(row, error)| {
                let row = self.rows_before + row as u64 + 1;
                refused(&self.source, &column.name, row, error)
            })?;
        }
        Ok(())
    }

    /// Names and types; final when they are decided.
    pub(super) fn infos(&self) -> Vec<ColumnInfo> {
        self.columns
            .iter()
            .map(|column| ColumnInfo {
                name: column.name.clone(),
                kind: column.cells.kind(),
                is_narrow: column.cells.is_narrow(),
                is_mixed: column.cells.is_mixed(),
                is_guess: false,
            })
            .collect()
    }

    /// The rows so far as a chunk.
    ///
    /// # Errors
    /// [`SourceError::Type`] for a text that is none.
    pub(super) fn take(&mut self) -> Result<Chunk, SourceError> {
        let chunk = Chunk {
            rows: self.rows,
            columns: self.columns.iter_mut().map(|c| c.cells.take()).collect(),
        };
        if let Some((place, row)) = chunk.not_utf8() {
            let (name, row) = (&self.columns[place].name, self.rows_before + row as u64 + 1);
            return Err(refused(&self.source, name, row, ValueError::NotUtf8));
        }
        self.rows_before += self.rows as u64;
        self.rows = 0;
        self.bytes = 0;
        Ok(chunk)
    }
}

/// A value that does not fit its column.
fn refused(source: &str, column: &str, row: u64, error: ValueError) -> SourceError {
    SourceError::value(source, column, row, Cause::from(error))
}
