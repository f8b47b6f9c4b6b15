//! Operators on numbers.

use super::Topic;
use crate::call::{Answer, Call};
use crate::function::{Argument, Function, Gives, Shape};
use crate::kernel::numeric;
use crate::types::Scale;
use crate::{Fault, SqlType};

pub(super) const TOPIC: Topic = Topic {
    title: ["수의 계산", "Arithmetic"],
    functions: &[
        Function {
            name: "+",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| whole(call, i64::checked_add),
            can_fail: true,
            meaning: ["두 수의 합", "The sum of two numbers."],
            example: "2 + 3",
            postgres: None,
        },
        Function {
            name: "+",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::By(longest),
            apply: |call| aligned(call, i128::checked_add),
            can_fail: true,
            meaning: [
                "두 소수의 정확한 합",
                "The exact sum of two decimals, with the digits of the longer one.",
            ],
            example: "1.25 + 2",
            postgres: None,
        },
        Function {
            name: "+",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| doubles(call, |one, other| one + other),
            can_fail: true,
            meaning: [
                "두 배정밀도 수의 합",
                "The sum of two numbers of double precision.",
            ],
            example: "CAST(1.5 AS DOUBLE PRECISION) + 2",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| whole(call, i64::checked_sub),
            can_fail: true,
            meaning: ["두 수의 차", "The difference of two numbers."],
            example: "2 - 3",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::By(longest),
            apply: |call| aligned(call, i128::checked_sub),
            can_fail: true,
            meaning: [
                "두 소수의 정확한 차",
                "The exact difference of two decimals, with the digits of the longer one.",
            ],
            example: "1 - 0.25",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| doubles(call, |one, other| one - other),
            can_fail: true,
            meaning: [
                "두 배정밀도 수의 차",
                "The difference of two numbers of double precision.",
            ],
            example: "CAST(1.5 AS DOUBLE PRECISION) - 2",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| {
                let values = call.whole(0)?;
                call.to_whole(|row| {
                    let negated = |value: i64| value.checked_neg().ok_or_else(too_large);
                    values.at(row).map(negated).transpose()
                })
            },
            can_fail: true,
            meaning: ["부호를 바꾼 수", "The number with the other sign."],
            example: "-(3)",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::By(longest),
            apply: |call| {
                let values = call.numbers(0)?;
                call.to_decimals(|row| Ok(values.at(row).map(|value| -value)))
            },
            can_fail: false,
            meaning: ["부호를 바꾼 소수", "The decimal with the other sign."],
            example: "-(1.50)",
            postgres: None,
        },
        Function {
            name: "-",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| {
                let values = call.doubles(0)?;
                call.to_doubles(|row| Ok(values.at(row).map(|value| -value)))
            },
            can_fail: false,
            meaning: [
                "부호를 바꾼 배정밀도 수",
                "The number of double precision with the other sign.",
            ],
            example: "-CAST(1.5 AS DOUBLE PRECISION)",
            postgres: None,
        },
        Function {
            name: "*",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| whole(call, i64::checked_mul),
            can_fail: true,
            meaning: ["두 수의 곱", "The product of two numbers."],
            example: "6 * 7",
            postgres: None,
        },
        Function {
            name: "*",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::By(product_type),
            apply: |call| {
                let (one, other) = (call.numbers(0)?, call.numbers(1)?);
                let (one_scale, other_scale) = (one.scale(), other.scale());
                let to = result_scale(call);
                call.to_decimals(|row| match (one.at(row), other.at(row)) {
                    (Some(one), Some(other)) => {
                        numeric::product(one, one_scale, other, other_scale, to).map(Some)
                    }
                    _ => Ok(None),
                })
            },
            can_fail: true,
            meaning: [
                "두 소수의 정확한 곱",
                "The exact product of two decimals, with the digits of both.",
            ],
            example: "10.01 * 0.0333",
            postgres: None,
        },
        Function {
            name: "*",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| doubles(call, |one, other| one * other),
            can_fail: true,
            meaning: [
                "두 배정밀도 수의 곱",
                "The product of two numbers of double precision.",
            ],
            example: "CAST(1.5 AS DOUBLE PRECISION) * 2",
            postgres: None,
        },
        Function {
            name: "/",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| {
                whole_by(call, |one, other| {
                    if other == 0 {
                        return Err(Fault::DivisionByZero);
                    }
                    one.checked_div(other).ok_or_else(too_large)
                })
            },
            can_fail: true,
            meaning: [
                "정수끼리의 나눗셈은 소수점 아래를 버립니다.",
                "Whole numbers are divided without a rest; write `x * 1.0 / y` for the rest.",
            ],
            example: "-7 / 2",
            postgres: None,
        },
        Function {
            name: "/",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::Is(SqlType::QUOTIENT),
            apply: |call| {
                let (one, other) = (call.numbers(0)?, call.numbers(1)?);
                let (one_scale, other_scale) = (one.scale(), other.scale());
                let digits = call.quotient_digits;
                call.to_decimals(|row| match (one.at(row), other.at(row)) {
                    (Some(one), Some(other)) => {
                        numeric::quotient(one, one_scale, other, other_scale, digits).map(Some)
                    }
                    _ => Ok(None),
                })
            },
            can_fail: true,
            meaning: [
                "소수의 몫. 유효 숫자는 16자리 이상입니다.",
                "The quotient of decimals, with at least 16 significant digits.",
            ],
            example: "10 / 3.0",
            postgres: None,
        },
        Function {
            name: "/",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| {
                let (one, other) = (call.doubles(0)?, call.doubles(1)?);
                call.to_doubles(|row| match (one.at(row), other.at(row)) {
                    (Some(one), Some(other)) if other == 0.0 && !one.is_nan() => {
                        Err(Fault::DivisionByZero)
                    }
                    (Some(one), Some(other)) => {
                        let quotient = finite(one / other, one, other)?;
                        if quotient == 0.0 && one != 0.0 && other.is_finite() {
                            return Err(Fault::Overflow(SqlType::Double));
                        }
                        Ok(Some(quotient))
                    }
                    _ => Ok(None),
                })
            },
            can_fail: true,
            meaning: [
                "두 배정밀도 수의 몫",
                "The quotient of two numbers of double precision.",
            ],
            example: "CAST(10 AS DOUBLE PRECISION) / 4",
            postgres: None,
        },
        Function {
            name: "%",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: whole_remainder,
            can_fail: true,
            meaning: [
                "나머지. 부호는 나누어지는 수를 따릅니다.",
                "The rest of a division, with the sign of what is divided.",
            ],
            example: "-7 % 3",
            postgres: None,
        },
        Function {
            name: "%",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::By(longest),
            apply: remainder,
            can_fail: true,
            meaning: ["소수의 나머지", "The rest of a division of decimals."],
            example: "7.5 % 2",
            postgres: None,
        },
        Function {
            name: "mod",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: whole_remainder,
            can_fail: true,
            meaning: ["`%`와 같습니다.", "The same as `%`."],
            example: "MOD(-7, 3)",
            postgres: None,
        },
        Function {
            name: "mod",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::By(longest),
            apply: remainder,
            can_fail: true,
            meaning: ["`%`와 같습니다.", "The same as `%`."],
            example: "MOD(7.5, 2)",
            postgres: None,
        },
    ],
};

