//! What window functions answer.

mod picked;
mod sliding;

use std::ops::Range;

use polars::prelude::*;

use super::frame::numbers;
use super::order::Sorted;
use crate::call::Answer;
use crate::fault::Fault;
use crate::relation::{Window, WindowBy};
use crate::types::SqlType;
use picked::{picked, shifted};
use sliding::aggregated;

/// The function's name, for messages.
pub(super) fn what(by: &WindowBy) -> &'static str {
    match by {
        WindowBy::RowNumber => "ROW_NUMBER",
        WindowBy::Rank => "RANK",
        WindowBy::DenseRank => "DENSE_RANK",
        WindowBy::PercentRank => "PERCENT_RANK",
        WindowBy::CumulativeShare => "CUME_DIST",
        WindowBy::Parts => "NTILE",
        WindowBy::Shift { is_back: true } => "LAG",
        WindowBy::Shift { is_back: false } => "LEAD",
        WindowBy::FirstValue => "FIRST_VALUE",
        WindowBy::LastValue => "LAST_VALUE",
        WindowBy::NthValue => "NTH_VALUE",
        WindowBy::Aggregate(by) => crate::run::groups::what(by),
    }
}

/// Where a position stands: its partition, and its group of equal rows.
struct At<'a> {
    position: usize,
    partition: &'a Range<usize>,
    /// The place of its group among all groups.
    group: usize,
    /// The place of the partition's first group.
    first_group: usize,
}

/// Visits every position in order.
fn each(sorted: &Sorted, mut visit: impl FnMut(At<'_>) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut group = 0;
    for partition in &sorted.partitions {
        let first_group = group;
        for position in partition.clone() {
            if position >= sorted.group_start(group + 1) {
                group += 1;
            }
            visit(At {
                position,
                partition,
                group,
                first_group,
            })?;
        }
        group += 1;
    }
    Ok(())
}

/// The column of a window function, in the order of the rows.
pub(super) fn answer(
    rows: &DataFrame,
    sorted: &Sorted,
    call: &Window,
    quotient_digits: u8,
) -> Answer {
    let height = rows.height();
    let to_rows = |values: Vec<Option<i64>>| {
        let mut in_place = vec![None; height];
        for (position, value) in values.into_iter().enumerate() {
            in_place[sorted.rows[position] as usize] = value;
        }
        Int64Chunked::from_iter_options(PlSmallStr::EMPTY, in_place.into_iter()).into_series()
    };
    let mut counts: Vec<Option<i64>> = Vec::new();
    let mut shares: Vec<f64> = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "numbers of rows")]
    match &call.by {
        WindowBy::RowNumber => {
            return ranks(sorted, height, |at| at.position - at.partition.start);
        }
        WindowBy::Rank => {
            return ranks(sorted, height, |at| {
                sorted.group_start(at.group) - at.partition.start
            });
        }
        WindowBy::DenseRank => return ranks(sorted, height, |at| at.group - at.first_group),
        WindowBy::PercentRank => {
            shares = vec![0.0; height];
            each(sorted, |at| {
                let others = at.partition.len() - 1;
                if others > 0 {
                    let rank = sorted.group_start(at.group) - at.partition.start;
                    shares[at.position] = rank as f64 / others as f64;
                }
                Ok(())
            })?;
        }
        WindowBy::CumulativeShare => {
            shares = vec![0.0; height];
            each(sorted, |at| {
                let until = sorted.group_start(at.group + 1) - at.partition.start;
                shares[at.position] = until as f64 / at.partition.len() as f64;
                Ok(())
            })?;
        }
        WindowBy::Parts => {
            let parts = numbers(&sorted.column(rows, call.arguments[0])?, SqlType::BigInt)?;
            counts = vec![None; height];
            each(sorted, |at| {
                // PostgreSQL takes the number of parts from the first row of the partition.
                let Some(parts) = parts[at.partition.start] else {
                    return Ok(());
                };
                if parts <= 0 {
                    return Err(Fault::Argument("NTILE takes a number above 0"));
                }
                counts[at.position] =
                    part(at.position - at.partition.start, at.partition.len(), parts);
                Ok(())
            })?;
        }
        WindowBy::Shift { is_back } => return shifted(rows, sorted, call, *is_back),
        WindowBy::FirstValue | WindowBy::LastValue | WindowBy::NthValue => {
            return picked(rows, sorted, call);
        }
        WindowBy::Aggregate(by) => return aggregated(rows, sorted, call, by, quotient_digits),
    }
    if call.result == SqlType::Double {
        let mut in_place = vec![0.0; height];
        for (position, share) in shares.into_iter().enumerate() {
            in_place[sorted.rows[position] as usize] = share;
        }
        return Ok(Float64Chunked::from_vec(PlSmallStr::EMPTY, in_place).into_series());
    }
    Ok(to_rows(counts))
}

/// Places in the partition from 0, as numbers from 1.
fn ranks(sorted: &Sorted, height: usize, place: impl Fn(&At<'_>) -> usize) -> Answer {
    let mut in_place = vec![0_i64; height];
    each(sorted, |at| {
        in_place[sorted.rows[at.position] as usize] = signed(place(&at) + 1).unwrap_or(i64::MAX);
        Ok(())
    })?;
    Ok(Int64Chunked::from_vec(PlSmallStr::EMPTY, in_place).into_series())
}

fn signed(value: usize) -> Option<i64> {
    i64::try_from(value).ok()
}

/// The part of so many that a place belongs to; the first parts are one longer.
fn part(place: usize, rows: usize, parts: i128) -> Option<i64> {
    let (place, rows) = (place as i128, rows as i128);
    let (size, longer) = (rows / parts, rows % parts);
    let part = if place < longer * (size + 1) {
        place / (size + 1)
    } else {
        longer + (place - longer * (size + 1)) / size.max(1)
    };
    i64::try_from(part + 1).ok()
}
