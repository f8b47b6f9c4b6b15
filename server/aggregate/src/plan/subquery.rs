//! Subqueries in expressions, as joins.
//!
//! A subquery that reads no column of the query around it is joined as it is. One that does
//! (a correlated one) is computed once for each combination of those columns and joined by them.

use std::collections::BTreeSet;

use sqlparser::ast::{
    Expr as Ast, LimitClause, Query, Select, SelectItem, SetExpr, Spanned, Value as Literal,
};
use sqlparser::tokenizer::Span;

use super::conversion::coerced;
use super::expression::{Clause, Translator};
use super::from::{Parts, sides};
use super::planner::{Planned, Planner};
use super::scope::Scope;
use super::state::{Attached, Ordered, State};
use crate::expression::{Comparison, Expr, Id, Node};
use crate::refusal::{Place, Refusal, Refused};
use crate::relation::{Aggregate, By, Join, JoinKind, Rel};
use crate::types::SqlType;

/// A correlated subquery: its rows, by the columns it depends on.
struct Dependent {
    rel: Rel,
    /// Columns of the rows that name a combination.
    keys: Vec<Id>,
    /// What of the query around they must equal.
    on: Vec<(Expr, Id)>,
    is_null_equal: bool,
    given: Vec<(Id, Id)>,
    /// The items of its SELECT.
    items: Vec<Expr>,
    state: State,
    order: Vec<Ordered>,
    is_first_only: bool,
}

impl Translator<'_, '_> {
    /// `EXISTS (…)`.
    pub(super) fn exists(&mut self, query: &Query, span: Span) -> Result<Expr, Refusal> {
        if let Some(planned) = self.alone(query, span)? {
            let rows = self.planner.id(SqlType::BigInt);
            let one = Rel::Limit {
                input: Box::new(planned.rel),
                offset: 0,
                most: Some(1),
            };
            let right = counted(
                one,
                Vec::new(),
                vec![(rows, of(By::Rows, Vec::new(), SqlType::BigInt))],
            );
            self.attach(JoinKind::Inner, right, Vec::new(), span)?;
            let rows = self.planner.column(rows);
            return Ok(Expr::compare(Comparison::Greater, rows, Expr::whole(0)));
        }
        let dependent = self.dependent(query, span)?;
        if !dependent.state.aggregates.is_empty() {
            // An aggregate without GROUP BY always has its one row.
            return Ok(Expr::truth(true));
        }
        let flag = self.planner.id(SqlType::Boolean);
        let right = dependent
            .rel
            .distinct(dependent.keys)
            .computed(vec![(flag, Expr::truth(true))]);
        self.attach_given(
            right,
            dependent.on,
            dependent.is_null_equal,
            dependent.given,
            span,
        )?;
        Ok(self.planner.column(flag).is_null().not())
    }

    /// A subquery that stands for one value.
    pub(super) fn scalar(&mut self, query: &Query, span: Span) -> Result<Expr, Refusal> {
        if let Some(planned) = self.alone(query, span)? {
            let [column] = planned.columns.as_slice() else {
                return Err(one_column(span));
            };
            let (id, kind) = (column.id, known(column.kind));
            // A copy, because the query may stand beside itself.
            let copy = self.planner.id(kind);
            let right = Rel::Single {
                input: Box::new(planned.rel.computed(vec![(copy, Expr::column(id, kind))])),
                place: Place::of(span),
            };
            self.attach(JoinKind::Inner, right, Vec::new(), span)?;
            return Ok(self.planner.column(copy));
        }
        let dependent = self.dependent(query, span)?;
        if !dependent.state.aggregates.is_empty() {
            return self.dependent_aggregate(dependent, span);
        }
        let [item] = dependent.items.as_slice() else {
            return Err(one_column(span));
        };
        let mut items = Vec::new();
        let value = self.planner.id_of(item, &mut items);
        let kind = item.kind;
        let mut order = Vec::new();
        for one in &dependent.order {
            order.push(one.by(self.planner.id_of(&one.expr, &mut items)));
        }
        let mut rel = dependent.rel.computed(items);
        let (rows, first) = (self.planner.id(SqlType::BigInt), self.planner.id(kind));
        if dependent.is_first_only {
            if !order.is_empty() {
                rel = Rel::Sort {
                    input: Box::new(rel),
                    by: order,
                };
            }
            rel = rel.distinct(dependent.keys.clone());
        }
        let calls = vec![
            (rows, of(By::Rows, Vec::new(), SqlType::BigInt)),
            (first, of(By::First, vec![(value, kind)], kind)),
        ];
        let right = counted(rel, dependent.keys, calls);
        self.attach_given(
            right,
            dependent.on,
            dependent.is_null_equal,
            dependent.given,
            span,
        )?;
        let node = Node::Single {
            count: Box::new(self.planner.column(rows)),
            value: Box::new(self.planner.column(first)),
            place: Place::of(span),
        };
        Ok(Expr::new(kind, node))
    }

