//! A statement cut into pieces: SQL, parameters, and bodies that are kept only with a value.

mod beside;

use std::ops::Range;

pub(crate) use self::beside::Beside;
use crate::problem::Problem;
use crate::scan::{Kind, Token};

/// A part of a statement. Ranges are bytes of the block's `sql`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// Sent as it stands.
    Sql(Range<usize>),
    /// Blanks and comments; sent as one blank.
    Gap(Range<usize>),
    /// A value goes here.
    Use(ParamUse),
    /// Kept when the parameter has a value.
    If {
        /// The parameter.
        name: String,
        /// Its name in the opening comment.
        name_range: Range<usize>,
        /// From the opening comment to the closing one.
        range: Range<usize>,
        /// What stands between.
        body: Vec<Piece>,
    },
}

/// A parameter in a statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ParamUse {
    /// The name without colon and field.
    pub name: String,
    /// What stands behind the dot.
    pub field: Option<String>,
    /// The parameter itself.
    pub at: Range<usize>,
    /// What is replaced: the parameter, or the whole `= ANY(:name)`.
    pub range: Range<usize>,
    /// How a list is written here.
    pub shape: Shape,
    /// What it is compared with.
    pub beside: Beside,
}

/// How a list is written at this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A single value is expected.
    Single,
    /// Between the parentheses of `IN (…)`.
    In,
    /// `= ANY(:name)`.
    Any,
    /// `<> ALL(:name)`.
    None,
    /// The argument of a function, for example `unnest(:name)`.
    Argument,
}

/// Cuts the tokens of a statement. Ranges of tokens count from the file's start, `base` is where
/// the statement begins; problems keep the file's places.
pub(crate) fn pieces(
    text: &str,
    tokens: &[Token],
    base: usize,
    query: &str,
    problems: &mut Vec<Problem>,
) -> Vec<Piece> {
    let mut done: Vec<Piece> = Vec::new();
    let mut open: Option<(String, Range<usize>, usize, Vec<Piece>)> = None;
    let shift = |range: &Range<usize>| range.start - base..range.end - base;
    let mut index = 0;
    while index < tokens.len() {
        let token = &tokens[index];
        let mut next = index + 1;
        match token.kind {
            Kind::BlockComment => {
                let target = open.as_mut().map_or(&mut done, |(.., body)| body);
                match comment(text, &token.range) {
                    Comment::If(name_range) => {
                        if open.is_some() {
                            problems.push(
                                Problem::error("report::bad_condition", format!("query `{query}` has an `/*if*/` inside another"))
                                    .at(token.range.clone())
                                    .help("close the first with `/*end*/`; conditions do not nest"),
                            );
                        } else {
                            let name = text[name_range.clone()].to_owned();
                            open = Some((name, name_range, token.range.start, Vec::new()));
                        }
                    }
                    Comment::End => match open.take() {
                        Some((name, name_range, start, body)) => done.push(Piece::If {
                            name,
                            name_range: shift(&name_range),
                            range: start - base..token.range.end - base,
                            body,
                        }),
                        None => problems.push(
                            Problem::error("report::bad_condition", format!("query `{query}` has an `/*end*/` without an `/*if*/`"))
                                .at(token.range.clone())
                                .help("write `/*if name*/` where the optional part begins, or remove `/*end*/`"),
                        ),
                    },
                    Comment::Malformed(help) => problems.push(
                        Problem::error("report::bad_condition", format!("query `{query}` has a condition Digger does not know"))
                            .at(token.range.clone())
                            .help(help),
                    ),
                    Comment::Code => problems.push(
                        Problem::error("report::bad_comment", format!("query `{query}` has SQL inside a comment"))
                            .at(token.range.clone())
                            .help("comments are removed before sending; write this SQL without `/*! … */` or `/*M! … */` around it"),
                    ),
                    Comment::Nested => problems.push(
                        Problem::error("report::bad_comment", format!("query `{query}` opens a comment inside a comment"))
                            .at(token.range.clone())
                            .help("databases disagree where such a comment ends; remove the inner `/*`"),
                    ),
                    Comment::Prose => target.push(Piece::Gap(shift(&token.range))),
                }
            }
            Kind::Space | Kind::LineComment | Kind::Fence => {
                open.as_mut()
                    .map_or(&mut done, |(.., body)| body)
                    .push(Piece::Gap(shift(&token.range)));
            }
            _ => {
                let (piece, after) = match any_use(text, tokens, index) {
                    Some((found, after)) => (found, after),
                    None if token.kind == Kind::Parameter => {
                        (single_use(text, tokens, index), index + 1)
                    }
                    None => (ParamOrSql::Sql(token.range.clone()), index + 1),
                };
                next = after;
                let piece = match piece {
                    ParamOrSql::Sql(range) => Piece::Sql(shift(&range)),
                    ParamOrSql::Use(mut found) => {
                        found.at = shift(&found.at);
                        found.range = shift(&found.range);
                        if let Beside::Order { left } = &mut found.beside {
                            *left = shift(left);
                        }
                        Piece::Use(found)
                    }
                };
                open.as_mut()
                    .map_or(&mut done, |(.., body)| body)
                    .push(piece);
            }
        }
        index = next;
    }
    if let Some((name, name_range, start, body)) = open {
        problems.push(
            Problem::error(
                "report::bad_condition",
                format!("the `/*if {name}*/` in query `{query}` is never closed"),
            )
            .at(name_range.clone())
            .help("write `/*end*/` where the optional part ends"),
        );
        let end = tokens.last().map_or(start, |token| token.range.end);
        done.push(Piece::If {
            name,
            name_range: shift(&name_range),
            range: start - base..end - base,
            body,
        });
    }
    done
}

