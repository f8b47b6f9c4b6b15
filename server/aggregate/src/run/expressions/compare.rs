//! Comparisons, and IN.

use std::collections::HashSet;

use polars::prelude::{Expr as PolarsExpr, *};

use super::Described;
use crate::call::{Answer, Call as Columns};
use crate::expression::{Comparison, Expr};
use crate::kernel::numeric;
use crate::run::Runner;
use crate::types::SqlType;
use crate::value::Value;

impl Runner<'_> {
    pub(super) fn comparison(
        &self,
        how: Comparison,
        one: &Expr,
        other: &Expr,
        guard: Option<&PolarsExpr>,
        witness: &PolarsExpr,
    ) -> PolarsExpr {
        // Polars takes the length of the left side where both sides are one value many times.
        let (how, one, other) = if one.is_constant() && !other.is_constant() {
            (how.mirrored(), other, one)
        } else {
            (how, one, other)
        };
        let left = self.lowered(one, guard, witness);
        let right = self.lowered(other, guard, witness);
        let is_same = one.kind == other.kind || one.kind.is_whole() && other.kind.is_whole();
        if !is_same {
            let described = Described {
                what: "=",
                place: None,
                types: vec![one.kind, other.kind],
                result: SqlType::Boolean,
            };
            return self.computed(
                vec![left, right],
                described,
                witness,
                Arc::new(move |call| compared(call, how)),
            );
        }
        match how {
            Comparison::Equal => left.eq(right),
            Comparison::NotEqual => left.neq(right),
            Comparison::Less => left.lt(right),
            Comparison::LessOrEqual => left.lt_eq(right),
            Comparison::Greater => left.gt(right),
            Comparison::GreaterOrEqual => left.gt_eq(right),
            Comparison::Distinct => left.neq_missing(right),
        }
    }

    /// Whether a value is in a list of constants.
    pub(super) fn among(
        &self,
        value: PolarsExpr,
        kind: SqlType,
        list: &[Value],
        witness: &PolarsExpr,
    ) -> PolarsExpr {
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
        self.computed(vec![value], described, witness, Arc::new(compute))
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
