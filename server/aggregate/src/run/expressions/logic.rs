//! CASE, AND, OR and COALESCE: what decides whether another part is computed at all.

use polars::prelude::*;

use super::step::{Step, Steps};
use crate::expression::Expr;

/// A part and whether its values may stop the block.
struct Part {
    step: Step,
    can_fail: bool,
    /// Whether a part behind it may.
    rest_can_fail: bool,
}

impl Steps<'_> {
    fn parts(&self, parts: &[Expr]) -> Vec<Part> {
        let part = |(place, part): (usize, &Expr)| Part {
            step: self.of(part),
            can_fail: part.can_fail(),
            rest_can_fail: parts[place + 1..].iter().any(Expr::can_fail),
        };
        parts.iter().enumerate().map(part).collect()
    }

    pub(super) fn case(&self, branches: &[(Expr, Expr)], otherwise: &Expr) -> Step {
        let can_fail = otherwise.can_fail()
            || branches
                .iter()
                .any(|(condition, value)| condition.can_fail() || value.can_fail());
        let branches: Vec<(Step, Step)> = branches
            .iter()
            .map(|(condition, value)| (self.of(condition), self.of(value)))
            .collect();
        let otherwise = self.of(otherwise);
        Box::new(move |columns, mask| {
            // Which rows are still without an answer.
            let mut open = mask.cloned();
            let mut chosen = Vec::with_capacity(branches.len());
            for (condition, value) in &branches {
                let test = condition(columns, open.as_ref())?;
                let test = test.bool()?.fill_null_with_values(false)?;
                let value = if can_fail {
                    let own = both(open.as_ref(), &test);
                    open = Some(both(open.as_ref(), &!&test));
                    value(columns, Some(&own))?
                } else {
                    value(columns, mask)?
                };
                chosen.push((test, value));
            }
            let last = otherwise(columns, open.as_ref())?;
            chosen
                .into_iter()
                .rev()
                .try_fold(last, |rest, (test, value)| value.zip_with(&test, &rest))
        })
    }

    /// AND and OR stop where the answer is known.
    pub(super) fn logic(&self, parts: &[Expr], is_and: bool) -> Step {
        let parts = self.parts(parts);
        Box::new(move |columns, mask| {
            let mut open = mask.cloned();
            let mut known = BooleanChunked::full(PlSmallStr::EMPTY, is_and, 1);
            for part in &parts {
                let own = if part.can_fail { open.as_ref() } else { mask };
                let value = (part.step)(columns, own)?;
                let value = value.bool()?;
                if part.rest_can_fail {
                    let decided = value.fill_null_with_values(is_and)?;
                    let goes_on = if is_and { decided } else { !decided };
                    open = Some(both(open.as_ref(), &goes_on));
                }
                known = if is_and {
                    &known & value
                } else {
                    &known | value
                };
            }
            Ok(known.into_series())
        })
    }

    pub(super) fn coalesced(&self, parts: &[Expr]) -> Step {
        let parts = self.parts(parts);
        Box::new(move |columns, mask| {
            let mut open = mask.cloned();
            let mut values = Vec::with_capacity(parts.len());
            for part in &parts {
                let own = if part.can_fail { open.as_ref() } else { mask };
                let value = (part.step)(columns, own)?;
                if part.rest_can_fail {
                    open = Some(both(open.as_ref(), &value.is_null()));
                }
                values.push(value);
            }
            let Some(last) = values.pop() else {
                polars_bail!(ComputeError: "COALESCE has no values");
            };
            values.into_iter().rev().try_fold(last, |rest, value| {
                value.zip_with(&value.is_not_null(), &rest)
            })
        })
    }
}

fn both(one: Option<&BooleanChunked>, other: &BooleanChunked) -> BooleanChunked {
    match one {
        None => other.clone(),
        Some(one) => one & other,
    }
}