enum ParamOrSql {
    Sql(Range<usize>),
    Use(ParamUse),
}

enum Comment {
    If(Range<usize>),
    End,
    Malformed(&'static str),
    Code,
    Nested,
    Prose,
}

fn comment(text: &str, range: &Range<usize>) -> Comment {
    let whole = &text[range.clone()];
    let inside = whole.strip_prefix("/*").unwrap_or(whole);
    let inside = inside.strip_suffix("*/").unwrap_or(inside);
    let trimmed = inside.trim();
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    match words.as_slice() {
        ["end"] => return Comment::End,
        ["if", name] if crate::id::is_name(name) => {
            let start = range.start + whole.rfind(name).unwrap_or(2);
            return Comment::If(start..start + name.len());
        }
        _ => {}
    }
    if inside.starts_with("if ") || inside.starts_with("if\t") || trimmed == "if" {
        return Comment::Malformed(
            "write `/*if name*/` with the name of one parameter; anything more belongs in SQL",
        );
    }
    if matches!(trimmed, "else" | "endif" | "end if")
        || trimmed.starts_with("elif ")
        || trimmed.starts_with("else if ")
    {
        return Comment::Malformed(
            "there are only `/*if name*/` and `/*end*/`; anything more belongs in SQL",
        );
    }
    // MySQL and MariaDB execute the one, MariaDB alone the other, each from a version on if it says one.
    if inside.starts_with('!') || inside.starts_with("M!") {
        return Comment::Code;
    }
    if inside.contains("/*") {
        return Comment::Nested;
    }
    Comment::Prose
}

/// `= ANY(:name)` or `<> ALL(:name)` from the operator on, and the token behind it.
fn any_use(text: &str, tokens: &[Token], index: usize) -> Option<(ParamOrSql, usize)> {
    let is = |at: usize, wanted: &str| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.kind, Kind::Other | Kind::Word)
                && text[token.range.clone()].eq_ignore_ascii_case(wanted)
        })
    };
    let skip = |mut at: usize| {
        while tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Space)
        {
            at += 1;
        }
        at
    };
    let touches_operator = index > 0 && ["<", ">", "!", "="].iter().any(|c| is(index - 1, c));
    let (shape, after) = if is(index, "=") && !touches_operator {
        (Shape::Any, index + 1)
    } else if (is(index, "<") && is(index + 1, ">")) || (is(index, "!") && is(index + 1, "=")) {
        (Shape::None, index + 2)
    } else {
        return None;
    };
    let word = skip(after);
    if !is(word, if shape == Shape::Any { "any" } else { "all" }) {
        return None;
    }
    let open = skip(word + 1);
    let parameter = skip(open + 1);
    let close = skip(parameter + 1);
    if !is(open, "(") || !is(close, ")") || tokens.get(parameter)?.kind != Kind::Parameter {
        return None;
    }
    let at = tokens[parameter].range.clone();
    let (name, field) = split(&text[at.clone()]);
    let range = tokens[index].range.start..tokens[close].range.end;
    Some((
        ParamOrSql::Use(ParamUse {
            name,
            field,
            at,
            range,
            shape,
            beside: beside::of_list(text, tokens, index),
        }),
        close + 1,
    ))
}

/// A parameter that stands for itself.
fn single_use(text: &str, tokens: &[Token], index: usize) -> ParamOrSql {
    let at = tokens[index].range.clone();
    let (name, field) = split(&text[at.clone()]);
    let shape = list_shape(text, &tokens[..index]);
    ParamOrSql::Use(ParamUse {
        name,
        field,
        at: at.clone(),
        range: at,
        shape,
        beside: beside::of_value(text, tokens, index, shape),
    })
}

/// What a list would mean behind these tokens.
fn list_shape(text: &str, before: &[Token]) -> Shape {
    let mut sql = before
        .iter()
        .rev()
        .filter(|token| token.kind.is_sql())
        .peekable();
    let begins = sql
        .peek()
        .is_some_and(|token| matches!(&text[token.range.clone()], "(" | ","));
    if !begins {
        return Shape::Single;
    }
    let mut depth = 0usize;
    while let Some(token) = sql.next() {
        match &text[token.range.clone()] {
            ")" if token.kind == Kind::Other => depth += 1,
            "(" if token.kind == Kind::Other && depth == 0 => {
                let word = sql.next().filter(|token| token.kind == Kind::Word);
                return match word
                    .map(|token| text[token.range.clone()].to_ascii_lowercase())
                    .as_deref()
                {
                    Some("in") => Shape::In,
                    Some("where" | "and" | "or" | "not" | "on" | "having" | "when" | "select")
                    | None => Shape::Single,
                    Some(_) => Shape::Argument,
                };
            }
            "(" if token.kind == Kind::Other => depth -= 1,
            _ => {}
        }
    }
    Shape::Single
}

fn split(parameter: &str) -> (String, Option<String>) {
    let name = &parameter[1..];
    match name.split_once('.') {
        Some((name, field)) => (name.to_owned(), Some(field.to_owned())),
        None => (name.to_owned(), None),
    }
}

/// Calls `visit` with every parameter use and the condition it stands in.
pub(crate) fn visit_uses<'a>(
    pieces: &'a [Piece],
    visit: &mut dyn FnMut(&'a ParamUse, Option<&'a str>),
) {
    fn walk<'a>(
        pieces: &'a [Piece],
        inside: Option<&'a str>,
        visit: &mut dyn FnMut(&'a ParamUse, Option<&'a str>),
    ) {
        for piece in pieces {
            match piece {
                Piece::Use(found) => visit(found, inside),
                Piece::If { name, body, .. } => walk(body, Some(name), visit),
                Piece::Sql(_) | Piece::Gap(_) => {}
            }
        }
    }
    walk(pieces, None, visit);
}
