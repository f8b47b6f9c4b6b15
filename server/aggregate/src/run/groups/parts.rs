//! What Polars computes for an aggregate, and what makes the answer of it.

use std::sync::Arc;

use polars::prelude::{Expr as PolarsExpr, *};

use super::sums::{checked_sums, double_spread, double_sum, finished_sum, spread_parts, sums};
use crate::call::{Answer, Call};
use crate::kernel::{moments, numeric};
use crate::relation::{Aggregate, Bits, By, Fraction, Regression};
use crate::run::frames;
use crate::types::{Scale, SqlType};

/// Code that makes the answer of what Polars computed.
pub(in crate::run) type Finish = Arc<dyn Fn(&Call<'_>) -> Answer + Send + Sync>;

/// What Polars computes for an aggregate, and what makes the answer of it.
pub(super) struct Parts {
    pub(super) computed: Vec<PolarsExpr>,
    /// `None` when the one column is the answer.
    pub(super) finish: Option<Finish>,
}

impl Parts {
    pub(super) fn plain(expr: PolarsExpr) -> Self {
        Self {
            computed: vec![expr],
            finish: None,
        }
    }

    pub(super) fn finished(
        computed: Vec<PolarsExpr>,
        finish: impl Fn(&Call<'_>) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self {
            computed,
            finish: Some(Arc::new(finish)),
        }
    }
}

/// The aggregate's name, for messages.
pub(in crate::run) fn what(by: &By) -> &'static str {
    match by {
        By::Rows | By::Count => "COUNT",
        By::Sum => "SUM",
        By::Average => "AVG",
        By::Least => "MIN",
        By::Greatest => "MAX",
        By::Spread { is_root: true, .. } => "STDDEV",
        By::Spread { .. } => "VARIANCE",
        By::And => "BOOL_AND",
        By::Or => "BOOL_OR",
        By::Texts(_) => "STRING_AGG",
        By::Quantile(_) => "PERCENTILE_CONT",
        By::QuantileValue(_) => "PERCENTILE_DISC",
        By::Mode => "MODE",
        By::Covariance { .. } => "COVAR",
        By::Correlation => "CORR",
        By::Regression(_) => "REGR",
        By::Bits(Bits::And) => "BIT_AND",
        By::Bits(Bits::Or) => "BIT_OR",
        By::Bits(Bits::Xor) => "BIT_XOR",
        By::First => "(SELECT …)",
    }
}

/// What makes the answer of what was computed; `None` when that is the answer.
pub(in crate::run) fn finish(call: &Aggregate) -> Option<Finish> {
    of(call).finish
}

