//! Window functions and their frames.

mod frames;

use sqlparser::ast::{
    Function as Written, Ident, NamedWindowDefinition, NamedWindowExpr, WindowSpec, WindowType,
};
use sqlparser::tokenizer::Span;

use super::aggregates;
use super::conversion::coerced;
use super::expression::{Clause, Translator};
use super::scope::is_named;
use super::state::{Ordered, PendingWindow};
use crate::expression::Expr;
use crate::refusal::{Location, Refusal, Refused};
use crate::relation::{By, Frame, WindowBy};
use crate::types::SqlType;

/// Functions that are nothing without OVER.
pub(super) const NAMES: [&str; 11] = [
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

/// A window, put together from its own words and those of a named one.
struct Spec {
    partition: Vec<Expr>,
    order: Vec<Ordered>,
    frame: Option<Frame>,
}

impl Translator<'_, '_> {
    /// A function with OVER; `None` when it has none and needs none.
    pub(super) fn window_function(
        &mut self,
        name: &str,
        written: &Written,
        span: Span,
    ) -> Result<Option<Expr>, Refusal> {
        let Some(over) = &written.over else {
            if NAMES.contains(&name) {
                return Err(Refusal::new(
                    Refused::Function,
                    format!("{} needs OVER (…)", name.to_uppercase()),
                    span,
                ));
            }
            return Ok(None);
        };
        if !self.clause.allows_windows() {
            return Err(Refusal::new(
                Refused::Rule,
                format!("a window function may not stand in {}", self.clause.word()),
                span,
            )
            .help("compute it in a query of its own, and use its column outside"));
        }
        if written.null_treatment.is_some() {
            return Err(Refusal::unsupported(
                "IGNORE NULLS is not known here",
                "leave the rows without a value out in a query of its own",
                span,
            ));
        }
        let mut inner = self.within(Clause::Window);
        let (by, arguments, result) = inner.windowed(name, written, span)?;
        let spec = inner.spec(over, span)?;
        if matches!(by, WindowBy::Aggregate(By::Texts(_))) && spec.order.is_empty() {
            return Err(Refusal::unsupported(
                "STRING_AGG as a window function joins texts in the order of its window",
                "write OVER (… ORDER BY x)",
                span,
            ));
        }
        let frame = spec
            .frame
            .unwrap_or_else(|| Frame::usual(!spec.order.is_empty()));
        let pending = PendingWindow {
            id: 0,
            by,
            arguments,
            result,
            partition: spec.partition,
            order: spec.order,
            frame,
            place: Location::of(span),
        };
        let same = self.state.windows.iter().find(|one| {
            one.by == pending.by
                && one.arguments == pending.arguments
                && one.partition == pending.partition
                && one.order == pending.order
                && one.frame == pending.frame
        });
        if let Some(same) = same {
            return Ok(Some(Expr::column(same.id, same.result)));
        }
        let id = self.planner.id(result);
        self.state.windows.push(PendingWindow { id, ..pending });
        Ok(Some(Expr::column(id, result)))
    }

    fn windowed(
        &mut self,
        name: &str,
        written: &Written,
        span: Span,
    ) -> Result<(WindowBy, Vec<Expr>, SqlType), Refusal> {
        if aggregates::NAMES.contains(&name) {
            if aggregates::is_distinct(written) {
                return Err(Refusal::unsupported(
                    "DISTINCT cannot stand in a window function",
                    "leave equal rows out in a query of its own first",
                    span,
                ));
            }
            let mut shaped = self.shaped(name, written, span)?;
            self.filtered(&mut shaped, written, span)?;
            if !shaped.order.is_empty() || !written.within_group.is_empty() {
                return Err(Refusal::unsupported(
                    format!("{} cannot be a window function here", name.to_uppercase()),
                    "compute it per group in a query of its own, and join that",
                    span,
                ));
            }
            if matches!(shaped.by, By::Quantile(_) | By::QuantileValue(_) | By::Mode) {
                return Err(Refusal::unsupported(
                    format!("{} cannot be a window function here", name.to_uppercase()),
                    "compute it per group in a query of its own, and join that",
                    span,
                ));
            }
            return Ok((
                WindowBy::Aggregate(shaped.by),
                shaped.arguments,
                shaped.result,
            ));
        }
        if written.filter.is_some() {
            return Err(Refusal::new(
                Refused::Rule,
                format!("{} has no FILTER", name.to_uppercase()),
                span,
            ));
        }
        let mut arguments = self.arguments(written, span)?;
        let count = arguments.len();
        let refused = || {
            Refusal::new(
                Refused::Function,
                format!("`{}` is not called like this", name.to_uppercase()),
                span,
            )
        };
        let (by, result) = match (name, count) {
            ("row_number", 0) => (WindowBy::RowNumber, SqlType::BigInt),
            ("rank", 0) => (WindowBy::Rank, SqlType::BigInt),
            ("dense_rank", 0) => (WindowBy::DenseRank, SqlType::BigInt),
            ("percent_rank", 0) => (WindowBy::PercentRank, SqlType::Double),
            ("cume_dist", 0) => (WindowBy::CumulativeShare, SqlType::Double),
            ("ntile", 1) => {
                arguments = vec![coerced(arguments.remove(0), SqlType::BigInt, span)?];
                (WindowBy::Parts, SqlType::Integer)
            }
            ("lag" | "lead", 1..=3) => {
                let kind = match arguments[0].kind {
                    SqlType::Unknown => SqlType::Text,
                    kind => kind,
                };
                let value = coerced(arguments.remove(0), kind, span)?;
                let steps = if arguments.is_empty() {
                    Expr::whole(1)
                } else {
                    let steps = arguments.remove(0);
                    if !steps.kind.is_whole() && !steps.kind.is_open() {
                        return Err(refused());
                    }
                    coerced(steps, SqlType::BigInt, span)?
                };
                let default = if arguments.is_empty() {
                    Expr::null(kind)
                } else {
                    arguments.remove(0)
                };
                let (kind, mut both) = super::conversion::alike(vec![value, default], name, span)?;
                both.insert(1, steps);
                arguments = both;
                (
                    WindowBy::Shift {
                        is_back: name == "lag",
                    },
                    kind,
                )
            }
            ("first_value" | "last_value", 1) => {
                let kind = match arguments[0].kind {
                    SqlType::Unknown => SqlType::Text,
                    kind => kind,
                };
                arguments = vec![coerced(arguments.remove(0), kind, span)?];
                let by = if name == "first_value" {
                    WindowBy::FirstValue
                } else {
                    WindowBy::LastValue
                };
                (by, kind)
            }
            ("nth_value", 2) => {
                let kind = match arguments[0].kind {
                    SqlType::Unknown => SqlType::Text,
                    kind => kind,
                };
                let place = coerced(arguments.remove(1), SqlType::BigInt, span)?;
                let value = coerced(arguments.remove(0), kind, span)?;
                arguments = vec![value, place];
                (WindowBy::NthValue, kind)
            }
            _ if NAMES.contains(&name) => return Err(refused()),
            _ => {
                return Err(Refusal::new(
                    Refused::Function,
                    format!("`{}` is no window function", name.to_uppercase()),
                    span,
                ));
            }
        };
        Ok((by, arguments, result))
    }

    fn spec(&mut self, over: &WindowType, span: Span) -> Result<Spec, Refusal> {
        match over {
            WindowType::NamedWindow(name) => self.named(name, self.windows.len()),
            WindowType::WindowSpec(spec) => self.own(spec, span, self.windows.len()),
        }
    }

    /// Plans the windows with names, so that one nobody uses means something, too.
    pub(super) fn named_windows(&mut self) -> Result<(), Refusal> {
        let windows = self.windows;
        let mut inner = self.within(Clause::Window);
        for (place, NamedWindowDefinition(name, _)) in windows.iter().enumerate() {
            let mut before = windows[..place].iter();
            if before.any(|one| is_named(name, &one.0.value)) {
                return Err(Refusal::new(
                    Refused::Rule,
                    format!("two windows are called `{}`", name.value),
                    name.span,
                ));
            }
            inner.named(name, place + 1)?;
        }
        Ok(())
    }

    /// One of the first `count` windows with names: a window is made of those before it.
    fn named(&mut self, name: &Ident, count: usize) -> Result<Spec, Refusal> {
        let place = self.windows[..count]
            .iter()
            .position(|one| is_named(name, &one.0.value))
            .ok_or_else(|| {
                Refusal::new(
                    Refused::Rule,
                    format!("there is no window `{}`", name.value),
                    name.span,
                )
            })?;
        let windows = self.windows;
        match &windows[place].1 {
            NamedWindowExpr::WindowSpec(spec) => self.own(spec, name.span, place),
            NamedWindowExpr::NamedWindow(other) => Err(Refusal::new(
                Refused::Rule,
                format!("the window `{}` has no parentheses", name.value),
                name.span,
            )
            .help(format!("write `{} AS ({other})`", name.value))),
        }
    }

    fn own(&mut self, written: &WindowSpec, span: Span, count: usize) -> Result<Spec, Refusal> {
        let mut spec = Spec {
            partition: Vec::new(),
            order: Vec::new(),
            frame: None,
        };
        if let Some(name) = &written.window_name {
            spec = self.named(name, count)?;
            if !written.partition_by.is_empty()
                || spec.frame.is_some()
                || !spec.order.is_empty() && !written.order_by.is_empty()
            {
                return Err(Refusal::new(
                    Refused::Rule,
                    format!("the window `{}` cannot be changed like this", name.value),
                    name.span,
                ));
            }
        }
        for expr in &written.partition_by {
            let expr = self.expr(expr)?;
            spec.partition.push(match expr.kind {
                SqlType::Unknown => coerced(expr, SqlType::Text, span)?,
                _ => expr,
            });
        }
        for item in &written.order_by {
            spec.order.push(self.ordered(item)?);
        }
        if let Some(frame) = &written.window_frame {
            spec.frame = Some(self.frame(frame, &spec.order, span)?);
        }
        Ok(spec)
    }
}
