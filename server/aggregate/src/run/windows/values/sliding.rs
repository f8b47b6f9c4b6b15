//! Aggregates over frames that slide from row to row.

use std::ops::Range;

use ethnum::I256;
use polars::prelude::*;

use super::super::frame::{Frames, numbers};
use super::super::joined::{self, Joined};
use super::super::order::Sorted;
use super::super::running;
use super::picked::{picked, taken};
use super::{each, signed};
use crate::call::{Answer, Call};
use crate::fault::Fault;
use crate::kernel::{moments, numeric, spread};
use crate::relation::{By, Window};
use crate::run::frames;
use crate::types::{Scale, SqlType};
/// An aggregate of the values in a frame, asked for one frame after the other.
trait Sliding {
    type Value;
    fn of(&mut self, frame: &Range<usize>) -> Result<Option<Self::Value>, Fault>;
}

/// Asks for every frame; equal frames in a row are computed once.
fn slide<T: Clone>(
    sorted: &Sorted,
    around: &Frames<'_>,
    height: usize,
    mut sliding: impl Sliding<Value = T>,
) -> Result<Vec<Option<T>>, Fault> {
    let mut in_place: Vec<Option<T>> = vec![None; height];
    let mut last: Option<(Range<usize>, Option<T>)> = None;
    each(sorted, |at| {
        let frame = around.around(at.position, at.partition, at.group)?;
        let value = match &last {
            Some((same, value)) if *same == frame => value.clone(),
            _ => sliding.of(&frame)?,
        };
        in_place[sorted.rows[at.position] as usize] = value.clone();
        last = Some((frame, value));
        Ok(())
    })?;
    Ok(in_place)
}

/// Sums, counts and sums of squares of exact numbers, as differences of running ones.
struct Running {
    sums: Vec<i128>,
    squares: Vec<I256>,
    counts: Vec<i64>,
}

impl Running {
    fn of(values: &[Option<i128>], has_squares: bool) -> Result<Self, Fault> {
        let mut running = Self {
            sums: Vec::with_capacity(values.len() + 1),
            squares: Vec::new(),
            counts: Vec::with_capacity(values.len() + 1),
        };
        let (mut sum, mut square, mut count) = (0_i128, I256::ZERO, 0);
        running.sums.push(0);
        running.counts.push(0);
        if has_squares {
            running.squares.push(square);
        }
        for value in values {
            if let Some(value) = value {
                sum = sum.checked_add(*value).ok_or(Fault::Digits)?;
                count += 1;
                if has_squares {
                    let value = I256::from(*value);
                    square = value
                        .checked_mul(value)
                        .and_then(|one| square.checked_add(one))
                        .ok_or(Fault::Digits)?;
                }
            }
            running.sums.push(sum);
            running.counts.push(count);
            if has_squares {
                running.squares.push(square);
            }
        }
        Ok(running)
    }

    fn sum(&self, frame: &Range<usize>) -> i128 {
        self.sums[frame.end] - self.sums[frame.start]
    }

    fn count(&self, frame: &Range<usize>) -> i64 {
        self.counts[frame.end] - self.counts[frame.start]
    }
}

struct With<F>(F);

impl<T, F: FnMut(&Range<usize>) -> Result<Option<T>, Fault>> Sliding for With<F> {
    type Value = T;

    fn of(&mut self, frame: &Range<usize>) -> Result<Option<T>, Fault> {
        (self.0)(frame)
    }
}