/// `bigint` as soon as one of them is.
pub(super) fn widest_whole(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let is_integer = arguments.iter().all(|one| one.kind == SqlType::Integer);
    Some(if is_integer {
        SqlType::Integer
    } else {
        SqlType::BigInt
    })
}

/// A decimal with the digits of the longest.
pub(super) fn longest(arguments: &[Shape<'_>]) -> Option<SqlType> {
    arguments
        .iter()
        .map(|one| one.kind.scale().unwrap_or(Scale::Fixed(0)))
        .reduce(Scale::max)
        .map(SqlType::Numeric)
}

/// A decimal with the digits of both.
fn product_type(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let mut digits = 0_u8;
    let mut is_mixed = false;
    for one in arguments {
        match one.kind.scale().unwrap_or(Scale::Fixed(0)) {
            Scale::Fixed(scale) => digits = digits.saturating_add(scale),
            Scale::UpTo(scale) => {
                digits = digits.saturating_add(scale);
                is_mixed = true;
            }
            Scale::Quotient => return Some(SqlType::QUOTIENT),
        }
    }
    // More digits than a column has places are rounded like those of a quotient.
    Some(if digits > 30 {
        SqlType::QUOTIENT
    } else {
        SqlType::Numeric(if is_mixed {
            Scale::UpTo(digits)
        } else {
            Scale::Fixed(digits)
        })
    })
}

/// Digits behind the point of the answer.
pub(super) fn result_scale(call: &Call<'_>) -> u8 {
    call.result
        .scale()
        .unwrap_or(Scale::Fixed(0))
        .digits(call.quotient_digits)
}

fn too_large() -> Fault {
    Fault::Overflow(SqlType::BigInt)
}

fn whole(call: &Call<'_>, compute: fn(i64, i64) -> Option<i64>) -> Answer {
    whole_by(call, |one, other| compute(one, other).ok_or_else(too_large))
}

pub(super) fn whole_by(
    call: &Call<'_>,
    compute: impl Fn(i64, i64) -> Result<i64, Fault>,
) -> Answer {
    let (one, other) = (call.whole(0)?, call.whole(1)?);
    call.to_whole(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => compute(one, other).map(Some),
        _ => Ok(None),
    })
}

