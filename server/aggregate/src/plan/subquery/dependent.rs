//! Subqueries that read columns of the query around them.

use std::collections::BTreeSet;

use sqlparser::ast::{
    Expr as Ast, LimitClause, Query, Select, SelectItem, SetExpr, Spanned, Value as Literal,
};
use sqlparser::tokenizer::Span;

use super::Dependent;
use crate::expression::{Expr, Id, Node};
use crate::plan::conversion::coerced;
use crate::plan::expression::{Clause, Translator};
use crate::plan::from::{Parts, sides};
use crate::plan::planner::Planner;
use crate::plan::scope::Scope;
use crate::plan::state::{Ordered, State};
use crate::refusal::Refusal;
use crate::relation::Rel;
use crate::types::SqlType;

impl Translator<'_, '_> {
    /// A correlated subquery: its conditions that read the query around it become the join.
    pub(super) fn dependent(&mut self, query: &Query, span: Span) -> Result<Dependent, Refusal> {
        let refused = |what: &str| {
            Refusal::unsupported(
                format!("a subquery that reads columns of the query around it cannot have {what}"),
                "write it as a query of its own in WITH, grouped by those columns, and join it",
                span,
            )
        };
        let SetExpr::Select(select) = query.body.as_ref() else {
            return Err(refused("UNION, EXCEPT or INTERSECT"));
        };
        if query.with.is_some() {
            return Err(refused("WITH"));
        }
        let has_groups = !matches!(&select.group_by,
            sqlparser::ast::GroupByExpr::Expressions(keys, _) if keys.is_empty());
        if has_groups || select.having.is_some() {
            return Err(refused("GROUP BY or HAVING"));
        }
        let is_first_only = match &query.limit_clause {
            None => false,
            Some(LimitClause::LimitOffset {
                limit: Some(Ast::Value(limit)),
                offset: None,
                limit_by,
            }) if limit_by.is_empty()
                && matches!(&limit.value, Literal::Number(number, _) if number == "1") =>
            {
                true
            }
            Some(_) => return Err(refused("a LIMIT but 1, or OFFSET")),
        };
        if query.fetch.is_some() {
            return Err(refused("FETCH"));
        }
        self.planner.outer.push(self.scope.clone());
        let planned = self.planner.loose(query, select, refused);
        self.planner.outer.pop();
        let (parts, _, conditions, items, state, order) = planned?;
        if !state.late.is_empty() || !state.windows.is_empty() {
            return Err(refused("subqueries in its SELECT or window functions"));
        }
        let (mut parts, mut state) = (parts, state);
        let mut attached = std::mem::take(&mut parts.attached);
        attached.append(&mut state.rows);
        let mut all = std::mem::take(&mut parts.conditions);
        all.extend(conditions);
        let mut inner: BTreeSet<Id> = parts.rels.iter().flat_map(Rel::produced).collect();
        let (early, all): (Vec<Expr>, Vec<Expr>) = all
            .into_iter()
            .partition(|condition| condition.columns().is_subset(&inner));
        parts.conditions = early;
        let mut rel = self.planner.tree(parts);
        for one in &attached {
            let reads_outside = one
                .on
                .iter()
                .chain(&one.given)
                .any(|(expr, _)| !expr.columns().is_subset(&inner));
            if reads_outside {
                return Err(refused("a subquery that reads them, too"));
            }
            inner.extend(one.right.produced());
        }
        rel = super::joined(self.planner, rel, attached);
        inner = rel.produced();
        let (local, linked): (Vec<Expr>, Vec<Expr>) = all
            .into_iter()
            .partition(|condition| condition.columns().is_subset(&inner));
        if !local.is_empty() {
            rel = rel.filtered(Expr::all(local));
        }
        if !rel.free().is_empty() {
            return Err(refused("such columns outside its WHERE"));
        }
        let mut outside: BTreeSet<Id> = BTreeSet::new();
        for condition in &linked {
            outside.extend(condition.columns().difference(&inner));
        }
        let mut free_items = BTreeSet::new();
        items
            .iter()
            .for_each(|item| item.add_columns(&mut free_items));
        for aggregate in &state.aggregates {
            aggregate
                .arguments
                .iter()
                .for_each(|one| one.add_columns(&mut free_items));
        }
        let results: BTreeSet<Id> = state.aggregates.iter().map(|one| one.id).collect();
        let reads_outside = free_items
            .iter()
            .any(|id| !inner.contains(id) && !results.contains(id));
        let pairs: Option<Vec<(Expr, Expr)>> = linked
            .iter()
            .map(|condition| sides(condition, &outside, &inner))
            .collect();
        if let (Some(pairs), false) = (pairs, reads_outside) {
            let mut inner_items = Vec::new();
            let mut on = Vec::new();
            for (outer, own) in pairs {
                let id = self.planner.id(own.kind);
                inner_items.push((id, own));
                on.push((outer, id));
            }
            return Ok(Dependent {
                rel: rel.computed(inner_items),
                keys: on.iter().map(|(_, id)| *id).collect(),
                on,
                is_null_equal: false,
                given: Vec::new(),
                items,
                state,
                order,
                is_first_only,
            });
        }
        outside.extend(
            free_items
                .iter()
                .filter(|id| !inner.contains(id) && !results.contains(id)),
        );
        let given: Vec<(Id, Id)> = outside
            .iter()
            .map(|id| (*id, self.planner.id(self.planner.column(*id).kind)))
            .collect();
        let moved = |expr: &Expr| {
            crate::plan::select::replaced(expr, &mut |expr| match expr.node {
                Node::Column(id) => given
                    .iter()
                    .find(|(outer, _)| *outer == id)
                    .map(|(_, copy)| Expr::column(*copy, expr.kind)),
                _ => None,
            })
        };
        let keys: Vec<Id> = given.iter().map(|(_, copy)| *copy).collect();
        let conditions: Vec<Expr> = linked.iter().map(&moved).collect();
        let parts = Parts {
            rels: vec![
                Rel::Given {
                    copies: keys.clone(),
                },
                rel,
            ],
            conditions,
            attached: Vec::new(),
        };
        let rel = self.planner.tree(parts);
        let items = items.iter().map(&moved).collect();
        for aggregate in &mut state.aggregates {
            for argument in &mut aggregate.arguments {
                *argument = moved(argument);
            }
        }
        let on = given
            .iter()
            .map(|(outer, copy)| (self.planner.column(*outer), *copy))
            .collect();
        Ok(Dependent {
            rel,
            keys,
            on,
            is_null_equal: true,
            given: given
                .iter()
                .map(|(outer, copy)| (self.planner.column(*outer), *copy))
                .collect(),
            items,
            state,
            order,
            is_first_only,
        })
    }
}

