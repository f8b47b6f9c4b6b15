//! Functions of whole numbers and their bits.

use super::Topic;
use super::arithmetic::{aligned_by, longest, whole_by, widest_whole};
use crate::call::{Answer, Call};
use crate::function::{Argument, Function, Gives, Shape};
use crate::kernel::{bucket, divisor, numeric};
use crate::{Fault, SqlType};

pub(super) const TOPIC: Topic = Topic {
    title: ["정수와 비트", "Whole numbers and bits"],
    functions: &[
        Function {
            name: "gcd",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| {
                whole_by(call, |one, other| {
                    narrow(divisor::greatest(one.into(), other.into()))
                })
            },
            can_fail: true,
            meaning: ["최대공약수", "The greatest common divisor."],
            example: "GCD(1071, 462)",
            postgres: None,
        },
        Function {
            name: "gcd",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::By(exact),
            apply: |call| aligned_by(call, |one, other| Ok(divisor::greatest(one, other))),
            can_fail: true,
            meaning: [
                "소수의 최대공약수",
                "The greatest decimal both are whole multiples of.",
            ],
            example: "GCD(3.6, 1.20)",
            postgres: None,
        },
        Function {
            name: "lcm",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| {
                whole_by(call, |one, other| {
                    divisor::least_multiple(one.into(), other.into())
                        .ok_or(Fault::Overflow(SqlType::BigInt))
                        .and_then(narrow)
                })
            },
            can_fail: true,
            meaning: ["최소공배수", "The least common multiple."],
            example: "LCM(12, 18)",
            postgres: None,
        },
        Function {
            name: "lcm",
            arguments: &[Argument::Number, Argument::Number],
            more: None,
            result: Gives::By(exact),
            apply: |call| {
                aligned_by(call, |one, other| {
                    divisor::least_multiple(one, other)
                        .ok_or(Fault::Digits)
                        .and_then(numeric::fitting)
                })
            },
            can_fail: true,
            meaning: [
                "소수의 최소공배수",
                "The least decimal that is a whole multiple of both.",
            ],
            example: "LCM(1.2, 0.75)",
            postgres: None,
        },
        Function {
            name: "factorial",
            arguments: &[Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::WHOLE),
            apply: |call| {
                let numbers = call.whole(0)?;
                call.to_decimals(|row| match numbers.at(row) {
                    Some(number) if number < 0 => {
                        Err(Fault::Argument("a negative number has no factorial"))
                    }
                    Some(number) => {
                        let product = divisor::factorial(number).ok_or(Fault::Digits)?;
                        numeric::fitting(product).map(Some)
                    }
                    None => Ok(None),
                })
            },
            can_fail: true,
            meaning: [
                "1부터 그 수까지의 곱. 33까지입니다.",
                "The product of all numbers from 1 to this one, which is at most 33.",
            ],
            example: "FACTORIAL(20)",
            postgres: None,
        },
        Function {
            name: "width_bucket",
            arguments: &[
                Argument::Number,
                Argument::Number,
                Argument::Number,
                Argument::Whole,
            ],
            more: None,
            result: Gives::By(bucket_type),
            apply: bucket_of_decimals,
            can_fail: true,
            meaning: [
                "범위를 같은 크기로 나눈 것 중 몇째에 드는지. 앞이면 0, 뒤면 하나 더입니다.",
                "Which of so many equal parts of a range a decimal lies in: 0 before it, one more behind it.",
            ],
            example: "WIDTH_BUCKET(5.35, 0.024, 10.06, 5)",
            postgres: None,
        },
        Function {
            name: "width_bucket",
            arguments: &[
                Argument::Double,
                Argument::Double,
                Argument::Double,
                Argument::Whole,
            ],
            more: None,
            result: Gives::By(bucket_type),
            apply: bucket_of_doubles,
            can_fail: true,
            meaning: [
                "배정밀도 범위를 같은 크기로 나눈 것 중 몇째에 드는지",
                "Which of so many equal parts of a range a number of double precision lies in.",
            ],
            example: "WIDTH_BUCKET(35, 0, 100, 10)",
            postgres: None,
        },
        Function {
            name: "&",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| whole_by(call, |one, other| Ok(one & other)),
            can_fail: false,
            meaning: ["둘 다 1인 비트", "The bits both have."],
            example: "91 & 15",
            postgres: None,
        },
        Function {
            name: "|",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| whole_by(call, |one, other| Ok(one | other)),
            can_fail: false,
            meaning: ["하나라도 1인 비트", "The bits one of them has."],
            example: "32 | 3",
            postgres: None,
        },
        Function {
            name: "#",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| whole_by(call, |one, other| Ok(one ^ other)),
            can_fail: false,
            meaning: ["하나만 1인 비트", "The bits only one of them has."],
            example: "17 # 5",
            postgres: None,
        },
        Function {
            name: "~",
            arguments: &[Argument::Whole],
            more: None,
            result: Gives::By(widest_whole),
            apply: |call| {
                let values = call.whole(0)?;
                call.to_whole(|row| Ok(values.at(row).map(|value| !value)))
            },
            can_fail: false,
            meaning: ["비트를 모두 뒤집은 수", "The number with all bits turned."],
            example: "~1",
            postgres: None,
        },
        Function {
            name: "<<",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(shifted_type),
            apply: |call| shifted(call, i32::wrapping_shl, i64::wrapping_shl),
            can_fail: true,
            meaning: [
                "비트를 왼쪽으로 옮긴 수. `integer`의 비트는 32개입니다.",
                "The bits moved to the left; an `integer` has 32 of them.",
            ],
            example: "1 << 4",
            postgres: None,
        },
        Function {
            name: ">>",
            arguments: &[Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(shifted_type),
            apply: |call| shifted(call, i32::wrapping_shr, i64::wrapping_shr),
            can_fail: true,
            meaning: ["비트를 오른쪽으로 옮긴 수", "The bits moved to the right."],
            example: "-8 >> 2",
            postgres: None,
        },
        Function {
            name: "to_hex",
            arguments: &[Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| {
                let values = call.whole(0)?;
                let is_integer = call.types[0] == SqlType::Integer;
                call.to_texts(|row| match values.at(row) {
                    Some(value) if is_integer => {
                        small(value).map(|value| Some(format!("{value:x}")))
                    }
                    value => Ok(value.map(|value| format!("{value:x}"))),
                })
            },
            can_fail: true,
            meaning: ["16진수로 쓴 수", "The number in hexadecimal digits."],
            example: "TO_HEX(255)",
            postgres: None,
        },
    ],
};

fn narrow(value: i128) -> Result<i64, Fault> {
    i64::try_from(value).map_err(|_| Fault::Overflow(SqlType::BigInt))
}

/// A value of 32 bits.
fn small(value: i64) -> Result<i32, Fault> {
    i32::try_from(value).map_err(|_| Fault::Overflow(SqlType::Integer))
}

/// Decimals whose digits are known: the divisor of a rounded quotient says nothing.
fn exact(arguments: &[Shape<'_>]) -> Option<SqlType> {
    longest(arguments).filter(|kind| *kind != SqlType::QUOTIENT)
}

/// Bits are moved by an `integer`.
fn shifted_type(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let [value, by] = arguments else {
        return None;
    };
    (by.kind == SqlType::Integer).then_some(value.kind)
}

fn bucket_type(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let is_integer = arguments.last()?.kind == SqlType::Integer;
    is_integer.then_some(SqlType::Integer)
}

fn shifted(call: &Call<'_>, integer: fn(i32, u32) -> i32, bigint: fn(i64, u32) -> i64) -> Answer {
    let is_integer = call.types[0] == SqlType::Integer;
    whole_by(call, |value, by| {
        // So far only the last bits of it count: 5 of 32, 6 of 64.
        let by = u32::try_from(by & 63).unwrap_or(0);
        if is_integer {
            return small(value).map(|value| integer(value, by).into());
        }
        Ok(bigint(value, by))
    })
}

fn bucket_of_decimals(call: &Call<'_>) -> Answer {
    let numbers = [call.numbers(0)?, call.numbers(1)?, call.numbers(2)?];
    let parts = call.whole(3)?;
    let scale = numbers.iter().map(|one| one.scale()).max().unwrap_or(0);
    call.to_whole(|row| {
        let [value, from, until] = &numbers;
        let at = |one: &crate::call::Numbers| {
            one.at(row)
                .map(|value| numeric::rescaled(value, one.scale(), scale))
                .transpose()
        };
        match (at(value)?, at(from)?, at(until)?, parts.at(row)) {
            (Some(value), Some(from), Some(until), Some(parts)) => {
                bucket::of_decimals(value, from, until, scale, parts).map(Some)
            }
            _ => Ok(None),
        }
    })
}

fn bucket_of_doubles(call: &Call<'_>) -> Answer {
    let (value, from, until) = (call.doubles(0)?, call.doubles(1)?, call.doubles(2)?);
    let parts = call.whole(3)?;
    call.to_whole(
        |row| match (value.at(row), from.at(row), until.at(row), parts.at(row)) {
            (Some(value), Some(from), Some(until), Some(parts)) => {
                bucket::of_doubles(value, from, until, parts).map(Some)
            }
            _ => Ok(None),
        },
    )
}