    fn dependent_aggregate(&mut self, dependent: Dependent, span: Span) -> Result<Expr, Refusal> {
        let [item] = dependent.items.as_slice() else {
            return Err(one_column(span));
        };
        let inner = dependent.rel.produced();
        let (pending, mut items) = (dependent.state.aggregates, Vec::new());
        let mut calls = Vec::with_capacity(pending.len());
        let mut counts = Vec::new();
        for one in pending {
            if matches!(one.by, By::Rows | By::Count) {
                counts.push(one.id);
            }
            calls.push(super::select::call_of(self.planner, one, &mut items));
        }
        let results: BTreeSet<Id> = calls.iter().map(|(id, _)| *id).collect();
        if item
            .columns()
            .iter()
            .any(|id| inner.contains(id) && !results.contains(id))
        {
            return Err(Refusal::new(
                Refused::Rule,
                "a column beside an aggregate must be grouped by",
                span,
            ));
        }
        let right = counted(dependent.rel.computed(items), dependent.keys, calls);
        self.attach_given(
            right,
            dependent.on,
            dependent.is_null_equal,
            dependent.given,
            span,
        )?;
        // Where there are no rows there is nothing to count, and that is 0.
        Ok(super::select::replaced(item, &mut |expr| match expr.node {
            Node::Column(id) if counts.contains(&id) => Some(Expr::new(
                expr.kind,
                Node::Coalesce(vec![expr.clone(), Expr::whole(0)]),
            )),
            _ => None,
        }))
    }

    /// `x IN (SELECT …)`.
    pub(super) fn in_subquery(
        &mut self,
        left: &Ast,
        query: &Query,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let value = self.expr(left)?;
        if let Some(planned) = self.alone(query, span)? {
            let [column] = planned.columns.as_slice() else {
                return Err(one_column(span));
            };
            let item = Expr::column(column.id, known(column.kind));
            return self.found(
                value,
                planned.rel,
                Vec::new(),
                &item,
                Vec::new(),
                false,
                Vec::new(),
                span,
            );
        }
        let dependent = self.dependent(query, span)?;
        if !dependent.state.aggregates.is_empty() {
            let other = self.dependent_aggregate(dependent, span)?;
            return self.comparison(Comparison::Equal, value, other, span);
        }
        if dependent.is_first_only {
            return Err(Refusal::unsupported(
                "IN with LIMIT depends on the row around it",
                "compare with (SELECT … LIMIT 1) by =",
                span,
            ));
        }
        let [item] = dependent.items.as_slice() else {
            return Err(one_column(span));
        };
        let item = item.clone();
        self.found(
            value,
            dependent.rel,
            dependent.keys,
            &item,
            dependent.on,
            dependent.is_null_equal,
            dependent.given,
            span,
        )
    }

