//! The columns a function is called with, and the column it answers with.
//!
//! A constant argument is a column of one row beside longer ones.

use polars::prelude::*;
use polars_arrow::array::{BooleanArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::{Bitmap, BitmapBuilder};
use polars_arrow::types::NativeType;

use crate::types::PRECISION;
use crate::{Fault, SqlType};

/// What a function answers.
pub(crate) type Answer = Result<Series, Fault>;

/// One call of a function: its arguments as columns.
pub(crate) struct Call<'a> {
    pub(crate) columns: &'a [Series],
    /// The types of the arguments, as the planner knows them.
    pub(crate) types: &'a [SqlType],
    pub(crate) result: SqlType,
    /// Digits a quotient keeps behind the point.
    pub(crate) quotient_digits: u8,
    pub(crate) rows: usize,
}

/// Plain values of one argument.
pub(crate) struct Plain<T: NativeType> {
    array: PrimitiveArray<T>,
    is_constant: bool,
}

impl<T: NativeType> Plain<T> {
    /// The value of a row; `None` when absent.
    #[inline]
    pub(crate) fn at(&self, row: usize) -> Option<T> {
        let row = if self.is_constant { 0 } else { row };
        match self.array.validity() {
            Some(valid) if !valid.get_bit(row) => None,
            _ => Some(self.array.values()[row]),
        }
    }
}

/// Texts of one argument.
pub(crate) struct Texts {
    array: Utf8ViewArray,
    is_constant: bool,
}

impl Texts {
    /// The text of a row; `None` when absent.
    #[inline]
    pub(crate) fn at(&self, row: usize) -> Option<&str> {
        self.array.get(if self.is_constant { 0 } else { row })
    }
}

/// Truth values of one argument.
pub(crate) struct Truths {
    array: BooleanArray,
    is_constant: bool,
}

impl Truths {
    /// The value of a row; `None` when absent.
    #[inline]
    pub(crate) fn at(&self, row: usize) -> Option<bool> {
        self.array.get(if self.is_constant { 0 } else { row })
    }
}

/// Whole numbers or decimals of one argument, as mantissas of one scale.
pub(crate) enum Numbers {
    Whole(Plain<i64>),
    Decimal(Plain<i128>, u8),
}

impl Numbers {
    /// The mantissa of a row; `None` when absent.
    #[inline]
    pub(crate) fn at(&self, row: usize) -> Option<i128> {
        match self {
            Self::Whole(values) => values.at(row).map(i128::from),
            Self::Decimal(values, _) => values.at(row),
        }
    }

    /// Digits behind the point.
    pub(crate) fn scale(&self) -> u8 {
        match self {
            Self::Whole(_) => 0,
            Self::Decimal(_, scale) => *scale,
        }
    }
}

