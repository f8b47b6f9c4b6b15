//! The rows around each row.

use std::ops::Range;

use polars::prelude::*;

use super::order::Sorted;
use crate::call::Call;
use crate::fault::Fault;
use crate::kernel::calendar;
use crate::relation::{Bound, Frame, FrameUnit, Window};
use crate::types::SqlType;

/// Microseconds of a day.
const DAY: i128 = 86_400_000_000;

/// Finds the frame of each position.
pub(super) struct Frames<'a> {
    frame: &'a Frame,
    sorted: &'a Sorted,
    /// The values of the order's column, where frames are found by distance.
    values: Option<Values>,
}

/// The values of the order's one column, by position: days and moments in microseconds.
struct Values {
    numbers: Vec<Option<i128>>,
    is_descending: bool,
}

impl<'a> Frames<'a> {
    pub(super) fn of(
        rows: &DataFrame,
        sorted: &'a Sorted,
        call: &'a Window,
    ) -> Result<Self, Fault> {
        let is_by_distance = [&call.frame.from, &call.frame.until]
            .into_iter()
            .any(|bound| matches!(bound, Bound::Distance(_) | Bound::Interval(_)));
        let values = match (is_by_distance, call.order.first(), call.order_kinds.first()) {
            (true, Some(key), Some(kind)) => {
                let mut values = numbers(&sorted.column(rows, key.id)?, *kind)?;
                if *kind == SqlType::Date {
                    values.iter_mut().flatten().for_each(|day| *day *= DAY);
                }
                Some(Values {
                    numbers: values,
                    is_descending: key.is_descending,
                })
            }
            _ => None,
        };
        Ok(Self {
            frame: &call.frame,
            sorted,
            values,
        })
    }

    /// The frame of a position in a partition and in a group of equal rows, by their places.
    pub(super) fn around(
        &self,
        position: usize,
        partition: &Range<usize>,
        group: usize,
    ) -> Result<Range<usize>, Fault> {
        let from = self.bound(&self.frame.from, position, partition, group, true)?;
        let until = self.bound(&self.frame.until, position, partition, group, false)?;
        Ok(from..until.max(from))
    }

    fn bound(
        &self,
        bound: &Bound,
        position: usize,
        partition: &Range<usize>,
        group: usize,
        is_start: bool,
    ) -> Result<usize, Fault> {
        let sorted = self.sorted;
        Ok(match (bound, self.frame.unit) {
            (Bound::Unbounded, _) if is_start => partition.start,
            (Bound::Unbounded, _) => partition.end,
            (Bound::Current, FrameUnit::Rows) => position + usize::from(!is_start),
            (Bound::Current, _) if is_start => sorted.group_start(group),
            (Bound::Current, _) => sorted.group_start(group + 1),
            (Bound::Steps(steps), FrameUnit::Groups) => {
                let first = sorted.groups_before(partition.start);
                let last = sorted.groups_before(partition.end);
                let place = moved(group, *steps);
                let place = if is_start {
                    place
                } else {
                    place.saturating_add(1)
                };
                let place = place.clamp(as_signed(first), as_signed(last));
                sorted.group_start(usize::try_from(place).unwrap_or(0))
            }
            (Bound::Steps(steps), _) => {
                let place = moved(position, *steps);
                let place = if is_start {
                    place
                } else {
                    place.saturating_add(1)
                };
                let place = place.clamp(as_signed(partition.start), as_signed(partition.end));
                usize::try_from(place).unwrap_or(0)
            }
            (Bound::Distance(_) | Bound::Interval(_), _) => {
                self.at_distance(bound, position, partition, group, is_start)?
            }
        })
    }

    /// The first position (or the one behind the last) within a distance.
    fn at_distance(
        &self,
        bound: &Bound,
        position: usize,
        partition: &Range<usize>,
        group: usize,
        is_start: bool,
    ) -> Result<usize, Fault> {
        let Some(values) = &self.values else {
            return Err(Fault::Argument("the frame has no column to count in"));
        };
        let Some(value) = values.numbers[position] else {
            // Rows without a value are near each other only.
            let bound = if is_start { group } else { group + 1 };
            return Ok(self.sorted.group_start(bound));
        };
        let limit = values.limit(value, bound)?;
        // Absent values stand at one end of the partition.
        let numbers = &values.numbers[partition.clone()];
        let leading = numbers.iter().take_while(|one| one.is_none()).count();
        let known = numbers[leading..]
            .iter()
            .take_while(|one| one.is_some())
            .count();
        let known = &numbers[leading..leading + known];
        let is_before = |one: &Option<i128>| {
            let one = one.unwrap_or(limit);
            match (values.is_descending, is_start) {
                (false, true) => one < limit,
                (false, false) => one <= limit,
                (true, true) => one > limit,
                (true, false) => one >= limit,
            }
        };
        Ok(partition.start + leading + known.partition_point(is_before))
    }
}

impl Values {
    /// The value at that distance; behind a row is below it when the order descends.
    fn limit(&self, value: i128, bound: &Bound) -> Result<i128, Fault> {
        let sign = if self.is_descending { -1 } else { 1 };
        match bound {
            Bound::Distance(distance) => Ok(value.saturating_add(distance * sign)),
            Bound::Interval(parts) => {
                let at = i64::try_from(value).map_err(|_| Fault::Calendar)?;
                let parts = parts.map(|part| if self.is_descending { -part } else { part });
                let [months, days, micros] = parts;
                Ok(match calendar::add_interval(at, months, days, micros) {
                    Ok(moved) => i128::from(moved),
                    // Every value is nearer than what lies beyond the calendar.
                    Err(_) if parts.iter().any(|part| *part > 0) => i128::MAX,
                    Err(_) => i128::MIN,
                })
            }
            _ => Ok(value),
        }
    }
}

fn moved(place: usize, steps: i64) -> i64 {
    as_signed(place).saturating_add(steps)
}

fn as_signed(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// The values of a column as whole numbers.
pub(super) fn numbers(column: &Series, kind: SqlType) -> Result<Vec<Option<i128>>, Fault> {
    let columns = [column.clone()];
    let types = [kind];
    let call = Call {
        columns: &columns,
        types: &types,
        result: kind,
        quotient_digits: 0,
        rows: column.len(),
    };
    let rows = 0..column.len();
    Ok(match kind {
        SqlType::Date => {
            let values = call.dates(0)?;
            rows.map(|row| values.at(row).map(i128::from)).collect()
        }
        SqlType::Timestamp => {
            let values = call.timestamps(0)?;
            rows.map(|row| values.at(row).map(i128::from)).collect()
        }
        _ => {
            let values = call.numbers(0)?;
            rows.map(|row| values.at(row)).collect()
        }
    })
}
