//! CASE, AND, OR and COALESCE: what decides whether another part is computed at all.

use polars::prelude::{Expr as PolarsExpr, *};

use crate::expression::Expr;
use crate::run::Runner;

impl Runner<'_> {
    pub(super) fn case(
        &self,
        branches: &[(Expr, Expr)],
        otherwise: &Expr,
        guard: Option<&PolarsExpr>,
        witness: &PolarsExpr,
    ) -> PolarsExpr {
        let can_fail = otherwise.can_fail()
            || branches
                .iter()
                .any(|(condition, value)| condition.can_fail() || value.can_fail());
        // Which rows are still without an answer.
        let mut open: Option<PolarsExpr> = guard.cloned();
        let mut tests = Vec::with_capacity(branches.len());
        for (condition, value) in branches {
            let test = self
                .lowered(condition, open.as_ref(), witness)
                .fill_null(lit(false));
            let value = if can_fail {
                let chosen = both(open.as_ref(), test.clone());
                self.lowered(value, Some(&chosen), witness)
            } else {
                self.lowered(value, guard, witness)
            };
            if can_fail {
                open = Some(both(open.as_ref(), test.clone().not()));
            }
            tests.push((test, value));
        }
        let last = self.lowered(
            otherwise,
            open.as_ref().filter(|_| can_fail).or(guard),
            witness,
        );
        tests.into_iter().rev().fold(last, |rest, (test, value)| {
            when(test).then(value).otherwise(rest)
        })
    }

    /// AND and OR stop where the answer is known.
    pub(super) fn logic(
        &self,
        parts: &[Expr],
        guard: Option<&PolarsExpr>,
        witness: &PolarsExpr,
        is_and: bool,
    ) -> PolarsExpr {
        let mut known: Option<PolarsExpr> = None;
        let mut open: Option<PolarsExpr> = guard.cloned();
        let mut rest_can_fail: Vec<bool> = parts.iter().map(Expr::can_fail).collect();
        for part in parts {
            let can_fail = rest_can_fail.remove(0);
            let value = self.lowered(part, if can_fail { open.as_ref() } else { guard }, witness);
            if rest_can_fail.contains(&true) {
                let goes_on = if is_and {
                    value.clone().fill_null(lit(true))
                } else {
                    value.clone().fill_null(lit(false)).not()
                };
                open = Some(both(open.as_ref(), goes_on));
            }
            known = Some(match known {
                None => value,
                Some(before) if is_and => before.and(value),
                Some(before) => before.or(value),
            });
        }
        known.unwrap_or_else(|| lit(is_and))
    }

    pub(super) fn coalesced(
        &self,
        parts: &[Expr],
        guard: Option<&PolarsExpr>,
        witness: &PolarsExpr,
    ) -> PolarsExpr {
        let mut open: Option<PolarsExpr> = guard.cloned();
        let mut values = Vec::with_capacity(parts.len());
        for (place, part) in parts.iter().enumerate() {
            let value = self.lowered(
                part,
                if part.can_fail() {
                    open.as_ref()
                } else {
                    guard
                },
                witness,
            );
            if parts[place + 1..].iter().any(Expr::can_fail) {
                open = Some(both(open.as_ref(), value.clone().is_null()));
            }
            values.push(value);
        }
        values
            .into_iter()
            .rev()
            .reduce(|rest, value| {
                when(value.clone().is_not_null())
                    .then(value)
                    .otherwise(rest)
            })
            .unwrap_or_else(|| lit(NULL))
    }
}

/// The value where the guard is true, else NULL, which no function stops at.
pub(super) fn guarded(value: PolarsExpr, guard: &PolarsExpr) -> PolarsExpr {
    when(guard.clone()).then(value).otherwise(lit(NULL))
}

pub(super) fn both(one: Option<&PolarsExpr>, other: PolarsExpr) -> PolarsExpr {
    match one {
        None => other,
        Some(one) => one.clone().and(other),
    }
}
