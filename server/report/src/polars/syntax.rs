//! From the text of an aggregation to its tree: the only way there.

use sqlparser::ast::{Query, Statement};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::dialect::Postgres;

/// Longer statements are generated, not written; the tree of one could exhaust the stack.
const MOST_TOKENS: usize = 8_000;

/// Why a statement cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What was expected.
    pub message: String,
    /// Byte in the statement.
    pub at: Option<usize>,
}

/// Parses exactly one query, as aggregations are written.
///
/// # Errors
/// What PostgreSQL would not read, what does more than read, and what is too long.
pub fn parse_query(text: &str) -> Result<Query, SyntaxError> {
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
        // The parser knows no more of frames than this, and says only what it expected.
        let message = match message.ends_with("found: EXCLUDE") {
            true => "a frame leaves out no rows here; write one without EXCLUDE, and subtract what the row itself adds".to_owned(),
            false => message,
        };
        let message = match is_symmetric(text, at) {
            true => {
                "there is no BETWEEN SYMMETRIC here; write BETWEEN LEAST(a, b) AND GREATEST(a, b)"
                    .to_owned()
            }
            false => message,
        };
        SyntaxError { message, at }
    };
    let dialect = Postgres;
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

/// Whether the word before a place is SYMMETRIC, which the parser takes for a column.
fn is_symmetric(text: &str, at: Option<usize>) -> bool {
    let before = at.and_then(|at| text.get(..at)).unwrap_or_default();
    let word = before.split_whitespace().next_back().unwrap_or_default();
    word.eq_ignore_ascii_case("symmetric")
}

/// Byte of a line and column, both from 1 and counted in characters.
pub(super) fn place_of(text: &str, line: u64, column: u64) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Read twice each, they would be read 2^40 times.
    #[test]
    fn calls_in_calls_are_read_once() {
        let nested = |levels: usize, begin: &str, end: &str| {
            format!(
                "SELECT {}n{} FROM a",
                begin.repeat(levels),
                end.repeat(levels)
            )
        };
        assert!(parse_query(&nested(40, "REPLACE(", ", 'a', 'b')")).is_ok());
        assert!(parse_query(&nested(40, "NULLIF(", ", 0)")).is_ok());
    }

    #[test]
    fn what_only_the_parser_would_take_is_refused_where_it_stands() {
        let text = "SELECT n FROM a\nWHERE n == 1";
        let refused = parse_query(text).unwrap_err();
        assert_eq!(refused.message, "there is no operator `==`; write `=`");
        assert_eq!(refused.at, text.find("=="));
        assert!(parse_query("SELECT n FROM a WHERE s = '=='").is_ok());
        let symmetric = parse_query("SELECT n BETWEEN SYMMETRIC 5 AND 2 FROM a").unwrap_err();
        assert!(symmetric.message.contains("no BETWEEN SYMMETRIC"));
        let two = parse_query("SELECT 1; SELECT 2").unwrap_err();
        assert_eq!(two.message, "expected one statement");
        let other = parse_query("DELETE FROM a").unwrap_err();
        assert_eq!(other.message, "only SELECT can be run here");
    }
}
