//! TOML as text: its mistakes, and its numbers without loss.

use std::ops::Range;

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Problem;

/// Parses the TOML of a section, mending what it can. True when it had no mistakes.
pub(crate) fn parse<'a>(
    text: &'a str,
    body: &Range<usize>,
    problems: &mut Vec<Problem>,
) -> (Spanned<DeTable<'a>>, bool) {
    let (table, errors) = DeTable::parse_recoverable(&text[body.clone()]);
    let clean = errors.is_empty();
    for error in errors {
        let span = error.span().map_or(body.clone(), |span| {
            body.start + span.start..body.start + span.end
        });
        let (first, rest) = error
            .message()
            .split_once('\n')
            .unwrap_or((error.message(), ""));
        let before = word_before(text, span.start, body.start);
        let message = match before {
            Some(word) if first.contains("expected") => {
                format!(
                    "{} after `{word}`",
                    first.trim_start_matches("key with no value, ").trim_end()
                )
            }
            _ => first.trim_end().to_owned(),
        };
        let help = if rest.trim().is_empty() {
            "the section is TOML: `key = value`, with texts in quotes".to_owned()
        } else {
            rest.trim().replace('\n', "; ")
        };
        problems.push(
            Problem::error("report::bad_toml", message)
                .at(span)
                .help(help),
        );
    }
    (table, clean)
}

/// The word that ends before a place, for `expected `=` after `title``.
fn word_before(text: &str, at: usize, start: usize) -> Option<&str> {
    let before = text.get(start..at)?.trim_end_matches([' ', '\t']);
    let word_start = before
        .rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .map_or(0, |found| {
            found + before[found..].chars().next().map_or(1, char::len_utf8)
        });
    let word = &before[word_start..];
    (!word.is_empty()).then_some(word)
}

/// A TOML whole number in any base.
pub(crate) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// A TOML number, exact.
pub(crate) fn decimal(value: &DeValue<'_>) -> Option<Decimal> {
    match value {
        DeValue::Integer(_) => integer(value).map(Decimal::from),
        DeValue::Float(float) => {
            let text = float.as_str();
            Decimal::from_str_exact(text)
                .ok()
                .or_else(|| Decimal::from_scientific(text).ok())
        }
        _ => None,
    }
}

/// What a value is, in words.
pub(super) fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
