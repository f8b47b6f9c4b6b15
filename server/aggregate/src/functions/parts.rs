//! Parts of texts, and where they stand.

use super::Topic;
use crate::SqlType;
use crate::call::{Answer, Call};
use crate::fault::Fault;
use crate::function::{Argument, Function, Gives, Shape};
use crate::kernel::text;

pub(super) const TOPIC: Topic = Topic {
    title: ["텍스트의 부분", "Parts of texts"],
    functions: &[
        Function {
            name: "left",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| slice_by(call, |text, count| Ok(text::left(text, count))),
            can_fail: false,
            meaning: [
                "앞의 글자들. 음수면 뒤에서 그만큼을 뺍니다.",
                "The first characters; all but the last ones for a negative number.",
            ],
            example: "LEFT('2026-08-19', 7)",
            postgres: None,
        },
        Function {
            name: "right",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: |call| slice_by(call, |text, count| Ok(text::right(text, count))),
            can_fail: false,
            meaning: [
                "뒤의 글자들. 음수면 앞에서 그만큼을 뺍니다.",
                "The last characters; all but the first ones for a negative number.",
            ],
            example: "RIGHT('2026-08-19', -5)",
            postgres: None,
        },
        Function {
            name: "substring",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: |call| slice_by(call, |text, from| text::part(text, from, None)),
            can_fail: false,
            meaning: [
                "그 자리부터의 글자들. 자리는 1부터 셉니다.",
                "The characters from a place on, counted from 1.",
            ],
            example: "SUBSTRING('2026-08-19', 6)",
            postgres: None,
        },
        Function {
            name: "substring",
            arguments: &[Argument::Text, Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: part,
            can_fail: true,
            meaning: [
                "그 자리부터 그만큼의 글자들",
                "So many characters from a place on, counted from 1.",
            ],
            example: "SUBSTRING('2026-08-19', 6, 2)",
            postgres: None,
        },
        Function {
            name: "substr",
            arguments: &[Argument::Text, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: |call| slice_by(call, |text, from| text::part(text, from, None)),
            can_fail: false,
            meaning: ["`SUBSTRING`과 같습니다.", "The same as `SUBSTRING`."],
            example: "SUBSTR('2026-08-19', 6)",
            postgres: None,
        },
        Function {
            name: "substr",
            arguments: &[Argument::Text, Argument::Whole, Argument::Whole],
            more: None,
            result: Gives::By(placed),
            apply: part,
            can_fail: true,
            meaning: ["`SUBSTRING`과 같습니다.", "The same as `SUBSTRING`."],
            example: "SUBSTR('2026-08-19', 6, 2)",
            postgres: None,
        },
        Function {
            name: "overlay",
            arguments: &[Argument::Text, Argument::Text, Argument::Whole],
            more: None,
            result: Gives::By(overlaid_type),
            apply: overlaid,
            can_fail: true,
            meaning: [
                "그 자리부터의 글자를 다른 텍스트로 덮어씁니다.",
                "The text with another one written over it from that place on.",
            ],
            example: "OVERLAY('2026-08-19' PLACING '**' FROM 9)",
            postgres: None,
        },
        Function {
            name: "overlay",
            arguments: &[
                Argument::Text,
                Argument::Text,
                Argument::Whole,
                Argument::Whole,
            ],
            more: None,
            result: Gives::By(overlaid_type),
            apply: overlaid,
            can_fail: true,
            meaning: [
                "그 자리부터 그만큼의 글자를 다른 텍스트로 바꿉니다.",
                "The text with another one in place of so many characters from that place on.",
            ],
            example: "OVERLAY('서울특별시' PLACING '-' FROM 3 FOR 2)",
            postgres: None,
        },
        Function {
            name: "split_part",
            arguments: &[Argument::Text, Argument::Text, Argument::Whole],
            more: None,
            result: Gives::Is(SqlType::Text),
            apply: field,
            can_fail: true,
            meaning: [
                "둘째 텍스트로 나눈 것 중 그 번째. 음수면 뒤에서 셉니다.",
                "The part with that number between separators, counted from the end for a negative number.",
            ],
            example: "SPLIT_PART('a,b,c', ',', -1)",
            postgres: None,
        },
        Function {
            name: "strpos",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole2(call, text::place),
            can_fail: false,
            meaning: [
                "둘째 텍스트가 처음 나오는 자리. 1부터 세고 없으면 0",
                "The first place of the second text, counted from 1; 0 if there is none.",
            ],
            example: "STRPOS('매출-원가', '-')",
            postgres: None,
        },
        Function {
            name: "position",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Integer),
            apply: |call| whole2(call, |part, text| text::place(text, part)),
            can_fail: false,
            meaning: [
                "`POSITION(a IN b)`: b에서 a가 처음 나오는 자리",
                "`POSITION(a IN b)`: the first place of a in b, counted from 1; 0 if there is none.",
            ],
            example: "POSITION('-' IN '매출-원가')",
            postgres: None,
        },
        Function {
            name: "starts_with",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| truth2(call, |text, part| Ok(text.starts_with(part))),
            can_fail: false,
            meaning: [
                "둘째 텍스트로 시작하는지",
                "Whether the text begins with the second one.",
            ],
            example: "STARTS_WITH('SKU-1', 'SKU')",
            postgres: None,
        },
        Function {
            name: "ends_with",
            arguments: &[Argument::Text, Argument::Text],
            more: None,
            result: Gives::Is(SqlType::Boolean),
            apply: |call| truth2(call, |text, part| Ok(text.ends_with(part))),
            can_fail: false,
            meaning: [
                "둘째 텍스트로 끝나는지",
                "Whether the text ends with the second one.",
            ],
            example: "ENDS_WITH('report.csv', '.csv')",
            postgres: Some("RIGHT('report.csv', LENGTH('.csv')) = '.csv'"),
        },
    ],
};

/// A place is a number: PostgreSQL reads a text in quotes as a regular expression, and `SUBSTR` is
/// planned as `SUBSTRING`.
fn placed(arguments: &[Shape<'_>]) -> Option<SqlType> {
    (arguments.get(1)?.kind != SqlType::Unknown).then_some(SqlType::Text)
}

/// Places and counts are of type `integer`.
fn overlaid_type(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let places = arguments.get(2..)?;
    let is_integer = places.iter().all(|place| place.kind == SqlType::Integer);
    is_integer.then_some(SqlType::Text)
}

fn whole2(call: &Call<'_>, compute: fn(&str, &str) -> i64) -> Answer {
    let (one, other) = (call.texts(0)?, call.texts(1)?);
    call.to_whole(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => Ok(Some(compute(one, other))),
        _ => Ok(None),
    })
}

fn truth2(call: &Call<'_>, compute: fn(&str, &str) -> Result<bool, Fault>) -> Answer {
    let (one, other) = (call.texts(0)?, call.texts(1)?);
    call.to_truths(|row| match (one.at(row), other.at(row)) {
        (Some(one), Some(other)) => compute(one, other).map(Some),
        _ => Ok(None),
    })
}

/// A part of the text that a number decides.
fn slice_by(
    call: &Call<'_>,
    compute: for<'t> fn(&'t str, i64) -> Result<&'t str, Fault>,
) -> Answer {
    let (texts, numbers) = (call.texts(0)?, call.whole(1)?);
    call.to_texts(|row| match (texts.at(row), numbers.at(row)) {
        (Some(text), Some(number)) => compute(text, number).map(Some),
        _ => Ok(None),
    })
}

