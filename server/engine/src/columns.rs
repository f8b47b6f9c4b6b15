//! Between our columns and Polars'.
//!
//! A stage holds ten kinds of column and no others, so every Parquet file can be read back as
//! [`Chunk`]s. What Polars answers with is brought to these kinds first.

use polars::prelude::*;
use polars_arrow::array::{BinaryArray, BooleanArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::offset::OffsetsBuffer;
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

/// One of our columns, in pieces of the same kind, as a Polars column. Every value is copied once.
///
/// # Errors
/// When a text column does not hold UTF-8.
pub(crate) fn to_polars(
    column: &ColumnInfo,
    pieces: &[&ColumnData],
    rows: usize,
) -> PolarsResult<Column> {
    let name = PlSmallStr::from_str(&column.name);
    /// The values of all pieces, which are of one kind, with the bitmap of those that are there.
    macro_rules! values {
        ($kind:pat => $values:expr) => {{
            let pieces = pieces.iter().filter_map(|piece| match piece {
                $kind => Some($values),
                _ => None,
            });
            joined(pieces, rows)
        }};
    }
    Ok(match column.kind {
        ColumnType::Boolean => {
            let (data, valid) = values!(ColumnData::Boolean(values) => values);
            let bits = Bitmap::from_iter(data);
            let array = BooleanArray::new(ArrowDataType::Boolean, bits, valid);
            BooleanChunked::with_chunk(name, array).into_column()
        }
        ColumnType::Integer => {
            let (data, valid) = values!(ColumnData::Integer(values) => values);
            Int64Chunked::from_vec_validity(name, data, valid).into_column()
        }
        ColumnType::Float => {
            let (data, valid) = values!(ColumnData::Float(values) => values);
            Float64Chunked::from_vec_validity(name, data, valid).into_column()
        }
        ColumnType::Decimal { scale } => {
            let (data, valid) = values!(ColumnData::Decimal { mantissa, .. } => mantissa);
            Int128Chunked::from_vec_validity(name, data, valid)
                .into_decimal_unchecked(PRECISION, usize::from(scale))
                .into_column()
        }
        ColumnType::Date => {
            let (data, valid) = values!(ColumnData::Date(values) => values);
            Int32Chunked::from_vec_validity(name, data, valid)
                .into_date()
                .into_column()
        }
        ColumnType::Datetime => {
            let (data, valid) = values!(ColumnData::Datetime(values) => values);
            Int64Chunked::from_vec_validity(name, data, valid)
                .into_datetime(TimeUnit::Microseconds, None)
                .into_column()
        }
        ColumnType::Time => {
            let (mut data, valid) = values!(ColumnData::Time(values) => values);
            // Polars counts a time of day in nanoseconds.
            data.iter_mut().for_each(|micros| *micros *= 1_000);
            Int64Chunked::from_vec_validity(name, data, valid)
                .into_time()
                .into_column()
        }
        ColumnType::Duration => {
            let (data, valid) = values!(ColumnData::Duration(values) => values);
            Int64Chunked::from_vec_validity(name, data, valid)
                .into_duration(TimeUnit::Microseconds)
                .into_column()
        }
        ColumnType::Text => {
            let mut builder = StringChunkedBuilder::new(name, rows);
            for piece in pieces {
                let ColumnData::Text(texts) = piece else {
                    continue;
                };
                let broken =
                    || polars_err!(ComputeError: "column `{}` holds no UTF-8", column.name);
                // One look at all letters is several times as fast as one at each text.
                let letters = simdutf8::basic::from_utf8(&texts.bytes).map_err(|_| broken())?;
                for row in 0..texts.rows() {
                    match texts.range(row) {
                        Some(range) => {
                            builder.append_value(letters.get(range).ok_or_else(broken)?);
                        }
                        None => builder.append_null(),
                    }
                }
            }
            builder.finish().into_column()
        }
        ColumnType::Binary => {
            let mut builder = BinaryChunkedBuilder::new(name, rows);
            for piece in pieces {
                let ColumnData::Binary(values) = piece else {
                    continue;
                };
                (0..values.rows()).for_each(|row| builder.append_option(values.at(row)));
            }
            builder.finish().into_column()
        }
    })
}

/// Texts or bytes as Arrow's plain array: all of them behind each other, as they are in their chunks. `None`
/// for other columns.
///
/// Polars' own array has a view for every value, which a file without views has no use for.
///
/// # Errors
/// When a text column does not hold UTF-8.
pub(crate) fn to_bytes(
    column: &ColumnInfo,
    pieces: &[&ColumnData],
    rows: usize,
) -> PolarsResult<Option<BinaryArray<i64>>> {
    let is_text = match column.kind {
        ColumnType::Text => true,
        ColumnType::Binary => false,
        _ => return Ok(None),
    };
    let pieces = pieces.iter().filter_map(|piece| match piece {
        ColumnData::Text(values) | ColumnData::Binary(values) => Some(values),
        _ => None,
    });
    let mut bytes = Vec::with_capacity(pieces.clone().map(|piece| piece.bytes.len()).sum());
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    let mut valid: Option<Vec<bool>> = None;
    for piece in pieces {
        add_flags(&mut valid, piece.valid.as_deref(), offsets.len() - 1, rows);
        let from = bytes.len();
        bytes.extend_from_slice(&piece.bytes);
        offsets.extend(piece.offsets[1..].iter().map(|to| (from + to) as i64));
    }
    if let Some(valid) = &mut valid {
        valid.resize(offsets.len() - 1, true);
    }
    // One look at all letters is several times as fast as one at each text.
    if is_text && simdutf8::basic::from_utf8(&bytes).is_err() {
        polars_bail!(ComputeError: "column `{}` holds no UTF-8", column.name);
    }
    BinaryArray::try_new(
        ArrowDataType::LargeBinary,
        OffsetsBuffer::try_from(offsets)?,
        bytes.into(),
        valid.map(Bitmap::from_iter),
    )
    .map(Some)
}

/// Values behind each other, and which of them are there.
fn joined<'a, T: Copy + 'a, B: FromIterator<bool>>(
    pieces: impl Iterator<Item = &'a Values<T>>,
    rows: usize,
) -> (Vec<T>, Option<B>) {
    let mut data = Vec::with_capacity(rows);
    let mut valid: Option<Vec<bool>> = None;
    for piece in pieces {
        add_flags(&mut valid, piece.valid.as_deref(), data.len(), rows);
        data.extend_from_slice(&piece.data);
    }
    if let Some(valid) = &mut valid {
        valid.resize(data.len(), true);
    }
    (data, valid.map(B::from_iter))
}

/// Adds the flags of a piece that begins at a row, when it has any.
fn add_flags(valid: &mut Option<Vec<bool>>, flags: Option<&[bool]>, row: usize, rows: usize) {
    if let Some(flags) = flags {
        let valid = valid.get_or_insert_with(|| Vec::with_capacity(rows));
        // Pieces without flags are whole.
        valid.resize(row, true);
        valid.extend_from_slice(flags);
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
        DataType::Duration(TimeUnit::Microseconds) => {
            let (data, valid) = values!(series.duration()?.physical());
            ColumnData::Duration(Values {
                data: data[part].to_vec(),
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

fn collect_bytes<'a>(values: impl Iterator<Item = Option<&'a [u8]>>, rows: usize) -> Bytes {
    let mut bytes = Bytes {
        offsets: Vec::with_capacity(rows + 1),
        ..Bytes::default()
    };
    bytes.offsets.push(0);
    values.for_each(|value| bytes.push(value));
    bytes
}
