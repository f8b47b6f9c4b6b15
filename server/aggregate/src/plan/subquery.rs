//! Subqueries in expressions, as joins.
//!
//! A subquery that reads no column of the query around it is joined as it is. One that does
//! (a correlated one) is computed once for each combination of those columns and joined by them.

mod among;
mod any;
mod attached;
mod dependent;
mod rows;

pub(super) use attached::joined;

use std::collections::BTreeSet;

use sqlparser::ast::Query;
use sqlparser::tokenizer::Span;

use super::expression::{Clause, Translator};
use super::planner::Planned;
use super::state::{Ordered, State};
use crate::expression::{Comparison, Expr, Id, Node};
use crate::refusal::{Location, Refusal, Refused};
use crate::relation::{Aggregate, By, JoinKind, Regression, Rel};
use crate::types::SqlType;

/// A correlated subquery: its rows, by the columns it depends on.
struct Dependent {
    rel: Rel,
    /// Columns of the rows that name a combination.
    keys: Vec<Id>,
    /// What of the query around they must equal.
    on: Vec<(Expr, Id)>,
    is_null_equal: bool,
    given: Vec<(Expr, Id)>,
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
                place: Location::of(span),
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
            place: Location::of(span),
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
            let is_count = matches!(
                one.by,
                By::Rows | By::Count | By::Regression(Regression::Count)
            );
            if is_count {
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

    /// The subquery, when it reads nothing of the query around it.
    fn alone(&mut self, query: &Query, span: Span) -> Result<Option<Planned>, Refusal> {
        if self.clause == Clause::OuterOn {
            return Err(Refusal::unsupported(
                "a subquery in the ON of an outer join is not known here",
                "write it in WHERE, or join its rows",
                span,
            ));
        }
        self.planner.outer.push(self.scope.clone());
        let planned = self.planner.query(query);
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

/// Whether a subquery had no rows, and whether a NULL, here or among its rows, leaves the answer open.
fn undecided(value: Expr, rows: Expr, known: Expr) -> (Expr, Expr) {
    let either = |one, other| Expr::new(SqlType::Boolean, Node::Or(vec![one, other]));
    let no_rows = either(
        rows.clone().is_null(),
        Expr::compare(Comparison::Equal, rows.clone(), Expr::whole(0)),
    );
    let is_open = either(
        value.is_null(),
        Expr::compare(Comparison::Greater, rows, known),
    );
    (no_rows, is_open)
}
