//! What is wrong with a field, in words people understand, in both languages.
//!
//! Korean sentences avoid particles that depend on the last letter of a name.

use jiff::civil::Date;
use jiff::{SpanRound, Unit};
use rust_decimal::Decimal;

use super::Breach;
use crate::nearest::nearest;
use crate::param::{Bound, Grain, Param, ParamKind};
use crate::period::Length;
use crate::value::{FieldError, Value};
use lang::{Lang, Text, grouped_digits};

fn error(
    param: &Param,
    field: &str,
    code: &'static str,
    ko: impl AsRef<str>,
    en: impl AsRef<str>,
) -> FieldError {
    FieldError {
        field: field.to_owned(),
        code,
        message: Text::both(ko.as_ref(), en.as_ref()),
        label: Some(Box::new(param.label.clone())),
    }
}

fn invalid(param: &Param, ko: impl AsRef<str>, en: impl AsRef<str>) -> FieldError {
    error(param, &param.name, "run::invalid_value", ko, en)
}

pub(super) fn missing(param: &Param) -> FieldError {
    if !param.is_visible() {
        return error(
            param,
            &param.name,
            "run::no_session_value",
            "내 계정에 이 값이 없어 실행할 수 없습니다. 관리자에게 문의하세요",
            "your account has no such value, so the report cannot run. Ask an administrator",
        );
    }
    let (ko, en) = match param.kind {
        ParamKind::Choice | ParamKind::Choices | ParamKind::Period => ("선택하세요", "choose one"),
        _ => ("입력하세요", "fill this in"),
    };
    error(param, &param.name, "run::missing_value", ko, en)
}

pub(super) fn missing_end(param: &Param, field: &str) -> FieldError {
    let (ko, en) = if field.ends_with(".from") {
        ("시작일을 입력하세요", "choose the first day")
    } else {
        ("종료일을 입력하세요", "choose the last day")
    };
    error(param, field, "run::missing_value", ko, en)
}

pub(super) fn not_a_day(param: &Param, field: &str, typed: &str) -> FieldError {
    let typed = short(typed);
    error(
        param,
        field,
        "run::invalid_value",
        format!("날짜는 2026-01-31 형식으로 입력하세요 (입력한 값: {typed})"),
        format!("write the day like 2026-01-31 (you wrote {typed})"),
    )
}

pub(super) fn backwards(param: &Param, field: &str, from: Date, last_day: Date) -> FieldError {
    error(
        param,
        field,
        "run::invalid_value",
        format!("종료일({last_day})이 시작일({from})보다 빠릅니다"),
        format!("the last day ({last_day}) is before the first ({from})"),
    )
}

pub(super) fn too_many(param: &Param) -> FieldError {
    if param.kind == ParamKind::Choices {
        return invalid(
            param,
            "한 번에 5,000개까지 선택할 수 있습니다",
            "choose at most 5,000",
        );
    }
    invalid(param, "값을 하나만 입력하세요", "give only one value")
}

pub(super) fn too_long(param: &Param) -> FieldError {
    error(
        param,
        &param.name,
        "run::too_long",
        "10,000자까지 입력할 수 있습니다",
        "at most 10,000 characters fit here",
    )
}

/// A field no parameter of the report has; tampered with, or from an older form.
pub(super) fn unknown<'a>(field: &str, params: impl Iterator<Item = &'a Param>) -> FieldError {
    let shown = short(field);
    let names: Vec<&str> = params
        .filter(|param| param.is_visible())
        .map(|param| param.name.as_str())
        .collect();
    let (ko, en) = match nearest(field, names.iter().copied()) {
        Some(close) => (
            format!(" 혹시 `{close}`인가요?"),
            format!("; did you mean `{close}`?"),
        ),
        None => Default::default(),
    };
    FieldError {
        field: field.chars().take(100).collect(),
        label: None,
        code: "run::unknown_parameter",
        message: Text::both(
            format!("이 보고서에는 `{shown}` 항목이 없습니다.{ko}"),
            format!("This report has no field `{shown}`{en}"),
        ),
    }
}

pub(super) fn not_a(param: &Param, typed: &[String]) -> FieldError {
    let typed = short(typed.first().map_or("", String::as_str));
    let (ko, en) = match param.kind {
        ParamKind::Integer => ("정수를 입력하세요", "write a whole number"),
        ParamKind::Decimal => ("숫자를 입력하세요", "write a number"),
        ParamKind::Date => (
            "날짜는 2026-01-31 형식으로 입력하세요",
            "write the day like 2026-01-31",
        ),
        ParamKind::Datetime => (
            "일시는 2026-01-31 09:00 형식으로 입력하세요",
            "write day and time like 2026-01-31 09:00",
        ),
        ParamKind::Period => ("기간을 다시 선택하세요", "choose the period again"),
        ParamKind::Boolean => ("예 또는 아니요를 선택하세요", "choose yes or no"),
        ParamKind::Text | ParamKind::Choice | ParamKind::Choices => {
            return invalid(
                param,
                "보이지 않는 제어 문자를 지워 주세요",
                "remove the invisible control characters",
            );
        }
    };
    invalid(
        param,
        format!("{ko} (입력한 값: {typed})"),
        format!("{en} (you wrote {typed})"),
    )
}

