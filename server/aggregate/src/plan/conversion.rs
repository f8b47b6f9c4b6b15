//! Types brought together, and values brought to types.

use sqlparser::ast::DataType;
use sqlparser::tokenizer::Span;

use super::planner::Planner;
use crate::expression::{Expr, Limit, Node};
use crate::kernel::{cast, parse};
use crate::refusal::{Location, Refusal, Refused};
use crate::types::{Scale, SqlType};
use crate::value::Value;

/// The type values of all these types can be brought to without being asked; `None` when there is none.
pub(super) fn unified(kinds: impl IntoIterator<Item = SqlType>) -> Option<SqlType> {
    let mut common = SqlType::Unknown;
    for kind in kinds {
        common = both(common, kind)?;
    }
    Some(if common == SqlType::Unknown {
        SqlType::Text
    } else {
        common
    })
}

fn both(one: SqlType, other: SqlType) -> Option<SqlType> {
    use SqlType as T;
    Some(match (one, other) {
        (one, other) if one == other => one,
        (T::Unknown, kind) | (kind, T::Unknown) => kind,
        (T::Any, _) | (_, T::Any) => T::Any,
        (T::Double, other) | (other, T::Double) if other.is_number() => T::Double,
        (T::Numeric(one), other) | (other, T::Numeric(one)) if other.is_number() => {
            T::Numeric(one.either(other.scale()?))
        }
        (T::Integer, T::BigInt) | (T::BigInt, T::Integer) => T::BigInt,
        (T::Date, T::Timestamp) | (T::Timestamp, T::Date) => T::Timestamp,
        _ => return None,
    })
}

/// A value of a type that is needed, converted only where PostgreSQL does so by itself.
pub(super) fn coerced(expr: Expr, wanted: SqlType, span: Span) -> Result<Expr, Refusal> {
    use SqlType as T;
    if expr.kind == wanted || wanted == T::Any {
        return Ok(expr);
    }
    if expr.kind == T::Any {
        return Ok(Expr::new(wanted, expr.node));
    }
    if expr.kind == T::Unknown {
        return typed(expr, wanted, span);
    }
    let is_allowed = match (expr.kind, wanted) {
        (from, T::Double) => from.is_number(),
        (from, T::Numeric(_)) => from.scale().is_some(),
        (T::Integer, T::BigInt) | (T::BigInt, T::Integer) | (T::Date, T::Timestamp) => true,
        _ => false,
    };
    if !is_allowed {
        return Err(Refusal::new(
            Refused::Type,
            format!("{} is needed here, and this is {}", wanted, expr.kind),
            span,
        )
        .help(format!(
            "write `CAST(… AS {})`",
            wanted.to_string().to_uppercase()
        )));
    }
    Ok(cast_to(expr, wanted, Limit::default(), span))
}

/// The conversion itself; nothing is converted that has the type already.
pub(super) fn cast_to(expr: Expr, kind: SqlType, limit: Limit, span: Span) -> Expr {
    let is_same = expr.kind == kind
        || expr.kind.is_whole() && kind == SqlType::BigInt
        || expr.kind == SqlType::Any;
    if is_same && limit == Limit::default() {
        return Expr::new(kind, expr.node);
    }
    let place = Location::of(span);
    let value = Box::new(expr);
    super::fold::folded(Expr::new(
        kind,
        Node::Cast {
            value,
            limit,
            place,
        },
    ))
}

/// A text in quotes, or NULL, as the type its surroundings need.
fn typed(expr: Expr, wanted: SqlType, span: Span) -> Result<Expr, Refusal> {
    let text = match &expr.node {
        Node::Constant(Value::Text(text)) => text,
        Node::Constant(Value::Null) => return Ok(Expr::null(wanted)),
        // A CASE of texts and NULLs.
        _ if wanted == SqlType::Text => return Ok(Expr::new(wanted, expr.node)),
        _ => {
            return Ok(cast_to(
                Expr::new(SqlType::Text, expr.node),
                wanted,
                Limit::default(),
                span,
            ));
        }
    };
    let value = match wanted {
        SqlType::Text | SqlType::Unknown => Ok(Value::Text(text.clone())),
        SqlType::Boolean => parse::boolean_of(text).map(Value::Boolean),
        SqlType::Integer | SqlType::BigInt => parse::whole_of(text).map(Value::Whole),
        SqlType::Numeric(_) => {
            cast::decimal_of(text).map(|(mantissa, scale)| Value::Decimal(mantissa, scale))
        }
        SqlType::Double => parse::double_of(text).map(Value::Double),
        SqlType::Date => parse::date_of(text).map(Value::Date),
        SqlType::Timestamp => parse::timestamp_of(text).map(Value::Timestamp),
        SqlType::Time => parse::time_of(text).map(Value::Time),
        SqlType::Interval => {
            return super::interval::parsed(text).ok_or_else(|| unreadable(text, wanted, span));
        }
        SqlType::Any | SqlType::Bytea => return Err(unreadable(text, wanted, span)),
    };
    let value = value.map_err(|_| unreadable(text, wanted, span))?;
    // A decimal keeps the digits it is written with.
    let kind = match value {
        Value::Decimal(_, scale) => SqlType::Numeric(Scale::Fixed(scale)),
        _ => wanted,
    };
    Ok(Expr::constant(value, kind))
}

fn unreadable(text: &str, wanted: SqlType, span: Span) -> Refusal {
    let refusal = Refusal::new(
        Refused::Type,
        format!("'{text}' cannot be read as {wanted}"),
        span,
    );
    match wanted {
        SqlType::Date => refusal.help("write a date as '2026-01-31'"),
        SqlType::Timestamp => refusal.help("write a moment as '2026-01-31 09:00:00'"),
        SqlType::Time => refusal.help("write a time of day as '09:00:00'"),
        SqlType::Boolean => refusal.help("write TRUE or FALSE"),
        _ => refusal,
    }
}

