//! Combinations of the values of several columns.

use polars::prelude::*;

use super::{Numbered, Table, Values};
use crate::expression::Id;
use crate::run::frames;

/// The number of a combination that was never seen.
pub(in crate::run) const NOWHERE: u32 = u32::MAX;

/// Combinations of values of columns, NULL among them, numbered as they come.
pub(in crate::run) struct Combinations {
    columns: Vec<(Id, Numbered)>,
    /// Numbers of combinations of the first columns, one fewer than columns.
    pairs: Vec<Pairs>,
}

/// Pairs of numbers, numbered: one of the columns before, and one of the next column.
struct Pairs {
    table: Table<u64>,
    all: Vec<u64>,
}

fn pair(before: u32, own: u32) -> u64 {
    u64::from(before) << 32 | u64::from(own)
}

impl Combinations {
    /// `None` when a column has a type whose values are not equal when their bits are.
    pub(in crate::run) fn of(ids: &[Id], schema: &Schema) -> Option<Self> {
        let columns = ids
            .iter()
            .map(|id| Some((*id, Numbered::of(schema.get(&frames::name(*id))?)?)))
            .collect::<Option<Vec<_>>>()?;
        let pairs = (1..columns.len())
            .map(|_| Pairs {
                table: Table::new(),
                all: Vec::new(),
            })
            .collect();
        Some(Self { columns, pairs })
    }

    /// Adds the number of every row's combination; without columns there is one.
    pub(in crate::run) fn number(
        &mut self,
        rows: &DataFrame,
        into: &mut Vec<u32>,
    ) -> PolarsResult<()> {
        let mut numbers = Vec::new();
        for (place, (id, numbered)) in self.columns.iter_mut().enumerate() {
            let column = rows.column(&frames::name(*id))?;
            let values = Values::of(column.as_materialized_series())?;
            if place == 0 {
                into.reserve(rows.height());
                numbered.number(&values, into)?;
                continue;
            }
            numbers.clear();
            numbered.number(&values, &mut numbers)?;
            let Pairs { table, all } = &mut self.pairs[place - 1];
            for (number, own) in into.iter_mut().zip(&numbers) {
                let pair = pair(*number, *own);
                let next = u32::try_from(all.len()).unwrap_or(u32::MAX);
                *number = table.number(pair, next);
                if *number == next {
                    all.push(pair);
                }
            }
            polars_ensure!(all.len() < NOWHERE as usize, ComputeError: "there are more than 4 billion groups");
        }
        if self.columns.is_empty() {
            into.resize(rows.height(), 0);
        }
        Ok(())
    }

    /// The number of every row's combination in columns of other names, [`NOWHERE`] for those that were
    /// never seen.
    pub(in crate::run) fn find(&self, rows: &DataFrame, ids: &[Id]) -> PolarsResult<Vec<u32>> {
        let mut found = Vec::with_capacity(rows.height());
        let mut numbers = Vec::new();
        for (place, ((_, numbered), id)) in self.columns.iter().zip(ids).enumerate() {
            let column = rows.column(&frames::name(*id))?;
            let values = Values::of(column.as_materialized_series())?;
            if place == 0 {
                numbered.find(&values, &mut found)?;
                continue;
            }
            numbers.clear();
            numbered.find(&values, &mut numbers)?;
            let table = &self.pairs[place - 1].table;
            for (number, own) in found.iter_mut().zip(&numbers) {
                *number = if *number == NOWHERE || *own == NOWHERE {
                    NOWHERE
                } else {
                    table.find(pair(*number, *own)).unwrap_or(NOWHERE)
                };
            }
        }
        Ok(found)
    }

    /// How many combinations there are; without columns there is one, of no rows, too.
    pub(in crate::run) fn len(&self) -> usize {
        match (self.pairs.last(), self.columns.last()) {
            (Some(pairs), _) => pairs.all.len(),
            (None, Some((_, numbered))) => numbered.len(),
            (None, None) => 1,
        }
    }

    /// The columns of the combinations, in the order of their numbers.
    pub(in crate::run) fn columns(self) -> PolarsResult<Vec<Column>> {
        let mut made = Vec::with_capacity(self.columns.len());
        let mut columns = self.columns;
        // From the last column back to the first: the pairs say which number the columns before have.
        let mut numbers: Option<Vec<u32>> = None;
        for pairs in self.pairs.into_iter().rev() {
            let Some((id, numbered)) = columns.pop() else {
                break;
            };
            let pairs: Vec<u64> = match &numbers {
                None => pairs.all,
                Some(numbers) => numbers
                    .iter()
                    .map(|number| pairs.all[*number as usize])
                    .collect(),
            };
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the lower half of the pair"
            )]
            let own: Vec<u32> = pairs.iter().map(|pair| *pair as u32).collect();
            let column = numbered.column(Some(&own))?;
            made.push(column.with_name(frames::name(id)).into_column());
            let before = pairs.into_iter().map(|pair| (pair >> 32) as u32).collect();
            numbers = Some(before);
        }
        if let Some((id, numbered)) = columns.pop() {
            let column = numbered.column(numbers.as_deref())?;
            made.push(column.with_name(frames::name(id)).into_column());
        }
        Ok(made)
    }
}
