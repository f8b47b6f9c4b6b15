//! The columns of window functions.

use sqlparser::tokenizer::Span;

use crate::expression::Expr;
use crate::plan::planner::Planner;
use crate::plan::state::PendingWindow;
use crate::refusal::Refusal;
use crate::relation::{Rel, Window};

impl Planner<'_> {
    pub(super) fn windowed(
        &mut self,
        rel: Rel,
        windows: Vec<PendingWindow>,
        read: &dyn Fn(Expr, Span) -> Result<Expr, Refusal>,
    ) -> Result<Rel, Refusal> {
        if windows.is_empty() {
            return Ok(rel);
        }
        let mut items = Vec::new();
        let mut calls = Vec::with_capacity(windows.len());
        for one in windows {
            let mut id_of = |planner: &mut Self, expr: Expr| {
                let expr = read(expr, Span::empty())?;
                Ok::<_, Refusal>((planner.id_of(&expr, &mut items), expr.kind))
            };
            let mut arguments = Vec::new();
            let mut kinds = Vec::new();
            for argument in one.arguments {
                let (id, kind) = id_of(self, argument)?;
                arguments.push(id);
                kinds.push(kind);
            }
            let mut partition = Vec::new();
            for expr in one.partition {
                partition.push(id_of(self, expr)?.0);
            }
            let mut order = Vec::new();
            let mut order_kinds = Vec::new();
            for item in one.order {
                let (id, kind) = id_of(self, item.expr.clone())?;
                order.push(item.by(id));
                order_kinds.push(kind);
            }
            calls.push((
                one.id,
                Window {
                    by: one.by,
                    arguments,
                    kinds,
                    result: one.result,
                    partition,
                    order,
                    order_kinds,
                    frame: one.frame,
                    place: one.place,
                },
            ));
        }
        Ok(Rel::Window {
            input: Box::new(rel.computed(items)),
            calls,
        })
    }
}
