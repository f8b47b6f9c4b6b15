//! Aggregates.
//!
//! Polars adds up in the types below, which no number of rows overflows; what it answers is brought
//! to PostgreSQL's type afterwards, and checked.

use std::collections::BTreeSet;
use std::sync::Arc;

use ethnum::I256;
use polars::prelude::{Expr as PolarsExpr, *};

use super::expressions::Described;
use super::hashed::Hashed;
use super::{Runner, frames};
use crate::call::{Answer, Call};
use crate::expression::Id;
use crate::fault::Fault;
use crate::kernel::{moments, numeric, spread};
use crate::relation::{Aggregate, Bits, By, Fraction, Regression, Rel};
use crate::types::{Scale, SqlType};

/// Sums of decimals are computed in 128 bits, which wrap; beside them goes a sum in double precision,
/// and beyond this the exact one may have wrapped.
const SAFE_SUM: f64 = 0.99e38;

/// Code that makes the answer of what Polars computed.
pub(super) type Finish = Arc<dyn Fn(&Call<'_>) -> Answer + Send + Sync>;

/// What Polars computes for an aggregate, and what makes the answer of it.
struct Parts {
    computed: Vec<PolarsExpr>,
    /// `None` when the one column is the answer.
    finish: Option<Finish>,
}

impl Parts {
    fn plain(expr: PolarsExpr) -> Self {
        Self {
            computed: vec![expr],
            finish: None,
        }
    }

    fn finished(
        computed: Vec<PolarsExpr>,
        finish: impl Fn(&Call<'_>) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self {
            computed,
            finish: Some(Arc::new(finish)),
        }
    }
}

impl Runner<'_> {
    pub(super) fn grouped(
        &self,
        input: &Rel,
        keys: &[Id],
        calls: &[(Id, Aggregate)],
        needed: &BTreeSet<Id>,
    ) -> PolarsResult<LazyFrame> {
        let wanted: Vec<&(Id, Aggregate)> =
            calls.iter().filter(|(id, _)| needed.contains(id)).collect();
        let mut distinct_keys: Vec<Id> = Vec::with_capacity(keys.len());
        for id in keys {
            if !distinct_keys.contains(id) {
                distinct_keys.push(*id);
            }
        }
        let keys = distinct_keys.as_slice();
        let mut below: BTreeSet<Id> = keys.iter().copied().collect();
        for (_, call) in &wanted {
            below.extend(&call.arguments);
            below.extend(call.order.iter().map(|key| key.id));
        }
        let is_streamed = is_streamed(input);
        let is_hashed = is_streamed && !has_join(input) || !Hashed::has_doubles(&wanted);
        let hashed = if is_hashed {
            self.hashed(input, &below, keys, &wanted)?
        } else {
            None
        };
        let frame = match hashed {
            // Joined rows come in any order, and with them the groups.
            Some(groups) if has_join(input) && !keys.is_empty() => groups
                .sort(
                    keys.iter().map(|id| frames::name(*id)),
                    SortMultipleOptions::default(),
                )?
                .lazy(),
            Some(groups) => groups.lazy(),
            None => {
                let rows = self.kept(input, &below)?;
                self.by_polars(rows, keys, &wanted)?.lazy()
            }
        };
        let finishing: Vec<_> = wanted
            .into_iter()
            .filter_map(|(id, call)| Some((*id, call, parts(call).finish?)))
            .collect();
        if finishing.is_empty() {
            return Ok(frame);
        }
        let finished: Vec<PolarsExpr> = finishing
            .into_iter()
            .map(|(id, call, finish)| {
                let described = Described {
                    what: what(&call.by),
                    place: call.place,
                    types: call.kinds.clone(),
                    result: call.result,
                };
                let arguments: Vec<PolarsExpr> = names(id, call, parts(call).computed.len())
                    .into_iter()
                    .map(col)
                    .collect();
                let witness = arguments[0].clone();
                self.computed(arguments, described, &witness, finish)
                    .alias(frames::name(id))
            })
            .collect();
        Ok(frame.with_columns(finished))
    }

    /// Groups made by Polars, of rows that are all there.
    fn by_polars(
        &self,
        rows: LazyFrame,
        keys: &[Id],
        calls: &[&(Id, Aggregate)],
    ) -> PolarsResult<DataFrame> {
        let mut computed = Vec::new();
        for (id, call) in calls {
            let parts = parts(call);
            let names = names(*id, call, parts.computed.len());
            computed.extend(
                parts
                    .computed
                    .into_iter()
                    .zip(names)
                    .map(|(expr, name)| expr.alias(name)),
            );
        }
        self.collected(if keys.is_empty() {
            if computed.is_empty() {
                computed.push(len().alias(frames::WITNESS));
            }
            rows.select(computed)
        } else {
            rows.group_by(frames::columns(keys.iter().copied()))
                .agg(computed)
        })
    }
}

