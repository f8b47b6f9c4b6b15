//! Rows of subqueries, joined to those of the query around them.

use sqlparser::tokenizer::Span;

use crate::expression::{Expr, Id};
use crate::plan::expression::{Clause, Translator};
use crate::plan::planner::Planner;
use crate::plan::state::Attached;
use crate::refusal::Refusal;
use crate::relation::{Join, JoinKind, Rel};

impl Translator<'_, '_> {
    pub(super) fn attach(
        &mut self,
        kind: JoinKind,
        right: Rel,
        on: Vec<(Expr, Id)>,
        span: Span,
    ) -> Result<(), Refusal> {
        self.attach_as(kind, right, on, false, Vec::new(), span)
    }

    pub(super) fn attach_given(
        &mut self,
        right: Rel,
        on: Vec<(Expr, Id)>,
        is_null_equal: bool,
        given: Vec<(Expr, Id)>,
        span: Span,
    ) -> Result<(), Refusal> {
        self.attach_as(JoinKind::Left, right, on, is_null_equal, given, span)
    }

    pub(super) fn attach_as(
        &mut self,
        kind: JoinKind,
        right: Rel,
        on: Vec<(Expr, Id)>,
        is_null_equal: bool,
        given: Vec<(Expr, Id)>,
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
}

/// Joins the rows of subqueries, in the order they were met.
pub(in crate::plan) fn joined(planner: &mut Planner<'_>, rel: Rel, attached: Vec<Attached>) -> Rel {
    attached.into_iter().fold(rel, |left, one| {
        let mut items = Vec::new();
        let mut on = Vec::with_capacity(one.on.len());
        for (expr, id) in &one.on {
            on.push((planner.id_of(expr, &mut items), *id));
        }
        let mut left = left.computed(items);
        let right = if one.given.is_empty() {
            one.right
        } else {
            left = left.shared();
            let copies = one
                .given
                .iter()
                .map(|(outer, copy)| (*copy, outer.clone()))
                .collect();
            let keys: Vec<Id> = one.given.iter().map(|(_, copy)| *copy).collect();
            // Nothing but the combinations: the rows around have columns of earlier subqueries, which
            // may be those of this one, too.
            let given = Rel::Append {
                inputs: vec![(
                    left.clone().computed(copies).distinct(keys.clone()),
                    keys.clone(),
                )],
                ids: keys,
            };
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
