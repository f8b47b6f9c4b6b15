//! Aggregates over whole partitions: groups, each shown on all of its rows.

use polars::prelude::*;

use crate::call::Call;
use crate::expression::Id;
use crate::fault::Fault;
use crate::relation::{Aggregate, Bound, By, FrameUnit, Window, WindowBy};
use crate::run::groups;
use crate::run::hashed::Hashed;
use crate::types::SqlType;

/// The aggregate a window is, when all rows of its partition are in every frame.
pub(super) fn aggregate(call: &Window) -> Option<Aggregate> {
    let WindowBy::Aggregate(by) = &call.by else {
        return None;
    };
    let frame = &call.frame;
    let is_whole = frame.from == Bound::Unbounded
        && match frame.until {
            Bound::Unbounded => true,
            // All rows are equal in no order.
            Bound::Current => call.order.is_empty() && frame.unit != FrameUnit::Rows,
            _ => false,
        };
    // Sums of doubles are added up in the order of the window.
    let is_ordered = !call.order.is_empty() && call.kinds.first() == Some(&SqlType::Double);
    let is_known = matches!(
        by,
        By::Rows | By::Count | By::Sum | By::Average | By::Least | By::Greatest | By::And | By::Or
    );
    (is_whole && !is_ordered && is_known).then(|| Aggregate {
        by: by.clone(),
        arguments: call.arguments.clone(),
        kinds: call.kinds.clone(),
        result: call.result,
        is_distinct: false,
        order: Vec::new(),
        place: call.place,
    })
}

/// The columns of aggregates over the same partitions, in the order of the rows; `None` for keys or
/// calls that are not added up this way.
pub(super) fn answers(
    rows: &DataFrame,
    partition: &[Id],
    calls: &[(Id, Aggregate)],
    quotient_digits: u8,
) -> PolarsResult<Option<Vec<Result<Series, Fault>>>> {
    let calls: Vec<&(Id, Aggregate)> = calls.iter().collect();
    let Some(mut hashed) = Hashed::of(partition, &calls, rows.schema()) else {
        return Ok(None);
    };
    let mut places: Vec<IdxSize> = Vec::new();
    hashed.add_all(rows, |groups| {
        if !partition.is_empty() {
            places.reserve(rows.height());
            places.extend_from_slice(groups);
        }
    })?;
    let places = IdxCa::from_vec(PlSmallStr::EMPTY, places);
    let mut answers = Vec::with_capacity(calls.len());
    for (_, call) in calls {
        let parts = hashed.parts(call)?;
        let answer = match groups::finish(call) {
            None => Ok(parts[0].clone()),
            Some(finish) => finish(&Call {
                columns: &parts,
                types: &call.kinds,
                result: call.result,
                quotient_digits,
                rows: hashed.height(),
            }),
        };
        answers.push(match answer {
            Ok(answer) if partition.is_empty() => Ok(answer.new_from_index(0, rows.height())),
            Ok(answer) => Ok(answer.take(&places)?),
            Err(fault) => Err(fault),
        });
    }
    Ok(Some(answers))
}