/// What the columns are called that are computed for a call.
pub(super) fn names(id: Id, call: &Aggregate, count: usize) -> Vec<PlSmallStr> {
    if parts(call).finish.is_none() {
        return vec![frames::name(id)];
    }
    (0..count)
        .map(|part| PlSmallStr::from(format!("c{id} {part}")))
        .collect()
}

/// Whether these rows can come by in batches: an order of rows, and what depends on it, is made of
/// rows that are all there.
pub(super) fn is_streamed(rel: &Rel) -> bool {
    match rel {
        Rel::Sort { .. } | Rel::Limit { .. } | Rel::Distinct { .. } => false,
        Rel::Filter { input, .. } | Rel::Compute { input, .. } => is_streamed(input),
        Rel::Join(join) => {
            !join.on.is_empty() && is_streamed(&join.left) && is_streamed(&join.right)
        }
        Rel::Append { inputs, .. } => inputs.iter().all(|(rel, _)| is_streamed(rel)),
        // What they make is there as a whole, in one order.
        Rel::Aggregate { .. }
        | Rel::Window { .. }
        | Rel::Single { .. }
        | Rel::Occurrence { .. } => true,
        Rel::One | Rel::Scan { .. } | Rel::Given { .. } => true,
    }
}

fn has_join(rel: &Rel) -> bool {
    match rel {
        Rel::Join(_) => true,
        Rel::Filter { input, .. } | Rel::Compute { input, .. } => has_join(input),
        Rel::Append { inputs, .. } => inputs.iter().any(|(rel, _)| has_join(rel)),
        _ => false,
    }
}

/// The aggregate's name, for messages.
pub(super) fn what(by: &By) -> &'static str {
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
pub(super) fn finish(call: &Aggregate) -> Option<Finish> {
    parts(call).finish
}

