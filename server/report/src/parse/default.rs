//! The default of a parameter: it must be a value the form would take.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use toml::de::DeValue;

use super::param::typed;
use crate::input::{Breach, Clock, breach, read_value};
use crate::nearest::suggestion;
use crate::option::to_field;
use crate::param::{Options, Param, ParamKind};
use crate::problem::Problem;
use crate::section::{Entry, Table};
use crate::value::Value;

/// Reads the default and checks it against the parameter's own rules.
pub(super) fn read(
    table: &Table<'_>,
    entry: &Entry<'_>,
    param: &mut Param,
    problems: &mut Vec<Problem>,
) {
    let inputs = typed(entry.value);
    let many = inputs.len() != 1 && param.kind != ParamKind::Choices;
    if (inputs.is_empty() && !matches!(entry.value, DeValue::Array(_))) || many {
        let wanted = if many {
            "one value"
        } else {
            "a text, a number or a date"
        };
        table.wrong(entry, wanted, problems);
        return;
    }
    if inputs.is_empty() {
        return;
    }
    let shown = inputs.join(", ");
    let clock = Clock {
        zone: &TimeZone::UTC,
        now: SAMPLE,
    };
    let Some(value) = read_value(param.kind, &inputs, &clock) else {
        let (what, help) = expected(param.kind);
        problems.push(
            Problem::error("report::bad_default", format!("`{shown}` is not {what}"))
                .at(entry.span.clone())
                .help(help),
        );
        return;
    };
    let problem = match breach(param, &value, &clock) {
        None => {
            param.default = match value {
                Value::Choice(_) | Value::Choices(_) => inputs
                    .iter()
                    .map(|value| to_field(value).into_owned())
                    .collect(),
                _ => inputs,
            };
            return;
        }
        Some(Breach::Below(bound)) => {
            out_of_range(format!("default {shown} is below `min` {bound}"))
        }
        Some(Breach::Above(bound)) => {
            out_of_range(format!("default {shown} is above `max` {bound}"))
        }
        Some(Breach::Pattern) => {
            out_of_range(format!("default `{shown}` does not match the pattern"))
        }
        Some(Breach::Grain(grain)) => Problem::error(
            "report::bad_default",
            format!("`{shown}` is not whole {}s", grain.as_str()),
        )
        .help(format!(
            "`grain = \"{}\"` allows for example `previous {}`",
            grain.as_str(),
            grain.as_str()
        )),
        Some(Breach::Option(value)) => {
            let known = match &param.options {
                Some(Options::List(list)) => {
                    list.iter().map(|choice| choice.value.as_str()).collect()
                }
                _ => Vec::new(),
            };
            Problem::error(
                "report::bad_default",
                format!("`{value}` is not one of the choices of `{}`", param.name),
            )
            .maybe_help(suggestion(&value, known.iter().copied(), "its choices are"))
        }
    };
    problems.push(problem.at(entry.span.clone()));
}

fn out_of_range(message: String) -> Problem {
    Problem::error("report::default_out_of_range", message)
}

/// 2026-03-18T03:00:00Z, a Wednesday in the middle of a month: relative dates are tried on it.
const SAMPLE: Timestamp = Timestamp::constant(1_773_802_800, 0);

fn expected(kind: ParamKind) -> (&'static str, &'static str) {
    match kind {
        ParamKind::Text => (
            "a text",
            "leave out control characters; at most 10,000 characters",
        ),
        ParamKind::Integer => ("a whole number", "write digits only, for example 100"),
        ParamKind::Decimal => ("a number", "write for example 0.01"),
        ParamKind::Boolean => ("yes or no", "write `true` or `false`"),
        ParamKind::Date => (
            "a date",
            "`today`, `yesterday`, `start of month`, `today - 7 days`, `2026-01-31`, …",
        ),
        ParamKind::Datetime => ("a moment", "`now`, `today`, `2026-01-31 09:00`, …"),
        ParamKind::Period => (
            "a period",
            "`last 30 days`, `previous month`, `this year`, `2026-01-01 .. 2026-02-01`, …",
        ),
        ParamKind::Choice | ParamKind::Choices => ("a choice", "write one of the options"),
    }
}