pub(super) fn aggregated(
    rows: &DataFrame,
    sorted: &Sorted,
    call: &Window,
    by: &By,
    quotient_digits: u8,
) -> Answer {
    if let Some(answer) = running::answer(rows, sorted, call, by, quotient_digits) {
        return answer;
    }
    let around = Frames::of(rows, sorted, call)?;
    let height = rows.height();
    let kind = call.kinds.first().copied().unwrap_or(SqlType::BigInt);
    let column = |place: usize| sorted.column(rows, call.arguments[place]);
    let whole = |values: Vec<Option<i64>>| {
        Ok(Int64Chunked::from_iter_options(PlSmallStr::EMPTY, values.into_iter()).into_series())
    };
    let doubles = |values: Vec<Option<f64>>| {
        Ok(Float64Chunked::from_iter_options(PlSmallStr::EMPTY, values.into_iter()).into_series())
    };
    let decimals = |values: Vec<Option<i128>>| {
        let empty: [Series; 0] = [];
        let built = Call {
            columns: &empty,
            types: &[],
            result: call.result,
            quotient_digits,
            rows: values.len(),
        };
        built.to_decimals(|row| Ok(values[row]))
    };
    match by {
        By::Rows => whole(slide(
            sorted,
            &around,
            height,
            With(|frame: &Range<usize>| Ok(signed(frame.len()))),
        )?),
        By::Count => {
            let present = column(0)?.is_not_null();
            let values: Vec<Option<i128>> = present
                .iter()
                .map(|flag| (flag == Some(true)).then_some(0))
                .collect();
            let running = Running::of(&values, false)?;
            let count = With(|frame: &Range<usize>| Ok(Some(running.count(frame))));
            whole(slide(sorted, &around, height, count)?)
        }
        By::And | By::Or => {
            let is_and = *by == By::And;
            let truths = column(0)?;
            let values: Vec<Option<i128>> = truths
                .bool()?
                .iter()
                .map(|value| value.map(i128::from))
                .collect();
            let running = Running::of(&values, false)?;
            let truth = With(|frame: &Range<usize>| {
                let (trues, count) = (running.sum(frame), running.count(frame));
                Ok((count > 0).then(|| {
                    if is_and {
                        trues == i128::from(count)
                    } else {
                        trues > 0
                    }
                }))
            });
            let truths = slide(sorted, &around, height, truth)?;
            Ok(truths.into_iter().collect::<BooleanChunked>().into_series())
        }
        By::Least | By::Greatest => extreme(rows, sorted, call, &around, *by == By::Least),
        By::First => picked(rows, sorted, call),
        By::Sum | By::Average | By::Spread { .. } if kind != SqlType::Double => {
            let values = numbers(&column(0)?, kind)?;
            let running = Running::of(&values, matches!(by, By::Spread { .. }))?;
            let scale = kind
                .scale()
                .unwrap_or(Scale::Fixed(0))
                .digits(quotient_digits);
            let result = call.result;
            let value = With(|frame: &Range<usize>| {
                let count = running.count(frame);
                if count == 0 {
                    return Ok(None);
                }
                let sum = running.sum(frame);
                match by {
                    By::Sum => numeric::fitting(sum).map(Some),
                    By::Average => {
                        numeric::quotient(sum, scale, i128::from(count), 0, quotient_digits)
                            .map(Some)
                    }
                    By::Spread { is_sample, .. } if *is_sample && count < 2 => Ok(None),
                    By::Spread { is_sample, is_root } => {
                        let squares = running.squares[frame.end] - running.squares[frame.start];
                        spread::of_sums(
                            sum,
                            squares,
                            count,
                            scale,
                            *is_sample,
                            *is_root,
                            quotient_digits,
                        )
                        .map(Some)
                    }
                    _ => Ok(None),
                }
            });
            let values = slide(sorted, &around, height, value)?;
            if result == SqlType::BigInt {
                let narrow =
                    |value: i128| i64::try_from(value).map_err(|_| Fault::Overflow(result));
                return whole(
                    values
                        .into_iter()
                        .map(|value| value.map(narrow).transpose())
                        .collect::<Result<_, _>>()?,
                );
            }
            decimals(values)
        }
        By::Sum | By::Average | By::Spread { .. } => {
            let values: Vec<Option<f64>> = column(0)?.f64()?.iter().collect();
            doubles(slide(
                sorted,
                &around,
                height,
                Doubles {
                    values: &values,
                    by,
                    running: None,
                },
            )?)
        }
        By::Covariance { .. } | By::Correlation | By::Regression(_) => {
            let (one, other) = (column(0)?, column(1)?);
            let pairs: Vec<Option<(f64, f64)>> = one
                .f64()?
                .iter()
                .zip(other.f64()?.iter())
                .map(|(one, other)| one.zip(other))
                .collect();
            let value = With(|frame: &Range<usize>| {
                let pairs: Vec<(f64, f64)> =
                    pairs[frame.clone()].iter().flatten().copied().collect();
                Ok(match by {
                    By::Covariance { is_sample } => moments::covariance(&pairs, *is_sample),
                    By::Regression(what) => moments::regression(&pairs, *what),
                    _ => moments::correlation(&pairs),
                })
            });
            let values = slide(sorted, &around, height, value)?;
            if call.result == SqlType::BigInt {
                #[expect(clippy::cast_possible_truncation, reason = "a number of rows")]
                let counts = values
                    .into_iter()
                    .map(|count| Some(count.unwrap_or(0.0) as i64));
                return whole(counts.collect());
            }
            doubles(values)
        }
        By::Bits(how) => {
            let values: Vec<Option<i64>> = column(0)?.i64()?.iter().collect();
            let value = With(|frame: &Range<usize>| {
                let inside = values[frame.clone()].iter().flatten().copied();
                Ok(inside.reduce(|one, other| how.of(one, other)))
            });
            whole(slide(sorted, &around, height, value)?)
        }
        By::Texts(separator) => {
            let texts = column(0)?;
            let mut joined = Joined::of(texts.str()?, separator);
            let text = With(|frame: &Range<usize>| joined.next(frame));
            joined::column(&slide(sorted, &around, height, text)?)
        }
        By::Quantile(_) | By::QuantileValue(_) | By::Mode => {
            Err(Fault::Argument("the function has no window"))
        }
    }
}

