//! Comparisons, IN, GREATEST, LEAST and NULLIF.

use std::collections::HashSet;
use std::sync::Arc;

use polars::prelude::*;

use super::step::{Step, Steps};
use super::{Described, called};
use crate::call::{Answer, Call as Columns};
use crate::expression::{Comparison, Expr};
use crate::kernel::numeric;
use crate::types::SqlType;
use crate::value::Value;

/// Compares two columns, row by row.
type Compare = Box<dyn Fn(&Series, &Series) -> PolarsResult<BooleanChunked> + Send + Sync>;

impl Steps<'_> {
    pub(super) fn comparison(&self, how: Comparison, one: &Expr, other: &Expr) -> Step {
        let compare = self.compare(how, one.kind, other.kind);
        let (one, other) = (self.of(one), self.of(other));
        Box::new(move |columns, mask| {
            let compared = compare(&one(columns, mask)?, &other(columns, mask)?)?;
            Ok(compared.into_series())
        })
    }

    /// The greatest or least of values of one type, of those that are not NULL.
    pub(super) fn furthest(&self, how: Comparison, values: &[Expr]) -> Step {
        let kind = values.first().map_or(SqlType::Unknown, |value| value.kind);
        let compare = self.compare(how, kind, kind);
        let values: Vec<Step> = values.iter().map(|value| self.of(value)).collect();
        Box::new(move |columns, mask| {
            let mut best: Option<Series> = None;
            for value in &values {
                let value = value(columns, mask)?;
                best = Some(match best {
                    None => value,
                    Some(best) => {
                        let wins = compare(&value, &best)? | best.is_null();
                        value.zip_with(&wins, &best)?
                    }
                });
            }
            best.ok_or_else(|| polars_err!(ComputeError: "there are no values"))
        })
    }

    /// The value, or NULL where it is equal to the other one.
    pub(super) fn null_if(&self, value: &Expr, other: &Expr) -> Step {
        let compare = self.compare(Comparison::Equal, value.kind, other.kind);
        let (value, other) = (self.of(value), self.of(other));
        Box::new(move |columns, mask| {
            let value = value(columns, mask)?;
            let is_equal = compare(&value, &other(columns, mask)?)?;
            let null = Series::full_null(PlSmallStr::EMPTY, 1, value.dtype());
            null.zip_with(&is_equal, &value)
        })
    }

    fn compare(&self, how: Comparison, one: SqlType, other: SqlType) -> Compare {
        if one == other || one.is_whole() && other.is_whole() {
            return Box::new(move |one, other| match how {
                Comparison::Equal => one.equal(other),
                Comparison::NotEqual => one.not_equal(other),
                Comparison::Less => one.lt(other),
                Comparison::LessOrEqual => one.lt_eq(other),
                Comparison::Greater => one.gt(other),
                Comparison::GreaterOrEqual => one.gt_eq(other),
                Comparison::Distinct => one.not_equal_missing(other),
            });
        }
        let described = Described {
            what: "=",
            place: None,
            types: vec![one, other],
            result: SqlType::Boolean,
        };
        let compute: super::Compute = Arc::new(move |call| compared(call, how));
        let faults = self.faults.clone();
        let digits = self.quotient_digits;
        Box::new(move |one, other| {
            let both = [one.clone(), other.clone()];
            let answer = called(&described, &compute, &both, digits, &faults)?;
            Ok(answer.bool()?.clone())
        })
    }

    /// Whether a value is in a list of constants.
    pub(super) fn among(&self, value: &Expr, list: &[Value]) -> Step {
        let kind = value.kind;
        let described = Described {
            what: "IN",
            place: None,
            types: vec![kind],
            result: SqlType::Boolean,
        };
        let texts: HashSet<String> = list
            .iter()
            .filter_map(|one| match one {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let scale = kind
            .scale()
            .map_or(0, |scale| scale.digits(self.quotient_digits));
        let wholes: HashSet<i128> = list
            .iter()
            .filter_map(|one| match one {
                Value::Whole(value) => Some(i128::from(*value)),
                Value::Date(value) => Some(i128::from(*value)),
                Value::Timestamp(value) => Some(i128::from(*value)),
                Value::Time(value) => Some(i128::from(*value) * 1_000),
                Value::Boolean(value) => Some(i128::from(*value)),
                Value::Double(value) => Some(i128::from((value + 0.0).to_bits())),
                Value::Decimal(mantissa, from) => numeric::rescaled(*mantissa, *from, scale).ok(),
                Value::Text(_) | Value::Null => None,
            })
            .collect();
        let compute = move |call: &Columns<'_>| match kind {
            SqlType::Text | SqlType::Unknown => {
                let values = call.texts(0)?;
                call.to_truths(|row| Ok(values.at(row).map(|text| texts.contains(text))))
            }
            SqlType::Boolean => {
                let values = call.truths(0)?;
                call.to_truths(|row| {
                    Ok(values
                        .at(row)
                        .map(|value| wholes.contains(&i128::from(value))))
                })
            }
            SqlType::Date => {
                let values = call.dates(0)?;
                call.to_truths(|row| {
                    Ok(values
                        .at(row)
                        .map(|value| wholes.contains(&i128::from(value))))
                })
            }
            SqlType::Timestamp => {
                let values = call.timestamps(0)?;
                call.to_truths(|row| {
                    Ok(values
                        .at(row)
                        .map(|value| wholes.contains(&i128::from(value))))
                })
            }
            SqlType::Time => {
                let values = call.times(0)?;
                call.to_truths(|row| {
                    Ok(values
                        .at(row)
                        .map(|value| wholes.contains(&i128::from(value))))
                })
            }
            SqlType::Double => {
                let values = call.doubles(0)?;
                call.to_truths(|row| {
                    let bits = |value: f64| i128::from((value + 0.0).to_bits());
                    Ok(values.at(row).map(|value| wholes.contains(&bits(value))))
                })
            }
            _ => {
                let values = call.numbers(0)?;
                call.to_truths(|row| Ok(values.at(row).map(|value| wholes.contains(&value))))
            }
        };
        self.computed([value], None, described, Arc::new(compute))
    }
}

/// Numbers of different scales.
fn compared(call: &Columns<'_>, how: Comparison) -> Answer {
    let (one, other) = (call.numbers(0)?, call.numbers(1)?);
    let (one_scale, other_scale) = (one.scale(), other.scale());
    call.to_truths(|row| {
        let (one, other) = (one.at(row), other.at(row));
        if how == Comparison::Distinct {
            return Ok(Some(match (one, other) {
                (Some(one), Some(other)) => {
                    numeric::ordering(one, one_scale, other, other_scale).is_ne()
                }
                (None, None) => false,
                _ => true,
            }));
        }
        Ok(one.zip(other).map(|(one, other)| {
            let ordering = numeric::ordering(one, one_scale, other, other_scale);
            match how {
                Comparison::Equal | Comparison::Distinct => ordering.is_eq(),
                Comparison::NotEqual => ordering.is_ne(),
                Comparison::Less => ordering.is_lt(),
                Comparison::LessOrEqual => ordering.is_le(),
                Comparison::Greater => ordering.is_gt(),
                Comparison::GreaterOrEqual => ordering.is_ge(),
            }
        }))
    })
}
