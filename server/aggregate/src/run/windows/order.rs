//! Rows sorted by the partition and the order of a window.

use std::ops::Range;

use polars::prelude::*;

use super::packed::{self, Packed, SortedBy};
use crate::expression::Id;
use crate::relation::{SortKey, Window};
use crate::run::frames;

/// Rows in the order of a window. Positions count in that order.
pub(super) struct Sorted {
    partition: Vec<Id>,
    order: Vec<SortKey>,
    /// The row at each position.
    pub(super) rows: Vec<IdxSize>,
    /// The positions of each partition.
    pub(super) partitions: Vec<Range<usize>>,
    /// Where groups of rows that are equal in the order begin, and the number of rows behind them.
    groups: Vec<IdxSize>,
}

impl Sorted {
    /// Where a group of rows that are equal in the order begins; for the number of groups, the end.
    #[inline]
    pub(super) fn group_start(&self, group: usize) -> usize {
        self.groups[group] as usize
    }

    /// How many groups begin before a position.
    pub(super) fn groups_before(&self, position: usize) -> usize {
        self.groups
            .partition_point(|start| (*start as usize) < position)
    }

    pub(super) fn is_of(&self, call: &Window) -> bool {
        self.partition == call.partition && self.order == call.order
    }

    pub(super) fn of(frame: &DataFrame, call: &Window) -> PolarsResult<Self> {
        let height = frame.height();
        let mut keys = Vec::with_capacity(call.partition.len() + call.order.len());
        let mut descending = Vec::new();
        let mut nulls_last = Vec::new();
        for id in &call.partition {
            keys.push(frame.column(&frames::name(*id))?.clone());
            descending.push(false);
            nulls_last.push(true);
        }
        for key in &call.order {
            keys.push(frame.column(&frames::name(key.id))?.clone());
            descending.push(key.is_descending);
            nulls_last.push(!key.nulls_first);
        }
        let packable: Vec<SortedBy> = keys
            .iter()
            .zip(descending.iter().zip(&nulls_last))
            .map(|(column, (is_descending, nulls_last))| SortedBy {
                column: column.clone(),
                is_descending: *is_descending,
                nulls_first: !nulls_last,
            })
            .collect();
        if !keys.is_empty()
            && let Some(packed) = packed::sorted(&packable, call.partition.len(), height)
        {
            return Ok(Self::unpacked(packed, call));
        }
        drop(packable);
        let rows = sorted_rows(&keys, descending, nulls_last, height)?;
        let by_partition = begins(&keys[..call.partition.len()], &rows, height)?;
        let by_order = begins(&keys, &rows, height)?;
        let mut partitions = Vec::new();
        let mut groups = Vec::new();
        let mut start = 0;
        for position in 0..height {
            let is_new = position == 0 || by_partition.as_ref().is_some_and(|new| new[position]);
            if is_new && position > 0 {
                partitions.push(start..position);
                start = position;
            }
            // Without an order all rows of a partition are equal.
            let is_other =
                !call.order.is_empty() && by_order.as_ref().is_some_and(|new| new[position]);
            if is_new || is_other {
                groups.push(place(position));
            }
        }
        if height > 0 {
            partitions.push(start..height);
        }
        groups.push(place(height));
        Ok(Self {
            partition: call.partition.clone(),
            order: call.order.clone(),
            rows,
            partitions,
            groups,
        })
    }

    fn unpacked(packed: Packed, call: &Window) -> Self {
        let height = packed.len();
        let order_bits = packed.order_bits;
        let mut sorted = Self {
            partition: call.partition.clone(),
            order: call.order.clone(),
            rows: Vec::with_capacity(height),
            partitions: Vec::new(),
            groups: Vec::new(),
        };
        let partition = |key: u64| key.checked_shr(order_bits).unwrap_or(0);
        let (mut start, mut last) = (0, None);
        packed.each(|key, row| {
            let position = sorted.rows.len();
            sorted.rows.push(row);
            if last != Some(key) {
                if last.is_some_and(|last| partition(last) != partition(key)) {
                    sorted.partitions.push(start..position);
                    start = position;
                }
                sorted.groups.push(place(position));
                last = Some(key);
            }
        });
        if height > 0 {
            sorted.partitions.push(start..height);
        }
        sorted.groups.push(place(height));
        sorted
    }

    /// A column in the order of the window.
    pub(super) fn column(&self, frame: &DataFrame, id: Id) -> PolarsResult<Series> {
        let column = frame.column(&frames::name(id))?.as_materialized_series();
        let rows = IdxCa::from_vec(PlSmallStr::EMPTY, self.rows.clone());
        column.take(&rows).map(|column| column.rechunk())
    }
}

/// A position as it is kept; there are never more rows than fit.
fn place(position: usize) -> IdxSize {
    IdxSize::try_from(position).unwrap_or(IdxSize::MAX)
}

fn sorted_rows(
    keys: &[Column],
    descending: Vec<bool>,
    nulls_last: Vec<bool>,
    height: usize,
) -> PolarsResult<Vec<IdxSize>> {
    let count = IdxSize::try_from(height)
        .map_err(|_| polars_err!(ComputeError: "a window has more than 4 billion rows"))?;
    if keys.is_empty() {
        return Ok((0..count).collect());
    }
    let mut frame = DataFrame::new(
        height,
        keys.iter()
            .cloned()
            .enumerate()
            .map(|(place, column)| column.with_name(PlSmallStr::from(format!("k{place}"))))
            .collect(),
    )?;
    let names: Vec<PlSmallStr> = frame.schema().iter_names().cloned().collect();
    let numbers = IdxCa::from_vec(PlSmallStr::from_static("row"), (0..count).collect());
    frame.with_column(numbers.into_column())?;
    let sorted = frame.sort(
        names,
        SortMultipleOptions {
            descending,
            nulls_last,
            multithreaded: true,
            maintain_order: true,
            limit: None,
        },
    )?;
    let rows = sorted
        .column("row")?
        .as_materialized_series()
        .idx()?
        .clone();
    Ok(rows.into_no_null_iter().collect())
}

/// Which positions differ from the one before in some key; `None` without keys.
fn begins(keys: &[Column], rows: &[IdxSize], height: usize) -> PolarsResult<Option<Vec<bool>>> {
    if keys.is_empty() {
        return Ok(None);
    }
    let order = IdxCa::from_vec(PlSmallStr::EMPTY, rows.to_vec());
    let mut differs = vec![false; height];
    for key in keys {
        let sorted = key.as_materialized_series().take(&order)?;
        let before = sorted.shift(1);
        let same = sorted.equal_missing(&before)?;
        for (flag, same) in differs.iter_mut().zip(same.iter()) {
            *flag |= same != Some(true);
        }
    }
    if let Some(first) = differs.first_mut() {
        *first = true;
    }
    Ok(Some(differs))
}