/// Sums of doubles are added up anew when the frame's start moves: what was added cannot be taken
/// away again without an error.
struct Doubles<'a> {
    values: &'a [Option<f64>],
    by: &'a By,
    /// Frame, sum and count so far.
    running: Option<(Range<usize>, f64, i64)>,
}

impl Sliding for Doubles<'_> {
    type Value = f64;

    fn of(&mut self, frame: &Range<usize>) -> Result<Option<f64>, Fault> {
        if let By::Spread { is_sample, is_root } = self.by {
            let present: Vec<f64> = self.values[frame.clone()]
                .iter()
                .flatten()
                .copied()
                .collect();
            return Ok(moments::spread(&present, *is_sample, *is_root));
        }
        let (from, mut sum, mut count) = match self.running.take() {
            Some((before, sum, count))
                if before.start == frame.start && before.end <= frame.end =>
            {
                (before.end, sum, count)
            }
            _ => (frame.start, 0.0, 0),
        };
        for value in self.values[from..frame.end.max(from)].iter().flatten() {
            sum += value;
            count += 1;
        }
        self.running = Some((frame.clone(), sum, count));
        #[expect(clippy::cast_precision_loss, reason = "a number of rows")]
        Ok((count > 0).then(|| match self.by {
            By::Average => sum / count as f64,
            _ => sum,
        }))
    }
}

/// The least or greatest value of each frame, found by the places of values in their own order.
fn extreme(
    rows: &DataFrame,
    sorted: &Sorted,
    call: &Window,
    around: &Frames<'_>,
    is_least: bool,
) -> Answer {
    let column = sorted.column(rows, call.arguments[0])?;
    let order = column.arg_sort(SortOptions::default().with_nulls_last(true));
    let mut ranks: Vec<usize> = vec![0; column.len()];
    for (rank, position) in order.into_no_null_iter().enumerate() {
        ranks[position as usize] = rank;
    }
    let present = column.is_not_null();
    let is_there: Vec<bool> = present.iter().map(|flag| flag == Some(true)).collect();
    // Positions whose values come into question, the best first; frames only move forward.
    let mut best: std::collections::VecDeque<usize> = Default::default();
    let mut seen: Range<usize> = 0..0;
    let pick = With(|frame: &Range<usize>| {
        if frame.start < seen.start || frame.end < seen.end || frame.start > seen.end {
            best.clear();
            seen = frame.start..frame.start;
        }
        for position in seen.end..frame.end {
            if !is_there[position] {
                continue;
            }
            while let Some(last) = best.back() {
                let is_better = if is_least {
                    ranks[position] <= ranks[*last]
                } else {
                    ranks[position] >= ranks[*last]
                };
                if !is_better {
                    break;
                }
                best.pop_back();
            }
            best.push_back(position);
        }
        seen = frame.clone();
        while best.front().is_some_and(|first| *first < frame.start) {
            best.pop_front();
        }
        Ok(best.front().map(|position| sorted.rows[*position]))
    });
    let from = slide(sorted, around, rows.height(), pick)?;
    let value = rows
        .column(&frames::name(call.arguments[0]))?
        .as_materialized_series();
    taken(value, from)
}
