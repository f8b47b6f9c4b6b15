//! Polars' columns as ours.

use polars::prelude::*;
use rows::{Bytes, Chunk, ColumnData, Values};

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

fn collect_bytes<'a>(values: impl Iterator<Item = Option<&'a [u8]>>, rows: usize) -> Bytes {
    let mut bytes = Bytes {
        offsets: Vec::with_capacity(rows + 1),
        ..Bytes::default()
    };
    bytes.offsets.push(0);
    values.for_each(|value| bytes.push(value));
    bytes
}
