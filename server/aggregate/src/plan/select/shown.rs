//! The columns of the answer, without what stands twice, in order.

use sqlparser::ast::{Distinct, Select};
use sqlparser::tokenizer::Span;

use super::Item;
use crate::expression::{Expr, Id};
use crate::plan::planner::{Output, Planned, Planner};
use crate::plan::state::Ordered;
use crate::refusal::{Refusal, Refused};
use crate::relation::Rel;
use crate::types::SqlType;

impl Planner<'_> {
    /// The answer's columns, without what stands twice, in order.
    #[expect(clippy::too_many_arguments, reason = "the clauses of a SELECT")]
    pub(super) fn shown(
        &mut self,
        rel: Rel,
        items: Vec<Item>,
        is_complete: bool,
        order: Vec<Ordered>,
        distinct_on: Option<Vec<Expr>>,
        select: &Select,
        read: &dyn Fn(Expr, Span) -> Result<Expr, Refusal>,
    ) -> Result<Planned, Refusal> {
        let mut computed = Vec::new();
        let mut columns = Vec::with_capacity(items.len());
        for item in items {
            let expr = read(item.expr, item.span)?;
            if expr.kind == SqlType::Interval {
                return Err(Refusal::unsupported(
                    format!("`{}` is an interval, which no column holds", item.name),
                    "write EXTRACT(EPOCH FROM …), or subtract dates to get days",
                    item.span,
                ));
            }
            let id = self.id_of(&expr, &mut computed);
            columns.push(Output {
                name: item.name,
                id,
                kind: expr.kind,
                relation: item.relation,
            });
        }
        let mut by = Vec::with_capacity(order.len());
        for one in order {
            let expr = read(one.expr.clone(), Span::empty())?;
            by.push(one.by(self.id_of(&expr, &mut computed)));
        }
        let shown: Vec<Id> = columns.iter().map(|column| column.id).collect();
        let on = match distinct_on {
            Some(exprs) => {
                let mut ids = Vec::with_capacity(exprs.len());
                for expr in exprs {
                    let expr = read(expr, Span::empty())?;
                    ids.push(self.id_of(&expr, &mut computed));
                }
                if by.iter().take(ids.len()).any(|key| !ids.contains(&key.id)) {
                    return Err(Refusal::new(
                        Refused::Rule,
                        "ORDER BY must begin with what stands in DISTINCT ON",
                        select.select_token.0.span,
                    ));
                }
                Some(ids)
            }
            None => None,
        };
        let mut rel = rel.computed(computed);
        let is_distinct = matches!(select.distinct, Some(Distinct::Distinct));
        if is_distinct {
            if by.iter().any(|key| !shown.contains(&key.id)) {
                return Err(Refusal::new(
                    Refused::Rule,
                    "with DISTINCT, rows are sorted by what is shown",
                    select.select_token.0.span,
                ));
            }
            rel = rel.distinct(shown);
        }
        if !by.is_empty() {
            rel = Rel::Sort {
                input: Box::new(rel),
                by,
            };
        }
        if let Some(on) = on {
            rel = rel.distinct(on);
        }
        Ok(Planned {
            rel,
            columns,
            is_complete,
        })
    }
}