type Loose = (Parts, Scope, Vec<Expr>, Vec<Expr>, State, Vec<Ordered>);

impl Planner<'_> {
    /// A SELECT whose conditions are not applied yet.
    fn loose(
        &mut self,
        query: &Query,
        select: &Select,
        refused: impl Fn(&str) -> Refusal,
    ) -> Result<Loose, Refusal> {
        let (parts, scope) = self.from(&select.from)?;
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
        let mut items = Vec::new();
        let mut select_items = translator.within(Clause::Select);
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                    let planned = select_items.expr(expr)?;
                    items.push(match planned.kind {
                        SqlType::Unknown => coerced(planned, SqlType::Text, expr.span())?,
                        _ => planned,
                    });
                }
                // EXISTS (SELECT * …) shows nothing of it.
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {
                    items.extend(
                        scope
                            .star()
                            .into_iter()
                            .map(|(_, column)| Expr::column(column.id, column.kind)),
                    );
                }
                SelectItem::ExprWithAliases { .. } => return Err(refused("such names")),
            }
        }
        let mut order = Vec::new();
        if let Some(by) = &query.order_by {
            let sqlparser::ast::OrderByKind::Expressions(written) = &by.kind else {
                return Err(refused("ORDER BY ALL"));
            };
            let mut ordering = translator.within(Clause::OrderBy);
            for item in written {
                order.push(ordering.ordered(item)?);
            }
        }
        Ok((parts, scope, conditions, items, state, order))
    }
}
