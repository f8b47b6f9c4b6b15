//! From typed text to a value of the right kind.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use crate::option::of_field;
use crate::param::{Param, ParamKind};
use crate::period::{Expression, When, parse_day};
use crate::value::{FieldError, Input, Value};

use super::message;

/// Longer texts are refused. In characters.
pub(crate) const LONGEST_TEXT: usize = 10_000;

/// When and where relative dates are resolved.
pub(crate) struct Clock<'a> {
    pub zone: &'a TimeZone,
    pub now: Timestamp,
}

impl Clock<'_> {
    /// The day it is.
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }
}

/// What was sent for a parameter; the ends of a custom period become one expression.
pub(super) fn typed(
    param: &Param,
    input: &Input,
    clock: &Clock<'_>,
) -> Result<Vec<String>, Vec<FieldError>> {
    let sent = |field: &str| input.get(field).map_or(&[][..], Vec::as_slice);
    let name = param.name.as_str();
    match param.kind {
        ParamKind::Period => {}
        ParamKind::Choice | ParamKind::Choices => {
            return Ok(sent(name)
                .iter()
                .filter_map(|field| of_field(field))
                .collect());
        }
        _ => return Ok(sent(name).to_vec()),
    }
    let (from_field, last_field) = (format!("{name}.from"), format!("{name}.last_day"));
    let end = |field: &str| {
        sent(field)
            .iter()
            .map(|text| text.trim())
            .find(|text| !text.is_empty())
    };
    let custom = match sent(name) {
        [] => end(&from_field).is_some() || end(&last_field).is_some(),
        [one] => one.trim() == "custom",
        _ => false,
    };
    if !custom {
        return Ok(sent(name).to_vec());
    }
    let read = |field: &str| match end(field) {
        None => Err(message::missing_end(param, field)),
        // Words are welcome here too: from `start of year` to `yesterday`.
        Some(text) => When::parse(text)
            .and_then(|when| when.resolve(clock.today()))
            .ok_or_else(|| message::not_a_day(param, field, text)),
    };
    match (read(&from_field), read(&last_field)) {
        (Ok(from), Ok(last_day)) if from <= last_day => match last_day.tomorrow() {
            Ok(until) => Ok(vec![format!("{from} .. {until}")]),
            Err(_) => Err(vec![message::not_a_day(
                param,
                &last_field,
                &last_day.to_string(),
            )]),
        },
        (Ok(from), Ok(last_day)) => {
            Err(vec![message::backwards(param, &last_field, from, last_day)])
        }
        (from, last_day) => Err([from.err(), last_day.err()].into_iter().flatten().collect()),
    }
}

/// Reads the texts of one parameter. `None` when they are not of the kind.
pub(crate) fn read_value(kind: ParamKind, typed: &[String], clock: &Clock<'_>) -> Option<Value> {
    let whole = typed.first()?;
    let first = whole.trim();
    Some(match kind {
        ParamKind::Text => Value::Text(clean(first)?),
        ParamKind::Integer => Value::Integer(without_commas(first)?.parse().ok()?),
        ParamKind::Decimal => {
            Value::Decimal(Decimal::from_str_exact(&without_commas(first)?).ok()?)
        }
        // A hidden `false` before a checkbox is the usual way to send "not checked"; the last wins.
        ParamKind::Boolean => match typed.last().map(|text| text.trim())? {
            "true" | "on" | "1" | "yes" => Value::Boolean(true),
            "false" | "off" | "0" | "no" => Value::Boolean(false),
            _ => return None,
        },
        ParamKind::Date => Value::Date(When::parse(first)?.resolve(clock.today())?),
        ParamKind::Datetime => Value::Datetime(moment(first, clock)?),
        ParamKind::Period => {
            let (from, until) = Expression::parse(first)?.resolve(clock.today())?;
            Value::Period { from, until }
        }
        ParamKind::Choice => Value::Choice(whole.clone()),
        ParamKind::Choices => {
            let mut values: Vec<String> = Vec::with_capacity(typed.len());
            let mut seen = std::collections::BTreeSet::new();
            for value in typed {
                if seen.insert(value) {
                    values.push(value.clone());
                }
            }
            Value::Choices(values)
        }
    })
}

/// A value of the session, which is text like any other: composed, without blanks around it. `None`
/// for control characters.
pub(super) fn attribute(value: &str) -> Option<String> {
    clean(value.trim())
}

/// Composed characters, as databases have them; other systems send 한 as three letters.
fn clean(text: &str) -> Option<String> {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    (!text.contains(control) && text.chars().count() <= LONGEST_TEXT).then(|| text.nfc().collect())
}

/// `1,234,567` as people paste it from a sheet; commas must part thousands.
fn without_commas(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let whole = text.split('.').next()?.trim_start_matches(['-', '+']);
    let mut groups = whole.split(',');
    let first = groups.next()?.len();
    ((1..=3).contains(&first)
        && groups.all(|group| group.len() == 3)
        && !text.split('.').skip(1).any(|part| part.contains(',')))
    .then(|| text.replace(',', ""))
}

/// `2026-01-31 09:00`, `2026-01-31T09:00:00+09:00`, `now`, or midnight of a day in words.
fn moment(text: &str, clock: &Clock<'_>) -> Option<Timestamp> {
    if text == "now" {
        return Some(clock.now);
    }
    if let Some(when) = When::parse(text) {
        return crate::binding::midnight(when.resolve(clock.today())?, clock.zone);
    }
    parse_day(text.get(..10)?)?;
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    // Only digits and separators: jiff would also take a zone in brackets and ignore it.
    if !text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | ' ' | 'T'))
    {
        return None;
    }
    let wall: DateTime = text.parse().ok()?;
    wall.to_zoned(clock.zone.clone())
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// A moment as a form has it; with its offset where the wall time alone would mean another one.
pub(super) fn wall_time(moment: Timestamp, zone: &TimeZone) -> String {
    let zoned = moment.to_zoned(zone.clone());
    let format = match (zoned.second(), zoned.subsec_nanosecond()) {
        (0, 0) => "%Y-%m-%dT%H:%M",
        (_, 0) => "%Y-%m-%dT%H:%M:%S",
        _ => "%Y-%m-%dT%H:%M:%S%.f",
    };
    let wall = zoned.strftime(format).to_string();
    let same = zoned
        .datetime()
        .to_zoned(zone.clone())
        .is_ok_and(|again| again.timestamp() == moment);
    if same {
        wall
    } else {
        format!("{wall}{}", zoned.strftime("%:z"))
    }
}
