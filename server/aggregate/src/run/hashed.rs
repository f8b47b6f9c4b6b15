//! Groups added up row by row, while the rows come by in batches.
//!
//! What is kept are the groups, not the rows, so memory does not grow with the rows. Rows come in their
//! order: groups stand in the order of their first rows, and sums of doubles are the same in every run.

mod added;
mod states;
mod texts;

use std::collections::BTreeSet;

use polars::prelude::*;

use super::distinct::Combinations;
use super::groups;
use super::{Runner, frames};
use crate::expression::Id;
use crate::relation::{Aggregate, By, Rel};
use crate::types::SqlType;
use added::{Added, Asked};
use states::States;

/// Rows that are added up together where all are there.
const BATCH: usize = 1 << 16;

/// Rows whose values are added up column by column, so few that their groups stay near the processor.
const STEP: usize = 1 << 11;

/// Groups and what was added up of them.
pub(super) struct Hashed {
    keys: Combinations,
    states: States,
    added: Vec<Added>,
    /// The groups of the rows of the last batch.
    groups: Vec<u32>,
}

impl Hashed {
    /// `None` when some key or call is not added up here.
    pub(super) fn of(keys: &[Id], calls: &[&(Id, Aggregate)], schema: &Schema) -> Option<Self> {
        let dtype = |id: Id| schema.get(&frames::name(id));
        let mut wanted: Vec<(Id, bool, Asked)> = Vec::new();
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
            match wanted
                .iter_mut()
                .find(|(one, distinct, _)| *one == id && *distinct == is_distinct)
            {
                Some((_, _, before)) => before.merge(asked),
                None => wanted.push((id, is_distinct, asked)),
            }
        }
        let mut states = States::new();
        let added = wanted
            .into_iter()
            .map(|(id, is_distinct, asked)| {
                Added::of(id, dtype(id)?, is_distinct, asked, &mut states)
            })
            .collect::<Option<Vec<_>>>()?;
        // Without keys there is one group, of no rows, too.
        states.grow(usize::from(keys.is_empty()));
        Some(Self {
            keys: Combinations::of(keys, schema)?,
            states,
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
        self.keys.number(batch, &mut groups)?;
        let count = self.keys.len();
        let states = &mut self.states;
        states.grow(count);
        let mut seen = Vec::with_capacity(self.added.len());
        for added in &mut self.added {
            let column = batch.column(&frames::name(added.id))?;
            seen.push(added.see(column.as_materialized_series(), &groups, count)?);
        }
        for start in (0..groups.len()).step_by(STEP) {
            let range = start..groups.len().min(start + STEP);
            states.count(&groups[range.clone()]);
            for (added, (values, others)) in self.added.iter_mut().zip(&seen) {
                if others.is_none() {
                    added.add(values, range.clone(), &groups[range.clone()], states);
                }
            }
        }
        for (added, (values, others)) in self.added.iter_mut().zip(&seen) {
            if let Some(groups) = others {
                added.add(values, 0..groups.len(), groups, states);
            }
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

    /// What [`groups::parts`] has Polars compute for a call.
    pub(super) fn parts(&self, call: &Aggregate) -> PolarsResult<Vec<Series>> {
        let counted =
            |counts: Vec<i64>| Int64Chunked::from_vec(PlSmallStr::EMPTY, counts).into_series();
        if call.by == By::Rows {
            return Ok(vec![counted(self.states.rows())]);
        }
        let is_distinct = is_distinct(call);
        let states = &self.states;
        let Some(added) = self
            .added
            .iter()
            .find(|one| Some(&one.id) == call.arguments.first() && one.is_distinct == is_distinct)
        else {
            polars_bail!(ComputeError: "a column was not added up");
        };
        let is_double = call.kinds.first() == Some(&SqlType::Double);
        Ok(match call.by {
            By::Count => vec![counted(added.counts(states))],
            By::Average if is_double => {
                let (sums, _) = added.sums(states);
                let counts = added.counts(states);
                #[expect(clippy::cast_precision_loss, reason = "a number of rows")]
                let means = sums
                    .f64()?
                    .into_no_null_iter()
                    .zip(&counts)
                    .map(|(sum, count)| (*count > 0).then(|| sum / *count as f64));
                vec![Float64Chunked::from_iter_options(PlSmallStr::EMPTY, means).into_series()]
            }
            By::Sum | By::Average => {
                let (sums, nearly) = added.sums(states);
                let mut parts = vec![sums, counted(added.counts(states))];
                parts.extend(nearly);
                parts
            }
            By::Least | By::Greatest => vec![added.extremes(states, call.by == By::Least)?],
            _ => vec![added.truths(states, call.by == By::And)],
        })
    }

    /// The groups: their keys, and what was added up for the calls.
    fn frame(self, calls: &[&(Id, Aggregate)]) -> PolarsResult<DataFrame> {
        let mut columns = Vec::new();
        for (id, call) in calls {
            let parts = self.parts(call)?;
            let names = groups::names(*id, call, parts.len());
            columns.extend(
                parts
                    .into_iter()
                    .zip(names)
                    .map(|(part, name)| part.with_name(name).into_column()),
            );
        }
        let height = self.height();
        columns.extend(self.keys.columns()?);
        if columns.is_empty() {
            columns.push(BooleanChunked::full(frames::WITNESS.into(), true, height).into_column());
        }
        DataFrame::new(height, columns)
    }

    /// Whether what was added up of some rows and of others can be put together, as if it had been all of
    /// them: sums of doubles are others then, and of distinct values nobody knows which were seen.
    pub(super) fn is_mergeable(calls: &[&(Id, Aggregate)]) -> bool {
        !Self::has_doubles(calls) && !calls.iter().any(|(_, call)| is_distinct(call))
    }

    /// Adds what was added up of the rows behind these.
    pub(super) fn merge(&mut self, other: Self) -> PolarsResult<()> {
        let height = other.height();
        let keys = DataFrame::new(height, other.keys.columns()?)?;
        let mut groups = std::mem::take(&mut self.groups);
        groups.clear();
        self.keys.number(&keys, &mut groups)?;
        self.states.grow(self.keys.len());
        self.states.add_rows(&other.states, &groups);
        for (own, added) in self.added.iter_mut().zip(&other.added) {
            own.merge(added, &groups, &mut self.states, &other.states);
        }
        self.groups = groups;
        Ok(())
    }

    /// How many groups there are.
    pub(super) fn height(&self) -> usize {
        self.states.groups()
    }
}

fn is_distinct(call: &Aggregate) -> bool {
    call.is_distinct && matches!(call.by, By::Count | By::Sum | By::Average)
}

impl Runner<'_> {
    /// Groups of rows that are never all there at once; `None` for what is not added up this way.
    pub(super) fn hashed(
        &self,
        input: &Rel,
        needed: &BTreeSet<Id>,
        keys: &[Id],
        calls: &[&(Id, Aggregate)],
    ) -> PolarsResult<Option<DataFrame>> {
        if Hashed::is_mergeable(calls)
            && let Some(piped) = self.piped(input, needed)?
        {
            let schema = piped.schema()?;
            let hashed = self.hashed_pieces(&piped, &schema, keys, calls)?;
            return hashed.map(|hashed| hashed.frame(calls)).transpose();
        }
        let rows = self.kept(input, needed)?;
        let schema = rows.clone().collect_schema()?;
        let Some(mut hashed) = Hashed::of(keys, calls, &schema) else {
            return Ok(None);
        };
        if groups::is_streamed(input) {
            self.each_batch(rows, |batch| hashed.add(&batch).map(drop))?;
        } else {
            hashed.add_all(&self.collected(rows)?, |_| {})?;
        }
        hashed.frame(calls).map(Some)
    }
}
