//! Aggregations: parsed as PostgreSQL parses, in all their forms, and filled with values.
//!
//! An aggregation has no placeholders, so values are put into the parsed tree as typed literals. They
//! never become SQL text on the way: the tree itself is what is planned and run.

mod dialect;
mod form;
mod literal;
mod reads;
mod syntax;

use std::ops::Range;

use crate::block::Block;
use crate::condition::{Piece, Shape};
use crate::problem::Problem;

pub use form::Form;
use syntax::place_of;
pub use syntax::{SyntaxError, parse_query};

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
        let query = match parse_query(&text) {
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
