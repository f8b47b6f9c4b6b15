//! Functions of numbers.

use super::Topic;
use super::arithmetic::{longest, result_scale, widest_whole};
use crate::call::{Answer, Call};
use crate::function::{Argument, Function, Gives, Shape};
use crate::kernel::numeric;
use crate::types::Scale;
use crate::{Fault, SqlType};

pub(super) const TOPIC: Topic = Topic {
    title: ["수학 함수", "Functions of numbers"],
    functions: &[
        Function {
            name: "abs",
            arguments: &[Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| {
                let values = call.whole(0)?;
                call.to_whole(|row| {
                    let size =
                        |value: i64| value.checked_abs().ok_or(Fault::Overflow(SqlType::BigInt));
                    values.at(row).map(size).transpose()
                })
            },
            can_fail: true,
            meaning: ["절댓값", "The number without its sign."],
            example: "ABS(-3)",
            postgres: None,
        },
        Function {
            name: "abs",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::By(longest),
            apply: |call| {
                let values = call.numbers(0)?;
                call.to_decimals(|row| Ok(values.at(row).map(i128::abs)))
            },
            can_fail: false,
            meaning: ["소수의 절댓값", "The decimal without its sign."],
            example: "ABS(-1.50)",
            postgres: None,
        },
        Function {
            name: "abs",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| Ok(value.abs())),
            can_fail: false,
            meaning: [
                "배정밀도 수의 절댓값",
                "The number of double precision without its sign.",
            ],
            example: "ABS(CAST(-1.5 AS DOUBLE PRECISION))",
            postgres: None,
        },
        Function {
            name: "round",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| placed(call, numeric::rounded),
            can_fail: true,
            meaning: [
                "반올림한 정수. 절반은 0에서 먼 쪽으로 갑니다.",
                "The nearest whole number; halves go away from zero.",
            ],
            example: "ROUND(-2.5)",
            postgres: None,
        },
        Function {
            name: "round",
            arguments: &[Argument::Number, Argument::ConstantWhole],
            more: None,
            result: Gives::By(placed_type),
            apply: |call| placed(call, numeric::rounded),
            can_fail: true,
            meaning: [
                "소수점 아래 그 자리까지 반올림한 소수",
                "The decimal rounded to so many digits behind the point.",
            ],
            example: "ROUND(2.345, 2)",
            postgres: None,
        },
        Function {
            name: "round",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| Ok(value.round_ties_even())),
            can_fail: false,
            meaning: [
                "반올림한 배정밀도 수. 절반은 짝수로 갑니다.",
                "The nearest whole number of double precision; halves go to the even one.",
            ],
            example: "ROUND(CAST(2.5 AS DOUBLE PRECISION))",
            postgres: None,
        },
        Function {
            name: "round",
            arguments: &[Argument::OnlyDouble, Argument::ConstantWhole],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| {
                let (values, places) = (call.doubles(0)?, call.whole(1)?);
                call.to_doubles(|row| match (values.at(row), places.at(row)) {
                    (Some(value), Some(places)) => {
                        let (mantissa, scale) = numeric::of_double(value)?;
                        let to = u8::try_from(places.clamp(0, 30)).unwrap_or(0);
                        let rounded = numeric::rounded(mantissa, scale, places, to)?;
                        Ok(Some(numeric::to_double(rounded, to)))
                    }
                    _ => Ok(None),
                })
            },
            can_fail: true,
            meaning: [
                "유효 숫자 15자리로 읽어 반올림한 배정밀도 수. PostgreSQL에는 없습니다.",
                "The number of double precision, read with its 15 digits and rounded. PostgreSQL has it only for decimals.",
            ],
            example: "ROUND(CAST(2.345 AS DOUBLE PRECISION), 2)",
            postgres: Some(
                "CAST(ROUND(CAST(CAST(2.345 AS DOUBLE PRECISION) AS NUMERIC), 2) AS DOUBLE PRECISION)",
            ),
        },
        Function {
            name: "trunc",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| placed(call, numeric::truncated),
            can_fail: true,
            meaning: [
                "소수점 아래를 버린 정수",
                "The number without what is behind its point.",
            ],
            example: "TRUNC(-2.7)",
            postgres: None,
        },
        Function {
            name: "trunc",
            arguments: &[Argument::Number, Argument::ConstantWhole],
            more: None,
            result: Gives::By(placed_type),
            apply: |call| placed(call, numeric::truncated),
            can_fail: true,
            meaning: [
                "소수점 아래 그 자리까지만 남긴 소수",
                "The decimal cut to so many digits behind the point.",
            ],
            example: "TRUNC(2.349, 2)",
            postgres: None,
        },
        Function {
            name: "trunc",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| Ok(value.trunc())),
            can_fail: false,
            meaning: [
                "소수점 아래를 버린 배정밀도 수",
                "The number of double precision without what is behind its point.",
            ],
            example: "TRUNC(CAST(-2.7 AS DOUBLE PRECISION))",
            postgres: None,
        },
        Function {
            name: "ceil",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| to_whole(call, true),
            can_fail: true,
            meaning: ["올림한 정수", "The least whole number that is not smaller."],
            example: "CEIL(-2.5)",
            postgres: None,
        },
        Function {
            name: "ceil",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| Ok(value.ceil())),
            can_fail: false,
            meaning: [
                "올림한 배정밀도 수",
                "The least whole number that is not smaller.",
            ],
            example: "CEIL(CAST(2.1 AS DOUBLE PRECISION))",
            postgres: None,
        },
        Function {
            name: "ceiling",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| to_whole(call, true),
            can_fail: true,
            meaning: ["CEIL과 같습니다.", "The same as `CEIL`."],
            example: "CEILING(2.1)",
            postgres: None,
        },
        Function {
            name: "ceiling",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| Ok(value.ceil())),
            can_fail: false,
            meaning: ["CEIL과 같습니다.", "The same as `CEIL`."],
            example: "CEILING(CAST(2.1 AS DOUBLE PRECISION))",
            postgres: None,
        },
        Function {
            name: "floor",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| to_whole(call, false),
            can_fail: true,
            meaning: [
                "내림한 정수",
                "The greatest whole number that is not larger.",
            ],
            example: "FLOOR(-2.5)",
            postgres: None,
        },
        Function {
            name: "floor",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| Ok(value.floor())),
            can_fail: false,
            meaning: [
                "내림한 배정밀도 수",
                "The greatest whole number that is not larger.",
            ],
            example: "FLOOR(CAST(2.9 AS DOUBLE PRECISION))",
            postgres: None,
        },
        Function {
            name: "sign",
            arguments: &[Argument::Number],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| {
                let values = call.numbers(0)?;
                call.to_decimals(|row| Ok(values.at(row).map(i128::signum)))
            },
            can_fail: false,
            meaning: ["부호: -1, 0, 1", "The sign: -1, 0 or 1."],
            example: "SIGN(-2.5)",
            postgres: None,
        },
        Function {
            name: "sign",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| {
                double(call, |value| {
                    Ok(if value > 0.0 {
                        1.0
                    } else if value < 0.0 {
                        -1.0
                    } else {
                        0.0
                    })
                })
            },
            can_fail: false,
            meaning: ["부호: -1, 0, 1", "The sign: -1, 0 or 1."],
            example: "SIGN(CAST(-2.5 AS DOUBLE PRECISION))",
            postgres: None,
        },
        Function {
            name: "div",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| {
                let (one, other) = (call.numbers(0)?, call.numbers(1)?);
                let (one_scale, other_scale) = (one.scale(), other.scale());
                call.to_decimals(|row| match (one.at(row), other.at(row)) {
                    (Some(one), Some(other)) => {
                        numeric::whole_quotient(one, one_scale, other, other_scale).map(Some)
                    }
                    _ => Ok(None),
                })
            },
            can_fail: true,
            meaning: ["몫의 정수 부분", "The whole part of a quotient."],
            example: "DIV(7.5, 2)",
            postgres: None,
        },
        Function {
            name: "sqrt",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| {
                double(call, |value| {
                    if value < 0.0 {
                        return Err(Fault::Argument("a negative number has no square root"));
                    }
                    Ok(value.sqrt())
                })
            },
            can_fail: true,
            meaning: ["제곱근", "The square root, in double precision."],
            example: "SQRT(2)",
            postgres: None,
        },
        Function {
            name: "exp",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| {
                double(call, |value| {
                    let power = value.exp();
                    if value.is_finite() && (power.is_infinite() || power == 0.0) {
                        return Err(Fault::Overflow(SqlType::Double));
                    }
                    Ok(power)
                })
            },
            can_fail: true,
            meaning: ["e의 거듭제곱", "e to that power, in double precision."],
            example: "EXP(1)",
            postgres: None,
        },
        Function {
            name: "ln",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| positive(value).map(f64::ln)),
            can_fail: true,
            meaning: ["자연로그", "The natural logarithm, in double precision."],
            example: "LN(2)",
            postgres: None,
        },
        Function {
            name: "log",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| positive(value).map(f64::log10)),
            can_fail: true,
            meaning: [
                "상용로그",
                "The logarithm to the base of 10, in double precision.",
            ],
            example: "LOG(1000)",
            postgres: None,
        },
        Function {
            name: "log10",
            arguments: &[Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| double(call, |value| positive(value).map(f64::log10)),
            can_fail: true,
            meaning: [
                "상용로그",
                "The logarithm to the base of 10, in double precision.",
            ],
            example: "LOG10(1000)",
            postgres: None,
        },
        Function {
            name: "log",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| {
                let (base, value) = (call.doubles(0)?, call.doubles(1)?);
                call.to_doubles(|row| match (base.at(row), value.at(row)) {
                    (Some(base), Some(value)) => {
                        logarithm(positive(base)?, positive(value)?).map(Some)
                    }
                    _ => Ok(None),
                })
            },
            can_fail: true,
            meaning: [
                "밑을 먼저 쓰는 로그",
                "The logarithm of the second to the base of the first, in double precision.",
            ],
            example: "LOG(2, 8)",
            postgres: Some("CAST(LOG(2, 8) AS DOUBLE PRECISION)"),
        },
        Function {
            name: "power",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: power,
            can_fail: true,
            meaning: [
                "거듭제곱",
                "The first to the power of the second, in double precision.",
            ],
            example: "POWER(2, 10)",
            postgres: None,
        },
        Function {
            name: "pow",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: power,
            can_fail: true,
            meaning: ["POWER와 같습니다.", "The same as `POWER`."],
            example: "POW(2, 10)",
            postgres: None,
        },
        Function {
            name: "^",
            arguments: &[Argument::Double, Argument::Double],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: power,
            can_fail: true,
            meaning: ["POWER와 같습니다.", "The same as `POWER`."],
            example: "2 ^ 10",
            postgres: None,
        },
        Function {
            name: "pi",
            arguments: &[],
            more: None,
            result: Gives::Is(SqlType::Double),
            apply: |call| call.to_doubles(|_| Ok(Some(std::f64::consts::PI))),
            can_fail: false,
            meaning: [
                "원주율",
                "The ratio of a circle's circumference to its diameter.",
            ],
            example: "PI()",
            postgres: None,
        },
    ],
};