pub(super) fn breached(param: &Param, value: &Value, breach: &Breach) -> FieldError {
    match breach {
        Breach::Below(bound) => outside(param, value, bound, true),
        Breach::Above(bound) => outside(param, value, bound, false),
        Breach::Pattern => invalid(
            param,
            "형식이 맞지 않습니다",
            "this is not in the expected form",
        ),
        Breach::Grain(grain) => {
            let (ko, en) = match grain {
                Grain::Day => ("일", "days"),
                Grain::Week => ("주", "weeks, Monday to Sunday"),
                Grain::Month => ("월", "months"),
                Grain::Quarter => ("분기", "quarters"),
                Grain::Year => ("연", "years"),
            };
            invalid(
                param,
                format!("{ko} 단위로 선택하세요"),
                format!("choose whole {en}"),
            )
        }
        Breach::Option(value) => {
            let value = short(value);
            error(
                param,
                &param.name,
                "run::unknown_choice",
                format!("{value} 값은 선택 목록에 없습니다. 다시 선택하세요"),
                format!("{value} is not among the choices; choose again"),
            )
        }
    }
}

fn outside(param: &Param, value: &Value, bound: &Bound, below: bool) -> FieldError {
    let (ko, en) = match (bound, value) {
        (Bound::Length(length), Value::Period { from, until }) => {
            return length_message(param, length, *from, *until, below);
        }
        (Bound::Count(count), Value::Text(text)) => {
            let count = grouped_digits(&count.to_string());
            let length = grouped_digits(&text.chars().count().to_string());
            (
                format!(
                    "{count}자 {}으로 입력하세요 (입력한 글자: {length}자)",
                    if below { "이상" } else { "이내" }
                ),
                format!(
                    "write at {} {count} characters (you wrote {length})",
                    if below { "least" } else { "most" }
                ),
            )
        }
        (Bound::Count(count), Value::Choices(values)) => (
            format!(
                "{count}개 {} 선택하세요 ({}개를 선택했습니다)",
                if below { "이상" } else { "이하로" },
                values.len()
            ),
            format!(
                "choose at {} {count} (you chose {})",
                if below { "least" } else { "most" },
                values.len()
            ),
        ),
        (Bound::Day(day), _) => (
            format!(
                "{day} {} 날짜를 선택하세요",
                if below { "이후" } else { "이전" }
            ),
            format!(
                "choose {day} or {}",
                if below { "later" } else { "earlier" }
            ),
        ),
        _ => {
            let bound = grouped_digits(&bound.to_string());
            let typed = grouped_digits(&match value {
                Value::Integer(value) => value.to_string(),
                Value::Decimal(value) => Decimal::to_string(value),
                _ => String::new(),
            });
            (
                format!(
                    "{bound} {} 값을 입력하세요 (입력한 값: {typed})",
                    if below { "이상의" } else { "이하의" }
                ),
                format!(
                    "write {bound} or {} (you wrote {typed})",
                    if below { "more" } else { "less" }
                ),
            )
        }
    };
    invalid(param, ko, en)
}

/// "Days: choose at most 2 years (you chose 5)".
fn length_message(
    param: &Param,
    length: &Length,
    from: Date,
    until: Date,
    below: bool,
) -> FieldError {
    let (chosen_ko, chosen_en, same_unit) = chosen(from, until, length.unit());
    let (most_ko, most_en) = (
        spoken(&length.span, Lang::Ko),
        spoken(&length.span, Lang::En),
    );
    // The unit is not repeated when both are counted in it alone.
    let plain = same_unit && most_en.split(' ').count() == 2;
    let chosen_en = if plain {
        chosen_en.split(' ').next().unwrap_or_default().to_owned()
    } else {
        chosen_en
    };
    let (ko, en) = if below {
        (
            format!("{most_ko} 이상 선택하세요 ({chosen_ko}을 선택했습니다)"),
            format!("choose at least {most_en} (you chose {chosen_en})"),
        )
    } else {
        (
            format!("최대 {most_ko}까지 선택할 수 있습니다 ({chosen_ko}을 선택했습니다)"),
            format!("choose at most {most_en} (you chose {chosen_en})"),
        )
    };
    invalid(param, ko.replace("주을", "주를"), en)
}

/// The length of a period counted in a unit, in both languages, and whether it comes out even.
fn chosen(from: Date, until: Date, unit: Unit) -> (String, String, bool) {
    let span = from.until((unit, until)).unwrap_or_default();
    let smallest = SpanRound::new()
        .largest(unit)
        .smallest(Unit::Day)
        .relative(from);
    let span = span.round(smallest).unwrap_or(span);
    let fields = [
        span.get_years() != 0,
        span.get_months() != 0,
        span.get_weeks() != 0,
        span.get_days() != 0,
    ];
    let even = fields.iter().filter(|field| **field).count() == 1 && {
        let at = match unit {
            Unit::Year => 0,
            Unit::Month => 1,
            Unit::Week => 2,
            _ => 3,
        };
        fields[at]
    };
    (spoken(&span, Lang::Ko), spoken(&span, Lang::En), even)
}

/// `2년 3개월`, `2 years 3 months`.
fn spoken(span: &jiff::Span, lang: Lang) -> String {
    let parts = [
        (i64::from(span.get_years()), "년", "year"),
        (i64::from(span.get_months()), "개월", "month"),
        (i64::from(span.get_weeks()), "주", "week"),
        (i64::from(span.get_days()), "일", "day"),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, ..)| *count != 0)
        .map(|(count, ko, en)| match lang {
            Lang::Ko => format!("{count}{ko}"),
            Lang::En => format!("{count} {en}{}", if count == 1 { "" } else { "s" }),
        })
        .collect();
    words.join(" ")
}

/// What was typed, cut to a length a message can carry.
fn short(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() > 40 {
        shown.push('…');
    }
    shown
}
