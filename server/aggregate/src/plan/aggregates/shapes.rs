//! Aggregates by name and the types they take.

use sqlparser::tokenizer::Span;

use super::Shaped;
use crate::expression::Expr;
use crate::plan::conversion::coerced;
use crate::plan::expression::Translator;
use crate::plan::state::Ordered;
use crate::refusal::{Refusal, Refused};
use crate::relation::{Bits, By, Fraction, Regression};
use crate::types::SqlType;
use crate::value::Value;

impl Translator<'_, '_> {
    pub(super) fn by_name(
        &mut self,
        name: &str,
        mut arguments: Vec<Expr>,
        order: Vec<Ordered>,
        is_distinct: bool,
        span: Span,
    ) -> Result<Shaped, Refusal> {
        let refused = || not_so(name, span);
        let count = arguments.len();
        let first = arguments.first().map_or(SqlType::Unknown, |one| one.kind);
        let number = |kind: SqlType| kind.is_number() || kind == SqlType::Any;
        let (by, result) = match (name, count) {
            ("count", 1) => (By::Count, SqlType::BigInt),
            ("sum", 1) if number(first) => (
                By::Sum,
                match first {
                    SqlType::Integer => SqlType::BigInt,
                    SqlType::BigInt => SqlType::WHOLE,
                    kind => kind,
                },
            ),
            ("avg", 1) if number(first) => (By::Average, averaged(first)),
            ("min" | "max" | "any_value", 1) if is_ordered(first) => {
                let kind = if first == SqlType::Unknown {
                    SqlType::Text
                } else {
                    first
                };
                arguments = vec![coerced(arguments.remove(0), kind, span)?];
                let by = if name == "max" {
                    By::Greatest
                } else {
                    By::Least
                };
                (by, kind)
            }
            ("stddev" | "stddev_samp" | "stddev_pop" | "variance" | "var_samp" | "var_pop", 1)
                if number(first) =>
            {
                (
                    By::Spread {
                        is_sample: !name.ends_with("_pop"),
                        is_root: name.starts_with("std"),
                    },
                    averaged(first),
                )
            }
            ("bool_and" | "every", 1) if matches!(first, SqlType::Boolean | SqlType::Any) => {
                (By::And, SqlType::Boolean)
            }
            ("bool_or", 1) if matches!(first, SqlType::Boolean | SqlType::Any) => {
                (By::Or, SqlType::Boolean)
            }
            ("string_agg", 2) => {
                let separator = match arguments.remove(1).as_constant() {
                    Some(Value::Text(text)) => text.clone(),
                    Some(Value::Null) => String::new(),
                    _ => {
                        return Err(Refusal::unsupported(
                            "the separator of STRING_AGG must be written out",
                            "write STRING_AGG(x, ', ' ORDER BY x)",
                            span,
                        ));
                    }
                };
                if !matches!(first, SqlType::Text | SqlType::Unknown | SqlType::Any) {
                    return Err(Refusal::new(
                        Refused::Function,
                        format!("STRING_AGG joins texts, and this is {first}"),
                        span,
                    )
                    .help("write CAST(… AS TEXT)"));
                }
                arguments = vec![coerced(arguments.remove(0), SqlType::Text, span)?];
                if is_distinct && order.iter().any(|one| one.expr != arguments[0]) {
                    return Err(Refusal::new(
                        Refused::Rule,
                        "STRING_AGG of different texts is sorted by those texts only",
                        span,
                    )
                    .help("write STRING_AGG(DISTINCT x, ', ' ORDER BY x)"));
                }
                return Ok(Shaped {
                    by: By::Texts(separator),
                    arguments,
                    result: SqlType::Text,
                    order,
                });
            }
            ("corr", 2) => (By::Correlation, SqlType::Double),
            ("covar_pop" | "covar_samp", 2) => (
                By::Covariance {
                    is_sample: name == "covar_samp",
                },
                SqlType::Double,
            ),
            ("bit_and" | "bit_or" | "bit_xor", 1) if first.is_whole() || first == SqlType::Any => {
                let how = match name {
                    "bit_and" => Bits::And,
                    "bit_or" => Bits::Or,
                    _ => Bits::Xor,
                };
                (By::Bits(how), first)
            }
            (name, 2) if regression(name).is_some() => {
                let what = regression(name).ok_or_else(refused)?;
                let is_count = what == Regression::Count;
                let kind = if is_count {
                    SqlType::BigInt
                } else {
                    SqlType::Double
                };
                (By::Regression(what), kind)
            }
            ("median", 1) if number(first) => (By::Quantile(rising(0.5)), SqlType::Double),
            ("quantile_cont" | "quantile_disc", 2) if number(first) => {
                let fraction = fraction(&arguments[1]).ok_or_else(refused)?;
                arguments.truncate(1);
                if name == "quantile_cont" {
                    (By::Quantile(rising(fraction)), SqlType::Double)
                } else {
                    (By::QuantileValue(rising(fraction)), first)
                }
            }
            ("percentile_cont" | "percentile_disc", 1) if order.len() == 1 => {
                let fraction = fraction(&arguments[0]).ok_or_else(|| {
                    refused().help("the fraction is a number from 0 to 1 that is written out")
                })?;
                let value = order[0].clone();
                let fraction = Fraction {
                    share: fraction,
                    is_descending: value.is_descending,
                };
                if name == "percentile_cont" {
                    if !number(value.expr.kind) {
                        return Err(refused());
                    }
                    arguments = vec![value.expr];
                    (By::Quantile(fraction), SqlType::Double)
                } else {
                    let kind = value.expr.kind;
                    arguments = vec![value.expr];
                    (By::QuantileValue(fraction), kind)
                }
            }
            ("mode", 0)
                if order.len() == 1
                    && !order[0].is_descending
                    && order[0].expr.as_constant().is_none() =>
            {
                let kind = order[0].expr.kind;
                arguments = vec![order[0].expr.clone()];
                (By::Mode, kind)
            }
            _ => {
                let kinds: Vec<String> = arguments.iter().map(|one| one.kind.to_string()).collect();
                return Err(Refusal::new(
                    Refused::Function,
                    format!(
                        "there is no `{}({})`",
                        name.to_uppercase(),
                        kinds.join(", ")
                    ),
                    span,
                )
                .help(help(name)));
            }
        };
        if matches!(
            by,
            By::Correlation | By::Covariance { .. } | By::Regression(_) | By::Quantile(_)
        ) {
            arguments = arguments
                .into_iter()
                .map(|one| coerced(one, SqlType::Double, span))
                .collect::<Result<_, _>>()?;
        }
        if let Some(kind) = arguments.first().map(|one| one.kind)
            && kind == SqlType::Unknown
        {
            let first = arguments.remove(0);
            arguments.insert(0, coerced(first, SqlType::Text, span)?);
        }
        Ok(Shaped {
            by,
            arguments,
            result,
            order: Vec::new(),
        })
    }
}

