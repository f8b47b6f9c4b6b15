//! The `-- key: value` lines of a query.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Span;

use super::header::{bad_duration, duration};
use crate::block::{
    Block, BlockKind, Check, Incremental, PartitionUnit, Partitioning, Reading, ReadingError,
    Readings, Split,
};
use crate::condition::pieces;
use crate::document::{QUERY_KEYS, RawBlock, RawKey};
use crate::id::is_name;
use crate::nearest::suggestion;
use crate::problem::Problem;
use crate::scan::Rules;

/// Builds a block from what stands in the file.
pub(super) fn block(text: &str, raw: RawBlock, problems: &mut Vec<Problem>) -> Block {
    let kind = kind(&raw, problems);
    let check = take(&raw, "check").and_then(|key| match key.value.as_str() {
        "fail" => Some(Check::Fail),
        "warn" => Some(Check::Warn),
        other => {
            problems.push(
                Problem::error(
                    "report::bad_key_value",
                    format!("`{other}` is no way to check"),
                )
                .at(key.value_span.clone())
                .help("write `-- check: fail` or `-- check: warn`"),
            );
            None
        }
    });
    for (index, key) in raw.keys.iter().enumerate() {
        if !QUERY_KEYS.contains(&key.key.as_str()) {
            problems.push(
                Problem::error(
                    "report::unknown_query_key",
                    format!("query `{}` has no key `{}`", raw.name, key.key),
                )
                .at(key.key_span.clone())
                .label("unknown key")
                .maybe_help(suggestion(
                    &key.key,
                    QUERY_KEYS,
                    "begin the description with a capital letter; keys are",
                )),
            );
        } else if raw.keys[..index]
            .iter()
            .any(|earlier| earlier.key == key.key)
        {
            problems.push(
                Problem::error(
                    "report::bad_key_value",
                    format!("query `{}` has the key `{}` twice", raw.name, key.key),
                )
                .at(key.key_span.clone())
                .help("keep one of them"),
            );
        }
    }
    if !matches!(kind, BlockKind::Polars) {
        check_reads_only(text, &raw, problems);
    }
    let (first, readings) = readings(text, &raw, matches!(kind, BlockKind::Polars), problems);
    Block {
        name: raw.name,
        description: raw.description,
        kind,
        check,
        reads: Vec::new(),
        columns: None,
        params: BTreeSet::new(),
        sql: text[first.span.clone()].to_owned(),
        span: first.span,
        pieces: first.pieces,
        readings,
        name_span: raw.name_span,
    }
}

/// A reading, and what is wrong with it.
type Read = (Rules, Reading, Vec<Problem>);

/// The reading whose problems count, and where databases disagree what each of them reads.
///
/// What only some databases can read is no problem of the file: it may be for them.
fn readings(
    text: &str,
    raw: &RawBlock,
    is_polars: bool,
    problems: &mut Vec<Problem>,
) -> (Reading, Readings) {
    let count = if is_polars { 1 } else { raw.readings.len() };
    let mut read: Vec<Read> = raw.readings[..count]
        .iter()
        .map(|raw_reading| {
            let (tokens, span) = (&raw_reading.tokens, raw_reading.body.clone());
            let mut problems = raw_reading.problems.clone();
            let pieces = pieces(text, tokens, span.start, &raw.name, &mut problems);
            (raw_reading.rules, Reading { span, pieces }, problems)
        })
        .collect();
    let first = read.iter().position(|(.., problems)| problems.is_empty());
    let (_, reading, found) = &mut read[first.unwrap_or(0)];
    problems.append(found);
    let reading = reading.clone();
    if read.len() == 1 || first.is_none() {
        return (reading, Vec::new());
    }
    let all = read.into_iter().map(|(rules, reading, problems)| {
        let read = match problems.into_iter().next() {
            None => Ok(reading),
            Some(problem) => Err(ReadingError::Problem {
                message: problem.message,
                help: problem.help,
            }),
        };
        (rules, read)
    });
    (reading, all.collect())
}

/// First words of statements that change something. Sources are opened read-only as well; here the
/// author is told at once.
const WRITES: [&str; 18] = [
    "alter", "analyze", "begin", "call", "commit", "copy", "create", "delete", "drop", "grant",
    "insert", "lock", "merge", "replace", "set", "truncate", "update", "vacuum",
];

