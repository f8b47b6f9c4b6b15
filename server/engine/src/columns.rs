//! Between our columns and Polars'.
//!
//! A stage holds nine kinds of column and no others, so every Parquet file can be read back as
//! [`Chunk`]s. What Polars answers with is brought to these kinds first.

use polars::prelude::*;
use source::{Bytes, Chunk, ColumnData, ColumnInfo, ColumnType, Values};

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

/// Adds the rows of one column behind those of another of the same kind.
pub(crate) fn append(into: &mut ColumnData, from: ColumnData) {
    match (into, from) {
        (ColumnData::Boolean(into), ColumnData::Boolean(from)) => append_values(into, from),
        (ColumnData::Integer(into), ColumnData::Integer(from))
        | (ColumnData::Datetime(into), ColumnData::Datetime(from))
        | (ColumnData::Time(into), ColumnData::Time(from)) => append_values(into, from),
        (ColumnData::Float(into), ColumnData::Float(from)) => append_values(into, from),
        (
            ColumnData::Decimal { mantissa: into, .. },
            ColumnData::Decimal { mantissa: from, .. },
        ) => {
            append_values(into, from);
        }
        (ColumnData::Text(into), ColumnData::Text(from))
        | (ColumnData::Binary(into), ColumnData::Binary(from)) => {
            append_bytes(into, from);
        }
        (ColumnData::Date(into), ColumnData::Date(from)) => append_values(into, from),
        // `matches` was checked for the chunk before its columns are taken apart.
        (into, from) => unreachable!("a {from:?} column cannot follow {into:?}"),
    }
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
        ColumnData::Integer(values) | ColumnData::Datetime(values) | ColumnData::Time(values) => {
            values.data.len() * 8
        }
        ColumnData::Float(values) => values.data.len() * 8,
        ColumnData::Decimal { mantissa, .. } => mantissa.data.len() * 16,
        ColumnData::Text(values) | ColumnData::Binary(values) => values.bytes.len(),
        ColumnData::Date(values) => values.data.len() * 4,
    };
    chunk.columns.iter().map(size).sum::<usize>() as u64
}

/// Our column as a Polars column. Takes the values over without copying where it can.
pub(crate) fn to_polars(name: &str, data: ColumnData) -> Column {
    let name = PlSmallStr::from_str(name);
    match data {
        ColumnData::Boolean(values) => {
            let rows = values.data.len();
            (0..rows)
                .map(|row| values.at(row))
                .collect::<BooleanChunked>()
                .with_name(name)
                .into_column()
        }
        ColumnData::Integer(values) => {
            Int64Chunked::from_vec_validity(name, values.data, bitmap(values.valid)).into_column()
        }
        ColumnData::Float(values) => {
            Float64Chunked::from_vec_validity(name, values.data, bitmap(values.valid)).into_column()
        }
        ColumnData::Decimal { mantissa, scale } => {
            Int128Chunked::from_vec_validity(name, mantissa.data, bitmap(mantissa.valid))
                .into_decimal_unchecked(PRECISION, usize::from(scale))
                .into_column()
        }
        ColumnData::Text(values) => {
            let rows = values.offsets.len() - 1;
            let mut builder = StringChunkedBuilder::new(name, rows);
            (0..rows).for_each(|row| builder.append_option(values.text(row)));
            builder.finish().into_column()
        }
        ColumnData::Date(values) => {
            Int32Chunked::from_vec_validity(name, values.data, bitmap(values.valid))
                .into_date()
                .into_column()
        }
        ColumnData::Datetime(values) => {
            Int64Chunked::from_vec_validity(name, values.data, bitmap(values.valid))
                .into_datetime(TimeUnit::Microseconds, None)
                .into_column()
        }
        ColumnData::Time(values) => {
            // Polars counts a time of day in nanoseconds.
            let nanos = values.data.iter().map(|micros| micros * 1_000).collect();
            Int64Chunked::from_vec_validity(name, nanos, bitmap(values.valid))
                .into_time()
                .into_column()
        }
        ColumnData::Binary(values) => {
            let rows = values.offsets.len() - 1;
            let mut builder = BinaryChunkedBuilder::new(name, rows);
            (0..rows).for_each(|row| builder.append_option(values.at(row)));
            builder.finish().into_column()
        }
    }
}

/// Rows `from..from + rows` of a Polars frame whose columns have staged kinds and one buffer each.
pub(crate) fn to_chunk(frame: &DataFrame, from: usize, rows: usize) -> PolarsResult<Chunk> {
    let columns = frame
        .columns()
        .iter()
        .map(|column| from_polars(column.as_materialized_series(), from, rows))
        .collect::<PolarsResult<_>>()?;
    Ok(Chunk { rows, columns })
}

