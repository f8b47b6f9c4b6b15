//! Constants as they are written.

use sqlparser::ast::{DataType, TypedString, Value as Literal, ValueWithSpan};
use sqlparser::tokenizer::Span;

use super::conversion::coerced;
use super::planner::Planner;
use crate::expression::Expr;
use crate::kernel::cast;
use crate::refusal::{Refusal, Refused};
use crate::types::{Scale, SqlType};
use crate::value::Value;

/// A constant and its type: a number is the smallest type that holds it, a text has none yet.
pub(super) fn constant(literal: &ValueWithSpan) -> Result<Expr, Refusal> {
    let span = literal.span;
    Ok(match &literal.value {
        Literal::Null => Expr::null(SqlType::Unknown),
        Literal::Boolean(value) => Expr::truth(*value),
        Literal::Number(digits, false) => number(&digits.to_string(), span)?,
        Literal::SingleQuotedString(text)
        | Literal::EscapedStringLiteral(text)
        | Literal::UnicodeStringLiteral(text) => {
            Expr::constant(Value::Text(text.clone()), SqlType::Unknown)
        }
        Literal::DollarQuotedString(text) => {
            Expr::constant(Value::Text(text.value.clone()), SqlType::Unknown)
        }
        Literal::Placeholder(name) => {
            return Err(Refusal::unsupported(
                format!("`{name}` is a placeholder, and nothing fills it"),
                "use a parameter `:name`",
                span,
            ));
        }
        other => {
            return Err(Refusal::unsupported(
                format!("the constant {other} has no meaning here"),
                "write texts in single quotes",
                span,
            ));
        }
    })
}

/// `integer`, `bigint` or `numeric`, whichever is the first that holds it.
pub(super) fn number(digits: &str, span: Span) -> Result<Expr, Refusal> {
    let digits = digits.replace('_', "");
    if digits.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(value) = digits.parse::<i64>()
    {
        let kind = if i32::try_from(value).is_ok() {
            SqlType::Integer
        } else {
            SqlType::BigInt
        };
        return Ok(Expr::constant(Value::Whole(value), kind));
    }
    match cast::decimal_of(&digits) {
        Ok((mantissa, scale)) => Ok(Expr::constant(
            Value::Decimal(mantissa, scale),
            SqlType::Numeric(Scale::Fixed(scale)),
        )),
        Err(_) => Err(Refusal::new(
            Refused::Type,
            format!("the number {digits} has more than 38 digits"),
            span,
        )
        .help("write it shorter, or CAST('…' AS DOUBLE PRECISION)")),
    }
}

/// `DATE '2026-01-31'` and the like.
pub(super) fn typed(planner: &Planner<'_>, typed: &TypedString) -> Result<Expr, Refusal> {
    let span = typed.value.span;
    if matches!(typed.data_type, DataType::Interval { .. }) {
        let text = typed.value.value.clone().into_string().unwrap_or_default();
        return super::interval::parsed(&text).ok_or_else(|| {
            Refusal::new(
                Refused::Type,
                format!("'{text}' cannot be read as interval"),
                span,
            )
            .help("write an interval as '1 month 2 days'")
        });
    }
    let (kind, _) = planner.named_type(&typed.data_type, span)?;
    let text = constant(&typed.value)?;
    coerced(text, kind, span)
}
