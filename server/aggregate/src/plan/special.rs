//! What SQL writes in a way of its own: CASE, CAST, EXTRACT, SUBSTRING, TRIM.

use sqlparser::ast::{
    CaseWhen, CastKind, CeilFloorKind, DataType, DateTimeField, Expr as Ast, Function as Written,
    Spanned, TrimWhereField,
};
use sqlparser::tokenizer::Span;

use super::conversion::{alike, cast_to, coerced};
use super::expression::{Translator, bounded};
use super::fold::folded;
use crate::expression::{Comparison, Expr, Limit, Node};
use crate::refusal::{Refusal, Refused};
use crate::types::{Scale, SqlType};
use crate::value::Value;

impl Translator<'_, '_> {
    pub(super) fn case(
        &mut self,
        operand: Option<&Ast>,
        conditions: &[CaseWhen],
        otherwise: Option<&Ast>,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let mut tests = Vec::with_capacity(conditions.len());
        let mut values = Vec::with_capacity(conditions.len() + 1);
        for CaseWhen { condition, result } in conditions {
            tests.push(match operand {
                None => self.condition(condition)?,
                Some(operand) => {
                    let test =
                        self.compared(Comparison::Equal, operand, condition, condition.span())?;
                    bounded(test, conditions.len(), span)?
                }
            });
            values.push(self.expr(result)?);
        }
        values.push(match otherwise {
            Some(otherwise) => self.expr(otherwise)?,
            None => Expr::null(SqlType::Unknown),
        });
        if values.iter().any(|value| value.kind == SqlType::Interval) {
            return Err(Refusal::unsupported(
                "CASE cannot choose between intervals",
                "choose between the dates they lead to",
                span,
            ));
        }
        let is_open = values.iter().all(|value| value.kind == SqlType::Unknown);
        let (kind, mut values) = if is_open {
            (SqlType::Unknown, values)
        } else {
            alike(values, "CASE", span)?
        };
        let otherwise = Box::new(values.pop().unwrap_or_else(|| Expr::null(kind)));
        let branches = tests.into_iter().zip(values).collect();
        Ok(folded(Expr::new(
            if is_open { SqlType::Text } else { kind },
            Node::Case {
                branches,
                otherwise,
            },
        )))
    }

    pub(super) fn cast(
        &mut self,
        how: &CastKind,
        inner: &Ast,
        data_type: &DataType,
        span: Span,
    ) -> Result<Expr, Refusal> {
        if matches!(how, CastKind::TryCast | CastKind::SafeCast) {
            return Err(Refusal::unsupported(
                "TRY_CAST hides what cannot be read",
                "write CAST, and leave out what cannot be read with CASE or WHERE",
                span,
            ));
        }
        let (mut kind, limit) = self.planner.named_type(data_type, span)?;
        let value = match moment_read(inner) {
            // Without its zone at once.
            Some(written) if matches!(kind, SqlType::Timestamp | SqlType::Date) => {
                let arguments = self.arguments(written, span)?;
                self.operator("to_timestamp", arguments, written.name.span())?
            }
            _ => self.expr(inner)?,
        };
        let is_bare = kind == SqlType::QUOTIENT;
        if let (Node::Constant(Value::Text(_) | Value::Null), SqlType::Unknown) =
            (&value.node, value.kind)
        {
            let text = coerced(value, kind, span)?;
            if let (SqlType::Integer, Some(Value::Whole(number))) = (kind, text.as_constant())
                && i32::try_from(*number).is_err()
            {
                return Err(Refusal::new(
                    Refused::Type,
                    format!("{number} is out of the range of integer"),
                    span,
                )
                .help("write BIGINT"));
            }
            let is_cut = limit != Limit::default();
            return Ok(if is_cut {
                cast_to(text, kind, limit, span)
            } else {
                text
            });
        }
        let from = match value.kind {
            SqlType::Unknown => SqlType::Text,
            kind => kind,
        };
        let value = Expr::new(from, value.node);
        if is_bare && let Some(scale) = from.scale() {
            // A number without a typmod stays as exact as it is.
            kind = SqlType::Numeric(scale);
        }
        if !is_castable(from, kind) || from == SqlType::Boolean && limit.is_short {
            return Err(Refusal::new(
                Refused::Type,
                format!("{from} cannot be cast to {kind}"),
                span,
            )
            .help(match (from, kind) {
                (SqlType::BigInt | SqlType::Numeric(_) | SqlType::Double, SqlType::Boolean) => {
                    "write `x <> 0`"
                }
                (SqlType::Boolean, _) => "write CASE WHEN x THEN 1 ELSE 0 END",
                _ => "compute it in the query that reads from the source",
            }));
        }
        if kind == SqlType::Text {
            let text = self.as_text(value, span)?;
            return Ok(if limit == Limit::default() {
                text
            } else {
                cast_to(text, kind, limit, span)
            });
        }
        // A cast to integer refuses what 32 bits do not hold, as PostgreSQL does.
        let value = cast_to(value, kind, limit, span);
        Ok(value)
    }