impl Call<'_> {
    fn is_constant(&self, place: usize) -> bool {
        self.columns[place].len() == 1 && self.rows != 1
    }

    fn plain<T>(&self, place: usize, values: &ChunkedArray<T>) -> Plain<T::Native>
    where
        T: PolarsNumericType,
    {
        Plain {
            array: values.rechunk().downcast_as_array().clone(),
            is_constant: self.is_constant(place),
        }
    }

    /// An argument of whole numbers.
    pub(crate) fn whole(&self, place: usize) -> Result<Plain<i64>, Fault> {
        Ok(self.plain(place, self.columns[place].i64()?))
    }

    /// An argument of whole numbers or decimals.
    pub(crate) fn numbers(&self, place: usize) -> Result<Numbers, Fault> {
        let column = &self.columns[place];
        Ok(match column.dtype() {
            DataType::Int64 => Numbers::Whole(self.whole(place)?),
            DataType::Int128 => Numbers::Decimal(self.plain(place, column.i128()?), 0),
            _ => {
                let decimals = column.decimal()?;
                let scale = u8::try_from(decimals.scale()).unwrap_or(u8::MAX);
                Numbers::Decimal(self.plain(place, decimals.physical()), scale)
            }
        })
    }

    /// An argument of doubles.
    pub(crate) fn doubles(&self, place: usize) -> Result<Plain<f64>, Fault> {
        Ok(self.plain(place, self.columns[place].f64()?))
    }

    /// An argument of dates, as days since 1970-01-01.
    pub(crate) fn dates(&self, place: usize) -> Result<Plain<i32>, Fault> {
        Ok(self.plain(place, self.columns[place].date()?.physical()))
    }

    /// An argument of timestamps, as microseconds since 1970-01-01.
    pub(crate) fn timestamps(&self, place: usize) -> Result<Plain<i64>, Fault> {
        Ok(self.plain(place, self.columns[place].datetime()?.physical()))
    }

    /// An argument of times of day, as nanoseconds since midnight.
    pub(crate) fn times(&self, place: usize) -> Result<Plain<i64>, Fault> {
        Ok(self.plain(place, self.columns[place].time()?.physical()))
    }

    /// An argument of texts.
    pub(crate) fn texts(&self, place: usize) -> Result<Texts, Fault> {
        let column = &self.columns[place];
        Ok(Texts {
            array: column.str()?.rechunk().downcast_as_array().clone(),
            is_constant: self.is_constant(place),
        })
    }

    /// An argument of truth values.
    pub(crate) fn truths(&self, place: usize) -> Result<Truths, Fault> {
        let column = &self.columns[place];
        Ok(Truths {
            array: column.bool()?.rechunk().downcast_as_array().clone(),
            is_constant: self.is_constant(place),
        })
    }

    /// A column of whole numbers, row by row.
    pub(crate) fn to_whole(&self, at: impl FnMut(usize) -> Result<Option<i64>, Fault>) -> Answer {
        let (values, valid) = collect(self.rows, at)?;
        Ok(Int64Chunked::from_vec_validity(NAME, values, valid).into_series())
    }

    /// A column of decimals with the scale of the result, row by row, from mantissas of that scale.
    pub(crate) fn to_decimals(
        &self,
        at: impl FnMut(usize) -> Result<Option<i128>, Fault>,
    ) -> Answer {
        let (values, valid) = collect(self.rows, at)?;
        let DataType::Decimal(_, scale) = self.result.dtype(self.quotient_digits) else {
            return Err(Fault::Argument("the result is no decimal"));
        };
        Ok(Int128Chunked::from_vec_validity(NAME, values, valid)
            .into_decimal_unchecked(PRECISION, scale)
            .into_series())
    }

    /// A column of doubles, row by row.
    pub(crate) fn to_doubles(&self, at: impl FnMut(usize) -> Result<Option<f64>, Fault>) -> Answer {
        let (values, valid) = collect(self.rows, at)?;
        Ok(Float64Chunked::from_vec_validity(NAME, values, valid).into_series())
    }

    /// A column of dates, row by row, from days since 1970-01-01.
    pub(crate) fn to_dates(&self, at: impl FnMut(usize) -> Result<Option<i32>, Fault>) -> Answer {
        let (values, valid) = collect(self.rows, at)?;
        Ok(Int32Chunked::from_vec_validity(NAME, values, valid)
            .into_date()
            .into_series())
    }

    /// A column of timestamps, row by row, from microseconds since 1970-01-01.
    pub(crate) fn to_timestamps(
        &self,
        at: impl FnMut(usize) -> Result<Option<i64>, Fault>,
    ) -> Answer {
        let (values, valid) = collect(self.rows, at)?;
        Ok(Int64Chunked::from_vec_validity(NAME, values, valid)
            .into_datetime(TimeUnit::Microseconds, None)
            .into_series())
    }

    /// A column of times of day, row by row, from nanoseconds since midnight.
    pub(crate) fn to_times(&self, at: impl FnMut(usize) -> Result<Option<i64>, Fault>) -> Answer {
        let (values, valid) = collect(self.rows, at)?;
        Ok(Int64Chunked::from_vec_validity(NAME, values, valid)
            .into_time()
            .into_series())
    }

    /// A column of texts, row by row.
    pub(crate) fn to_texts<S: AsRef<str>>(
        &self,
        mut at: impl FnMut(usize) -> Result<Option<S>, Fault>,
    ) -> Answer {
        let mut builder = StringChunkedBuilder::new(NAME, self.rows);
        for row in 0..self.rows {
            builder.append_option(at(row)?);
        }
        Ok(builder.finish().into_series())
    }

    /// A column of truth values, row by row.
    pub(crate) fn to_truths(
        &self,
        mut at: impl FnMut(usize) -> Result<Option<bool>, Fault>,
    ) -> Answer {
        let mut builder = BooleanChunkedBuilder::new(NAME, self.rows);
        for row in 0..self.rows {
            builder.append_option(at(row)?);
        }
        Ok(builder.finish().into_series())
    }
}

const NAME: PlSmallStr = PlSmallStr::from_static("answer");

/// Values of all rows, and which of them are there.
fn collect<T: Default>(
    rows: usize,
    mut at: impl FnMut(usize) -> Result<Option<T>, Fault>,
) -> Result<(Vec<T>, Option<Bitmap>), Fault> {
    let mut values = Vec::with_capacity(rows);
    let mut valid: Option<BitmapBuilder> = None;
    for row in 0..rows {
        match at(row)? {
            Some(value) => {
                values.push(value);
                if let Some(valid) = &mut valid {
                    valid.push(true);
                }
            }
            None => {
                values.push(T::default());
                valid
                    .get_or_insert_with(|| {
                        let mut flags = BitmapBuilder::with_capacity(rows);
                        flags.extend_constant(row, true);
                        flags
                    })
                    .push(false);
            }
        }
    }
    Ok((values, valid.map(BitmapBuilder::freeze)))
}