    /// Whether a value is among those of a subquery: true, false, or NULL where a NULL might be it.
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a dependent subquery"
    )]
    fn found(
        &mut self,
        value: Expr,
        rel: Rel,
        keys: Vec<Id>,
        item: &Expr,
        on: Vec<(Expr, Id)>,
        is_null_equal: bool,
        given: Vec<(Id, Id)>,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let (_, both) = super::conversion::alike(vec![value, item.clone()], "IN", span)?;
        let [value, item] = <[Expr; 2]>::try_from(both).map_err(|_| self.broken(span))?;
        let kind = item.kind;
        let candidate = self.planner.id(kind);
        let rel = rel.computed(vec![(candidate, item)]);
        let (flag, rows, known) = (
            self.planner.id(SqlType::Boolean),
            self.planner.id(SqlType::BigInt),
            self.planner.id(SqlType::BigInt),
        );
        let calls = vec![
            (rows, of(By::Rows, Vec::new(), SqlType::BigInt)),
            (
                known,
                of(By::Count, vec![(candidate, kind)], SqlType::BigInt),
            ),
        ];
        let counts = counted(rel.clone(), keys.clone(), calls);
        let kind_of_join = if keys.is_empty() {
            JoinKind::Inner
        } else {
            JoinKind::Left
        };
        // The same rows are read twice: once for what they hold, once for whether they hold NULL.
        let copies: Vec<(Id, Id)> = keys
            .iter()
            .map(|key| (*key, self.planner.id(self.planner.column(*key).kind)))
            .collect();
        let copy_of = |id: Id| {
            copies
                .iter()
                .find(|(key, _)| *key == id)
                .map_or(id, |(_, copy)| *copy)
        };
        let copy_items = copies
            .iter()
            .map(|(key, copy)| (*copy, self.planner.column(*key)))
            .collect();
        let counts = counts.computed(copy_items);
        let counts_on = on
            .iter()
            .map(|(expr, id)| (expr.clone(), copy_of(*id)))
            .collect();
        let mut distinct = keys;
        distinct.push(candidate);
        let matches = rel
            .distinct(distinct)
            .computed(vec![(flag, Expr::truth(true))]);
        let mut matches_on = on;
        // A key that may be NULL equals NULL; the value never does: absent values have no partner.
        let present = if is_null_equal {
            matches.filtered(Expr::column(candidate, kind).is_null().not())
        } else {
            matches
        };
        matches_on.push((value.clone(), candidate));
        self.attach_given(present, matches_on, is_null_equal, given.clone(), span)?;
        self.attach_as(kind_of_join, counts, counts_on, is_null_equal, given, span)?;
        let flag = self.planner.column(flag);
        let rows = self.planner.column(rows);
        let known = self.planner.column(known);
        let no_rows = Expr::new(
            SqlType::Boolean,
            Node::Or(vec![
                rows.clone().is_null(),
                Expr::compare(Comparison::Equal, rows.clone(), Expr::whole(0)),
            ]),
        );
        let is_open = Expr::new(
            SqlType::Boolean,
            Node::Or(vec![
                value.is_null(),
                Expr::compare(Comparison::Greater, rows, known),
            ]),
        );
        Ok(Expr::new(
            SqlType::Boolean,
            Node::Case {
                branches: vec![
                    (flag.is_null().not(), Expr::truth(true)),
                    (no_rows, Expr::truth(false)),
                    (is_open, Expr::null(SqlType::Boolean)),
                ],
                otherwise: Box::new(Expr::truth(false)),
            },
        ))
    }

    /// The subquery, when it reads nothing of the query around it.
    fn alone(&mut self, query: &Query, span: Span) -> Result<Option<Planned>, Refusal> {
        if self.clause == Clause::On {
            return Err(Refusal::unsupported(
                "a subquery in ON is not known here",
                "write it in WHERE, or join its rows",
                span,
            ));
        }
        self.planner.outer.push(self.scope.clone());
        let planned = self.planner.subquery(query);
        self.planner.outer.pop();
        // What cannot be planned on its own says why; a correlated one is planned in another way.
        let planned = planned?;
        let produced = planned.rel.produced();
        let shows_own = planned
            .columns
            .iter()
            .all(|column| produced.contains(&column.id));
        Ok((planned.rel.free().is_empty() && shows_own).then_some(planned))
    }

    fn attach(
        &mut self,
        kind: JoinKind,
        right: Rel,
        on: Vec<(Expr, Id)>,
        span: Span,
    ) -> Result<(), Refusal> {
        self.attach_as(kind, right, on, false, Vec::new(), span)
    }

    fn attach_given(
        &mut self,
        right: Rel,
        on: Vec<(Expr, Id)>,
        is_null_equal: bool,
        given: Vec<(Id, Id)>,
        span: Span,
    ) -> Result<(), Refusal> {
        self.attach_as(JoinKind::Left, right, on, is_null_equal, given, span)
    }

    fn attach_as(
        &mut self,
        kind: JoinKind,
        right: Rel,
        on: Vec<(Expr, Id)>,
        is_null_equal: bool,
        given: Vec<(Id, Id)>,
        span: Span,
    ) -> Result<(), Refusal> {
        let windows: Vec<Id> = self.state.windows.iter().map(|one| one.id).collect();
        if on
            .iter()
            .any(|(expr, _)| expr.columns().iter().any(|id| windows.contains(id)))
        {
            return Err(Refusal::unsupported(
                "a subquery cannot be compared with a window function",
                "compute the window function in a query of its own first",
                span,
            ));
        }
        let attached = Attached {
            kind,
            right,
            on,
            is_null_equal,
            given,
        };
        match self.clause {
            Clause::Select | Clause::Having | Clause::OrderBy | Clause::Qualify => {
                self.state.late.push(attached);
            }
            Clause::Window => self.state.late.push(attached),
            _ => self.state.rows.push(attached),
        }
        Ok(())
    }

    /// A correlated subquery: its conditions that read the query around it become the join.
    fn dependent(&mut self, query: &Query, span: Span) -> Result<Dependent, Refusal> {
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
        if !state.rows.is_empty() || !state.late.is_empty() || !state.windows.is_empty() {
            return Err(refused("subqueries or window functions of its own"));
        }
        let mut inner = BTreeSet::new();
        parts
            .rels
            .iter()
            .for_each(|rel| inner.extend(rel.produced()));
        let mut parts = parts;
        let mut all = std::mem::take(&mut parts.conditions);
        all.extend(conditions);
        let (local, linked): (Vec<Expr>, Vec<Expr>) = all
            .into_iter()
            .partition(|condition| condition.columns().is_subset(&inner));
        parts.conditions = local;
        let rel = self.planner.tree(parts);
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
            super::select::replaced(expr, &mut |expr| match expr.node {
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
        };
        let rel = self.planner.tree(parts);
        let items = items.iter().map(&moved).collect();
        let mut state = state;
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
            given,
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

/// A column whose type nothing decided holds texts.
fn known(kind: SqlType) -> SqlType {
    match kind {
        SqlType::Unknown => SqlType::Text,
        kind => kind,
    }
}

fn one_column(span: Span) -> Refusal {
    Refusal::new(
        Refused::Rule,
        "a subquery that stands for one value must return one column",
        span,
    )
}

fn of(by: By, arguments: Vec<(Id, SqlType)>, result: SqlType) -> Aggregate {
    Aggregate {
        by,
        kinds: arguments.iter().map(|(_, kind)| *kind).collect(),
        arguments: arguments.into_iter().map(|(id, _)| id).collect(),
        result,
        is_distinct: false,
        order: Vec::new(),
        place: None,
    }
}

fn counted(rel: Rel, keys: Vec<Id>, calls: Vec<(Id, Aggregate)>) -> Rel {
    Rel::Aggregate {
        input: Box::new(rel),
        keys,
        calls,
    }
}

/// Joins the rows of subqueries, in the order they were met.
pub(super) fn joined(planner: &mut Planner<'_>, rel: Rel, attached: Vec<Attached>) -> Rel {
    attached.into_iter().fold(rel, |left, one| {
        let mut items = Vec::new();
        let mut on = Vec::with_capacity(one.on.len());
        for (expr, id) in &one.on {
            on.push((planner.id_of(expr, &mut items), *id));
        }
        let left = left.computed(items);
        let right = if one.given.is_empty() {
            one.right
        } else {
            let copies = one
                .given
                .iter()
                .map(|(outer, copy)| (*copy, planner.column(*outer)))
                .collect();
            let keys = one.given.iter().map(|(_, copy)| *copy).collect();
            let given = left.clone().computed(copies).distinct(keys);
            one.right.with_given(&given)
        };
        Rel::Join(Box::new(Join {
            kind: one.kind,
            left,
            right,
            on,
            condition: None,
            is_null_equal: one.is_null_equal,
        }))
    })
}
