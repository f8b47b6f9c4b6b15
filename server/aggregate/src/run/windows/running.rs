//! Sums and counts of frames that begin where the partition does: what was added so far.

use polars::prelude::*;
use polars_arrow::array::PrimitiveArray;
use polars_arrow::bitmap::Bitmap;

use super::order::Sorted;
use crate::call::Answer;
use crate::fault::Fault;
use crate::kernel::numeric;
use crate::relation::{Bound, By, FrameUnit, Window};
use crate::run::frames;
use crate::types::{PRECISION, SqlType};

/// What was added in a partition so far.
#[derive(Default)]
struct Sum {
    sum: i128,
    count: i64,
}

/// A running sum or count; `None` when the window's frame does not begin at the first row of its partition.
pub(super) fn answer(
    rows: &DataFrame,
    sorted: &Sorted,
    call: &Window,
    by: &By,
    quotient_digits: u8,
) -> Option<Answer> {
    let frame = &call.frame;
    if frame.from != Bound::Unbounded || !matches!(frame.until, Bound::Current | Bound::Unbounded) {
        return None;
    }
    let name = |place: usize| frames::name(call.arguments[place]);
    let column = |place: usize| {
        let column = rows.column(&name(place))?.as_materialized_series();
        PolarsResult::Ok(column.rechunk())
    };
    let kind = call.kinds.first().copied().unwrap_or(SqlType::BigInt);
    let answer = || -> Answer {
        match by {
            By::Rows => wholes(rows.height(), |out| {
                follow(
                    sorted,
                    call,
                    |so_far, _| {
                        so_far.count += 1;
                        Ok(())
                    },
                    |so_far| Ok(Some(so_far.count)),
                    out,
                )
            }),
            By::Count => {
                let is_there = column(0)?.is_not_null();
                let is_there = is_there.rechunk();
                let is_there = is_there.downcast_as_array().values();
                wholes(rows.height(), |out| {
                    follow(
                        sorted,
                        call,
                        |so_far, row| {
                            so_far.count += i64::from(is_there.get_bit(row));
                            Ok(())
                        },
                        |so_far| Ok(Some(so_far.count)),
                        out,
                    )
                })
            }
            _ => {
                let column = column(0)?;
                let column = column.to_physical_repr();
                let scale = kind
                    .scale()
                    .map_or(0, |scale| scale.digits(quotient_digits));
                let is_average = *by == By::Average;
                let value = |so_far: &Sum| {
                    if so_far.count == 0 {
                        return Ok(None);
                    }
                    if is_average {
                        let count = i128::from(so_far.count);
                        numeric::quotient(so_far.sum, scale, count, 0, quotient_digits).map(Some)
                    } else {
                        numeric::fitting(so_far.sum).map(Some)
                    }
                };
                if column.dtype() == &DataType::Int64 {
                    let values = column.i64()?.rechunk();
                    let values = values.downcast_as_array();
                    sums(
                        rows.height(),
                        sorted,
                        call,
                        values,
                        i128::from,
                        value,
                        quotient_digits,
                    )
                } else {
                    let values = column.i128()?.rechunk();
                    let values = values.downcast_as_array();
                    sums(
                        rows.height(),
                        sorted,
                        call,
                        values,
                        |value| value,
                        value,
                        quotient_digits,
                    )
                }
            }
        }
    };
    match by {
        By::Rows | By::Count => Some(answer()),
        By::Sum | By::Average if kind != SqlType::Double => Some(answer()),
        _ => None,
    }
}

fn sums<T: polars_arrow::types::NativeType>(
    height: usize,
    sorted: &Sorted,
    call: &Window,
    values: &PrimitiveArray<T>,
    wide: impl Fn(T) -> i128,
    value: impl Fn(&Sum) -> Result<Option<i128>, Fault>,
    quotient_digits: u8,
) -> Answer {
    let valid = values.validity().filter(|valid| valid.unset_bits() > 0);
    let all = values.values().as_slice();
    let add = |so_far: &mut Sum, row: usize| {
        if valid.is_none_or(|valid| valid.get_bit(row)) {
            let sum = so_far.sum.checked_add(wide(all[row]));
            so_far.sum = sum.ok_or(Fault::Digits)?;
            so_far.count += 1;
        }
        Ok(())
    };
    if call.result == SqlType::BigInt {
        let narrow = |value: i128| i64::try_from(value).map_err(|_| Fault::Overflow(call.result));
        return wholes(height, |out| {
            follow(
                sorted,
                call,
                add,
                |so_far| value(so_far)?.map(narrow).transpose(),
                out,
            )
        });
    }
    let DataType::Decimal(_, scale) = call.result.dtype(quotient_digits) else {
        return Err(Fault::Argument("the result is no decimal"));
    };
    let mut out = Out::of(height);
    follow(sorted, call, add, value, &mut out)?;
    let (values, valid) = out.parts();
    Ok(
        Int128Chunked::from_vec_validity(PlSmallStr::EMPTY, values, valid)
            .into_decimal_unchecked(PRECISION, scale)
            .into_series(),
    )
}

/// A column of whole numbers.
fn wholes(height: usize, fill: impl FnOnce(&mut Out<i64>) -> Result<(), Fault>) -> Answer {
    let mut out = Out::of(height);
    fill(&mut out)?;
    let (values, valid) = out.parts();
    Ok(Int64Chunked::from_vec_validity(PlSmallStr::EMPTY, values, valid).into_series())
}

/// Answers in the order of the rows.
struct Out<T> {
    values: Vec<T>,
    /// Rows without an answer.
    absent: Vec<IdxSize>,
}

impl<T: Copy + Default> Out<T> {
    fn of(height: usize) -> Self {
        Self {
            values: vec![T::default(); height],
            absent: Vec::new(),
        }
    }

    fn parts(self) -> (Vec<T>, Option<Bitmap>) {
        if self.absent.is_empty() {
            return (self.values, None);
        }
        let mut valid = vec![true; self.values.len()];
        for row in self.absent {
            valid[row as usize] = false;
        }
        (self.values, Some(valid.into_iter().collect()))
    }
}

/// Adds the rows of every partition in order, and answers where a frame ends.
fn follow<T: Copy>(
    sorted: &Sorted,
    call: &Window,
    add: impl Fn(&mut Sum, usize) -> Result<(), Fault>,
    value: impl Fn(&Sum) -> Result<Option<T>, Fault>,
    out: &mut Out<T>,
) -> Result<(), Fault> {
    let mut answer = |so_far: &Sum, rows: &[IdxSize]| {
        match value(so_far)? {
            Some(value) => rows
                .iter()
                .for_each(|row| out.values[*row as usize] = value),
            None => out.absent.extend(rows),
        }
        Ok::<(), Fault>(())
    };
    let is_whole = call.frame.until == Bound::Unbounded;
    let by_row = call.frame.unit == FrameUnit::Rows;
    let mut group = 0;
    for partition in &sorted.partitions {
        let mut so_far = Sum::default();
        let mut position = partition.start;
        while position < partition.end {
            let end = if is_whole {
                partition.end
            } else if by_row {
                position + 1
            } else {
                group += 1;
                sorted.group_start(group)
            };
            let rows = &sorted.rows[position..end];
            for row in rows {
                add(&mut so_far, *row as usize)?;
            }
            answer(&so_far, rows)?;
            position = end;
        }
    }
    Ok(())
}
