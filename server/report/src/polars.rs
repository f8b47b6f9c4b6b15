//! Aggregations: parsed as PostgreSQL parses, in all their forms, and filled with values.
//!
//! An aggregation has no placeholders, so values are put into the parsed tree as typed literals. They
//! never become SQL text on the way: the tree itself is what is planned and run.

mod form;
mod literal;
mod reads;

use std::ops::Range;

use sqlparser::ast::{Query, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use crate::block::Block;
use crate::condition::{Piece, Shape};
use crate::problem::Problem;

pub use form::Form;

/// Longer statements are generated, not written; the tree of one could exhaust the stack.
const MOST_TOKENS: usize = 8_000;

/// What is known about an aggregation after reading it.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Tables it names that are not its own common table expressions, with their places.
    pub tables: Vec<(String, Range<usize>)>,
    /// Names of the result's columns, when the statement gives them all.
    pub columns: Option<Vec<String>>,
}

/// Reads an aggregation in all its forms and says what cannot be read.
pub(crate) fn read(block: &Block, problems: &mut Vec<Problem>) -> Reading {
    let mut reading = Reading::default();
    let forms = form::kept(block);
    for (number, kept) in forms.iter().enumerate() {
        let text = masked(block, &|name| kept.contains(name));
        let is_whole = number == 0;
        let query = match parse(&text) {
            Ok(query) => query,
            Err(error) => {
                let span = error.at.map_or(block.name_span.clone(), |at| {
                    let word = text[at..]
                        .chars()
                        .take_while(|c| c.is_alphanumeric() || *c == '_')
                        .map(char::len_utf8)
                        .sum::<usize>();
                    block.span.start + at..block.span.start + at + word.max(1).min(text.len() - at)
                });
                let form = form::words(block, kept);
                problems.push(
                    Problem::error(
                        "report::bad_sql",
                        format!(
                            "query `{}` cannot be read{form}: {}",
                            block.name, error.message
                        ),
                    )
                    .at(span)
                    .help("aggregations are written as PostgreSQL reads them"),
                );
                continue;
            }
        };
        if literal::is_too_deep(&query) {
            problems.push(
                Problem::error(
                    "report::bad_sql",
                    format!("query `{}` nests too deeply", block.name),
                )
                .at(block.name_span.clone())
                .help("split it into several queries"),
            );
            continue;
        }
        if is_whole {
            reading.columns = reads::columns(&query);
        }
        for table in reads::tables(&query) {
            let place = table
                .place
                .and_then(|place| place_of(&text, place.0, place.1));
            let span = place.map_or(block.name_span.clone(), |at| {
                block.span.start + at..block.span.start + (at + table.length).min(text.len())
            });
            if !reading.tables.iter().any(|(name, _)| *name == table.name) {
                reading.tables.push((table.name, span));
            }
        }
    }
    reading
}

/// Why a statement cannot be read.
pub(crate) struct SyntaxError {
    pub message: String,
    /// Byte in the statement.
    pub at: Option<usize>,
}

