//! Groups of rows that several threads read, each its part of a table.
//!
//! A thread takes row groups that follow each other, and what threads added up is put together in the order
//! of their rows: groups stand in the order of their first rows, as if one thread had done it all.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use polars::prelude::*;

use super::hashed::Hashed;
use super::joins::Probe;
use super::rows::Pieces;
use super::{Runner, frames};
use crate::expression::Id;
use crate::relation::{Aggregate, Rel};

/// What happens to every piece on its way.
type Step = Box<dyn Fn(LazyFrame) -> LazyFrame + Send + Sync>;

/// A relation made of the pieces of one table, each for itself.
pub(super) struct Piped {
    pieces: Arc<Pieces>,
    /// Places of the table's columns that are read, and their names from there on.
    columns: Vec<(usize, Id)>,
    schema: Schema,
    steps: Vec<Step>,
}

impl Runner<'_> {
    /// `None` for what needs rows of other pieces.
    pub(super) fn piped(&self, rel: &Rel, needed: &BTreeSet<Id>) -> PolarsResult<Option<Piped>> {
        match rel {
            Rel::Scan { table, columns } => {
                let Some(pieces) = &self.tables[*table].pieces else {
                    return Ok(None);
                };
                let mut wanted: Vec<(usize, Id)> = columns
                    .iter()
                    .filter(|(_, id)| needed.contains(id))
                    .copied()
                    .collect();
                if wanted.is_empty() {
                    wanted.extend(columns.first());
                }
                wanted.sort_unstable();
                // A column is read once, whatever it is called.
                let is_known = wanted.windows(2).all(|pair| pair[0].0 != pair[1].0);
                if !is_known || wanted.is_empty() {
                    return Ok(None);
                }
                let of_table = self.tables[*table].frame.clone().collect_schema()?;
                let schema = wanted
                    .iter()
                    .filter_map(|(place, id)| {
                        let (_, dtype) = of_table.get_at_index(*place)?;
                        Some(Field::new(frames::name(*id), dtype.clone()))
                    })
                    .collect();
                Ok(Some(Piped {
                    pieces: pieces.clone(),
                    columns: wanted,
                    schema,
                    steps: Vec::new(),
                }))
            }
            Rel::Filter { input, condition } => {
                let mut below = needed.clone();
                condition.add_columns(&mut below);
                let Some(piped) = self.piped(input, &below)? else {
                    return Ok(None);
                };
                let witness = self.witness(input, &below);
                let condition = self.lowered(condition, &witness);
                Ok(Some(piped.then(move |rows| rows.filter(condition.clone()))))
            }
            Rel::Compute { input, items } => {
                let (below, wanted) = frames::computing(items, needed);
                let computed = self.computed_items(&wanted, &self.witness(input, &below));
                let Some(piped) = self.piped(input, &below)? else {
                    return Ok(None);
                };
                Ok(Some(if computed.is_empty() {
                    piped
                } else {
                    piped.then(move |rows| rows.with_columns(computed.clone()))
                }))
            }
            Rel::Join(join) => self.piped_join(join, needed),
            _ => Ok(None),
        }
    }

    /// Groups of the rows of a piped relation.
    pub(super) fn hashed_pieces(
        &self,
        piped: &Piped,
        schema: &Schema,
        keys: &[Id],
        calls: &[&(Id, Aggregate)],
    ) -> PolarsResult<Option<Hashed>> {
        let count = piped.pieces.count();
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let share = count.div_ceil(threads).max(1);
        let mut parts = Vec::new();
        for start in (0..count.max(1)).step_by(share) {
            let Some(hashed) = Hashed::of(keys, calls, schema) else {
                return Ok(None);
            };
            parts.push((hashed, start..count.min(start + share)));
        }
        let add = |(mut hashed, range): (Hashed, Range<usize>)| {
            for piece in range {
                if (self.is_stopped)() {
                    polars_bail!(ComputeError: "the query was stopped");
                }
                hashed.add(&piped.rows(piece)?)?;
            }
            Ok(hashed)
        };
        let added = crate::deep::each(parts, add);
        let mut all: Option<Hashed> = None;
        for part in added {
            let part = part?;
            match &mut all {
                None => all = Some(part),
                Some(all) => all.merge(part)?,
            }
        }
        Ok(all)
    }
}

impl Piped {
    pub(super) fn then(
        mut self,
        step: impl Fn(LazyFrame) -> LazyFrame + Send + Sync + 'static,
    ) -> Self {
        self.steps.push(Box::new(step));
        self
    }

    /// Only these columns, then their pairs with those they are looked up in.
    pub(super) fn probed(self, ids: &BTreeSet<Id>, probe: Probe) -> Self {
        let shown = frames::columns(ids.iter().copied());
        self.then(move |rows| probe.over(rows.select(shown.clone())))
    }

    /// The columns of its rows.
    pub(super) fn schema(&self) -> PolarsResult<SchemaRef> {
        let none = DataFrame::empty_with_schema(&self.schema);
        self.made(none).collect_schema()
    }

    fn made(&self, rows: DataFrame) -> LazyFrame {
        self.steps.iter().fold(rows.lazy(), |rows, step| step(rows))
    }

    fn rows(&self, piece: usize) -> PolarsResult<DataFrame> {
        let places: Vec<usize> = self.columns.iter().map(|(place, _)| *place).collect();
        let mut rows = self.pieces.read(piece, &places)?;
        let names: Vec<PlSmallStr> = self
            .columns
            .iter()
            .map(|(_, id)| frames::name(*id))
            .collect();
        rows.set_column_names(&names)?;
        // Numbers of another scale would be other numbers.
        polars_ensure!(
            **rows.schema() == self.schema,
            SchemaMismatch: "a file has other columns than those before it"
        );
        if self.steps.is_empty() {
            return Ok(rows);
        }
        // Conditions stand where their values may be computed; Polars must not move them.
        self.made(rows).with_predicate_pushdown(false).collect()
    }
}