fn rising(share: f64) -> Fraction {
    Fraction {
        share,
        is_descending: false,
    }
}

fn regression(name: &str) -> Option<Regression> {
    Some(match name {
        "regr_count" => Regression::Count,
        "regr_slope" => Regression::Slope,
        "regr_intercept" => Regression::Intercept,
        "regr_r2" => Regression::Determination,
        "regr_avgx" => Regression::AverageX,
        "regr_avgy" => Regression::AverageY,
        "regr_sxx" => Regression::SquaresX,
        "regr_syy" => Regression::SquaresY,
        "regr_sxy" => Regression::Products,
        _ => return None,
    })
}

fn averaged(kind: SqlType) -> SqlType {
    match kind {
        SqlType::Double | SqlType::Any => kind,
        _ => SqlType::QUOTIENT,
    }
}

/// Types that have a least and a greatest value in PostgreSQL.
fn is_ordered(kind: SqlType) -> bool {
    !matches!(kind, SqlType::Boolean | SqlType::Interval | SqlType::Bytea)
}

fn fraction(expr: &Expr) -> Option<f64> {
    let value = match expr.as_constant()? {
        Value::Whole(value) => *value as f64,
        Value::Decimal(mantissa, scale) => crate::kernel::numeric::to_double(*mantissa, *scale),
        Value::Double(value) => *value,
        _ => return None,
    };
    (0.0..=1.0).contains(&value).then_some(value)
}

pub(super) fn not_so(name: &str, span: Span) -> Refusal {
    Refusal::new(
        Refused::Function,
        format!("`{}` is not called like this", name.to_uppercase()),
        span,
    )
    .help(help(name))
}

fn help(name: &str) -> &'static str {
    match name {
        "count" => "write COUNT(*), COUNT(x) or COUNT(DISTINCT x)",
        "sum" | "avg" => "only numbers are added up; write CAST where a text holds numbers",
        "min" | "max" => "write BOOL_AND(x) or BOOL_OR(x) for truth values",
        "string_agg" => "write STRING_AGG(x, ', ' ORDER BY x)",
        "percentile_cont" | "percentile_disc" => {
            "write PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x)"
        }
        "mode" => "write MODE() WITHIN GROUP (ORDER BY x)",
        "grouping" => "write GROUPING(x) with columns of GROUP BY",
        "bool_and" | "bool_or" | "every" => "write a condition in it",
        _ => "only numbers can be computed with; write CAST where a text holds numbers",
    }
}
