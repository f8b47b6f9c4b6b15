//! The frame of a window.

use sqlparser::ast::{Spanned, WindowFrame, WindowFrameBound, WindowFrameUnits};
use sqlparser::tokenizer::Span;

use crate::plan::conversion::coerced;
use crate::plan::expression::Translator;
use crate::plan::interval;
use crate::plan::state::Ordered;
use crate::refusal::{Refusal, Refused};
use crate::relation::{Bound, Frame, FrameUnit};
use crate::types::{Scale, SqlType};
use crate::value::Value;

impl Translator<'_, '_> {
    pub(super) fn frame(
        &mut self,
        written: &WindowFrame,
        order: &[Ordered],
        span: Span,
    ) -> Result<Frame, Refusal> {
        let unit = match written.units {
            WindowFrameUnits::Rows => FrameUnit::Rows,
            WindowFrameUnits::Range => FrameUnit::Range,
            WindowFrameUnits::Groups => FrameUnit::Groups,
        };
        let end = written
            .end_bound
            .as_ref()
            .unwrap_or(&WindowFrameBound::CurrentRow);
        let refused = |what: &str| Refusal::new(Refused::Rule, what.to_owned(), span);
        match (&written.start_bound, end) {
            (WindowFrameBound::Following(None), _) => {
                return Err(refused("a frame cannot begin behind the last row"));
            }
            (_, WindowFrameBound::Preceding(None)) => {
                return Err(refused("a frame cannot end before the first row"));
            }
            (WindowFrameBound::CurrentRow, WindowFrameBound::Preceding(_))
            | (
                WindowFrameBound::Following(_),
                WindowFrameBound::Preceding(_) | WindowFrameBound::CurrentRow,
            ) => return Err(refused("a frame cannot end before it begins")),
            _ => {}
        }
        if unit == FrameUnit::Groups && order.is_empty() {
            return Err(refused("GROUPS needs an ORDER BY"));
        }
        Ok(Frame {
            unit,
            from: self.bound(&written.start_bound, unit, order, span)?,
            until: self.bound(end, unit, order, span)?,
        })
    }

    fn bound(
        &mut self,
        written: &WindowFrameBound,
        unit: FrameUnit,
        order: &[Ordered],
        span: Span,
    ) -> Result<Bound, Refusal> {
        let (expr, sign) = match written {
            WindowFrameBound::CurrentRow => return Ok(Bound::Current),
            WindowFrameBound::Preceding(None) | WindowFrameBound::Following(None) => {
                return Ok(Bound::Unbounded);
            }
            WindowFrameBound::Preceding(Some(expr)) => (expr, -1),
            WindowFrameBound::Following(Some(expr)) => (expr, 1),
        };
        let refused = || {
            Refusal::unsupported(
                "the bounds of a frame must be written out, and not be negative",
                "write a number such as `6 PRECEDING`, or an interval for dates",
                span,
            )
        };
        let value = self.expr(expr)?;
        if unit != FrameUnit::Range {
            return match value.as_constant() {
                Some(Value::Whole(steps)) if *steps >= 0 => Ok(Bound::Steps(sign * steps)),
                _ => Err(refused()),
            };
        }
        let [key] = order else {
            return Err(Refusal::new(
                Refused::Rule,
                "RANGE with a distance needs exactly one column in ORDER BY",
                span,
            ));
        };
        let expr_span = expr.span();
        match key.expr.kind {
            SqlType::Date | SqlType::Timestamp => {
                let value = match value.kind {
                    SqlType::Interval => value,
                    SqlType::Unknown => coerced(value, SqlType::Interval, expr_span)?,
                    _ => return Err(refused()),
                };
                let parts = interval::parts_of(&value).ok_or_else(refused)?;
                if parts.iter().any(|part| *part < 0) {
                    return Err(refused());
                }
                Ok(Bound::Interval(parts.map(|part| part * sign)))
            }
            kind if kind.scale().is_some() => {
                let digits = match kind.scale() {
                    Some(Scale::Fixed(digits) | Scale::UpTo(digits)) => digits,
                    _ => return Err(refused()),
                };
                let (mantissa, scale) = match value.as_constant() {
                    Some(Value::Whole(value)) => (i128::from(*value), 0),
                    Some(Value::Decimal(mantissa, scale)) => (*mantissa, *scale),
                    _ => return Err(refused()),
                };
                let mantissa = crate::kernel::numeric::rescaled(mantissa, scale, digits.max(scale))
                    .map_err(|_| refused())?;
                if mantissa < 0 || scale > digits {
                    return Err(refused());
                }
                Ok(Bound::Distance(mantissa * i128::from(sign)))
            }
            _ => Err(Refusal::unsupported(
                format!(
                    "RANGE with a distance cannot be counted in {}",
                    key.expr.kind
                ),
                "write ROWS, or order by a whole number, a decimal or a date",
                span,
            )),
        }
    }
}
