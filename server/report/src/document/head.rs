//! What stands between a query's name and its statement: keys, then a description.

use std::ops::Range;

use super::{QUERY_KEYS, RawBlock, RawKey};
use crate::nearest::nearest;
use crate::problem::Problem;
use crate::scan::{Kind, Token};

/// Reads keys and description; gives back the tokens behind them.
pub(super) fn read(
    text: &str,
    block: &mut RawBlock,
    tokens: Vec<Token>,
    problems: &mut Vec<Problem>,
) -> Vec<Token> {
    let mut description: Vec<String> = Vec::new();
    let mut rest = tokens.into_iter().peekable();
    while let Some(token) = rest.peek() {
        match token.kind {
            // A blank line ends the head: what follows belongs to the statement.
            Kind::Space if text[token.range.clone()].matches('\n').count() <= 1 => {}
            Kind::LineComment => {
                let range = token.range.clone();
                match key_line(text, &range) {
                    Some(key) if description.is_empty() => block.keys.push(key),
                    Some(key) if QUERY_KEYS.contains(&key.key.as_str()) => {
                        problems.push(
                            Problem::error(
                                "report::unknown_query_key",
                                format!(
                                    "the key `{}` of query `{}` stands below its description",
                                    key.key, block.name
                                ),
                            )
                            .at(key.key_span)
                            .help("move it directly below the name, or it is only prose"),
                        );
                    }
                    _ => {
                        let line = text[range.clone()]
                            .trim_start_matches('-')
                            .trim()
                            .to_owned();
                        if description.is_empty() {
                            colon_missing(&block.name, &line, &range, problems);
                        }
                        description.push(line);
                    }
                }
            }
            _ => break,
        }
        rest.next();
    }
    let description = description.join(" ").trim().to_owned();
    block.description = (!description.is_empty()).then_some(description);
    rest.collect()
}

/// `-- partition ordered_at by day` is a key without its colon, not a description.
fn colon_missing(query: &str, line: &str, range: &Range<usize>, problems: &mut Vec<Problem>) {
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    let lower = word.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    if let Some(key) = nearest(word, QUERY_KEYS).filter(|_| lower && word.len() > 3) {
        problems.push(
            Problem::error(
                "report::unknown_query_key",
                format!("query `{query}` has a line that is neither key nor description"),
            )
            .at(range.clone())
            .help(format!(
                "write `-- {key}: …`, or begin the description with a capital letter"
            )),
        );
    }
}

/// Reads `-- key: value`; `None` for prose.
fn key_line(text: &str, range: &Range<usize>) -> Option<RawKey> {
    let line = &text[range.clone()];
    let inside = line.strip_prefix("--")?;
    let key_start = inside.len() - inside.trim_start().len();
    let (key, value) = inside[key_start..].split_once(':')?;
    let is_key = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c == '_' || c == '-');
    // `-- see http://…` is prose: a key's colon is followed by a blank.
    if !is_key || !(value.is_empty() || value.starts_with([' ', '\t', '\r'])) {
        return None;
    }
    let key_at = range.start + 2 + key_start;
    let value_at = key_at + key.len() + 1 + (value.len() - value.trim_start().len());
    let trimmed = value.trim();
    let value_span = if trimmed.is_empty() {
        key_at..key_at + key.len() + 1
    } else {
        value_at..value_at + trimmed.len()
    };
    Some(RawKey {
        key: key.to_owned(),
        key_span: key_at..key_at + key.len(),
        value: trimmed.to_owned(),
        value_span,
    })
}
