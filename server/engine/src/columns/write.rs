//! Our columns as Polars' and Arrow's.

use polars::prelude::*;
use polars_arrow::array::{BinaryArray, BooleanArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::offset::OffsetsBuffer;
use rows::{ColumnData, ColumnInfo, ColumnType, Values};

use super::PRECISION;

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
    let valid = present(
        pieces.clone().map(|piece| (&piece.valid, piece.rows())),
        rows,
    );
    let mut bytes = Vec::with_capacity(pieces.clone().map(|piece| piece.bytes.len()).sum());
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    for piece in pieces {
        if is_text && piece.not_utf8().is_some() {
            polars_bail!(ComputeError: "column `{}` holds no UTF-8", column.name);
        }
        let from = bytes.len();
        bytes.extend_from_slice(&piece.bytes);
        offsets.extend(piece.offsets[1..].iter().map(|to| (from + to) as i64));
    }
    let offsets = OffsetsBuffer::try_from(offsets)?;
    BinaryArray::try_new(ArrowDataType::LargeBinary, offsets, bytes.into(), valid).map(Some)
}

/// Values behind each other, and which of them are there.
fn joined<'a, T: Copy + 'a, B: FromIterator<bool>>(
    pieces: impl Iterator<Item = &'a Values<T>> + Clone,
    rows: usize,
) -> (Vec<T>, Option<B>) {
    let mut data = Vec::with_capacity(rows);
    for piece in pieces.clone() {
        data.extend_from_slice(&piece.data);
    }
    let flags = pieces.map(|piece| (&piece.valid, piece.data.len()));
    (data, present(flags, rows))
}

/// Which values are there, from the flags of pieces and how many rows each has; `None` when all are.
fn present<'a, B: FromIterator<bool>>(
    pieces: impl Iterator<Item = (&'a Option<Vec<bool>>, usize)>,
    rows: usize,
) -> Option<B> {
    let mut valid: Option<Vec<bool>> = None;
    let mut row = 0;
    for (flags, count) in pieces {
        if let Some(flags) = flags {
            let valid = valid.get_or_insert_with(|| Vec::with_capacity(rows));
            // Pieces without flags are whole.
            valid.resize(row, true);
            valid.extend_from_slice(flags);
        }
        row += count;
    }
    if let Some(valid) = &mut valid {
        valid.resize(row, true);
    }
    valid.map(B::from_iter)
}
