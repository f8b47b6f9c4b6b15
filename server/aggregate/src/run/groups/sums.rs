//! Sums, and what is made of sums: exact, or refused.

use ethnum::I256;
use polars::prelude::{Expr as PolarsExpr, *};

use super::parts::Parts;
use crate::call::{Answer, Call};
use crate::fault::Fault;
use crate::kernel::{numeric, spread};
use crate::types::{Scale, SqlType};

/// Sums of decimals are computed in 128 bits, which wrap; beside them goes a sum in double precision,
/// and beyond this the exact one may have wrapped.
const SAFE_SUM: f64 = 0.99e38;

/// The exact sum, how many values it has, and for decimals their sum in double precision.
pub(super) fn sums(values: PolarsExpr, kind: SqlType) -> Vec<PolarsExpr> {
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
pub(super) fn checked_sums(
    call: &Call<'_>,
) -> Result<impl Fn(usize) -> Result<i128, Fault>, Fault> {
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

pub(super) fn finished_sum(call: &Call<'_>, result: SqlType) -> Answer {
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
pub(super) fn double_sum(values: PolarsExpr) -> Parts {
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
pub(super) fn spread_parts(
    values: PolarsExpr,
    kind: SqlType,
    is_sample: bool,
    is_root: bool,
) -> Parts {
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

pub(super) fn double_spread(values: PolarsExpr, is_sample: bool, is_root: bool) -> Parts {
    let freedom = u8::from(is_sample);
    let spread = if is_root {
        values.std(freedom)
    } else {
        values.var(freedom)
    };
    Parts::plain(spread)
}
