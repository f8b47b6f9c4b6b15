//! Aggregates.
//!
//! Polars adds up in the types below, which no number of rows overflows; what it answers is brought
//! to PostgreSQL's type afterwards, and checked.

mod parts;
mod sums;

use std::collections::BTreeSet;

use polars::prelude::{Expr as PolarsExpr, *};

use super::expressions::Described;
use super::hashed::Hashed;
use super::{Runner, frames};
use crate::expression::Id;
use crate::relation::{Aggregate, Rel};

pub(super) use parts::{finish, what};

impl Runner<'_> {
    pub(super) fn grouped(
        &self,
        input: &Rel,
        keys: &[Id],
        calls: &[(Id, Aggregate)],
        needed: &BTreeSet<Id>,
    ) -> PolarsResult<LazyFrame> {
        let wanted: Vec<&(Id, Aggregate)> =
            calls.iter().filter(|(id, _)| needed.contains(id)).collect();
        let mut distinct_keys: Vec<Id> = Vec::with_capacity(keys.len());
        for id in keys {
            if !distinct_keys.contains(id) {
                distinct_keys.push(*id);
            }
        }
        let keys = distinct_keys.as_slice();
        let mut below: BTreeSet<Id> = keys.iter().copied().collect();
        for (_, call) in &wanted {
            below.extend(&call.arguments);
            below.extend(call.order.iter().map(|key| key.id));
        }
        let is_streamed = is_streamed(input);
        let is_hashed = is_streamed && !has_join(input) || !Hashed::has_doubles(&wanted);
        let hashed = if is_hashed {
            self.hashed(input, &below, keys, &wanted)?
        } else {
            None
        };
        let frame = match hashed {
            // Joined rows come in any order, and with them the groups.
            Some(groups) if has_join(input) && !keys.is_empty() => groups
                .sort(
                    keys.iter().map(|id| frames::name(*id)),
                    SortMultipleOptions::default(),
                )?
                .lazy(),
            Some(groups) => groups.lazy(),
            None => {
                let rows = self.kept(input, &below)?;
                self.by_polars(rows, keys, &wanted)?.lazy()
            }
        };
        let finishing: Vec<_> = wanted
            .into_iter()
            .filter_map(|(id, call)| Some((*id, call, parts::of(call).finish?)))
            .collect();
        if finishing.is_empty() {
            return Ok(frame);
        }
        let finished: Vec<PolarsExpr> = finishing
            .into_iter()
            .map(|(id, call, finish)| {
                let described = Described {
                    what: what(&call.by),
                    place: call.place,
                    types: call.kinds.clone(),
                    result: call.result,
                };
                let arguments: Vec<PolarsExpr> = names(id, call, parts::of(call).computed.len())
                    .into_iter()
                    .map(col)
                    .collect();
                self.computed(arguments, described, finish)
                    .alias(frames::name(id))
            })
            .collect();
        Ok(frame.with_columns(finished))
    }

    /// Groups made by Polars, of rows that are all there.
    fn by_polars(
        &self,
        rows: LazyFrame,
        keys: &[Id],
        calls: &[&(Id, Aggregate)],
    ) -> PolarsResult<DataFrame> {
        let mut computed = Vec::new();
        for (id, call) in calls {
            let parts = parts::of(call);
            let names = names(*id, call, parts.computed.len());
            computed.extend(
                parts
                    .computed
                    .into_iter()
                    .zip(names)
                    .map(|(expr, name)| expr.alias(name)),
            );
        }
        self.collected(if keys.is_empty() {
            if computed.is_empty() {
                computed.push(len().alias(frames::WITNESS));
            }
            rows.select(computed)
        } else {
            rows.group_by(frames::columns(keys.iter().copied()))
                .agg(computed)
        })
    }
}

/// What the columns are called that are computed for a call.
pub(super) fn names(id: Id, call: &Aggregate, count: usize) -> Vec<PlSmallStr> {
    if parts::of(call).finish.is_none() {
        return vec![frames::name(id)];
    }
    (0..count)
        .map(|part| PlSmallStr::from(format!("c{id} {part}")))
        .collect()
}

/// Whether these rows can come by in batches: an order of rows, and what depends on it, is made of
/// rows that are all there.
pub(super) fn is_streamed(rel: &Rel) -> bool {
    match rel {
        Rel::Sort { .. } | Rel::Limit { .. } | Rel::Distinct { .. } => false,
        // In one place alone it is computed there, whatever it is made of.
        Rel::Shared(_) => false,
        Rel::Filter { input, .. } | Rel::Compute { input, .. } => is_streamed(input),
        Rel::Join(join) => {
            !join.on.is_empty() && is_streamed(&join.left) && is_streamed(&join.right)
        }
        Rel::Append { inputs, .. } => inputs.iter().all(|(rel, _)| is_streamed(rel)),
        // What they make is there as a whole, in one order.
        Rel::Aggregate { .. }
        | Rel::Window { .. }
        | Rel::Single { .. }
        | Rel::Occurrence { .. } => true,
        Rel::One | Rel::Scan { .. } | Rel::Given { .. } => true,
    }
}

pub(super) fn has_join(rel: &Rel) -> bool {
    match rel {
        Rel::Join(_) | Rel::Shared(_) => true,
        Rel::Filter { input, .. } | Rel::Compute { input, .. } => has_join(input),
        Rel::Append { inputs, .. } => inputs.iter().any(|(rel, _)| has_join(rel)),
        _ => false,
    }
}
