//! Groups added up row by row, while the rows come by in batches.
//!
//! What is kept are the groups, not the rows, so memory does not grow with the rows. Rows come in their
//! order: groups stand in the order of their first rows, and sums of doubles are the same in every run.

mod added;
mod keys;
mod table;
mod values;

use polars::prelude::*;

use super::groups;
use super::{Runner, frames};
use crate::expression::Id;
use crate::relation::{Aggregate, By};
use crate::types::SqlType;
use added::{Added, Asked};
use keys::Numbered;
use table::Table;
use values::Values;

/// Rows that are added up together where all are there.
const BATCH: usize = 1 << 16;

/// Groups and what was added up of them.
pub(super) struct Hashed {
    keys: Vec<(Id, Numbered)>,
    /// Numbers of combinations of the first keys, one fewer than keys.
    combined: Vec<Combined>,
    rows: Vec<i64>,
    added: Vec<Added>,
    /// The groups of the rows of the last batch.
    groups: Vec<u32>,
}

/// Pairs of numbers, numbered.
struct Combined {
    table: Table<u64>,
    all: Vec<u64>,
}

impl Hashed {
    /// `None` when some key or call is not added up here.
    pub(super) fn of(keys: &[Id], calls: &[&(Id, Aggregate)], schema: &Schema) -> Option<Self> {
        let dtype = |id: Id| schema.get(&frames::name(id));
        let mut added: Vec<Added> = Vec::new();
        for (_, call) in calls {
            if call.is_distinct && !matches!(call.by, By::Count | By::Sum | By::Average) {
                // Least and greatest values are the same with equal values once.
                if !matches!(call.by, By::Least | By::Greatest) {
                    return None;
                }
            }
            let asked = match call.by {
                By::Rows => continue,
                By::Count => Asked::default(),
                By::Sum | By::Average => Asked {
                    sum: true,
                    ..Asked::default()
                },
                By::Least => Asked {
                    least: true,
                    ..Asked::default()
                },
                By::Greatest => Asked {
                    greatest: true,
                    ..Asked::default()
                },
                By::And | By::Or => Asked {
                    truths: true,
                    ..Asked::default()
                },
                _ => return None,
            };
            let id = *call.arguments.first()?;
            let is_distinct = is_distinct(call);
            let mut all = asked;
            if let Some(place) = added
                .iter()
                .position(|one| one.id == id && one.is_distinct == is_distinct)
            {
                let before = added.remove(place).asked;
                all = Asked {
                    sum: all.sum || before.sum,
                    least: all.least || before.least,
                    greatest: all.greatest || before.greatest,
                    truths: all.truths || before.truths,
                };
            }
            added.push(Added::of(id, dtype(id)?, is_distinct, all)?);
        }
        let keys = keys
            .iter()
            .map(|id| Some((*id, Numbered::of(dtype(*id)?)?)))
            .collect::<Option<Vec<_>>>()?;
        let combined = (1..keys.len())
            .map(|_| Combined {
                table: Table::new(),
                all: Vec::new(),
            })
            .collect();
        Some(Self {
            // Without keys there is one group, of no rows, too.
            rows: vec![0; usize::from(keys.is_empty())],
            keys,
            combined,
            added,
            groups: Vec::new(),
        })
    }

    /// Whether sums depend on the order of rows.
    pub(super) fn has_doubles(calls: &[&(Id, Aggregate)]) -> bool {
        calls.iter().any(|(_, call)| {
            matches!(call.by, By::Sum | By::Average) && call.kinds.first() == Some(&SqlType::Double)
        })
    }

    /// Adds rows, and says which groups they are of.
    pub(super) fn add(&mut self, batch: &DataFrame) -> PolarsResult<&[u32]> {
        let mut groups = std::mem::take(&mut self.groups);
        groups.clear();
        let mut numbers = Vec::new();
        for (place, (id, numbered)) in self.keys.iter_mut().enumerate() {
            let column = batch.column(&frames::name(*id))?;
            let values = Values::of(column.as_materialized_series())?;
            if place == 0 {
                groups.reserve(batch.height());
                numbered.number(&values, &mut groups)?;
                continue;
            }
            numbers.clear();
            numbered.number(&values, &mut numbers)?;
            let Combined { table, all } = &mut self.combined[place - 1];
            for (group, number) in groups.iter_mut().zip(&numbers) {
                let pair = u64::from(*group) << 32 | u64::from(*number);
                let next = u32::try_from(all.len()).unwrap_or(u32::MAX);
                *group = table.number(pair, next);
                if *group == next {
                    all.push(pair);
                }
            }
            polars_ensure!(all.len() < u32::MAX as usize, ComputeError: "there are more than 4 billion groups");
        }
        if self.keys.is_empty() {
            groups.resize(batch.height(), 0);
        }
        let count = self.count();
        self.rows.resize(count, 0);
        for group in &groups {
            self.rows[*group as usize] += 1;
        }
        for added in &mut self.added {
            let column = batch.column(&frames::name(added.id))?;
            added.add(column.as_materialized_series(), &groups, count)?;
        }
        self.groups = groups;
        Ok(&self.groups)
    }

