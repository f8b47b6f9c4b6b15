//! UNION, INTERSECT and EXCEPT.

use sqlparser::ast::SetOperator;
use sqlparser::tokenizer::Span;

use crate::expression::{Expr, Id};
use crate::plan::conversion::{cast_to, coerced, unified};
use crate::plan::planner::{Output, Planned, Planner};
use crate::refusal::{Refusal, Refused};
use crate::relation::{Join, JoinKind, Rel};
use crate::types::SqlType;

impl Planner<'_> {
    /// Both answers with columns of one type each.
    fn aligned(
        &mut self,
        left: Planned,
        right: Planned,
        span: Span,
    ) -> Result<(Planned, Planned), Refusal> {
        if !left.is_complete || !right.is_complete {
            return Err(Refusal::unsupported(
                "`*` hides columns that are not known",
                "name the columns",
                span,
            ));
        }
        if left.columns.len() != right.columns.len() {
            return Err(Refusal::new(
                Refused::Rule,
                format!(
                    "the queries of UNION, EXCEPT or INTERSECT have {} and {} columns",
                    left.columns.len(),
                    right.columns.len()
                ),
                span,
            ));
        }
        let mut kinds = Vec::with_capacity(left.columns.len());
        for (one, other) in left.columns.iter().zip(&right.columns) {
            kinds.push(unified([one.kind, other.kind]).ok_or_else(|| {
                Refusal::new(
                    Refused::Type,
                    format!(
                        "`{}` is {} in one query of UNION, EXCEPT or INTERSECT and {} in the other",
                        one.name, one.kind, other.kind
                    ),
                    span,
                )
                .help("bring them to one type with CAST")
            })?);
        }
        Ok((
            self.brought(left, &kinds, span)?,
            self.brought(right, &kinds, span)?,
        ))
    }

    fn brought(
        &mut self,
        planned: Planned,
        kinds: &[SqlType],
        span: Span,
    ) -> Result<Planned, Refusal> {
        let mut items = Vec::new();
        let mut columns = Vec::with_capacity(planned.columns.len());
        for (column, kind) in planned.columns.into_iter().zip(kinds) {
            let expr = Expr::column(column.id, column.kind);
            let expr = if column.kind == *kind {
                expr
            } else if column.kind == SqlType::Unknown {
                cast_to(
                    Expr::new(SqlType::Text, expr.node),
                    *kind,
                    Default::default(),
                    span,
                )
            } else {
                coerced(expr, *kind, span)?
            };
            // Every column gets a place of its own, also one that is shown twice.
            let id = self.id(*kind);
            items.push((id, expr));
            columns.push(Output {
                id,
                kind: *kind,
                ..column
            });
        }
        Ok(Planned {
            rel: planned.rel.computed(items),
            columns,
            is_complete: planned.is_complete,
        })
    }

    pub(super) fn combined(
        &mut self,
        left: Planned,
        right: Planned,
        op: SetOperator,
        is_all: bool,
        span: Span,
    ) -> Result<Planned, Refusal> {
        let (left, right) = self.aligned(left, right, span)?;
        let ids = |planned: &Planned| -> Vec<Id> {
            planned.columns.iter().map(|column| column.id).collect()
        };
        let (left_ids, right_ids) = (ids(&left), ids(&right));
        let (rel, result_ids) = match op {
            SetOperator::Union => {
                let out: Vec<Id> = left
                    .columns
                    .iter()
                    .map(|column| column.kind)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|kind| self.id(kind))
                    .collect();
                let rel = Rel::Append {
                    inputs: vec![(left.rel, left_ids), (right.rel, right_ids)],
                    ids: out.clone(),
                };
                let rel = if is_all {
                    rel
                } else {
                    rel.distinct(out.clone())
                };
                (rel, out)
            }
            SetOperator::Intersect | SetOperator::Except | SetOperator::Minus => {
                if op == SetOperator::Minus {
                    return Err(Refusal::unsupported(
                        "MINUS is not known here",
                        "write EXCEPT",
                        span,
                    ));
                }
                let kind = if op == SetOperator::Intersect {
                    JoinKind::Semi
                } else {
                    JoinKind::Anti
                };
                let mut on: Vec<(Id, Id)> = left_ids
                    .iter()
                    .copied()
                    .zip(right_ids.iter().copied())
                    .collect();
                let (mut left_rel, mut right_rel) = (left.rel, right.rel);
                if is_all {
                    let (one, other) = (self.id(SqlType::BigInt), self.id(SqlType::BigInt));
                    left_rel = Rel::Occurrence {
                        input: Box::new(left_rel),
                        keys: left_ids.clone(),
                        id: one,
                    };
                    right_rel = Rel::Occurrence {
                        input: Box::new(right_rel),
                        keys: right_ids,
                        id: other,
                    };
                    on.push((one, other));
                } else {
                    left_rel = left_rel.distinct(left_ids.clone());
                }
                let rel = Rel::Join(Box::new(Join {
                    kind,
                    left: left_rel,
                    right: right_rel,
                    on,
                    condition: None,
                    is_null_equal: true,
                }));
                (rel, left_ids)
            }
        };
        let columns = left
            .columns
            .into_iter()
            .zip(result_ids)
            .map(|(column, id)| Output {
                id,
                relation: None,
                ..column
            })
            .collect();
        Ok(Planned {
            rel,
            columns,
            is_complete: true,
        })
    }
}
