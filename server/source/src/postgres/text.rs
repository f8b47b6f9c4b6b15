//! The statement as it is sent: the author's text between what we put around it.

use crate::SourceError;

/// Text for the server, and where the author's begins in it.
pub(super) struct Sent {
    /// Everything that is sent.
    pub sql: String,
    /// Bytes before the author's text.
    before: usize,
    /// Bytes of the author's text.
    length: usize,
}

impl Sent {
    /// The author's text behind a comment.
    pub(super) fn plain(prefix: &str, author: &str) -> Self {
        Self {
            sql: format!("{prefix}{author}"),
            before: prefix.len(),
            length: author.len(),
        }
    }

    /// The author's text in parentheses, with some of its columns turned into what we read.
    ///
    /// `columns` holds every column with the type it is cast to, if it is. The rows keep their
    /// order: PostgreSQL never flattens a subquery that has an ORDER BY, and a query that only
    /// selects from it hands its rows on as they come.
    pub(super) fn wrapped(
        prefix: &str,
        author: &str,
        columns: &[(String, Option<&'static str>)],
    ) -> Self {
        let list: Vec<String> = columns
            .iter()
            .map(|(name, cast)| {
                let name = format!("\"{}\"", name.replace('"', "\"\""));
                match cast {
                    Some(kind) => format!("digger.{name}::{kind} AS {name}"),
                    None => format!("digger.{name}"),
                }
            })
            .collect();
        let before = format!("{prefix}SELECT {} FROM (\n", list.join(", "));
        let author = author.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
        Self {
            // On lines of its own, so that a comment at its end does not swallow the parenthesis.
            sql: format!("{before}{author}\n) AS digger"),
            before: before.len(),
            length: author.len(),
        }
    }

    /// Byte position in the author's text of a character position in all of it, counted from 1.
    /// `None` when it lies in what we put around.
    pub(super) fn author_offset(&self, position: usize) -> Option<usize> {
        let at = self
            .sql
            .char_indices()
            .map(|(at, _)| at)
            .chain([self.sql.len()])
            .nth(position.checked_sub(1)?)?;
        at.checked_sub(self.before)
            .filter(|offset| *offset <= self.length)
    }
}

/// What a statement without columns would do, where its first word says so.
///
/// # Errors
/// [`SourceError::Writes`] for statements that change something.
pub(super) fn refuse_writing(source: &str, sql: &str) -> Result<(), SourceError> {
    let word = first_word(sql).to_ascii_uppercase();
    let what = match word.as_str() {
        "" | "SELECT" | "VALUES" | "TABLE" | "SHOW" | "EXPLAIN" => return Ok(()),
        // A WITH that returns nothing ends in INSERT, UPDATE, DELETE or MERGE.
        "WITH" => "changes rows".to_owned(),
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "TRUNCATE" | "COPY" => {
            format!("executes {word}")
        }
        _ => format!("executes {word}, which is not reading"),
    };
    Err(SourceError::writes(source, what))
}

/// The first word that is not in a comment.
fn first_word(sql: &str) -> &str {
    let mut rest = sql.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    loop {
        rest = if let Some(comment) = rest.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, rest)| rest)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, rest)| rest)
        } else {
            break;
        };
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    }
    let end = rest
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_the_authors() {
        let sent = Sent::plain("/* 실행 */ ", "SELECT '가' FROM nowhere");
        // PostgreSQL says where `nowhere` is, in characters from 1.
        let position = sent.sql.chars().take_while(|c| *c != 'n').count() + 1;
        assert_eq!(sent.author_offset(position), Some(18));
        assert_eq!(sent.author_offset(3), None);
        assert_eq!(sent.author_offset(0), None);
    }

    #[test]
    fn only_what_has_to_be_is_cast() {
        let columns = [("id".to_owned(), None), ("a\"b".to_owned(), Some("text"))];
        let sent = Sent::wrapped("/* x */ ", "SELECT 1 -- end\n ; ", &columns);
        assert_eq!(
            sent.sql,
            "/* x */ SELECT digger.\"id\", digger.\"a\"\"b\"::text AS \"a\"\"b\" FROM (\nSELECT 1 -- end\n) AS digger"
        );
    }

    #[test]
    fn statements_that_write_are_known_by_their_first_word() {
        for sql in [
            "INSERT INTO t VALUES (1)",
            "-- x\n/* y */ delete from t",
            "WITH a AS (SELECT 1) UPDATE t SET x = 1",
            "COMMIT",
        ] {
            assert!(refuse_writing("s", sql).is_err(), "{sql}");
        }
        for sql in ["SELECT", "(SELECT 1)", "-- only\n", ""] {
            assert!(refuse_writing("s", sql).is_ok(), "{sql}");
        }
    }
}