    pub(super) fn extract(
        &mut self,
        field: &str,
        inner: &Ast,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let value = self.expr(inner)?;
        let field = singular(field);
        if value.kind == SqlType::Interval {
            return self.interval_part(&field, value, span);
        }
        let name = Expr::constant(Value::Text(field), SqlType::Unknown);
        self.operator("extract", vec![name, value], span)
    }

    pub(super) fn rounded_by(
        &mut self,
        name: &'static str,
        inner: &Ast,
        field: &CeilFloorKind,
        span: Span,
    ) -> Result<Expr, Refusal> {
        match field {
            CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {
                let value = self.expr(inner)?;
                self.operator(name, vec![value], span)
            }
            _ => Err(Refusal::unsupported(
                format!("{} takes one number", name.to_uppercase()),
                "multiply before and divide afterwards",
                span,
            )),
        }
    }

    pub(super) fn substring(
        &mut self,
        inner: &Ast,
        from: Option<&Ast>,
        count: Option<&Ast>,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let mut arguments = vec![self.expr(inner)?];
        arguments.push(match from {
            Some(from) => self.expr(from)?,
            None => Expr::constant(Value::Whole(1), SqlType::Integer),
        });
        if let Some(count) = count {
            arguments.push(self.expr(count)?);
        }
        self.operator("substr", arguments, span)
    }

    pub(super) fn overlay(
        &mut self,
        parts: [&Ast; 3],
        count: Option<&Ast>,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let mut arguments = Vec::with_capacity(4);
        for part in parts.into_iter().chain(count) {
            arguments.push(self.expr(part)?);
        }
        self.operator("overlay", arguments, span)
    }

    pub(super) fn trim(
        &mut self,
        side: Option<&TrimWhereField>,
        what: Option<&Ast>,
        inner: &Ast,
        characters: Option<&[Ast]>,
        span: Span,
    ) -> Result<Expr, Refusal> {
        let name = match side {
            None | Some(TrimWhereField::Both) => "btrim",
            Some(TrimWhereField::Leading) => "ltrim",
            Some(TrimWhereField::Trailing) => "rtrim",
        };
        let mut arguments = vec![self.expr(inner)?];
        match (what, characters) {
            (Some(what), None) => arguments.push(self.expr(what)?),
            (None, Some([characters])) => arguments.push(self.expr(characters)?),
            (None, None) => {}
            _ => {
                return Err(Refusal::new(
                    Refused::Function,
                    "TRIM takes one set of characters",
                    span,
                ));
            }
        }
        self.operator(name, arguments, span)
    }
}

/// `years` is `year`.
pub(super) fn singular(field: &str) -> String {
    match field {
        "dayofweek" => "dow".to_owned(),
        "dayofyear" => "doy".to_owned(),
        "millennium" | "century" => field.to_owned(),
        other => other.strip_suffix('s').unwrap_or(other).to_owned(),
    }
}

/// A call of `TO_TIMESTAMP(text, template)`, in parentheses or not.
fn moment_read(ast: &Ast) -> Option<&Written> {
    match ast {
        Ast::Nested(inner) => moment_read(inner),
        Ast::Function(written) => {
            let [part] = written.name.0.as_slice() else {
                return None;
            };
            let ident = part.as_ident()?;
            let is_named =
                ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("to_timestamp");
            let is_plain = written.over.is_none() && written.filter.is_none();
            (is_named && is_plain).then_some(written)
        }
        _ => None,
    }
}

/// The casts PostgreSQL has, but for those whose text would show digits no column keeps.
fn is_castable(from: SqlType, to: SqlType) -> bool {
    use SqlType as T;
    match (from, to) {
        (T::Any, _) => true,
        (from, to) if from == to => true,
        (_, T::Interval | T::Bytea) | (T::Interval | T::Bytea, _) => false,
        (T::Text, T::Numeric(Scale::Quotient)) => true,
        (T::Text, _) | (_, T::Text) => true,
        (T::Boolean, T::Integer) | (T::Integer, T::Boolean) => true,
        (from, to) if from.is_number() && to.is_number() => true,
        (T::Date, T::Timestamp) | (T::Timestamp, T::Date | T::Time) => true,
        _ => false,
    }
}