fn check_reads_only(text: &str, raw: &RawBlock, problems: &mut Vec<Problem>) {
    let tokens = raw.readings.iter().flat_map(|reading| &reading.tokens);
    let first = tokens.into_iter().find(|token| token.kind.is_sql());
    if let Some(first) = first
        && WRITES.contains(&text[first.range.clone()].to_ascii_lowercase().as_str())
    {
        problems.push(
            Problem::error(
                "report::not_a_query",
                format!("query `{}` does not read", raw.name),
            )
            .at(first.range.clone())
            .label("changes something")
            .help("a report only reads: begin with `SELECT` or `WITH`"),
        );
    }
}

fn take<'a>(raw: &'a RawBlock, key: &str) -> Option<&'a RawKey> {
    raw.keys.iter().find(|found| found.key == key)
}

fn kind(raw: &RawBlock, problems: &mut Vec<Problem>) -> BlockKind {
    let (source, engine) = (take(raw, "source"), take(raw, "engine"));
    if let Some(engine) = engine
        && engine.value != "polars"
    {
        problems.push(
            Problem::error(
                "report::bad_key_value",
                format!("there is no engine `{}`", engine.value),
            )
            .at(engine.value_span.clone())
            .help("write `-- engine: polars`, or `-- source: …` to read from a database"),
        );
    }
    match (source, engine) {
        (Some(_), None) | (None, Some(_)) => {}
        _ => problems.push(
            Problem::error(
                "report::source_or_engine",
                format!("query `{}` needs exactly one of `source` and `engine`", raw.name),
            )
            .at(engine.filter(|_| source.is_some()).map_or(raw.name_span.clone(), |key| key.key_span.clone()))
            .help("write `-- source: …` to read from a database, or `-- engine: polars` to summarise queries"),
        ),
    }
    let Some(source) = source else {
        only_for_sources(raw, problems);
        return BlockKind::Polars;
    };
    if source.value.is_empty() || source.value.contains(char::is_whitespace) {
        problems.push(
            Problem::error(
                "report::bad_key_value",
                format!("`{}` is no name of a source", source.value),
            )
            .at(source.value_span.clone()),
        );
    }
    if let (Some(_), Some(incremental)) = (take(raw, "partition"), take(raw, "incremental")) {
        problems.push(
            Problem::error(
                "report::bad_key_value",
                format!("query `{}` is both partitioned and incremental", raw.name),
            )
            .at(incremental.key_span.clone())
            .help("choose one: partitions of a period, or rows newer than the last run"),
        );
    }
    if let Some(split) = take(raw, "split")
        && let Some(other) = ["partition", "incremental", "cache"]
            .into_iter()
            .find(|key| take(raw, key).is_some())
    {
        problems.push(
            Problem::error(
                "report::bad_key_value",
                format!("query `{}` has both `split` and `{other}`", raw.name),
            )
            .at(split.key_span.clone())
            .help("a query is split to read all of it at once; what is kept between runs is cut by `partition`"),
        );
    }
    BlockKind::Extract {
        source: source.value.clone(),
        partition: take(raw, "partition").and_then(|key| partition(key, problems)),
        incremental: take(raw, "incremental").and_then(|key| incremental(key, problems)),
        split: take(raw, "split").and_then(|key| split(key, problems)),
        cache: take(raw, "cache").and_then(|key| length_of_time(key, problems)),
        timeout: take(raw, "timeout").and_then(|key| length_of_time(key, problems)),
    }
}

/// Keys that mean nothing to Polars.
fn only_for_sources(raw: &RawBlock, problems: &mut Vec<Problem>) {
    if take(raw, "engine").is_none() {
        return;
    }
    for key in &raw.keys {
        if matches!(
            key.key.as_str(),
            "partition" | "incremental" | "split" | "cache" | "timeout"
        ) {
            problems.push(
                Problem::error(
                    "report::unknown_query_key",
                    format!("`{}` means nothing to a query Polars runs", key.key),
                )
                .at(key.key_span.clone())
                .help("move it to the query that reads from a source, or remove it"),
            );
        }
    }
}

