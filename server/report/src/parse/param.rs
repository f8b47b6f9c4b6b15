//! One `[params.name]` table: a parameter with its type, bounds, choices and default.

use std::ops::Range;

use regex::RegexBuilder;
use toml::de::DeValue;

use super::default;
use crate::graph::OptionsUse;
use crate::param::{Bound, Choice, Grain, Options, Param, ParamKind};
use crate::period::{Length, When};
use crate::problem::Problem;
use crate::section::{Entry, Placed, Table, decimal, integer};
use lang::Text;

/// Bytes a pattern may become when it is compiled. Matching takes as many steps as this has parts for every letter that is
/// typed, and no pattern of an order number comes near.
const LARGEST_PATTERN: usize = 1024 * 1024;

const GRAINS: [Grain; 5] = [
    Grain::Day,
    Grain::Week,
    Grain::Month,
    Grain::Quarter,
    Grain::Year,
];

/// Reads a parameter. `None` when its name or type is wrong; other mistakes leave their default.
pub(super) fn read(
    name: &str,
    name_span: &Range<usize>,
    mut table: Table<'_>,
    options_uses: &mut Vec<OptionsUse>,
    problems: &mut Vec<Problem>,
) -> Option<Param> {
    let named = check_name(name, name_span, problems);
    let words = ParamKind::ALL.map(ParamKind::as_str);
    if table.take("type").is_none() {
        table.missing("type", &format!("there are {}", words.join(", ")), problems);
        return None;
    }
    let kind = ParamKind::ALL[table.word("type", &words, problems)?.value];
    let viewer = viewer(&mut table, kind, problems);
    let label = table
        .text("label", problems)
        .map_or_else(|| Text::same(name), |text| text.value);
    let help = table.text("help", problems).map(|text| text.value);
    let required_key = table.boolean("required", problems);
    let required = viewer.is_some()
        || required_key
            .as_ref()
            .map_or(kind != ParamKind::Choices, |key| key.value);
    if let (Some(_), Some(Placed { value: false, span })) = (&viewer, required_key) {
        problems.push(
            Problem::error(
                "report::viewer_condition",
                format!("`{name}` comes from the session and may not be optional"),
            )
            .at(span)
            .help("remove `required = false`; a run without the value is refused"),
        );
    }
    let mut param = Param {
        name: name.to_owned(),
        label,
        help,
        kind,
        default: Vec::new(),
        required,
        min: bound(&mut table, "min", kind, problems),
        max: bound(&mut table, "max", kind, problems),
        pattern: None,
        options: None,
        grain: None,
        viewer: viewer.clone(),
        regex: None,
        span: name_span.clone(),
    };
    if kind == ParamKind::Text {
        pattern(&mut table, &mut param, problems);
    }
    if kind == ParamKind::Period {
        let words = GRAINS.map(Grain::as_str);
        param.grain = table
            .word("grain", &words, problems)
            .map(|word| GRAINS[word.value]);
    }
    if matches!(kind, ParamKind::Choice | ParamKind::Choices) && viewer.is_none() {
        match table.take("options") {
            Some(entry) => param.options = options(name, &table, &entry, options_uses, problems),
            None => table.missing("options", "list the choices, or take them from a query: `options = { query = \"…\", value = \"…\", label = \"…\" }`", problems),
        }
    }
    if viewer.is_none()
        && let Some(entry) = table.take("default")
    {
        default::read(&table, &entry, &mut param, problems);
    }
    table.finish(problems);
    named.then_some(param)
}

fn check_name(name: &str, span: &Range<usize>, problems: &mut Vec<Problem>) -> bool {
    let good = crate::id::is_name(name) && name.len() <= 63;
    if !good {
        problems.push(
            Problem::error(
                "report::bad_name",
                format!("`{name}` cannot be the name of a parameter"),
            )
            .at(span.clone())
            .help("use small letters, digits and `_`, at most 63, beginning with a letter"),
        );
    } else if super::RESERVED.contains(&name) {
        problems.push(
            Problem::error(
                "report::bad_name",
                format!("a parameter cannot be named `{name}`"),
            )
            .at(span.clone())
            .help("`partition`, `incremental` and `viewer` have a meaning of their own"),
        );
        return false;
    }
    good
}

fn viewer(table: &mut Table<'_>, kind: ParamKind, problems: &mut Vec<Problem>) -> Option<String> {
    let from = table.string("from", problems)?;
    match from
        .value
        .strip_prefix("viewer.")
        .filter(|name| crate::id::is_name(name))
    {
        Some(name) => {
            if !matches!(
                kind,
                ParamKind::Text | ParamKind::Integer | ParamKind::Choice | ParamKind::Choices
            ) {
                problems.push(
                    Problem::error(
                        "report::wrong_type",
                        format!("a {} cannot come from the session", kind.as_str()),
                    )
                    .at(from.span)
                    .help("the session holds texts: use `text`, `integer`, `choice` or `choices`"),
                );
            }
            Some(name.to_owned())
        }
        None => {
            problems.push(
                Problem::error(
                    "report::bad_from",
                    format!("`{}` is no place to take a value from", from.value),
                )
                .at(from.span)
                .help("write `from = \"viewer.name\"` with the name of a session attribute"),
            );
            // Still hidden: a mistake here must never turn a row filter into a form field.
            Some(String::new())
        }
    }
}

