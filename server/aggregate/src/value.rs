//! Constants of a statement.

use polars::prelude::*;

use crate::SqlType;
use crate::types::{PRECISION, Scale};

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Whole(i64),
    /// Mantissa and digits behind the point.
    Decimal(i128, u8),
    Double(f64),
    Text(String),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01.
    Timestamp(i64),
    /// Microseconds since midnight.
    Time(i64),
}

impl Value {
    /// A column of one row that holds the constant as the type says.
    pub(crate) fn series(&self, kind: SqlType, quotient_digits: u8) -> Series {
        let name = PlSmallStr::from_static("constant");
        let dtype = kind.dtype(quotient_digits);
        match self {
            Self::Null => Series::full_null(name, 1, &dtype),
            Self::Boolean(value) => Series::new(name, [*value]),
            Self::Whole(value) => Series::new(name, [*value]),
            Self::Decimal(mantissa, scale) => {
                let wanted = kind.scale().unwrap_or(Scale::Fixed(*scale));
                let digits = wanted.digits(quotient_digits);
                let scaled = 10_i128.pow(u32::from(digits.saturating_sub(*scale))) * mantissa;
                Int128Chunked::from_vec(name, vec![scaled])
                    .into_decimal_unchecked(PRECISION, usize::from(digits.max(*scale)))
                    .into_series()
            }
            Self::Double(value) => Series::new(name, [*value]),
            Self::Text(value) => Series::new(name, [value.as_str()]),
            Self::Date(days) => Int32Chunked::from_vec(name, vec![*days])
                .into_date()
                .into_series(),
            Self::Timestamp(micros) => Int64Chunked::from_vec(name, vec![*micros])
                .into_datetime(TimeUnit::Microseconds, None)
                .into_series(),
            Self::Time(micros) => Int64Chunked::from_vec(name, vec![*micros * 1_000])
                .into_time()
                .into_series(),
        }
    }

    /// The value of the first row of a column that holds the type.
    pub(crate) fn of(series: &Series, kind: SqlType) -> PolarsResult<Self> {
        if series.null_count() == series.len() {
            return Ok(Self::Null);
        }
        let first = |value: Option<Self>| value.unwrap_or(Self::Null);
        Ok(match kind {
            SqlType::Boolean => first(series.bool()?.get(0).map(Self::Boolean)),
            SqlType::Integer | SqlType::BigInt | SqlType::Interval => {
                first(series.i64()?.get(0).map(Self::Whole))
            }
            SqlType::Numeric(_) => {
                let decimals = series.decimal()?;
                let scale = u8::try_from(decimals.scale()).unwrap_or(u8::MAX);
                first(
                    decimals
                        .physical()
                        .get(0)
                        .map(|mantissa| Self::Decimal(mantissa, scale)),
                )
            }
            SqlType::Double => first(series.f64()?.get(0).map(Self::Double)),
            SqlType::Date => first(series.date()?.physical().get(0).map(Self::Date)),
            SqlType::Timestamp => first(series.datetime()?.physical().get(0).map(Self::Timestamp)),
            SqlType::Time => first(
                series
                    .time()?
                    .physical()
                    .get(0)
                    .map(|nanos| Self::Time(nanos / 1_000)),
            ),
            _ => first(series.str()?.get(0).map(|text| Self::Text(text.to_owned()))),
        })
    }
}