fn length_of_time(key: &RawKey, problems: &mut Vec<Problem>) -> Option<Duration> {
    let found = duration(&key.value);
    if found.is_none() {
        problems.push(bad_duration(&key.value, key.value_span.clone()));
    }
    found
}

fn partition(key: &RawKey, problems: &mut Vec<Problem>) -> Option<Partitioning> {
    let (words, lookback) = split_lookback(&key.value);
    let found = match words.as_slice() {
        [column, "by", unit, "over", over] if is_name(over) => {
            let unit = match *unit {
                "hour" => Some(PartitionUnit::Hour),
                "day" => Some(PartitionUnit::Day),
                "week" => Some(PartitionUnit::Week),
                "month" => Some(PartitionUnit::Month),
                _ => None,
            };
            let lookback = lookback.as_deref().map(span);
            match (unit, lookback) {
                (Some(unit), None) => Some(Partitioning {
                    column: (*column).to_owned(),
                    unit,
                    over: (*over).to_owned(),
                    lookback: None,
                }),
                (Some(unit), Some(Some(lookback))) => Some(Partitioning {
                    column: (*column).to_owned(),
                    unit,
                    over: (*over).to_owned(),
                    lookback: Some(lookback),
                }),
                _ => None,
            }
        }
        _ => None,
    };
    if found.is_none() {
        problems.push(
            Problem::error("report::bad_key_value", "this partition cannot be read")
                .at(key.value_span.clone())
                .help("write `column by hour|day|week|month over parameter`, then if you like `lookback 3 days`"),
        );
    }
    found
}

fn incremental(key: &RawKey, problems: &mut Vec<Problem>) -> Option<Incremental> {
    let (words, lookback) = split_lookback(&key.value);
    let found = match words.as_slice() {
        [column, "key", keys @ ..] if !keys.is_empty() => {
            let keys: Vec<String> = keys
                .join(" ")
                .split(',')
                .map(|key| key.trim().to_owned())
                .collect();
            let well_formed = keys
                .iter()
                .all(|key| !key.is_empty() && !key.contains(char::is_whitespace));
            let lookback = lookback.as_deref().map(span);
            (well_formed && !matches!(lookback, Some(None))).then(|| Incremental {
                column: (*column).to_owned(),
                keys,
                lookback: lookback.flatten(),
            })
        }
        _ => None,
    };
    if found.is_none() {
        problems.push(
            Problem::error("report::bad_key_value", "this increment cannot be read")
                .at(key.value_span.clone())
                .help("write `column key column[, column]`, then if you like `lookback 1 hour`"),
        );
    }
    found
}

/// How many ranges a split may have: more than a source allows at once only wait.
const RANGES: std::ops::RangeInclusive<u32> = 2..=16;

fn split(key: &RawKey, problems: &mut Vec<Problem>) -> Option<Split> {
    let words: Vec<&str> = key.value.split_whitespace().collect();
    let found = match words.as_slice() {
        [column, "of", table, "into", count]
            if is_plain(column) && table.split('.').all(is_plain) =>
        {
            count
                .parse()
                .ok()
                .filter(|count| RANGES.contains(count))
                .map(|into| Split {
                    column: (*column).to_owned(),
                    table: (*table).to_owned(),
                    into,
                })
        }
        _ => None,
    };
    if found.is_none() {
        problems.push(
            Problem::error("report::bad_key_value", "this split cannot be read")
                .at(key.value_span.clone())
                .help("write `column of table into 4`, with names that need no quotes and 2 to 16 ranges"),
        );
    }
    found
}

/// A name that means the same in every database, and nothing but a name.
fn is_plain(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_ascii_alphanumeric())
}

/// The words before `lookback`, and what stands behind it.
fn split_lookback(value: &str) -> (Vec<&str>, Option<String>) {
    let words: Vec<&str> = value.split_whitespace().collect();
    match words.iter().position(|word| *word == "lookback") {
        Some(at) => (words[..at].to_vec(), Some(words[at + 1..].join(" "))),
        None => (words, None),
    }
}

/// A positive span such as `3 days` or `1 hour`.
fn span(text: &str) -> Option<Span> {
    let span: Span = text.parse().ok()?;
    span.is_positive().then_some(span)
}
