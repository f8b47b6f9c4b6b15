//! The table of functions and operators: what authors may write, what it means, how it is computed.

mod arithmetic;
mod calendar;
mod matching;
mod mathematics;
mod parts;
mod patterns;
mod text;
mod trigonometry;
mod whole;

use crate::SqlType;
use crate::function::{Argument, Function, Gives};

/// Every row of the table, by topic.
pub static TOPICS: &[Topic] = &[
    arithmetic::TOPIC,
    mathematics::TOPIC,
    trigonometry::TOPIC,
    whole::TOPIC,
    text::TOPIC,
    parts::TOPIC,
    patterns::TOPIC,
    calendar::TOPIC,
];

/// Functions that belong together.
pub struct Topic {
    /// In Korean and in English.
    pub title: [&'static str; 2],
    /// The rows.
    pub functions: &'static [Function],
}

/// All rows of that name.
pub(crate) fn named(name: &str) -> impl Iterator<Item = &'static Function> + use<'_> {
    all().filter(move |function| function.name == name)
}

/// Functions authors cannot write, which others are made of.
pub(crate) fn inner(name: &str) -> impl Iterator<Item = &'static Function> + use<'_> {
    INNER.iter().filter(move |function| function.name == name)
}

static INNER: &[Function] = &[
    Function {
        name: "clock moved",
        arguments: &[Argument::Time, Argument::Whole],
        more: None,
        result: Gives::Is(SqlType::Time),
        apply: |call| {
            let (times, micros) = (call.times(0)?, call.whole(1)?);
            call.to_times(|row| {
                Ok(times.at(row).zip(micros.at(row)).map(|(time, micros)| {
                    let moved = (i128::from(time) + i128::from(micros) * 1_000)
                        .rem_euclid(86_400_000_000_000);
                    i64::try_from(moved).unwrap_or(0)
                }))
            })
        },
        can_fail: false,
        meaning: ["", ""],
        example: "",
        postgres: None,
    },
    Function {
        name: "microseconds between",
        arguments: &[Argument::Timestamp, Argument::Timestamp],
        more: None,
        result: Gives::Is(SqlType::BigInt),
        apply: |call| {
            let (one, other) = (call.timestamps(0)?, call.timestamps(1)?);
            call.to_whole(|row| {
                Ok(one
                    .at(row)
                    .zip(other.at(row))
                    .map(|(one, other)| one - other))
            })
        },
        can_fail: false,
        meaning: ["", ""],
        example: "",
        postgres: None,
    },
];

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TOPICS.iter().flat_map(|topic| topic.functions)
}
