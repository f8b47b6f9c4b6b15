//! Columns as what their values are stored as.

use std::ops::Range;

use polars::prelude::*;
use polars_arrow::array::{Array, BooleanArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::types::NativeType;

/// The values of a column, in one piece.
pub(in crate::run) enum Values {
    Whole(PrimitiveArray<i64>),
    Wide(PrimitiveArray<i128>),
    Double(PrimitiveArray<f64>),
    Text(Utf8ViewArray),
    Truth(BooleanArray),
}

impl Values {
    pub(in crate::run) fn of(column: &Series) -> PolarsResult<Self> {
        let column = column.to_physical_repr();
        Ok(match column.dtype() {
            DataType::Int32 => {
                let wide = column.cast(&DataType::Int64)?;
                Self::Whole(wide.i64()?.rechunk().downcast_as_array().clone())
            }
            DataType::Int64 => Self::Whole(column.i64()?.rechunk().downcast_as_array().clone()),
            DataType::Int128 => Self::Wide(column.i128()?.rechunk().downcast_as_array().clone()),
            DataType::Float64 => Self::Double(column.f64()?.rechunk().downcast_as_array().clone()),
            DataType::String => Self::Text(column.str()?.rechunk().downcast_as_array().clone()),
            DataType::Boolean => Self::Truth(column.bool()?.rechunk().downcast_as_array().clone()),
            other => polars_bail!(ComputeError: "groups of {other} are not added up here"),
        })
    }

    /// Which rows have a value; `None` when all have.
    pub(in crate::run) fn valid(&self) -> Option<&Bitmap> {
        let valid = match self {
            Self::Whole(values) => values.validity(),
            Self::Wide(values) => values.validity(),
            Self::Double(values) => values.validity(),
            Self::Text(values) => values.validity(),
            Self::Truth(values) => values.validity(),
        };
        valid.filter(|valid| valid.unset_bits() > 0)
    }
}

/// Visits the values there are of a range, each with the group at its place.
#[inline]
pub(in crate::run) fn each<T: NativeType>(
    values: &PrimitiveArray<T>,
    range: Range<usize>,
    groups: &[u32],
    mut visit: impl FnMut(u32, T),
) {
    let all = &values.values().as_slice()[range.clone()];
    match values.validity().filter(|valid| valid.unset_bits() > 0) {
        None => {
            for (value, group) in all.iter().zip(groups) {
                visit(*group, *value);
            }
        }
        Some(valid) => {
            for ((value, group), row) in all.iter().zip(groups).zip(range) {
                if valid.get_bit(row) {
                    visit(*group, *value);
                }
            }
        }
    }
}

/// A column of a type from whole numbers it is stored as.
pub(in crate::run) fn whole(
    values: Vec<i64>,
    valid: Option<Bitmap>,
    dtype: &DataType,
) -> PolarsResult<Series> {
    let name = PlSmallStr::EMPTY;
    Ok(match dtype {
        DataType::Date => Int64Chunked::from_vec_validity(name, values, valid)
            .into_series()
            .cast(&DataType::Int32)?
            .cast(dtype)?,
        DataType::Time => Int64Chunked::from_vec_validity(name, values, valid)
            .into_time()
            .into_series(),
        DataType::Datetime(unit, _) => Int64Chunked::from_vec_validity(name, values, valid)
            .into_datetime(*unit, None)
            .into_series(),
        _ => Int64Chunked::from_vec_validity(name, values, valid).into_series(),
    })
}

/// A column of a type from numbers of 128 bits it is stored as.
pub(in crate::run) fn wide(values: Vec<i128>, valid: Option<Bitmap>, dtype: &DataType) -> Series {
    let values = Int128Chunked::from_vec_validity(PlSmallStr::EMPTY, values, valid);
    match dtype {
        DataType::Decimal(precision, scale) => values
            .into_decimal_unchecked(*precision, *scale)
            .into_series(),
        _ => values.into_series(),
    }
}
