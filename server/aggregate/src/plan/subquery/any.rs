//! `x > ANY (SELECT …)`: what is true of some row, found by the least and the greatest value.

use sqlparser::ast::{Expr as Ast, Query};
use sqlparser::tokenizer::Span;

use super::{counted, of, one_column};
use crate::expression::{Comparison, Expr, Node};
use crate::plan::expression::Translator;
use crate::refusal::Refusal;
use crate::relation::{By, JoinKind};
use crate::types::SqlType;

impl Translator<'_, '_> {
    /// Whether a comparison is true for some row: false without rows, and NULL where it is true for none
    /// and NULL for some.
    pub(in crate::plan) fn any_of(
        &mut self,
        how: Comparison,
        left: &Ast,
        query: &Query,
        span: Span,
    ) -> Result<Expr, Refusal> {
        if how == Comparison::Equal {
            return self.in_subquery(left, query, span);
        }
        let value = self.expr(left)?;
        let source = self.source(query, "ANY or ALL", span)?;
        if !source.state.aggregates.is_empty() {
            let other = self.dependent_aggregate(source, span)?;
            return self.comparison(how, value, other, span);
        }
        let [item] = source.items.as_slice() else {
            return Err(one_column(span));
        };
        let both = vec![value, item.clone()];
        let (_, both) = crate::plan::conversion::alike(both, "ANY or ALL", span)?;
        let [value, item] = <[Expr; 2]>::try_from(both).map_err(|_| self.broken(span))?;
        let kind = item.kind;
        let candidate = self.planner.id(kind);
        let [rows, known] = [(); 2].map(|()| self.planner.id(SqlType::BigInt));
        let [least, greatest] = [(); 2].map(|()| self.planner.id(kind));
        let of_candidate = |by: By, result: SqlType| of(by, vec![(candidate, kind)], result);
        let calls = vec![
            (rows, of(By::Rows, Vec::new(), SqlType::BigInt)),
            (known, of_candidate(By::Count, SqlType::BigInt)),
            (least, of_candidate(By::Least, kind)),
            (greatest, of_candidate(By::Greatest, kind)),
        ];
        // Without keys there is always one row.
        let join = if source.keys.is_empty() {
            JoinKind::Inner
        } else {
            JoinKind::Left
        };
        let rel = source.rel.computed(vec![(candidate, item)]);
        let right = counted(rel, source.keys, calls);
        self.attach_as(
            join,
            right,
            source.on,
            source.is_null_equal,
            source.given,
            span,
        )?;
        let [rows, known, least, greatest] =
            [rows, known, least, greatest].map(|id| self.planner.column(id));
        let is_true = match how {
            Comparison::Less | Comparison::LessOrEqual => {
                self.comparison(how, value.clone(), greatest, span)?
            }
            Comparison::Greater | Comparison::GreaterOrEqual => {
                self.comparison(how, value.clone(), least, span)?
            }
            _ => {
                let one = self.comparison(how, value.clone(), least, span)?;
                let other = self.comparison(how, value.clone(), greatest, span)?;
                Expr::new(SqlType::Boolean, Node::Or(vec![one, other]))
            }
        };
        let (no_rows, is_open) = super::undecided(value, rows, known);
        Ok(Expr::new(
            SqlType::Boolean,
            Node::Case {
                branches: vec![
                    (no_rows, Expr::truth(false)),
                    (is_true, Expr::truth(true)),
                    (is_open, Expr::null(SqlType::Boolean)),
                ],
                otherwise: Box::new(Expr::truth(false)),
            },
        ))
    }
}
