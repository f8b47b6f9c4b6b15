//! What an author wrote, as far as it must be known before the server sees it: that it is one
//! statement, that it reads, and where a word stands in it.
//!
//! The server has the last word on everything else: the session is read-only, and a prepared
//! statement without result columns never runs. This module knows no database and touches no
//! network.

use super::connect::Strings;
use super::tokens::{Kind, Token, Tokens};
use crate::Backslash;

/// One reading statement, without whatever follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Statement<'s> {
    /// The text up to its end, without `;`.
    pub sql: &'s str,
}

/// Why a text is not one reading statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// What the statement would do, such as "inserts into `orders`".
    Writes(String),
    /// What is wrong, and at which byte.
    Sql(&'static str, Option<usize>),
}

impl<'s> Statement<'s> {
    /// Takes the only statement in the text. `backslashes` says whether `\` escapes in strings,
    /// which the mode of the session decides.
    pub(super) fn parse(text: &'s str, backslashes: bool) -> Result<Self, Refused> {
        if let Some(at) = text.find('\0') {
            let message = "there is a NUL character in the statement; remove it";
            return Err(Refused::Sql(message, Some(at)));
        }
        let tokens: Vec<Token> = Tokens::new(text, backslashes).collect();
        let is_end = |token: &Token| token.is(text, ";");
        let (mut first, mut end, mut last) = (None, None, 0);
        for token in &tokens {
            match (first, end, is_end(token)) {
                (None, _, true) => {}
                (Some(_), None, true) => end = Some(token.range.start),
                (Some(_), Some(_), true) => {}
                (_, Some(_), false) => {
                    let message = "a second statement begins here; keep one per block";
                    return Err(Refused::Sql(message, Some(token.range.start)));
                }
                (_, None, false) => {
                    first.get_or_insert(token.range.start);
                    last = token.range.end;
                }
            }
        }
        let Some(first) = first else {
            return Err(Refused::Sql("there is no statement, only comments", None));
        };
        let tokens: Vec<&Token> = tokens
            .iter()
            .filter(|token| token.range.start >= first && !is_end(token))
            .collect();
        if let Some(what) = refusal(text, &tokens) {
            return Err(Refused::Writes(what));
        }
        // A comment of `#` or `--` at the end would swallow what we may add behind it. `*/` ends
        // a comment that runs for this server only, so it stays.
        let rest = &text[last..end.unwrap_or(text.len())];
        let closes = rest.rfind("*/").map_or(0, |at| at + 2);
        let is_open = Tokens::ends_in_executed_comment(&text[..last], backslashes);
        let last = if is_open { last + closes } else { last };
        Ok(Self { sql: &text[..last] })
    }
}

/// Whether the server reads the strings as whoever wrote the statement did.
///
/// # Errors
/// What to write instead.
pub(super) fn check_strings(
    text: &str,
    meant: Backslash,
    session: Strings,
) -> Result<(), &'static str> {
    match (meant, session.backslashes) {
        (Backslash::Plain, true) => {
            return Err(
                "this server reads `\\'` as a quote inside the string; write `''` for a quote and `\\\\` for a backslash",
            );
        }
        (Backslash::Escapes, false) => {
            return Err(
                "this server has the mode NO_BACKSLASH_ESCAPES, in which a backslash is a character like any other; write `''` for a quote",
            );
        }
        _ => {}
    }
    // In that mode double quotes hold names, and names know no backslash.
    let is_mixed = |token: Token| {
        let written = &text[token.range];
        written.starts_with('"') && written.contains('\\')
    };
    if session.ansi_quotes && Tokens::new(text, session.backslashes).any(is_mixed) {
        return Err(
            "this server has the mode ANSI_QUOTES, in which double quotes hold names; write single quotes around a text",
        );
    }
    Ok(())
}

/// Where a name stands in a statement, written as `name` or `qualifier.name`, in quotes or not.
/// Names in strings and comments do not count.
pub(super) fn find_name(text: &str, name: &str, backslashes: bool) -> Option<usize> {
    let parts: Vec<&str> = name.split('.').collect();
    let tokens: Vec<Token> = Tokens::new(text, backslashes).collect();
    let find = |parts: &[&str]| {
        let wanted = parts.len() * 2 - 1;
        tokens.windows(wanted).find_map(|window| {
            let fits = window.iter().enumerate().all(|(index, token)| {
                if index % 2 == 0 {
                    token.names(text, parts[index / 2])
                } else {
                    token.is(text, ".")
                }
            });
            fits.then(|| window[0].range.start)
        })
    };
    // The server adds the database to names of tables, so the last part alone may be what stands
    // in the text.
    (0..parts.len()).find_map(|skipped| find(&parts[skipped..]))
}