fn bound(
    table: &mut Table<'_>,
    key: &'static str,
    kind: ParamKind,
    problems: &mut Vec<Problem>,
) -> Option<Bound> {
    if matches!(kind, ParamKind::Boolean | ParamKind::Choice) {
        return None;
    }
    let entry = table.take(key)?;
    let (found, wanted) = match kind {
        ParamKind::Integer => (integer(entry.value).map(Bound::Integer), "a whole number"),
        ParamKind::Decimal => (decimal(entry.value).map(Bound::Decimal), "a number"),
        ParamKind::Text | ParamKind::Choices => (
            integer(entry.value)
                .and_then(|count| u64::try_from(count).ok())
                .map(Bound::Count),
            "a whole number of 0 or more",
        ),
        ParamKind::Period => (
            entry
                .value
                .as_str()
                .and_then(Length::parse)
                .map(Bound::Length),
            "a length such as \"2 years\" or \"31 days\"",
        ),
        _ => (
            typed(entry.value)
                .first()
                .and_then(|text| When::parse(text))
                .map(Bound::Day),
            "a date such as \"2026-01-31\" or \"today - 7 days\"",
        ),
    };
    if found.is_none() {
        problems.push(
            Problem::error(
                "report::bad_bound",
                format!("`{key}` of {} must be {wanted}", table.path),
            )
            .at(entry.span),
        );
    }
    found
}

fn pattern(table: &mut Table<'_>, param: &mut Param, problems: &mut Vec<Problem>) {
    let Some(pattern) = table.string("pattern", problems) else {
        return;
    };
    // Like the pattern of an HTML field: it describes the whole text.
    let regex = RegexBuilder::new(&format!("^(?:{})$", pattern.value))
        .size_limit(LARGEST_PATTERN)
        .build();
    match regex {
        Ok(regex) => {
            param.regex = Some(regex);
            param.pattern = Some(pattern.value);
        }
        Err(regex::Error::CompiledTooBig(_)) => problems.push(
            Problem::error(
                "report::bad_pattern",
                format!(
                    "the pattern of `{}` would take too long to compare",
                    param.name
                ),
            )
            .at(pattern.span)
            .help("write fewer or shorter repetitions, and none inside another"),
        ),
        Err(error) => {
            let reason = error.to_string();
            let reason = reason
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned();
            problems.push(
                Problem::error(
                    "report::bad_pattern",
                    format!("the pattern of `{}` is no regular expression", param.name),
                )
                .at(pattern.span)
                .help(reason),
            );
        }
    }
}

fn options(
    name: &str,
    table: &Table<'_>,
    entry: &Entry<'_>,
    uses: &mut Vec<OptionsUse>,
    problems: &mut Vec<Problem>,
) -> Option<Options> {
    let mut list: Vec<Choice> = Vec::new();
    match entry.value {
        DeValue::Array(array) => {
            for item in array.iter() {
                match typed(item.get_ref()).as_slice() {
                    [value] => list.push(Choice {
                        value: value.clone(),
                        label: Text::same(value.clone()),
                    }),
                    _ => {
                        table.wrong(
                            entry,
                            "a list of texts, or a table `value = \"label\"`",
                            problems,
                        );
                        return None;
                    }
                }
            }
        }
        DeValue::Table(_) => {
            let mut inner = table.as_table(entry, &format!("`options` of `{name}`"), problems)?;
            if inner
                .entries()
                .iter()
                .any(|entry| entry.key == "query" && entry.value.is_str())
            {
                let query = inner.string("query", problems)?;
                let value = inner.string("value", problems);
                let label = inner.string("label", problems);
                if value.is_none() {
                    inner.missing("value", "name the column whose value is bound", problems);
                }
                inner.finish(problems);
                uses.push(OptionsUse {
                    param: name.to_owned(),
                    block: query.value.clone(),
                    span: query.span,
                });
                let value = value?.value;
                // Without a label people read the value itself.
                let label = label.map_or_else(|| value.clone(), |label| label.value);
                return Some(Options::Query {
                    block: query.value,
                    value,
                    label,
                });
            }
            for choice in inner.entries() {
                let label = inner.as_text(&choice, problems)?.value;
                list.push(Choice {
                    value: choice.key.to_owned(),
                    label,
                });
            }
        }
        _ => {
            table.wrong(
                entry,
                "a list of texts, or a table `value = \"label\"`",
                problems,
            );
            return None;
        }
    }
    let empty = list.iter().any(|choice| choice.value.trim().is_empty());
    let mut seen = std::collections::BTreeSet::new();
    let twice = list
        .iter()
        .find(|choice| !seen.insert(choice.value.as_str()));
    let message = match twice {
        _ if list.is_empty() => format!("`{name}` has no choices"),
        _ if empty => format!("`{name}` has an empty choice"),
        Some(choice) => format!("`{name}` has the choice `{}` twice", choice.value),
        None => return Some(Options::List(list)),
    };
    problems.push(Problem::error("report::bad_options", message).at(entry.span.clone()));
    None
}

/// A TOML value as a form would send it. Empty for tables; lists only hold plain values.
pub(super) fn typed(value: &DeValue<'_>) -> Vec<String> {
    match value {
        DeValue::String(text) => vec![text.to_string()],
        DeValue::Integer(_) => integer(value)
            .map(|number| number.to_string())
            .into_iter()
            .collect(),
        DeValue::Float(_) => decimal(value)
            .map(|number| number.to_string())
            .into_iter()
            .collect(),
        DeValue::Boolean(value) => vec![value.to_string()],
        DeValue::Datetime(moment) => vec![moment.to_string()],
        DeValue::Array(array) => {
            let items: Vec<Vec<String>> = array.iter().map(|item| typed(item.get_ref())).collect();
            if items.iter().all(|item| item.len() == 1) {
                items.concat()
            } else {
                Vec::new()
            }
        }
        DeValue::Table(_) => Vec::new(),
    }
}
