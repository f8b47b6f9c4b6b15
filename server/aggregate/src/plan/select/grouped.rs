//! The rows of groups, and what may be read of them.

use std::collections::BTreeSet;

use sqlparser::tokenizer::Span;

use super::{Groups, Regrouped, replaced};
use crate::expression::{Expr, Id};
use crate::plan::planner::Planner;
use crate::plan::state::PendingAggregate;
use crate::refusal::{Refusal, Refused};
use crate::relation::{Aggregate, Rel};
use crate::types::SqlType;

impl Planner<'_> {
    /// The rows of all grouping sets.
    pub(super) fn grouped(
        &mut self,
        rel: Rel,
        groups: &Groups,
        aggregates: Vec<PendingAggregate>,
        groupings: Vec<(Id, Vec<Expr>)>,
        keys: &mut Vec<(Expr, Id)>,
    ) -> Result<Rel, Refusal> {
        let mut items = Vec::new();
        for key in &groups.keys {
            let id = self.id_of(key, &mut items);
            keys.push((key.clone(), id));
        }
        let calls: Vec<(Id, Aggregate)> = aggregates
            .into_iter()
            .map(|one| call_of(self, one, &mut items))
            .collect();
        let mut asked = Vec::with_capacity(groupings.len());
        for (id, arguments) in groupings {
            let places = arguments
                .iter()
                .map(|argument| keys.iter().position(|(key, _)| key == argument))
                .collect::<Option<Vec<usize>>>()
                .ok_or_else(|| {
                    Refusal::new(
                        Refused::Rule,
                        "GROUPING takes what stands in GROUP BY",
                        Span::empty(),
                    )
                })?;
            asked.push((id, places));
        }
        let mut below = rel.computed(items);
        if groups.sets.len() > 1 {
            below = below.shared();
        }
        let mut rels = Vec::with_capacity(groups.sets.len());
        for set in &groups.sets {
            let mut ids: Vec<Id> = set.iter().map(|place| keys[*place].1).collect();
            ids.sort_unstable();
            ids.dedup();
            let mut rel = Rel::Aggregate {
                input: Box::new(below.clone()),
                keys: ids.clone(),
                calls: calls.clone(),
            };
            let mut added: Vec<(Id, Expr)> = keys
                .iter()
                .filter(|(_, id)| !ids.contains(id))
                .map(|(key, id)| (*id, Expr::null(key.kind)))
                .collect();
            added.dedup_by_key(|(id, _)| *id);
            for (id, places) in &asked {
                let bits = places.iter().fold(0_i64, |bits, place| {
                    bits << 1 | i64::from(!ids.contains(&keys[*place].1))
                });
                added.push((
                    *id,
                    Expr::constant(crate::value::Value::Whole(bits), SqlType::Integer),
                ));
            }
            rel = rel.computed(added);
            rels.push(rel);
        }
        if rels.len() == 1 {
            return Ok(rels.remove(0));
        }
        let mut ids: Vec<Id> = keys.iter().map(|(_, id)| *id).collect();
        ids.extend(calls.iter().map(|(id, _)| *id));
        ids.extend(asked.iter().map(|(id, _)| *id));
        ids.sort_unstable();
        ids.dedup();
        Ok(Rel::Append {
            inputs: rels.into_iter().map(|rel| (rel, ids.clone())).collect(),
            ids,
        })
    }
}

impl Regrouped<'_> {
    pub(super) fn read(&self, expr: &Expr, span: Span) -> Result<Expr, Refusal> {
        let read = replaced(expr, &mut |part| {
            self.keys
                .iter()
                .find(|(key, _)| key == part)
                .map(|(_, id)| Expr::column(*id, part.kind))
        });
        let grouped: BTreeSet<Id> = self.keys.iter().map(|(_, id)| *id).collect();
        let stray = read
            .columns()
            .into_iter()
            .any(|id| self.below.contains(&id) && !grouped.contains(&id));
        if stray {
            return Err(Refusal::new(
                Refused::Rule,
                "a column must stand in GROUP BY or inside an aggregate",
                span,
            )
            .help("add it to GROUP BY, or write MIN(…), MAX(…) or SUM(…) around it"));
        }
        Ok(read)
    }
}

/// An aggregate whose arguments are columns.
pub(in crate::plan) fn call_of(
    planner: &mut Planner<'_>,
    pending: PendingAggregate,
    items: &mut Vec<(Id, Expr)>,
) -> (Id, Aggregate) {
    let kinds = pending.arguments.iter().map(|one| one.kind).collect();
    let arguments = pending
        .arguments
        .iter()
        .map(|one| planner.id_of(one, items))
        .collect();
    let order = pending
        .order
        .iter()
        .map(|one| one.by(planner.id_of(&one.expr, items)))
        .collect();
    (
        pending.id,
        Aggregate {
            by: pending.by,
            arguments,
            kinds,
            result: pending.result,
            is_distinct: pending.is_distinct,
            order,
            place: pending.place,
        },
    )
}