/// Parses exactly one query.
pub(crate) fn parse(text: &str) -> Result<Query, SyntaxError> {
    let failed = |message: String| {
        // The parser appends its place to the message.
        let (message, at) = match message.rsplit_once(" at Line: ") {
            Some((message, place)) => {
                let mut numbers = place
                    .split(", Column: ")
                    .map(|number| number.trim().parse::<u64>());
                let at = match (numbers.next(), numbers.next()) {
                    (Some(Ok(line)), Some(Ok(column))) => place_of(text, line, column),
                    _ => None,
                };
                (message.to_owned(), at)
            }
            // Only the end of the statement has no place.
            None if message.ends_with("found: EOF") => (message, Some(text.trim_end().len())),
            None => (message, None),
        };
        let message = message
            .trim_start_matches("sql parser error: ")
            .replace("Expected:", "expected")
            .replace("found: EOF", "but it ends here");
        SyntaxError { message, at }
    };
    let dialect = PostgreSqlDialect {};
    let tokens = Tokenizer::new(&dialect, text)
        .tokenize_with_location()
        .map_err(|error| failed(error.to_string()))?;
    if tokens.len() > MOST_TOKENS {
        return Err(SyntaxError {
            message: format!(
                "it is longer than {MOST_TOKENS} words; split it into several queries"
            ),
            at: None,
        });
    }
    // The parser takes `==` for `=`, and PostgreSQL does not.
    if let Some(TokenWithSpan { span, .. }) = tokens.iter().find(|one| one.token == Token::DoubleEq)
    {
        return Err(SyntaxError {
            message: "there is no operator `==`; write `=`".to_owned(),
            at: place_of(text, span.start.line, span.start.column),
        });
    }
    let mut statements = Parser::new(&dialect)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(|error| failed(error.to_string()))?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => Ok(*query),
        (Some(_), true) => Err(SyntaxError {
            message: "only SELECT can be run here".to_owned(),
            at: None,
        }),
        _ => Err(SyntaxError {
            message: "expected one statement".to_owned(),
            at: None,
        }),
    }
}

/// The statement without comments and dropped conditions, with placeholders for parameters, every
/// remaining character at its old line and column.
pub(crate) fn masked(block: &Block, keep: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(block.sql.len());
    mask(
        &block.sql,
        &block.pieces,
        0..block.sql.len(),
        keep,
        &mut out,
    );
    out
}

fn mask(
    sql: &str,
    pieces: &[Piece],
    range: Range<usize>,
    keep: &dyn Fn(&str) -> bool,
    out: &mut String,
) {
    let mut at = range.start;
    for piece in pieces {
        let place = match piece {
            Piece::Sql(range) | Piece::Gap(range) | Piece::If { range, .. } => range,
            Piece::Use(found) => &found.range,
        };
        blank(&sql[at..place.start], out);
        match piece {
            Piece::Sql(range) if sql[range.clone()].starts_with("/*+") => {
                blank(&sql[range.clone()], out)
            }
            Piece::Sql(range) => out.push_str(&sql[range.clone()]),
            Piece::Gap(range) => blank(&sql[range.clone()], out),
            Piece::If {
                name, body, range, ..
            } if keep(name) => mask(sql, body, range.clone(), keep, out),
            Piece::If { range, .. } => blank(&sql[range.clone()], out),
            Piece::Use(found) => {
                let before = &sql[found.range.start..found.at.start];
                let operator = match found.shape {
                    Shape::Any => "IN",
                    Shape::None => "NOT IN",
                    _ => "",
                };
                if operator.is_empty() {
                    out.push_str(before);
                } else {
                    // `= ANY(` becomes ` IN  (`: the parenthesis stays where it was.
                    let words = before.find('(').unwrap_or(before.len());
                    out.push_str(operator);
                    for _ in operator.len()..before[..words].chars().count() {
                        out.push(' ');
                    }
                    out.push_str(&before[words..]);
                }
                out.push_str(&placeholder(&found.name, found.field.as_deref()));
                out.push_str(&sql[found.at.end..found.range.end]);
            }
        }
        at = place.end;
    }
    blank(&sql[at..range.end], out);
}

fn blank(text: &str, out: &mut String) {
    out.extend(text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
}

/// `$period_FROM` for `:period.from`: as long, and never the name of a parameter.
fn placeholder(name: &str, field: Option<&str>) -> String {
    match field {
        Some(field) => format!("${name}_{}", field.to_uppercase()),
        None => format!("${name}"),
    }
}

/// Byte of a line and column, both from 1 and counted in characters.
fn place_of(text: &str, line: u64, column: u64) -> Option<usize> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..)?;
    Some(
        start
            + rest
                .char_indices()
                .nth(column)
                .map_or(rest.len(), |(at, _)| at),
    )
}