fn from_polars(series: &Series, from: usize, rows: usize) -> PolarsResult<ColumnData> {
    let part = from..from + rows;
    /// Values and presence of a part of an array of plain values.
    macro_rules! values {
        ($array:expr) => {{
            let array = $array.downcast_as_array();
            let valid = array
                .validity()
                .map(|bits| part.clone().map(|row| bits.get_bit(row)).collect());
            (array.values(), valid)
        }};
    }
    Ok(match series.dtype() {
        DataType::Boolean => {
            let (bits, valid) = values!(series.bool()?);
            ColumnData::Boolean(Values {
                data: part.clone().map(|row| bits.get_bit(row)).collect(),
                valid,
            })
        }
        DataType::Int64 => {
            let (data, valid) = values!(series.i64()?);
            ColumnData::Integer(Values {
                data: data[part].to_vec(),
                valid,
            })
        }
        DataType::Float64 => {
            let (data, valid) = values!(series.f64()?);
            ColumnData::Float(Values {
                data: data[part].to_vec(),
                valid,
            })
        }
        DataType::Decimal(_, scale) => {
            let (data, valid) = values!(series.decimal()?.physical());
            let mantissa = Values {
                data: data[part].to_vec(),
                valid,
            };
            ColumnData::Decimal {
                mantissa,
                scale: u8::try_from(*scale).unwrap_or(u8::MAX),
            }
        }
        DataType::Date => {
            let (data, valid) = values!(series.date()?.physical());
            ColumnData::Date(Values {
                data: data[part].to_vec(),
                valid,
            })
        }
        DataType::Datetime(TimeUnit::Microseconds, None) => {
            let (data, valid) = values!(series.datetime()?.physical());
            ColumnData::Datetime(Values {
                data: data[part].to_vec(),
                valid,
            })
        }
        DataType::Time => {
            let (data, valid) = values!(series.time()?.physical());
            ColumnData::Time(Values {
                data: data[part].iter().map(|nanos| nanos / 1_000).collect(),
                valid,
            })
        }
        DataType::String => {
            let array = series.str()?.downcast_as_array();
            ColumnData::Text(collect_bytes(
                part.map(|row| array.get(row).map(str::as_bytes)),
                rows,
            ))
        }
        DataType::Binary => {
            let array = series.binary()?.downcast_as_array();
            ColumnData::Binary(collect_bytes(part.map(|row| array.get(row)), rows))
        }
        other => polars_bail!(SchemaMismatch: "column `{}` has the type {other}", series.name()),
    })
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
        ColumnData::Binary(_) => ColumnType::Binary,
    }
}

fn rows_of(data: &ColumnData) -> usize {
    match data {
        ColumnData::Boolean(values) => values.data.len(),
        ColumnData::Integer(values) | ColumnData::Datetime(values) | ColumnData::Time(values) => {
            values.data.len()
        }
        ColumnData::Float(values) => values.data.len(),
        ColumnData::Decimal { mantissa, .. } => mantissa.data.len(),
        ColumnData::Text(values) | ColumnData::Binary(values) => values.offsets.len() - 1,
        ColumnData::Date(values) => values.data.len(),
    }
}

fn append_values<T>(into: &mut Values<T>, from: Values<T>) {
    append_valid(
        &mut into.valid,
        into.data.len(),
        from.valid,
        from.data.len(),
    );
    into.data.extend(from.data);
}

fn append_bytes(into: &mut Bytes, from: Bytes) {
    append_valid(
        &mut into.valid,
        into.offsets.len() - 1,
        from.valid,
        from.offsets.len() - 1,
    );
    let base = into.bytes.len();
    into.offsets
        .extend(from.offsets[1..].iter().map(|offset| base + offset));
    into.bytes.extend_from_slice(&from.bytes);
}

fn append_valid(into: &mut Option<Vec<bool>>, rows: usize, from: Option<Vec<bool>>, more: usize) {
    if into.is_none() && from.is_none() {
        return;
    }
    let flags = into.get_or_insert_with(|| vec![true; rows]);
    match from {
        Some(from) => flags.extend(from),
        None => flags.resize(rows + more, true),
    }
}

fn bitmap<B: FromIterator<bool>>(valid: Option<Vec<bool>>) -> Option<B> {
    valid.map(|flags| flags.into_iter().collect())
}

fn collect_bytes<'a>(values: impl Iterator<Item = Option<&'a [u8]>>, rows: usize) -> Bytes {
    let mut bytes = Bytes {
        offsets: Vec::with_capacity(rows + 1),
        ..Bytes::default()
    };
    bytes.offsets.push(0);
    values.for_each(|value| bytes.push(value));
    bytes
}