/// What the statement would do besides reading; `None` when it begins like one that reads.
fn refusal(text: &str, tokens: &[&Token]) -> Option<String> {
    let mut words = tokens
        .iter()
        .skip_while(|token| token.is(text, "("))
        .copied();
    let verb = words.next().map_or("", |token| &text[token.range.clone()]);
    let of = |what: &str, mut words: &mut dyn Iterator<Item = &Token>| {
        const BETWEEN: [&str; 9] = [
            "LOW_PRIORITY",
            "HIGH_PRIORITY",
            "DELAYED",
            "QUICK",
            "IGNORE",
            "INTO",
            "FROM",
            "TABLE",
            "ONLY",
        ];
        let target = (&mut words).find(|token| {
            !BETWEEN
                .iter()
                .any(|word| text[token.range.clone()].eq_ignore_ascii_case(word))
        });
        match target {
            Some(token) if token.kind != Kind::Mark => {
                format!("{what} `{}`", token.unquoted(text))
            }
            _ => format!("{what} a table"),
        }
    };
    Some(match verb.to_ascii_uppercase().as_str() {
        "SELECT" | "WITH" | "VALUES" | "TABLE" | "SHOW" | "EXPLAIN" | "DESCRIBE" | "DESC" => {
            return None;
        }
        "INSERT" | "REPLACE" => of("inserts into", &mut words),
        "UPDATE" => of("updates", &mut words),
        "DELETE" | "TRUNCATE" => of("deletes from", &mut words),
        "CREATE" | "ALTER" | "DROP" | "RENAME" | "OPTIMIZE" | "REPAIR" | "ANALYZE" | "IMPORT" => {
            "changes the tables of the database".to_owned()
        }
        "GRANT" | "REVOKE" => "changes permissions".to_owned(),
        "BEGIN" | "START" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "XA" => {
            "begins or ends a transaction".to_owned()
        }
        "LOCK" | "UNLOCK" | "FLUSH" => "locks tables".to_owned(),
        "SET" => "changes settings".to_owned(),
        "CALL" | "DO" | "EXECUTE" | "PREPARE" => "runs a procedure".to_owned(),
        _ => "does something else".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<&str, Refused> {
        Statement::parse(text, true).map(|statement| statement.sql)
    }

    #[test]
    fn one_statement_ends_where_its_last_word_ends() {
        for (text, sql) in [
            ("SELECT 1", "SELECT 1"),
            (" SELECT 1 ; -- done\n ;; /* really */", " SELECT 1"),
            ("SELECT 1 # what ; else", "SELECT 1"),
            (
                "SELECT ';' -- it's\n, \"a\\\";\"",
                "SELECT ';' -- it's\n, \"a\\\";\"",
            ),
            ("SELECT 5--1", "SELECT 5--1"),
            ("(SELECT `a;` FROM t)", "(SELECT `a;` FROM t)"),
            ("SELECT 1 /*! , 2 */ ; ", "SELECT 1 /*! , 2 */"),
            ("SELECT '이름' AS 이름 -- 끝", "SELECT '이름' AS 이름"),
        ] {
            assert_eq!(parse(text), Ok(sql), "{text}");
        }
    }

    #[test]
    fn a_second_statement_is_found_wherever_it_hides() {
        for (text, at) in [
            ("SELECT 1; DROP TABLE t", 10),
            ("SELECT ';' ;SELECT 2", 12),
            ("SELECT 1 -- x\n; /*!50000 DROP TABLE t */", 25),
            ("SELECT 1; # x\n nonsense", 15),
        ] {
            let Err(Refused::Sql(message, Some(found))) = parse(text) else {
                panic!("{text}")
            };
            assert!(message.starts_with("a second statement"), "{text}");
            assert_eq!(found, at, "{text}");
        }
        for text in ["", ";", "-- x", "/* x */ ;", "# x"] {
            assert!(matches!(parse(text), Err(Refused::Sql(_, None))), "{text}");
        }
    }

    #[test]
    fn what_writes_is_said_in_words() {
        for (text, what) in [
            ("INSERT INTO orders VALUES (1)", "inserts into `orders`"),
            (
                "/*!50000 REPLACE*/ `or``ders` VALUES (1)",
                "inserts into `or`ders`",
            ),
            ("update low_priority orders SET a = 1", "updates `orders`"),
            ("DELETE QUICK FROM orders", "deletes from `orders`"),
            ("TRUNCATE TABLE orders", "deletes from `orders`"),
            (
                "-- SELECT\nDROP TABLE x",
                "changes the tables of the database",
            ),
            ("CALL p()", "runs a procedure"),
            ("HANDLER t OPEN", "does something else"),
        ] {
            assert_eq!(parse(text), Err(Refused::Writes(what.to_owned())), "{text}");
        }
    }

    #[test]
    fn names_are_found_outside_strings_and_comments() {
        let sql = "SELECT 'nope', /* nope */ t.nope, `Nope 2` FROM shop.t -- nope";
        let at = |name| find_name(sql, name, true).map(|at| &sql[at..at + 6]);
        assert_eq!(at("nope"), Some("nope, "));
        assert_eq!(at("t.nope"), Some("t.nope"));
        assert_eq!(at("x.nope"), Some("nope, "));
        assert_eq!(at("nope 2"), Some("`Nope "));
        assert_eq!(at("shop.t"), Some("shop.t"));
        assert_eq!(at("other"), None);
    }
}
