//! Functions of angles.

use super::Topic;
use super::mathematics::double;
use crate::call::{Answer, Call};
use crate::function::{Argument, Function, Gives};
use crate::kernel::degrees;
use crate::{Fault, SqlType};

pub(super) const TOPIC: Topic = Topic {
    title: ["각도", "Angles"],
    functions: &[
        of_one(
            "sin",
            |call| finite(call, f64::sin),
            ["라디안 각도의 사인", "The sine of an angle in radians."],
            "SIN(1)",
        ),
        of_one(
            "cos",
            |call| finite(call, f64::cos),
            ["라디안 각도의 코사인", "The cosine of an angle in radians."],
            "COS(1)",
        ),
        of_one(
            "tan",
            |call| finite(call, f64::tan),
            [
                "라디안 각도의 탄젠트",
                "The tangent of an angle in radians.",
            ],
            "TAN(1)",
        ),
        of_one(
            "cot",
            |call| finite(call, |angle| 1.0 / angle.tan()),
            [
                "라디안 각도의 코탄젠트",
                "The cotangent of an angle in radians.",
            ],
            "COT(1)",
        ),
        of_one(
            "asin",
            |call| double(call, |value| degrees::within(value, f64::asin)),
            [
                "사인이 그 값인 라디안 각도",
                "The angle in radians that has this sine.",
            ],
            "ASIN(0.3)",
        ),
        of_one(
            "acos",
            |call| double(call, |value| degrees::within(value, f64::acos)),
            [
                "코사인이 그 값인 라디안 각도",
                "The angle in radians that has this cosine.",
            ],
            "ACOS(0.3)",
        ),
        of_one(
            "atan",
            |call| double(call, |value| Ok(value.atan())),
            [
                "탄젠트가 그 값인 라디안 각도",
                "The angle in radians that has this tangent.",
            ],
            "ATAN(2)",
        ),
        of_two(
            "atan2",
            |call| pairs(call, f64::atan2),
            [
                "탄젠트가 두 수의 몫인 라디안 각도. 부호로 사분면을 정합니다.",
                "The angle in radians whose tangent is the first by the second, in the quarter their signs say.",
            ],
            "ATAN2(-1, -2)",
        ),
        of_one(
            "sind",
            |call| double(call, degrees::sine),
            ["도 각도의 사인", "The sine of an angle in degrees."],
            "SIND(30)",
        ),
        of_one(
            "cosd",
            |call| double(call, degrees::cosine),
            ["도 각도의 코사인", "The cosine of an angle in degrees."],
            "COSD(60)",
        ),
        of_one(
            "tand",
            |call| double(call, degrees::tangent),
            ["도 각도의 탄젠트", "The tangent of an angle in degrees."],
            "TAND(45)",
        ),
        of_one(
            "cotd",
            |call| double(call, degrees::cotangent),
            [
                "도 각도의 코탄젠트",
                "The cotangent of an angle in degrees.",
            ],
            "COTD(45)",
        ),
        of_one(
            "asind",
            |call| double(call, degrees::arc_sine),
            [
                "사인이 그 값인 도 각도",
                "The angle in degrees that has this sine.",
            ],
            "ASIND(0.5)",
        ),
        of_one(
            "acosd",
            |call| double(call, degrees::arc_cosine),
            [
                "코사인이 그 값인 도 각도",
                "The angle in degrees that has this cosine.",
            ],
            "ACOSD(0.5)",
        ),
        of_one(
            "atand",
            |call| double(call, |value| Ok(degrees::arc_tangent(value))),
            [
                "탄젠트가 그 값인 도 각도",
                "The angle in degrees that has this tangent.",
            ],
            "ATAND(1)",
        ),
        of_two(
            "atan2d",
            |call| pairs(call, degrees::arc_tangent_of),
            [
                "탄젠트가 두 수의 몫인 도 각도. 부호로 사분면을 정합니다.",
                "The angle in degrees whose tangent is the first by the second, in the quarter their signs say.",
            ],
            "ATAN2D(1, -1)",
        ),
        of_one(
            "degrees",
            |call| double(call, |angle| scaled(angle, angle / degrees::RADIANS)),
            ["라디안을 도로 바꿉니다.", "An angle in radians as degrees."],
            "DEGREES(1)",
        ),
        of_one(
            "radians",
            |call| double(call, |angle| scaled(angle, angle * degrees::RADIANS)),
            [
                "도를 라디안으로 바꿉니다.",
                "An angle in degrees as radians.",
            ],
            "RADIANS(180)",
        ),
    ],
};

/// A row for a function of one double.
const fn of_one(
    name: &'static str,
    apply: fn(&Call<'_>) -> Answer,
    meaning: [&'static str; 2],
    example: &'static str,
) -> Function {
    Function {
        name,
        arguments: &[Argument::Double],
        more: None,
        result: Gives::Is(SqlType::Double),
        apply,
        can_fail: true,
        meaning,
        example,
        postgres: None,
    }
}

/// A row for a function of two doubles that never stops.
const fn of_two(
    name: &'static str,
    apply: fn(&Call<'_>) -> Answer,
    meaning: [&'static str; 2],
    example: &'static str,
) -> Function {
    Function {
        name,
        arguments: &[Argument::Double, Argument::Double],
        more: None,
        result: Gives::Is(SqlType::Double),
        apply,
        can_fail: false,
        meaning,
        example,
        postgres: None,
    }
}

fn finite(call: &Call<'_>, compute: fn(f64) -> f64) -> Answer {
    let values = call.doubles(0)?;
    call.to_doubles(|row| match values.at(row) {
        Some(angle) if angle.is_infinite() => Err(Fault::Argument("an angle is infinite")),
        angle => Ok(angle.map(compute)),
    })
}

fn pairs(call: &Call<'_>, compute: fn(f64, f64) -> f64) -> Answer {
    let (one, other) = (call.doubles(0)?, call.doubles(1)?);
    call.to_doubles(|row| {
        let both = one.at(row).zip(other.at(row));
        Ok(both.map(|(one, other)| compute(one, other)))
    })
}

/// A number that left its type is no answer.
fn scaled(from: f64, to: f64) -> Result<f64, Fault> {
    if to.is_infinite() && from.is_finite() || to == 0.0 && from != 0.0 {
        return Err(Fault::Overflow(SqlType::Double));
    }
    Ok(to)
}