/// Values of all expressions in one type.
pub(super) fn alike(
    exprs: Vec<Expr>,
    what: &str,
    span: Span,
) -> Result<(SqlType, Vec<Expr>), Refusal> {
    let kinds: Vec<SqlType> = exprs.iter().map(|expr| expr.kind).collect();
    let Some(kind) = unified(kinds.iter().copied()) else {
        let mut names: Vec<String> = Vec::new();
        for kind in kinds {
            if kind != SqlType::Unknown && !names.contains(&kind.to_string()) {
                names.push(kind.to_string());
            }
        }
        return Err(Refusal::new(
            Refused::Type,
            format!("{what} has values of different types: {}", names.join(", ")),
            span,
        )
        .help("bring them to one type with CAST"));
    };
    // Decimals that are written out may be longer than the columns beside them.
    let exprs = exprs
        .into_iter()
        .map(|expr| coerced(expr, kind, span))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|refusal| Refusal {
            what: format!("{what}: {}", refusal.what),
            ..refusal
        })?;
    let kind = unified(exprs.iter().map(|expr| expr.kind)).unwrap_or(kind);
    let exprs = exprs
        .into_iter()
        .map(|expr| coerced(expr, kind, span))
        .collect::<Result<_, _>>()?;
    Ok((kind, exprs))
}

impl Planner<'_> {
    /// The type a cast names.
    pub(super) fn named_type(
        &self,
        data: &DataType,
        span: Span,
    ) -> Result<(SqlType, Limit), Refusal> {
        use sqlparser::ast::{CharacterLength, ExactNumberInfo, TimezoneInfo};
        let plain = |kind| Ok((kind, Limit::default()));
        let length = |length: &Option<CharacterLength>| match length {
            None | Some(CharacterLength::Max) => None,
            Some(CharacterLength::IntegerLength { length, .. }) => u32::try_from(*length).ok(),
        };
        match data {
            DataType::Boolean | DataType::Bool => plain(SqlType::Boolean),
            DataType::SmallInt(_) | DataType::Int2(_) => Ok((
                SqlType::Integer,
                Limit {
                    is_short: true,
                    ..Limit::default()
                },
            )),
            DataType::Int(_) | DataType::Integer(_) | DataType::Int4(_) => plain(SqlType::Integer),
            DataType::BigInt(_) | DataType::Int8(_) => plain(SqlType::BigInt),
            DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => match info {
                ExactNumberInfo::None => plain(SqlType::Numeric(Scale::Quotient)),
                ExactNumberInfo::Precision(digits) => decimal_type(*digits, 0, span),
                ExactNumberInfo::PrecisionAndScale(digits, scale) => {
                    decimal_type(*digits, *scale, span)
                }
            },
            DataType::Double(_)
            | DataType::DoublePrecision
            | DataType::Float8
            | DataType::Float64 => plain(SqlType::Double),
            DataType::Float(info) => match info {
                ExactNumberInfo::Precision(1..=24) => Err(real(span)),
                _ => plain(SqlType::Double),
            },
            DataType::Real | DataType::Float4 => Err(real(span)),
            DataType::Text | DataType::String(_) => plain(SqlType::Text),
            DataType::Varchar(size)
            | DataType::CharacterVarying(size)
            | DataType::CharVarying(size) => Ok((
                SqlType::Text,
                Limit {
                    characters: length(size),
                    ..Limit::default()
                },
            )),
            DataType::Date => plain(SqlType::Date),
            DataType::Timestamp(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone)
            | DataType::Datetime(None) => plain(SqlType::Timestamp),
            DataType::Time(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => {
                plain(SqlType::Time)
            }
            DataType::Interval { .. } => plain(SqlType::Interval),
            DataType::Char(_) | DataType::Character(_) => Err(Refusal::unsupported(
                format!("`{data}` fills texts with blanks, which sheets do not show"),
                "write TEXT or VARCHAR(n)",
                span,
            )),
            DataType::Timestamp(_, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz) => {
                Err(Refusal::unsupported(
                    "times of a block have no zone: they are wall times of the report's zone",
                    "write TIMESTAMP",
                    span,
                ))
            }
            other => Err(Refusal::unsupported(
                format!("there is no type `{other}` here"),
                "write BOOLEAN, INTEGER, BIGINT, NUMERIC(p, s), DOUBLE PRECISION, TEXT, DATE, TIMESTAMP or TIME",
                span,
            )),
        }
    }
}

fn real(span: Span) -> Refusal {
    Refusal::unsupported(
        "REAL keeps six digits",
        "write DOUBLE PRECISION or NUMERIC(p, s)",
        span,
    )
}

fn decimal_type(digits: u64, scale: i64, span: Span) -> Result<(SqlType, Limit), Refusal> {
    let refused = || {
        Refusal::unsupported(
            format!("NUMERIC({digits}, {scale}) cannot be kept in 38 digits"),
            "write at most 38 digits, and no more behind the point than in all",
            span,
        )
    };
    let digits = u8::try_from(digits).map_err(|_| refused())?;
    let scale = u8::try_from(scale).map_err(|_| refused())?;
    if digits > 38 || scale > digits || digits == 0 {
        return Err(refused());
    }
    let limit = Limit {
        whole_digits: Some(digits - scale),
        ..Limit::default()
    };
    Ok((SqlType::Numeric(Scale::Fixed(scale)), limit))
}