    /// Adds rows that are all there, and shows which groups they are of.
    pub(super) fn add_all(
        &mut self,
        rows: &DataFrame,
        mut show: impl FnMut(&[u32]),
    ) -> PolarsResult<()> {
        for start in (0..rows.height()).step_by(BATCH) {
            show(self.add(&rows.slice(i64::try_from(start).unwrap_or(0), BATCH))?);
        }
        Ok(())
    }

    fn count(&self) -> usize {
        match (self.combined.last(), self.keys.last()) {
            (Some(combined), _) => combined.all.len(),
            (None, Some((_, numbered))) => numbered.len(),
            (None, None) => 1,
        }
    }

    /// What [`groups::parts`] has Polars compute for a call.
    pub(super) fn parts(&mut self, call: &Aggregate) -> PolarsResult<Vec<Series>> {
        let counted =
            |counts: Vec<i64>| Int64Chunked::from_vec(PlSmallStr::EMPTY, counts).into_series();
        if call.by == By::Rows {
            return Ok(vec![counted(self.rows.clone())]);
        }
        let is_distinct = is_distinct(call);
        let rows = &self.rows;
        let Some(added) = self
            .added
            .iter_mut()
            .find(|one| Some(&one.id) == call.arguments.first() && one.is_distinct == is_distinct)
        else {
            polars_bail!(ComputeError: "a column was not added up");
        };
        let is_double = call.kinds.first() == Some(&SqlType::Double);
        Ok(match call.by {
            By::Count => vec![counted(added.counts(rows))],
            By::Average if is_double => {
                let (sums, _) = added.sums(rows.len());
                let counts = added.counts(rows);
                #[expect(clippy::cast_precision_loss, reason = "a number of rows")]
                let means = sums
                    .f64()?
                    .into_no_null_iter()
                    .zip(&counts)
                    .map(|(sum, count)| (*count > 0).then(|| sum / *count as f64));
                vec![Float64Chunked::from_iter_options(PlSmallStr::EMPTY, means).into_series()]
            }
            By::Sum | By::Average => {
                let (sums, nearly) = added.sums(rows.len());
                let mut parts = vec![sums, counted(added.counts(rows))];
                parts.extend(nearly);
                parts
            }
            By::Least | By::Greatest => vec![added.extremes(rows, call.by == By::Least)?],
            _ => vec![added.truths(rows, call.by == By::And)],
        })
    }

    /// The columns of the keys.
    pub(super) fn keys(self) -> PolarsResult<Vec<Column>> {
        let mut columns = Vec::with_capacity(self.keys.len());
        let mut keys = self.keys;
        // From the last key back to the first: the pairs say which number the keys before have.
        let mut numbers: Option<Vec<u32>> = None;
        for combined in self.combined.into_iter().rev() {
            let Some((id, numbered)) = keys.pop() else {
                break;
            };
            let pairs: Vec<u64> = match &numbers {
                None => combined.all,
                Some(numbers) => numbers
                    .iter()
                    .map(|number| combined.all[*number as usize])
                    .collect(),
            };
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the lower half of the pair"
            )]
            let own: Vec<u32> = pairs.iter().map(|pair| *pair as u32).collect();
            let column = numbered.column(Some(&own))?;
            columns.push(column.with_name(frames::name(id)).into_column());
            let before = pairs.into_iter().map(|pair| (pair >> 32) as u32).collect();
            numbers = Some(before);
        }
        if let Some((id, numbered)) = keys.pop() {
            let column = numbered.column(numbers.as_deref())?;
            columns.push(column.with_name(frames::name(id)).into_column());
        }
        Ok(columns)
    }

    /// How many groups there are.
    pub(super) fn height(&self) -> usize {
        self.rows.len()
    }
}

fn is_distinct(call: &Aggregate) -> bool {
    call.is_distinct && matches!(call.by, By::Count | By::Sum | By::Average)
}

impl Runner<'_> {
    /// Groups of rows that are never all there at once; `None` for what is not added up this way.
    pub(super) fn hashed(
        &self,
        rows: &LazyFrame,
        keys: &[Id],
        calls: &[&(Id, Aggregate)],
        is_streamed: bool,
    ) -> PolarsResult<Option<DataFrame>> {
        let schema = rows.clone().collect_schema()?;
        let Some(mut hashed) = Hashed::of(keys, calls, &schema) else {
            return Ok(None);
        };
        if is_streamed {
            self.each_batch(rows.clone(), |batch| hashed.add(&batch).map(drop))?;
        } else {
            hashed.add_all(&self.collected(rows.clone())?, |_| {})?;
        }
        let mut columns = Vec::new();
        for (id, call) in calls {
            let parts = hashed.parts(call)?;
            let names = groups::names(*id, call, parts.len());
            columns.extend(
                parts
                    .into_iter()
                    .zip(names)
                    .map(|(part, name)| part.with_name(name).into_column()),
            );
        }
        let height = hashed.height();
        columns.extend(hashed.keys()?);
        if columns.is_empty() {
            columns.push(BooleanChunked::full(frames::WITNESS.into(), true, height).into_column());
        }
        DataFrame::new(height, columns).map(Some)
    }
}
