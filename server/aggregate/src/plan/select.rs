//! One SELECT.

mod grouped;
mod groups;
mod items;
mod names;
mod replaced;
mod shown;
mod windowed;

pub(super) use grouped::call_of;
pub(super) use replaced::replaced;

use std::collections::BTreeSet;

use sqlparser::ast::{Distinct, OrderByExpr, Select, Spanned};
use sqlparser::tokenizer::Span;

use super::expression::{Clause, Translator};
use super::planner::{Planned, Planner};
use super::scope::Scope;
use super::state::{Attached, State};
use super::subquery::joined;
use crate::expression::{Expr, Id};
use crate::refusal::{Refusal, Refused};
use crate::relation::Rel;

/// A column of the answer before it is computed.
struct Item {
    name: String,
    expr: Expr,
    relation: Option<String>,
    span: Span,
}

/// What rows are grouped by.
struct Groups {
    keys: Vec<Expr>,
    /// The keys of each grouping set, by place.
    sets: Vec<Vec<usize>>,
}

/// Reads expressions over groups: what is grouped by is a column, and no other column may be read.
struct Regrouped<'a> {
    keys: &'a [(Expr, Id)],
    /// Columns of the rows below the groups.
    below: &'a BTreeSet<Id>,
}

impl Planner<'_> {
    /// A SELECT with the ORDER BY that stands behind it. The limit is the caller's.
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: &[OrderByExpr],
    ) -> Result<Planned, Refusal> {
        refuse_clauses(select)?;
        let (mut parts, scope) = self.from(&select.from)?;
        let mut state = State::default();
        let mut translator = Translator {
            planner: self,
            scope: &scope,
            state: &mut state,
            clause: Clause::Where,
            windows: &select.named_window,
            depth: 0,
        };
        let conditions = match &select.selection {
            Some(condition) => translator.condition(condition)?.conjuncts(),
            None => Vec::new(),
        };
        let attached = std::mem::take(&mut translator.state.rows);
        let (items, is_complete) = translator.items(&select.projection)?;
        let groups = translator.groups(&select.group_by, &items)?;
        let having = match &select.having {
            Some(condition) => Some((
                translator.within(Clause::Having).condition(condition)?,
                condition.span(),
            )),
            None => None,
        };
        let qualify = match &select.qualify {
            Some(condition) => Some((
                translator.within(Clause::Qualify).condition(condition)?,
                condition.span(),
            )),
            None => None,
        };
        translator.named_windows()?;
        let order = translator.order(order_by, &items)?;
        let distinct_on = match &select.distinct {
            Some(Distinct::On(exprs)) => Some(translator.distinct_on(exprs, &items)?),
            _ => None,
        };
        let own = self.own_columns(&scope);

        // What reads no subquery is applied where its columns come from.
        let produced: BTreeSet<Id> = parts.rels.iter().flat_map(Rel::produced).collect();
        let open: BTreeSet<Id> = self.asked.values().copied().collect();
        let (plain, rest): (Vec<Expr>, Vec<Expr>) = conditions.into_iter().partition(|condition| {
            condition
                .columns()
                .iter()
                .all(|id| produced.contains(id) || open.contains(id))
        });
        parts.conditions.extend(plain);
        let tree = self.tree(parts);
        let mut rel = joined(self, tree, attached);
        if !rest.is_empty() {
            rel = rel.filtered(Expr::all(rest));
        }

        let State {
            aggregates,
            windows,
            rows,
            late,
            groupings,
        } = state;
        rel = joined(self, rel, rows);
        let is_grouped = groups.is_some() || !aggregates.is_empty() || having.is_some();
        let groups = groups.unwrap_or(Groups {
            keys: Vec::new(),
            sets: vec![Vec::new()],
        });
        let mut keys: Vec<(Expr, Id)> = Vec::new();
        if is_grouped {
            rel = self.grouped(rel, &groups, aggregates, groupings, &mut keys)?;
        } else if !groupings.is_empty() {
            return Err(Refusal::new(
                Refused::Rule,
                "GROUPING needs GROUP BY",
                select.select_token.0.span,
            ));
        }
        let reading = Regrouped {
            keys: &keys,
            below: &own,
        };
        let read = |expr: Expr, span: Span| {
            if is_grouped {
                reading.read(&expr, span)
            } else {
                Ok(expr)
            }
        };
        let mut attached = Vec::with_capacity(late.len());
        for one in late {
            let span = select.select_token.0.span;
            let on = one
                .on
                .into_iter()
                .map(|(expr, id)| Ok((read(expr, span)?, id)))
                .collect::<Result<Vec<_>, Refusal>>()?;
            let mut given = Vec::with_capacity(one.given.len());
            for (outer, copy) in one.given {
                let outer = read(outer, span).map_err(|_| {
                    Refusal::new(
                        Refused::Rule,
                        "a subquery reads a column that is not grouped by",
                        span,
                    )
                })?;
                given.push((outer, copy));
            }
            attached.push(Attached { on, given, ..one });
        }
        rel = joined(self, rel, attached);
        if let Some((condition, span)) = having {
            // A constant is not what rows are grouped by, whatever that is.
            let condition = match condition.as_constant() {
                Some(_) => condition,
                None => read(condition, span)?,
            };
            rel = rel.filtered(condition);
        }
        rel = self.windowed(rel, windows, &read)?;
        if let Some((condition, span)) = qualify {
            rel = rel.filtered(read(condition, span)?);
        }
        self.shown(rel, items, is_complete, order, distinct_on, select, &read)
    }

    /// The columns of this FROM.
    fn own_columns(&self, scope: &Scope) -> BTreeSet<Id> {
        let open: Vec<Id> = scope.relations.iter().filter_map(|one| one.open).collect();
        let asked = self
            .asked
            .iter()
            .filter(|((table, _), _)| open.contains(table))
            .map(|(_, id)| *id);
        scope.ids().into_iter().chain(asked).collect()
    }
}

fn refuse_clauses(select: &Select) -> Result<(), Refusal> {
    let span = select.select_token.0.span;
    let has_other = select.top.is_some()
        || select.exclude.is_some()
        || select.into.is_some()
        || !select.lateral_views.is_empty()
        || select.prewhere.is_some()
        || !select.connect_by.is_empty()
        || !select.cluster_by.is_empty()
        || !select.distribute_by.is_empty()
        || !select.sort_by.is_empty()
        || select.value_table_mode.is_some()
        || select.select_modifiers.is_some()
        || select.flavor != sqlparser::ast::SelectFlavor::Standard;
    if has_other {
        return Err(Refusal::unsupported(
            "a clause of this SELECT is not known here",
            "write SELECT … FROM … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT",
            span,
        ));
    }
    Ok(())
}
