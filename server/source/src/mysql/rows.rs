//! The rows of one answer, column by column.

use rows::{CHUNK_ROWS, Chunk, ColumnData, ColumnType, widened};
use sqlx::mysql::{MySql, MySqlRow};
use sqlx::{Decode, Row, ValueRef};

use super::connect::Session;
use super::decode::{self, Decoder};
use super::error::Location;
use super::plan::{Column, Text};
use super::read::Task;
use super::value_error::ValueError;
use crate::limits::{CHUNK_BYTES, ROW_BYTES};
use crate::{Cause, SourceError};

/// The rows of the current chunk.
pub(super) struct Reader<'r> {
    text: Text<'r>,
    columns: Vec<Column>,
    decoders: Vec<Decoder>,
    data: Vec<ColumnData>,
    max_rows: Option<u64>,
    /// Rows so far, over all chunks.
    pub row: u64,
    chunk_rows: usize,
    chunk_bytes: usize,
}

impl<'r> Reader<'r> {
    pub(super) fn new(
        task: &Task,
        session: &Session,
        text: Text<'r>,
        columns: Vec<Column>,
    ) -> Self {
        let (source, report) = (&task.source.zone, &task.extract.zone);
        let decoders = columns
            .iter()
            .map(|column| Decoder::new(column.wire, session.clock.clone(), source, report))
            .collect();
        let data = columns
            .iter()
            .map(|column| empty(column.kind, &ColumnData::new(column.kind)))
            .collect();
        Self {
            text,
            columns,
            decoders,
            data,
            max_rows: task.extract.max_rows,
            row: 0,
            chunk_rows: 0,
            chunk_bytes: 0,
        }
    }

    /// Adds a row; whether the chunk is full.
    pub(super) fn push(&mut self, row: &MySqlRow) -> Result<bool, SourceError> {
        if self.row == 0 {
            self.begin(row)?;
        }
        self.row += 1;
        if let Some(limit) = self.max_rows
            && self.row > limit
        {
            return Err(SourceError::TooManyRows { limit });
        }
        let mut row_bytes = 0;
        for (index, (decoder, data)) in self.decoders.iter_mut().zip(&mut self.data).enumerate() {
            // Only an absent value has no bytes. The driver's own test for it is faster, but takes
            // zero dates for absent, too. The driver's value is looked at where it stands: it was
            // written in small pieces a moment ago, and a processor waits before it copies them.
            let value = row.try_get_raw(index);
            let is_there =
                matches!(&value, Ok(value) if decoder.wire.is_moment() || !value.is_null());
            let bytes = match value {
                Ok(value) if is_there => <&[u8] as Decode<MySql>>::decode(value).ok(),
                _ => None,
            };
            row_bytes += bytes.map_or(0, <[u8]>::len);
            if row_bytes > ROW_BYTES {
                return Err(SourceError::too_wide(self.row, ROW_BYTES as u64));
            }
            // One length of time makes all of the column lengths, those that could be times of day with it.
            if let (ColumnData::Time(_), Some(bytes)) = (&*data, bytes)
                && decode::is_length_of_time(bytes)
            {
                let kind = ColumnType::Duration;
                let times = std::mem::replace(data, ColumnData::new(kind));
                self.columns[index].kind = kind;
                *data = widened(times, kind, self.chunk_rows).unwrap_or(ColumnData::new(kind));
            }
            decoder
                .push(bytes, data)
                .map_err(|error| refused(&self.text, &self.columns[index], self.row, error))?;
        }
        self.chunk_rows += 1;
        self.chunk_bytes += row_bytes;
        Ok(self.chunk_rows == CHUNK_ROWS || self.chunk_bytes >= CHUNK_BYTES)
    }

    /// Types can change between preparing and running: the first row says what really comes.
    fn begin(&mut self, row: &MySqlRow) -> Result<(), SourceError> {
        let wires = match self.text.wires(row.columns()) {
            Ok(wires) => wires,
            Err(failed) => return Err(Location::new(self.text.source, "").settle(failed)),
        };
        if wires.len() != self.columns.len() {
            return Err(SourceError::busy(
                self.text.source,
                "a table got other columns in this very moment; try again",
            ));
        }
        for (decoder, wire) in self.decoders.iter_mut().zip(wires) {
            decoder.wire = wire;
        }
        Ok(())
    }

    /// The rows so far.
    pub(super) fn take(&mut self) -> Result<Chunk, SourceError> {
        let next = self
            .columns
            .iter()
            .zip(&self.data)
            .map(|(column, held)| empty(column.kind, held))
            .collect();
        let chunk = Chunk {
            rows: self.chunk_rows,
            columns: std::mem::replace(&mut self.data, next),
        };
        let first = self.row - chunk.rows as u64 + 1;
        if let Some((place, row)) = chunk.not_utf8() {
            let (column, row) = (&self.columns[place], first + row as u64);
            return Err(refused(&self.text, column, row, ValueError::NotUtf8));
        }
        (self.chunk_rows, self.chunk_bytes) = (0, 0);
        Ok(chunk)
    }
}

/// A value that does not fit its column.
fn refused(text: &Text<'_>, column: &Column, row: u64, error: ValueError) -> SourceError {
    SourceError::value(text.source, &column.name, row, Cause::from(error))
}

/// An empty column with room for as much as the one before it held.
fn empty(kind: ColumnType, before: &ColumnData) -> ColumnData {
    let mut column = ColumnData::new(kind);
    match (&mut column, before) {
        (ColumnData::Boolean(values), _) => values.data.reserve(CHUNK_ROWS),
        (
            ColumnData::Integer(values)
            | ColumnData::Datetime(values)
            | ColumnData::Time(values)
            | ColumnData::Duration(values),
            _,
        ) => values.data.reserve(CHUNK_ROWS),
        (ColumnData::Float(values), _) => values.data.reserve(CHUNK_ROWS),
        (ColumnData::Decimal { mantissa, .. }, _) => mantissa.data.reserve(CHUNK_ROWS),
        (ColumnData::Date(values), _) => values.data.reserve(CHUNK_ROWS),
        (
            ColumnData::Text(values) | ColumnData::Binary(values),
            ColumnData::Text(before) | ColumnData::Binary(before),
        ) => {
            values.offsets.reserve(CHUNK_ROWS);
            values.bytes.reserve(before.bytes.len());
        }
        _ => {}
    }
    column
}