pub(super) fn of(call: &Aggregate) -> Parts {
    let column = |place: usize| col(frames::name(call.arguments[place]));
    let kind = call.kinds.first().copied().unwrap_or(SqlType::BigInt);
    // Equal values count once.
    let values = || {
        let values = column(0);
        if call.is_distinct {
            values.unique()
        } else {
            values
        }
    };
    match &call.by {
        By::Rows => Parts::plain(len().cast(DataType::Int64)),
        By::Count if call.is_distinct => {
            Parts::plain(column(0).drop_nulls().n_unique().cast(DataType::Int64))
        }
        By::Count => Parts::plain(column(0).count().cast(DataType::Int64)),
        By::Sum if kind == SqlType::Double => double_sum(values()),
        By::Sum => {
            let result = call.result;
            Parts::finished(sums(values(), kind), move |call| finished_sum(call, result))
        }
        By::Average if kind == SqlType::Double => Parts::plain(values().mean()),
        By::Average => {
            let scale = kind.scale().unwrap_or(Scale::Fixed(0));
            Parts::finished(sums(values(), kind), move |call| {
                let (sums, counts) = (checked_sums(call)?, call.whole(1)?);
                let digits = call.quotient_digits;
                let scale = scale.digits(digits);
                call.to_decimals(|row| match (sums(row)?, counts.at(row)) {
                    (_, None | Some(0)) => Ok(None),
                    (sum, Some(count)) => {
                        numeric::quotient(sum, scale, i128::from(count), 0, digits).map(Some)
                    }
                })
            })
        }
        By::Least | By::Greatest if kind == SqlType::Double => {
            let is_least = call.by == By::Least;
            let values = column(0);
            let extreme = if is_least {
                values.clone().min()
            } else {
                // NaN is the greatest.
                when(values.clone().is_nan().any(true))
                    .then(lit(f64::NAN))
                    .otherwise(values.max())
            };
            Parts::plain(extreme)
        }
        By::Least => Parts::plain(column(0).min()),
        By::Greatest => Parts::plain(column(0).max()),
        By::Spread { is_sample, is_root } if kind == SqlType::Double => {
            double_spread(values(), *is_sample, *is_root)
        }
        By::Spread { is_sample, is_root } => spread_parts(values(), kind, *is_sample, *is_root),
        By::And | By::Or => {
            let truths = column(0);
            let (is_and, all) = (call.by == By::And, truths.clone());
            let known = if is_and { all.all(true) } else { all.any(true) };
            Parts::plain(
                when(truths.count().gt(lit(0)))
                    .then(known)
                    .otherwise(lit(NULL).cast(DataType::Boolean)),
            )
        }
        By::Texts(separator) => {
            let sorted = if call.is_distinct {
                let is_descending = call.order.first().is_some_and(|key| key.is_descending);
                column(0)
                    .drop_nulls()
                    .unique()
                    .sort(SortOptions::default().with_order_descending(is_descending))
            } else if call.order.is_empty() {
                column(0).drop_nulls()
            } else {
                column(0)
                    .sort_by(
                        frames::columns(call.order.iter().map(|key| key.id)),
                        SortMultipleOptions {
                            descending: call.order.iter().map(|key| key.is_descending).collect(),
                            nulls_last: call.order.iter().map(|key| !key.nulls_first).collect(),
                            multithreaded: false,
                            maintain_order: true,
                            limit: None,
                        },
                    )
                    .drop_nulls()
            };
            let joined = sorted.str().join(separator, true);
            Parts::plain(
                when(column(0).count().gt(lit(0)))
                    .then(joined)
                    .otherwise(lit(NULL).cast(DataType::String)),
            )
        }
        By::Quantile(Fraction {
            share,
            is_descending: false,
        }) => Parts::plain(
            values()
                .quantile(lit(*share), QuantileMethod::Linear)
                .cast(DataType::Float64),
        ),
        By::Quantile(fraction) => {
            let share = fraction.share;
            whole_group(&[values()], call, move |columns| {
                let order = SortOptions::default().with_order_descending(true);
                let sorted = columns[0].drop_nulls().sort(order)?;
                Ok(Series::new(
                    PlSmallStr::EMPTY,
                    [between(&sorted.f64()?.rechunk(), share)],
                ))
            })
        }
        By::QuantileValue(fraction) => {
            let (fraction, is_descending) = (fraction.share, fraction.is_descending);
            whole_group(&[column(0)], call, move |columns| {
                let order = SortOptions::default().with_order_descending(is_descending);
                let sorted = columns[0].drop_nulls().sort(order)?;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss,
                    reason = "a fraction of a number of rows"
                )]
                let place = ((fraction * sorted.len() as f64).ceil() as usize).saturating_sub(1);
                Ok(sorted.slice(i64::try_from(place).unwrap_or(0), 1))
            })
        }
        By::Mode => whole_group(&[column(0)], call, |columns| {
            let sorted = columns[0].drop_nulls().sort(SortOptions::default())?;
            let (mut best, mut longest, mut start) = (0, 0, 0);
            let same = sorted.equal_missing(&sorted.shift(1))?;
            for row in 0..sorted.len() {
                if row > 0 && !same.get(row).unwrap_or(false) {
                    start = row;
                }
                if row + 1 - start > longest {
                    (longest, best) = (row + 1 - start, start);
                }
            }
            Ok(sorted.slice(i64::try_from(best).unwrap_or(0), 1))
        }),
        By::Covariance { is_sample } => {
            let is_sample = *is_sample;
            whole_group(&[column(0), column(1)], call, move |columns| {
                two_columns(columns, |pairs| moments::covariance(pairs, is_sample))
            })
        }
        By::Correlation => whole_group(&[column(0), column(1)], call, |columns| {
            two_columns(columns, moments::correlation)
        }),
        By::Regression(Regression::Count) => Parts::plain(
            (column(0).is_not_null().and(column(1).is_not_null()))
                .sum()
                .cast(DataType::Int64),
        ),
        By::Regression(what) => {
            let what = *what;
            whole_group(&[column(0), column(1)], call, move |columns| {
                two_columns(columns, |pairs| moments::regression(pairs, what))
            })
        }
        By::Bits(how) => {
            let how = *how;
            whole_group(&[values()], call, move |columns| {
                let values = columns[0].i64()?.iter().flatten();
                Ok(Series::new(
                    PlSmallStr::EMPTY,
                    [values.reduce(|one, other| how.of(one, other))],
                ))
            })
        }
        By::First => Parts::plain(column(0).first()),
    }
}

impl Bits {
    /// Two numbers put together.
    pub(in crate::run) fn of(self, one: i64, other: i64) -> i64 {
        match self {
            Self::And => one & other,
            Self::Or => one | other,
            Self::Xor => one ^ other,
        }
    }
}

/// The value at a share of sorted values, between neighbours.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of a number of rows"
)]
fn between(sorted: &Float64Chunked, share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (
        sorted.get(place.floor() as usize)?,
        sorted.get(place.ceil() as usize)?,
    );
    Some(if place.fract() == 0.0 {
        low
    } else {
        low + place.fract() * (high - low)
    })
}

/// A function of all values of a group, computed by our own code.
fn whole_group(
    columns: &[PolarsExpr],
    call: &Aggregate,
    compute: impl Fn(&[Series]) -> PolarsResult<Series> + Send + Sync + 'static,
) -> Parts {
    let kind = call.result;
    let scale = match call.kinds.first() {
        Some(SqlType::Numeric(scale)) => Some(*scale),
        _ => None,
    };
    let expr = apply_multiple(
        move |columns: &mut [Column]| {
            let series: Vec<Series> = columns
                .iter()
                .map(|column| column.as_materialized_series().clone())
                .collect();
            let answer = compute(&series)?;
            let name = series[0].name().clone();
            Ok(if answer.is_empty() {
                Series::full_null(name, 1, answer.dtype()).into_column()
            } else {
                answer.with_name(name).into_column()
            })
        },
        columns,
        move |_, fields| {
            let dtype = match (scale, fields.first()) {
                (Some(_), Some(field)) => field.dtype().clone(),
                _ => kind.dtype(0),
            };
            Ok(Field::new(fields[0].name().clone(), dtype))
        },
        true,
    );
    Parts::plain(expr)
}

fn two_columns(
    columns: &[Series],
    compute: impl Fn(&[(f64, f64)]) -> Option<f64>,
) -> PolarsResult<Series> {
    let (one, other) = (columns[0].f64()?, columns[1].f64()?);
    let pairs: Vec<(f64, f64)> = one
        .iter()
        .zip(other.iter())
        .filter_map(|(one, other)| one.zip(other))
        .collect();
    Ok(Series::new(PlSmallStr::EMPTY, [compute(&pairs)]))
}
