//! Between our columns and Polars'.
//!
//! A stage holds ten kinds of column and no others, so every Parquet file can be read back as
//! [`Chunk`]s. What Polars answers with is brought to these kinds first.

mod read;
mod write;

use polars::prelude::*;
use rows::{Chunk, ColumnData, ColumnInfo, ColumnType};

pub(crate) use read::to_chunk;
pub(crate) use write::{to_bytes, to_polars};

/// Digits of every staged decimal: the most 128 bits hold.
const PRECISION: usize = 38;

/// The Polars type of a staged column.
pub(crate) fn dtype(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Decimal { scale } => DataType::Decimal(PRECISION, usize::from(scale)),
        ColumnType::Text => DataType::String,
        ColumnType::Date => DataType::Date,
        ColumnType::Datetime => DataType::Datetime(TimeUnit::Microseconds, None),
        ColumnType::Time => DataType::Time,
        ColumnType::Duration => DataType::Duration(TimeUnit::Microseconds),
        ColumnType::Binary => DataType::Binary,
    }
}

/// The kind of a staged column; `None` for types a stage does not hold.
pub(crate) fn kind(dtype: &DataType) -> Option<ColumnType> {
    Some(match dtype {
        DataType::Boolean => ColumnType::Boolean,
        DataType::Int64 => ColumnType::Integer,
        DataType::Float64 => ColumnType::Float,
        DataType::Decimal(_, scale) => ColumnType::Decimal {
            scale: u8::try_from(*scale).ok()?,
        },
        DataType::String => ColumnType::Text,
        DataType::Date => ColumnType::Date,
        DataType::Datetime(TimeUnit::Microseconds, None) => ColumnType::Datetime,
        DataType::Time => ColumnType::Time,
        DataType::Duration(TimeUnit::Microseconds) => ColumnType::Duration,
        DataType::Binary => ColumnType::Binary,
        _ => return None,
    })
}

/// The schema of a staged file.
pub(crate) fn schema(columns: &[ColumnInfo]) -> Schema {
    columns
        .iter()
        .map(|column| Field::new(column.name.as_str().into(), dtype(column.kind)))
        .collect()
}

/// These columns with the types a chunk has.
pub(crate) fn of(chunk: &Chunk, columns: &[ColumnInfo]) -> Vec<ColumnInfo> {
    let kinds = chunk.columns.iter().map(kind_of);
    let columns = columns.iter().zip(kinds);
    columns
        .map(|(column, kind)| ColumnInfo {
            kind,
            ..column.clone()
        })
        .collect()
}

/// Whether a chunk has exactly these columns, all of its length.
pub(crate) fn matches(chunk: &Chunk, columns: &[ColumnInfo]) -> bool {
    chunk.columns.len() == columns.len()
        && chunk
            .columns
            .iter()
            .zip(columns)
            .all(|(data, column)| kind_of(data) == column.kind && rows_of(data) == chunk.rows)
}

/// How many bytes the values of a chunk take, for the progress people see.
pub(crate) fn size_bytes(chunk: &Chunk) -> u64 {
    let size = |column: &ColumnData| match column {
        ColumnData::Boolean(values) => values.data.len(),
        ColumnData::Integer(values)
        | ColumnData::Datetime(values)
        | ColumnData::Time(values)
        | ColumnData::Duration(values) => values.data.len() * 8,
        ColumnData::Float(values) => values.data.len() * 8,
        ColumnData::Decimal { mantissa, .. } => mantissa.data.len() * 16,
        ColumnData::Text(values) | ColumnData::Binary(values) => values.bytes.len(),
        ColumnData::Date(values) => values.data.len() * 4,
    };
    chunk.columns.iter().map(size).sum::<usize>() as u64
}

fn kind_of(data: &ColumnData) -> ColumnType {
    match data {
        ColumnData::Boolean(_) => ColumnType::Boolean,
        ColumnData::Integer(_) => ColumnType::Integer,
        ColumnData::Float(_) => ColumnType::Float,
        ColumnData::Decimal { scale, .. } => ColumnType::Decimal { scale: *scale },
        ColumnData::Text(_) => ColumnType::Text,
        ColumnData::Date(_) => ColumnType::Date,
        ColumnData::Datetime(_) => ColumnType::Datetime,
        ColumnData::Time(_) => ColumnType::Time,
        ColumnData::Duration(_) => ColumnType::Duration,
        ColumnData::Binary(_) => ColumnType::Binary,
    }
}

fn rows_of(data: &ColumnData) -> usize {
    match data {
        ColumnData::Boolean(values) => values.data.len(),
        ColumnData::Integer(values)
        | ColumnData::Datetime(values)
        | ColumnData::Time(values)
        | ColumnData::Duration(values) => values.data.len(),
        ColumnData::Float(values) => values.data.len(),
        ColumnData::Decimal { mantissa, .. } => mantissa.data.len(),
        ColumnData::Text(values) | ColumnData::Binary(values) => values.offsets.len() - 1,
        ColumnData::Date(values) => values.data.len(),
    }
}
