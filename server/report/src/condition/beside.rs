//! What a parameter is compared with, as far as its neighbours tell.
//!
//! PostgreSQL infers the type of a placeholder from what stands beside it, and MySQL converts when it
//! compares. SQLite does neither beside an expression: a number is never equal to a text there. The
//! binder then writes a value in both forms, for which it has to know where.

use std::ops::Range;

use super::Shape;
use crate::scan::{Kind, Token};

/// What stands beside a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Nothing whose type matters: it is cast, joined to a text, reckoned with, asked for NULL or shown.
    Nothing,
    /// Something that cannot be told.
    Other,
    /// It is all of the right side of `=`, `<>`, or an item of `IN (…)`.
    Equal {
        /// The left side is a column or a `CAST`, which bring a type of their own.
        is_declared: bool,
    },
    /// It is all of the right side of `<` and its like, or a bound of `BETWEEN`.
    Order {
        /// The left side: an expression without parameters and queries. Bytes.
        left: Range<usize>,
    },
}

/// Words before which an operand begins anew.
const BEGINS: [&str; 28] = [
    "where", "and", "or", "not", "on", "having", "when", "then", "else", "select", "by", "between",
    "in", "like", "glob", "is", "limit", "offset", "using", "from", "join", "distinct", "all",
    "any", "values", "as", "return", "case",
];

/// Words that may follow a comparison.
const FOLLOWS: [&str; 16] = [
    "and",
    "or",
    "group",
    "order",
    "limit",
    "having",
    "then",
    "else",
    "end",
    "when",
    "union",
    "except",
    "intersect",
    "as",
    "window",
    "between",
];

/// Of a list in `= ANY(:name)`, whose operator stands at `operator`.
pub(super) fn of_list(text: &str, tokens: &[Token], operator: usize) -> Beside {
    equal(text, tokens, operator)
}

/// Of the parameter at `index`.
pub(super) fn of_value(text: &str, tokens: &[Token], index: usize, shape: Shape) -> Beside {
    let is = |at: usize, wanted: &str| text[tokens[at].range.clone()].eq_ignore_ascii_case(wanted);
    let Some(before) = previous(tokens, index) else {
        return Beside::Other;
    };
    if shape == Shape::In {
        let Some(open) = opening(text, tokens, index) else {
            return Beside::Other;
        };
        // The word `IN` stands before it; see `list_shape`.
        let word = previous(tokens, open).unwrap_or(open);
        let word = match previous(tokens, word) {
            Some(not) if is(not, "not") => not,
            _ => word,
        };
        return equal(text, tokens, word);
    }
    if has_own_type(text, tokens, before, index) {
        return Beside::Nothing;
    }
    if !is_whole(text, tokens, index) {
        return Beside::Other;
    }
    let touches = |at: usize, mark: &str| {
        at.checked_sub(1)
            .is_some_and(|left| is(left, mark) && tokens[left].range.end == tokens[at].range.start)
    };
    if is(before, "=") {
        return match () {
            () if touches(before, "<") || touches(before, ">") => order(text, tokens, before - 1),
            () if touches(before, "!") || touches(before, "=") => equal(text, tokens, before - 1),
            () => equal(text, tokens, before),
        };
    }
    if is(before, ">") && touches(before, "<") {
        return equal(text, tokens, before - 1);
    }
    if is(before, "<") || is(before, ">") {
        return order(text, tokens, before);
    }
    let between = match previous(tokens, before) {
        _ if is(before, "between") => Some(before),
        // The upper bound, behind a lower one of one word.
        Some(lower) if is(before, "and") => {
            previous(tokens, lower).filter(|between| is(*between, "between"))
        }
        _ => None,
    };
    let Some(between) = between else {
        return Beside::Other;
    };
    match previous(tokens, between) {
        Some(not) if is(not, "not") => order(text, tokens, not),
        _ => order(text, tokens, between),
    }
}

fn equal(text: &str, tokens: &[Token], operator: usize) -> Beside {
    let left = left(text, tokens, operator);
    Beside::Equal {
        is_declared: left.is_none_or(|left| is_declared(text, tokens, left)),
    }
}

fn order(text: &str, tokens: &[Token], operator: usize) -> Beside {
    match left(text, tokens, operator) {
        Some(left) if !is_declared(text, tokens, left.clone()) => Beside::Order {
            left: tokens[left.start].range.start..tokens[left.end - 1].range.end,
        },
        Some(_) => Beside::Nothing,
        None => Beside::Other,
    }
}

/// The tokens of the operand that ends before the operator; `None` when it holds what cannot be written
/// twice.
fn left(text: &str, tokens: &[Token], operator: usize) -> Option<Range<usize>> {
    let mut depth = 0usize;
    let mut begins = operator;
    for at in (0..operator).rev() {
        let word = text[tokens[at].range.clone()].to_ascii_lowercase();
        match (tokens[at].kind, word.as_str()) {
            (Kind::Space, _) => continue,
            (Kind::Other, ")") | (Kind::Word, "end") => depth += 1,
            (Kind::Other, "(") | (Kind::Word, "case") if depth > 0 => depth -= 1,
            (Kind::Other, "(" | "," | "<" | ">" | "=" | "!") if depth == 0 => break,
            (Kind::Word, "select" | "with") => return None,
            (Kind::Word, word) if depth == 0 && BEGINS.contains(&word) => break,
            (Kind::Word | Kind::Other | Kind::Quoted | Kind::Text, _) => {}
            // A parameter, a comment, or the end of another statement.
            _ if depth > 0 => return None,
            (Kind::Parameter, _) => return None,
            _ => break,
        }
        begins = at;
    }
    let end = previous(tokens, operator)? + 1;
    (depth == 0 && begins < end).then_some(begins..end)
}