fn parts(call: &Aggregate) -> Parts {
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
    pub(super) fn of(self, one: i64, other: i64) -> i64 {
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

/// The exact sum, how many values it has, and for decimals their sum in double precision.
fn sums(values: PolarsExpr, kind: SqlType) -> Vec<PolarsExpr> {
    match kind {
        SqlType::Numeric(_) => {
            let mantissas = values.clone().to_physical();
            vec![
                mantissas.clone().sum(),
                values.count().cast(DataType::Int64),
                mantissas.cast(DataType::Float64).sum(),
            ]
        }
        // 2^63 rows of 2^63 are 2^126.
        _ => vec![
            values.clone().cast(DataType::Int128).sum(),
            values.count().cast(DataType::Int64),
        ],
    }
}

/// The sums of all rows, once it is certain that none wrapped.
fn checked_sums(call: &Call<'_>) -> Result<impl Fn(usize) -> Result<i128, Fault>, Fault> {
    let exact = call.numbers(0)?;
    let nearly = match call.columns.get(2) {
        Some(_) => Some(call.doubles(2)?),
        None => None,
    };
    Ok(move |row: usize| {
        if let Some(nearly) = &nearly
            && nearly.at(row).is_some_and(|sum| sum.abs() > SAFE_SUM)
        {
            return Err(Fault::Digits);
        }
        Ok(exact.at(row).unwrap_or(0))
    })
}

fn finished_sum(call: &Call<'_>, result: SqlType) -> Answer {
    let (sums, counts) = (checked_sums(call)?, call.whole(1)?);
    let sum = |row: usize| match counts.at(row) {
        None | Some(0) => Ok(None),
        Some(_) => sums(row).map(Some),
    };
    if result == SqlType::BigInt {
        return call.to_whole(|row| {
            let fitting = |value: i128| i64::try_from(value).map_err(|_| Fault::Overflow(result));
            sum(row)?.map(fitting).transpose()
        });
    }
    call.to_decimals(|row| sum(row)?.map(numeric::fitting).transpose())
}

/// A sum of doubles; one that leaves its type is no infinity.
fn double_sum(values: PolarsExpr) -> Parts {
    Parts::finished(
        vec![
            values.clone().sum(),
            values.clone().count().cast(DataType::Int64),
            values.is_infinite().any(true),
        ],
        |call| {
            let (sums, counts, infinite) = (call.doubles(0)?, call.whole(1)?, call.truths(2)?);
            call.to_doubles(|row| match (sums.at(row), counts.at(row)) {
                (_, None | Some(0)) => Ok(None),
                (Some(sum), _) if sum.is_infinite() && infinite.at(row) != Some(true) => {
                    Err(Fault::Overflow(SqlType::Double))
                }
                (sum, _) => Ok(sum),
            })
        },
    )
}

/// The spread of exact numbers, of the sums of them and of their squares.
fn spread_parts(values: PolarsExpr, kind: SqlType, is_sample: bool, is_root: bool) -> Parts {
    let scale = kind.scale().unwrap_or(Scale::Fixed(0));
    let mantissas = match kind {
        SqlType::Numeric(_) => values.clone().to_physical(),
        _ => values.clone().cast(DataType::Int128),
    };
    // Squares of the two halves of a number: (h * 2^32 + l)^2, so that no sum of squares wraps.
    let high = mapped(mantissas.clone(), |value| value >> 32);
    let low = mapped(mantissas.clone(), |value| value & (spread::HALF - 1));
    let large = high.clone().cast(DataType::Float64);
    let nearly = |expr: PolarsExpr| expr.cast(DataType::Float64).sum();
    Parts::finished(
        vec![
            mantissas.clone().sum(),
            values.count().cast(DataType::Int64),
            nearly(mantissas),
            mapped(high.clone(), |value| value.wrapping_mul(value)).sum(),
            product(high, low.clone()).sum(),
            mapped(low, |value| value * value).sum(),
            (large.clone() * large).sum(),
        ],
        move |call| {
            let (sums, counts) = (checked_sums(call)?, call.whole(1)?);
            let (high, middle, low) = (call.numbers(3)?, call.numbers(4)?, call.numbers(5)?);
            let nearly = call.doubles(6)?;
            let digits = call.quotient_digits;
            let scale = scale.digits(digits);
            call.to_decimals(|row| {
                let count = counts.at(row).unwrap_or(0);
                if count == 0 || is_sample && count < 2 {
                    return Ok(None);
                }
                if nearly.at(row).is_some_and(|sum| sum.abs() > SAFE_SUM) {
                    return Err(Fault::Digits);
                }
                let part = |values: &crate::call::Numbers| I256::from(values.at(row).unwrap_or(0));
                let half = I256::from(spread::HALF);
                let squares =
                    part(&high) * half * half + part(&middle) * half * I256::from(2) + part(&low);
                spread::of_sums(
                    sums(row)?,
                    squares,
                    count,
                    scale,
                    is_sample,
                    is_root,
                    digits,
                )
                .map(Some)
            })
        },
    )
}

/// Every value of 128 bits changed.
fn mapped(values: PolarsExpr, change: fn(i128) -> i128) -> PolarsExpr {
    values.map(
        move |column| {
            let values = column.as_materialized_series().i128()?.clone();
            Ok(values.apply_values(change).into_column())
        },
        |_, field| Ok(Field::new(field.name().clone(), DataType::Int128)),
    )
}

/// Products of values of 128 bits; sums of them are only used where none can wrap.
fn product(one: PolarsExpr, other: PolarsExpr) -> PolarsExpr {
    map_multiple(
        |columns: &mut [Column]| {
            let one = columns[0].as_materialized_series().i128()?.clone();
            let other = columns[1].as_materialized_series().i128()?.clone();
            let products: Int128Chunked = one
                .iter()
                .zip(other.iter())
                .map(|(one, other)| Some(one?.wrapping_mul(other?)))
                .collect();
            Ok(products.with_name(one.name().clone()).into_column())
        },
        [one, other],
        |_, fields| Ok(Field::new(fields[0].name().clone(), DataType::Int128)),
    )
}

fn double_spread(values: PolarsExpr, is_sample: bool, is_root: bool) -> Parts {
    let freedom = u8::from(is_sample);
    let spread = if is_root {
        values.std(freedom)
    } else {
        values.var(freedom)
    };
    Parts::plain(spread)
}
