//! `x IN (SELECT …)`.

use sqlparser::ast::{Expr as Ast, Query};
use sqlparser::tokenizer::Span;

use super::{Dependent, counted, known, of, one_column};
use crate::expression::{Comparison, Expr, Id, Node};
use crate::plan::expression::Translator;
use crate::plan::state::State;
use crate::refusal::Refusal;
use crate::relation::{By, JoinKind};
use crate::types::SqlType;

impl Translator<'_, '_> {
    /// `x IN (SELECT …)`.
    pub(in crate::plan) fn in_subquery(
        &mut self,
        left: &Ast,
        query: &Query,
        span: Span,
    ) -> Result<Expr, Refusal> {
        if let Some(values) = crate::plan::condition::row(left) {
            return self.rows_in_subquery(values, query, span);
        }
        let value = self.expr(left)?;
        let source = self.source(query, "IN", span)?;
        if !source.state.aggregates.is_empty() {
            let other = self.dependent_aggregate(source, span)?;
            return self.comparison(Comparison::Equal, value, other, span);
        }
        let [item] = source.items.as_slice() else {
            return Err(one_column(span));
        };
        let item = item.clone();
        self.found(value, &item, source, span)
    }

    /// The rows of a subquery a value is compared with, whether it reads the query around it or not.
    pub(super) fn source(
        &mut self,
        query: &Query,
        what: &str,
        span: Span,
    ) -> Result<Dependent, Refusal> {
        if let Some(planned) = self.alone(query, span)? {
            return Ok(Dependent {
                rel: planned.rel,
                keys: Vec::new(),
                on: Vec::new(),
                is_null_equal: false,
                given: Vec::new(),
                items: planned
                    .columns
                    .iter()
                    .map(|column| Expr::column(column.id, known(column.kind)))
                    .collect(),
                state: State::default(),
                order: Vec::new(),
                is_first_only: false,
            });
        }
        let dependent = self.dependent(query, span)?;
        if dependent.is_first_only {
            return Err(Refusal::unsupported(
                format!("{what} with LIMIT depends on the row around it"),
                "compare with (SELECT … LIMIT 1) by =",
                span,
            ));
        }
        Ok(dependent)
    }

    /// Whether a value is among those of a subquery: true, false, or NULL where a NULL might be it.
    fn found(
        &mut self,
        value: Expr,
        item: &Expr,
        source: Dependent,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let Dependent {
            rel,
            keys,
            on,
            is_null_equal,
            given,
            ..
        } = source;
        let (_, both) = crate::plan::conversion::alike(vec![value, item.clone()], "IN", span)?;
        let [value, item] = <[Expr; 2]>::try_from(both).map_err(|_| self.broken(span))?;
        let kind = item.kind;
        let candidate = self.planner.id(kind);
        let rel = rel.computed(vec![(candidate, item)]).shared();
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
        let (no_rows, is_open) = super::undecided(value, rows, known);
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
}
