//! Values of other rows: LAG, LEAD, FIRST_VALUE, LAST_VALUE and NTH_VALUE.

use polars::prelude::*;

use super::super::frame::{Frames, numbers};
use super::super::order::Sorted;
use super::each;
use crate::call::Answer;
use crate::fault::Fault;
use crate::relation::{Window, WindowBy};
use crate::run::frames;
use crate::types::SqlType;
/// Values of other rows: from which row each comes, in the order of the rows.
pub(super) fn taken(column: &Series, from: Vec<Option<IdxSize>>) -> Answer {
    let from = IdxCa::from_iter_options(PlSmallStr::EMPTY, from.into_iter());
    Ok(column.take(&from)?)
}

pub(super) fn shifted(rows: &DataFrame, sorted: &Sorted, call: &Window, is_back: bool) -> Answer {
    let height = rows.height();
    let value = rows
        .column(&frames::name(call.arguments[0]))?
        .as_materialized_series();
    let steps = numbers(&sorted.column(rows, call.arguments[1])?, SqlType::BigInt)?;
    let default = rows
        .column(&frames::name(call.arguments[2]))?
        .as_materialized_series();
    let mut from: Vec<Option<IdxSize>> = vec![None; height];
    // Rows whose partner would be outside the partition show the default.
    let mut is_outside = vec![false; height];
    each(sorted, |at| {
        let row = sorted.rows[at.position] as usize;
        let Some(steps) = steps[at.position] else {
            return Ok(());
        };
        let steps = if is_back { -steps } else { steps };
        let place = (at.position as i128).saturating_add(steps);
        if place >= at.partition.start as i128 && place < at.partition.end as i128 {
            from[row] = usize::try_from(place).ok().map(|place| sorted.rows[place]);
        } else {
            is_outside[row] = true;
        }
        Ok(())
    })?;
    let shifted = taken(value, from)?;
    let mask: BooleanChunked = is_outside.iter().map(|flag| Some(*flag)).collect();
    Ok(default.zip_with(&mask, &shifted)?)
}

pub(super) fn picked(rows: &DataFrame, sorted: &Sorted, call: &Window) -> Answer {
    let around = Frames::of(rows, sorted, call)?;
    let value = rows
        .column(&frames::name(call.arguments[0]))?
        .as_materialized_series();
    let places = match call.by {
        WindowBy::NthValue => Some(numbers(
            &sorted.column(rows, call.arguments[1])?,
            SqlType::BigInt,
        )?),
        _ => None,
    };
    let mut from: Vec<Option<IdxSize>> = vec![None; rows.height()];
    each(sorted, |at| {
        let frame = around.around(at.position, at.partition, at.group)?;
        let place = match (&call.by, &places) {
            (WindowBy::LastValue, _) => frame.end.checked_sub(1),
            (_, Some(places)) => match places[at.position] {
                None => None,
                Some(place) if place <= 0 => {
                    return Err(Fault::Argument("NTH_VALUE takes a number above 0"));
                }
                Some(place) => usize::try_from(place - 1)
                    .ok()
                    .and_then(|place| frame.start.checked_add(place)),
            },
            _ => Some(frame.start),
        };
        if let Some(place) = place
            && frame.contains(&place)
        {
            from[sorted.rows[at.position] as usize] = Some(sorted.rows[place]);
        }
        Ok(())
    })?;
    taken(value, from)
}