/// Whether an operand is a column or a cast.
fn is_declared(text: &str, tokens: &[Token], operand: Range<usize>) -> bool {
    let shown: Vec<(Kind, &str)> = tokens[operand]
        .iter()
        .filter(|token| token.kind != Kind::Space)
        .map(|token| (token.kind, &text[token.range.clone()]))
        .collect();
    let mut inner = shown.as_slice();
    while let [(_, "("), middle @ .., (_, ")")] = inner
        && is_closed(middle)
    {
        inner = middle;
    }
    let is_name = |(kind, word): &(Kind, &str)| match kind {
        Kind::Word => !word.starts_with(|c: char| c.is_ascii_digit()),
        kind => *kind == Kind::Quoted || *word == ".",
    };
    match inner {
        [(_, cast), (_, "("), middle @ .., (_, ")")] if cast.eq_ignore_ascii_case("cast") => {
            is_closed(middle)
        }
        names => names.iter().all(is_name),
    }
}

/// Whether every parenthesis in here is opened before it is closed.
fn is_closed(tokens: &[(Kind, &str)]) -> bool {
    let mut depth = 0i32;
    for (_, word) in tokens {
        match *word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Whether nothing goes on with the parameter: it is an operand by itself.
fn is_whole(text: &str, tokens: &[Token], index: usize) -> bool {
    let mut behind = tokens[index + 1..]
        .iter()
        .filter(|token| token.kind.is_sql());
    behind.next().is_none_or(|token| {
        let word = text[token.range.clone()].to_ascii_lowercase();
        match token.kind {
            Kind::Other => matches!(word.as_str(), ")" | ","),
            Kind::Word => FOLLOWS.contains(&word.as_str()),
            kind => kind == Kind::Semicolon,
        }
    })
}

/// Whether what the parameter becomes there is the same as a text and as a number.
fn has_own_type(text: &str, tokens: &[Token], before: usize, index: usize) -> bool {
    let word = |at: usize| text[tokens[at].range.clone()].to_ascii_lowercase();
    let behind: Vec<String> = (index + 1..tokens.len())
        .filter(|at| tokens[*at].kind.is_sql())
        .take(3)
        .map(word)
        .collect();
    let behind: Vec<&str> = behind.iter().map(String::as_str).collect();
    let called = previous(tokens, before).map(word);
    // `->` is no subtraction, and `CAST(` is written by whoever knows the type.
    let is_reckoned = |word: &str| ["+", "-", "*", "/", "%", "|"].contains(&word);
    match (word(before).as_str(), behind.as_slice()) {
        (_, ["is", "null", ..] | ["is", "not", "null"]) => true,
        (_, ["=" | "<" | ">" | "!", ..]) => is_beside_declared(text, tokens, index),
        ("(", ["as", ..]) => called.as_deref() == Some("cast"),
        ("select" | ",", ["as", ..]) => true,
        ("like" | "glob" | "limit" | "offset", _) => true,
        (before, behind) => behind
            .first()
            .copied()
            .into_iter()
            .chain([before])
            .any(is_reckoned),
    }
}

/// Whether what the parameter is compared with, behind it, is a column, a cast or a text, which bring their types.
fn is_beside_declared(text: &str, tokens: &[Token], index: usize) -> bool {
    let word = |at: usize| text[tokens[at].range.clone()].to_ascii_lowercase();
    let is_operator = |at: &usize| ["=", "<", ">", "!"].contains(&word(*at).as_str());
    let behind: Vec<usize> = (index + 1..tokens.len())
        .filter(|at| tokens[*at].kind.is_sql())
        .skip_while(is_operator)
        .collect();
    let Some(begin) = behind.first().copied() else {
        return false;
    };
    let mut depth = 0usize;
    let mut end = begin;
    for at in behind {
        match (tokens[at].kind, word(at).as_str()) {
            (Kind::Other, "(") => depth += 1,
            (Kind::Other, ")") if depth > 0 => depth -= 1,
            (Kind::Other, ")" | ",") | (Kind::Semicolon, _) if depth == 0 => break,
            (Kind::Word, word) if depth == 0 && FOLLOWS.contains(&word) => break,
            _ => {}
        }
        end = at + 1;
    }
    match tokens.get(begin..end) {
        Some([only]) if only.kind == Kind::Text => true,
        Some(_) if begin < end => is_declared(text, tokens, begin..end),
        _ => false,
    }
}

/// The parenthesis around the token.
fn opening(text: &str, tokens: &[Token], index: usize) -> Option<usize> {
    let mut depth = 0usize;
    (0..index).rev().find(|at| {
        let mark = &text[tokens[*at].range.clone()];
        match (tokens[*at].kind, mark) {
            (Kind::Other, ")") => depth += 1,
            (Kind::Other, "(") if depth == 0 => return true,
            (Kind::Other, "(") => depth -= 1,
            _ => {}
        }
        false
    })
}

/// The token of SQL before this one.
fn previous(tokens: &[Token], index: usize) -> Option<usize> {
    (0..index).rev().find(|at| tokens[*at].kind.is_sql())
}