fn whole_remainder(call: &Call<'_>) -> Answer {
    whole_by(call, |one, other| {
        if other == 0 {
            return Err(Fault::DivisionByZero);
        }
        // The remainder by -1 is 0, also where the quotient would be too large.
        Ok(one.wrapping_rem(other))
    })
}

fn remainder(call: &Call<'_>) -> Answer {
    let (one, other) = (call.numbers(0)?, call.numbers(1)?);
    let (one_scale, other_scale) = (one.scale(), other.scale());
    let (from, to) = (one_scale.max(other_scale), result_scale(call));
    call.to_decimals(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => {
            let rest = numeric::remainder(one, one_scale, other, other_scale)?;
            numeric::rescaled(rest, from, to).map(Some)
        }
        _ => Ok(None),
    })
}

fn aligned(call: &Call<'_>, compute: fn(i128, i128) -> Option<i128>) -> Answer {
    aligned_by(call, |one, other| {
        numeric::fitting(compute(one, other).ok_or(Fault::Digits)?)
    })
}

/// Decimals brought to one scale before they are computed with.
pub(super) fn aligned_by(
    call: &Call<'_>,
    compute: impl Fn(i128, i128) -> Result<i128, Fault>,
) -> Answer {
    let (one, other) = (call.numbers(0)?, call.numbers(1)?);
    let (one_scale, other_scale) = (one.scale(), other.scale());
    let to = result_scale(call);
    call.to_decimals(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => {
            let one = numeric::rescaled(one, one_scale, to)?;
            let other = numeric::rescaled(other, other_scale, to)?;
            compute(one, other).map(Some)
        }
        _ => Ok(None),
    })
}

/// Doubles; an infinity that comes of finite numbers is an overflow, as in PostgreSQL.
fn doubles(call: &Call<'_>, compute: fn(f64, f64) -> f64) -> Answer {
    let (one, other) = (call.doubles(0)?, call.doubles(1)?);
    call.to_doubles(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => finite(compute(one, other), one, other).map(Some),
        _ => Ok(None),
    })
}

fn finite(value: f64, one: f64, other: f64) -> Result<f64, Fault> {
    if value.is_infinite() && one.is_finite() && other.is_finite() {
        return Err(Fault::Overflow(SqlType::Double));
    }
    Ok(value)
}
