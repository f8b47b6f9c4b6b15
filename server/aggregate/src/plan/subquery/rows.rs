//! `(a, b) IN (SELECT x, y …)`.

use sqlparser::ast::{Expr as Ast, Query};
use sqlparser::tokenizer::Span;

use super::Dependent;
use crate::expression::{Comparison, Expr, Id, Node};
use crate::plan::expression::Translator;
use crate::refusal::{Refusal, Refused};
use crate::relation::{Join, JoinKind, Rel};
use crate::types::SqlType;

impl Translator<'_, '_> {
    /// Whether a row of values is among those of a subquery: NULL where it is not, but might be with
    /// other values in the places of NULLs.
    pub(super) fn rows_in_subquery(
        &mut self,
        values: &[Ast],
        query: &Query,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let mut row = Vec::with_capacity(values.len());
        for value in values {
            row.push(self.expr(value)?);
        }
        let source = self.source(query, "IN", span)?;
        if !source.state.aggregates.is_empty() || !source.given.is_empty() {
            return Err(Refusal::unsupported(
                "a row of several values is not looked for in such a subquery",
                "write EXISTS (SELECT … WHERE …) and compare each column",
                span,
            ));
        }
        if source.items.len() != row.len() {
            return Err(Refusal::new(
                Refused::Rule,
                format!(
                    "the row has {} values and the subquery {} columns",
                    row.len(),
                    source.items.len()
                ),
                span,
            ));
        }
        self.row_found(row, source, span)
    }

    fn row_found(
        &mut self,
        row: Vec<Expr>,
        source: Dependent,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let (mut values, mut candidates, mut items) = (Vec::new(), Vec::new(), Vec::new());
        for (value, item) in row.into_iter().zip(source.items) {
            let (_, both) = crate::plan::conversion::alike(vec![value, item], "IN", span)?;
            let [value, item] = <[Expr; 2]>::try_from(both).map_err(|_| self.broken(span))?;
            let id = self.planner.id(item.kind);
            values.push(value);
            candidates.push(id);
            items.push((id, item));
        }
        let rel = source.rel.computed(items).shared();
        // It reads the rows of the subquery beside those around it, so no columns may be on both sides yet.
        let open = self.attach_open(&values, &candidates, rel.clone(), &source.on, span)?;
        let flag = self.planner.id(SqlType::Boolean);
        let distinct = [source.keys.as_slice(), &candidates].concat();
        let matches = rel
            .distinct(distinct)
            .computed(vec![(flag, Expr::truth(true))]);
        let mut on = source.on.clone();
        on.extend(values.iter().cloned().zip(candidates.iter().copied()));
        self.attach_given(matches, on, false, Vec::new(), span)?;
        let [flag, open] = [flag, open].map(|id| self.planner.column(id).is_null().not());
        Ok(Expr::new(
            SqlType::Boolean,
            Node::Case {
                branches: vec![
                    (flag, Expr::truth(true)),
                    (open, Expr::null(SqlType::Boolean)),
                ],
                otherwise: Box::new(Expr::truth(false)),
            },
        ))
    }

    /// A column that is there for rows which a NULL on either side may make equal.
    ///
    /// They are found in two parts, so that neither compares all with all: the values with a NULL among
    /// them, and the rows of the subquery with one.
    fn attach_open(
        &mut self,
        values: &[Expr],
        candidates: &[Id],
        rel: Rel,
        on: &[(Expr, Id)],
        span: Span,
    ) -> Result<Id, Refusal> {
        let mut given: Vec<(Expr, Id)> = Vec::with_capacity(on.len() + values.len());
        for expr in on.iter().map(|(expr, _)| expr).chain(values) {
            given.push((expr.clone(), self.planner.id(expr.kind)));
        }
        let copies: Vec<Id> = given.iter().map(|(_, copy)| *copy).collect();
        let (key_copies, value_copies) = copies.split_at(on.len());
        let pairs: Vec<(Id, Id)> = key_copies
            .iter()
            .copied()
            .zip(on.iter().map(|(_, key)| *key))
            .collect();
        let any = |parts: Vec<Expr>| Expr::new(SqlType::Boolean, Node::Or(parts));
        let is_absent = |planner: &crate::plan::Planner<'_>, ids: &[Id]| {
            any(ids.iter().map(|id| planner.column(*id).is_null()).collect())
        };
        let mut conditions = Vec::with_capacity(values.len());
        for (copy, candidate) in value_copies.iter().zip(candidates) {
            let (one, other) = (self.planner.column(*copy), self.planner.column(*candidate));
            let equal = self.comparison(Comparison::Equal, one.clone(), other.clone(), span)?;
            conditions.push(any(vec![one.is_null(), other.is_null(), equal]));
        }
        let half = |left: Rel, right: Rel| {
            let join = Rel::Join(Box::new(Join {
                kind: JoinKind::Inner,
                left,
                right,
                on: pairs.clone(),
                condition: Some(Expr::all(conditions.clone())),
                is_null_equal: false,
            }));
            (join.distinct(copies.clone()), copies.clone())
        };
        let all = Rel::Given {
            copies: copies.clone(),
        };
        let absent_values = is_absent(self.planner, value_copies);
        let absent_candidates = is_absent(self.planner, candidates);
        let inputs = vec![
            half(all.clone().filtered(absent_values), rel.clone()),
            half(all, rel.filtered(absent_candidates)),
        ];
        let ids: Vec<Id> = given
            .iter()
            .map(|(expr, _)| self.planner.id(expr.kind))
            .collect();
        let open = self.planner.id(SqlType::Boolean);
        let right = Rel::Append {
            inputs,
            ids: ids.clone(),
        }
        .distinct(ids.clone())
        .computed(vec![(open, Expr::truth(true))]);
        let on = given
            .iter()
            .map(|(expr, _)| expr.clone())
            .zip(ids)
            .collect();
        self.attach_given(right, on, true, given, span)?;
        Ok(open)
    }
}