fn part(call: &Call<'_>) -> Answer {
    let (texts, from, counts) = (call.texts(0)?, call.whole(1)?, call.whole(2)?);
    call.to_texts(|row| match (texts.at(row), from.at(row), counts.at(row)) {
        (Some(text), Some(from), Some(count)) => text::part(text, from, Some(count)).map(Some),
        _ => Ok(None),
    })
}

fn overlaid(call: &Call<'_>) -> Answer {
    let (texts, others, from) = (call.texts(0)?, call.texts(1)?, call.whole(2)?);
    let counts = match call.columns.len() {
        3 => None,
        _ => Some(call.whole(3)?),
    };
    call.to_texts(|row| {
        let (Some(text), Some(other), Some(from)) = (texts.at(row), others.at(row), from.at(row))
        else {
            return Ok(None);
        };
        let count = match &counts {
            None => text::length(other),
            Some(counts) => match counts.at(row) {
                Some(count) => count,
                None => return Ok(None),
            },
        };
        text::overlaid(text, other, from, count).map(Some)
    })
}

fn field(call: &Call<'_>) -> Answer {
    let (texts, separators, numbers) = (call.texts(0)?, call.texts(1)?, call.whole(2)?);
    call.to_texts(
        |row| match (texts.at(row), separators.at(row), numbers.at(row)) {
            (Some(text), Some(separator), Some(number)) => {
                text::field(text, separator, number).map(Some)
            }
            _ => Ok(None),
        },
    )
}