/// One double after the other.
pub(super) fn double(call: &Call<'_>, compute: fn(f64) -> Result<f64, Fault>) -> Answer {
    let values = call.doubles(0)?;
    call.to_doubles(|row| values.at(row).map(compute).transpose())
}

fn positive(value: f64) -> Result<f64, Fault> {
    if value <= 0.0 {
        return Err(Fault::Argument(
            "only positive numbers have a logarithm; leave the others out with CASE",
        ));
    }
    Ok(value)
}

/// Exact where the answer is a whole number.
fn logarithm(base: f64, value: f64) -> Result<f64, Fault> {
    let below = base.ln();
    if below == 0.0 {
        return Err(Fault::DivisionByZero);
    }
    let answer = value.ln() / below;
    let nearest = answer.round();
    Ok(if base.powf(nearest) == value {
        nearest
    } else {
        answer
    })
}

fn power(call: &Call<'_>) -> Answer {
    let (base, exponent) = (call.doubles(0)?, call.doubles(1)?);
    call.to_doubles(|row| {
        let (Some(base), Some(exponent)) = (base.at(row), exponent.at(row)) else {
            return Ok(None);
        };
        if base == 0.0 && exponent < 0.0 {
            return Err(Fault::Argument("zero has no negative power"));
        }
        if base < 0.0 && exponent.fract() != 0.0 {
            return Err(Fault::Argument(
                "a negative number has only whole powers; take ABS of it",
            ));
        }
        let value = base.powf(exponent);
        if value.is_infinite() && base.is_finite() && exponent.is_finite() {
            return Err(Fault::Overflow(SqlType::Double));
        }
        Ok(Some(value))
    })
}

/// Rounded or cut decimals have the digits that are asked for, and none before the point.
fn placed_type(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let places = arguments.get(1)?.whole()?.clamp(0, 38);
    let places = u8::try_from(places).ok()?;
    Some(SqlType::Numeric(Scale::Fixed(places)))
}

fn placed(call: &Call<'_>, compute: fn(i128, u8, i64, u8) -> Result<i128, Fault>) -> Answer {
    let values = call.numbers(0)?;
    let places = match call.columns.len() {
        1 => None,
        _ => Some(call.whole(1)?),
    };
    let (scale, to) = (values.scale(), result_scale(call));
    call.to_decimals(|row| {
        let places = places.as_ref().map_or(Some(0), |places| places.at(row));
        match (values.at(row), places) {
            (Some(value), Some(places)) => compute(value, scale, places, to).map(Some),
            _ => Ok(None),
        }
    })
}

fn to_whole(call: &Call<'_>, is_up: bool) -> Answer {
    let values = call.numbers(0)?;
    let scale = values.scale();
    call.to_decimals(|row| {
        values
            .at(row)
            .map(|value| numeric::whole(value, scale, is_up))
            .transpose()
    })
}
