//! What the server and the driver say, sorted by what to do about it.
//!
//! MySQL names no position. It quotes the text around a mistake, or the name it does not know, and
//! those are looked up in what the author wrote.

use std::io::ErrorKind;
use std::time::Duration;

use sqlx::Error;
use sqlx::mysql::MySqlDatabaseError;

use super::statement;
use crate::{SourceError, cause};

/// The server's number for what went wrong, when it was the server who said so.
pub(super) fn number(error: &Error) -> Option<u16> {
    said(error).map(MySqlDatabaseError::number)
}

fn said(error: &Error) -> Option<&MySqlDatabaseError> {
    match error {
        Error::Database(error) => error.try_downcast_ref::<MySqlDatabaseError>(),
        _ => None,
    }
}

/// Why a step failed: what the driver said, or an error that is final.
#[derive(Debug)]
pub(super) enum Failed {
    Said(Error),
    Known(SourceError),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

impl From<SourceError> for Failed {
    fn from(error: SourceError) -> Self {
        Self::Known(error)
    }
}

/// What was being done when something went wrong.
#[derive(Clone, Copy)]
pub(super) struct Location<'p> {
    /// Name of the source.
    pub source: &'p str,
    /// The endpoint, as people see it.
    pub endpoint: &'p str,
    /// The text the server got.
    pub sql: &'p str,
    /// Bytes before the author's text in it.
    pub prefix: usize,
    /// Whether `\` escapes in strings.
    pub backslashes: bool,
    /// Rows that had arrived.
    pub rows: u64,
    /// How long the statement may take.
    pub limit: Option<Duration>,
    /// The longest row the server sends, in bytes.
    pub packet_bytes: u64,
}

/// Turns what went wrong while signing in into words, and keeps it as their cause.
pub(super) fn at_sign_in(source: &str, endpoint: &str, error: Error) -> SourceError {
    not_signed_in(source, endpoint, &error).caused_by(cause::of_driver(error))
}

fn not_signed_in(source: &str, endpoint: &str, error: &Error) -> SourceError {
    let down = |message: String| SourceError::down(source, format!("{endpoint} {message}"));
    let config = |message: String| SourceError::config(source, format!("{endpoint} {message}"));
    match error {
        Error::Database(_) => Location::new(source, endpoint).in_words(error),
        Error::Io(io) if io.kind() == ErrorKind::InvalidData => {
            config(format!(
                "speaks no TLS that is accepted here ({io}); check the CA file, the host name in the URL, and `ssl-mode`"
            ))
        }
        Error::Io(io) => down(format!(
            "cannot be connected to ({io}); check host, port and firewall"
        )),
        Error::Tls(tls) => config(format!(
            "cannot be spoken to with TLS ({tls}); check `ssl-mode` in the URL and the CA file"
        )),
        Error::Configuration(said) if said.to_string().contains("RSA") => config(
            "wants the password over TLS (caching_sha2_password); turn on TLS at the server, or write `ssl-mode=REQUIRED`".to_owned(),
        ),
        Error::Protocol(said) if said.contains("authentication") => SourceError::refused(
            source,
            format!(
                "{endpoint} asks for a way to sign in that is not known here ({said}); give the sign-in caching_sha2_password or mysql_native_password"
            ),
        ),
        error => down(format!(
            "does not answer like MySQL or MariaDB ({})",
            cause::words(error)
        )),
    }
}

impl<'p> Location<'p> {
    /// Outside any statement.
    pub(super) fn new(source: &'p str, endpoint: &'p str) -> Self {
        Self {
            source,
            endpoint,
            sql: "",
            prefix: 0,
            backslashes: true,
            rows: 0,
            limit: None,
            packet_bytes: 0,
        }
    }

    /// The final error of a step.
    pub(super) fn settle(&self, failed: Failed) -> SourceError {
        match failed {
            Failed::Said(error) => self.explain(error),
            Failed::Known(error) => error,
        }
    }

    /// Turns what went wrong into words, and keeps it as their cause.
    pub(super) fn explain(&self, error: Error) -> SourceError {
        self.in_words(&error).caused_by(cause::of_driver(error))
    }

    fn in_words(&self, error: &Error) -> SourceError {
        let Some(failure) = said(error) else {
            return self.not_said(error);
        };
        let (words, endpoint, source) = (failure.message(), self.endpoint, self.source);
        match failure.number() {
            1045 | 1698 | 1130 | 1129 | 1251 | 1275 | 1524 | 1820 | 1862 | 3118 | 3955 | 4151 => {
                SourceError::refused(
                    source,
                    format!("{endpoint} says: {words}; check user and password"),
                )
            }
            1044 => SourceError::refused(
                source,
                format!("{endpoint} says: {words}; grant it SELECT on the database"),
            ),
            1049 => SourceError::config(
                source,
                format!("{endpoint} says: {words}; check the database in the URL"),
            ),
            1142 | 1143 | 1227 | 1345 | 1370 | 1410 => {
                SourceError::permission(source, format!("{words}; grant it, or leave it out"))
            }
            1290 | 1792 | 1836 => SourceError::writes(source, "changes or locks rows"),
            1040 | 1203 | 1226 | 1205 | 1213 | 1412 => {
                SourceError::busy(source, format!("{endpoint} says: {words}; try again later"))
            }
            1053 | 1079 | 1080 | 1152 | 1158..=1161 | 1184 | 1927 | 3169 => SourceError::down(
                source,
                format!("{endpoint} says: {words}{}", self.after_rows()),
            ),
            1969 | 3024 => match self.limit {
                Some(limit) => SourceError::timeout(source, limit),
                None => SourceError::ended(
                    source,
                    format!(
                        "{words}; that is the server's own limit, so narrow the period, or have max_statement_time raised"
                    ),
                ),
            },
            1317 | 1021 | 1030 | 1037 | 1038 | 1041 | 1114 | 1135 | 1878 => SourceError::ended(
                source,
                format!("{words}; ask the administrator of the database"),
            ),
            1153 => SourceError::too_wide(self.rows + 1, self.packet_bytes),
            _ => SourceError::sql(source, words, self.offset(words)),
        }
    }

    fn not_said(&self, error: &Error) -> SourceError {
        let source = self.source;
        match error {
            Error::Io(_) | Error::Tls(_) => SourceError::down(
                source,
                format!(
                    "the connection to {} was lost{} ({error}); check the network and the server's log",
                    self.endpoint,
                    self.after_rows()
                ),
            ),
            Error::Protocol(said) if said.contains("unknown column type") => SourceError::sql(
                source,
                format!(
                    "a column has a type that is not known here ({said}); write CAST(… AS CHAR)"
                ),
                None,
            ),
            error => SourceError::internal(source, cause::words(error)),
        }
    }

    fn after_rows(&self) -> String {
        match self.rows {
            0 => " before the first row".to_owned(),
            1 => " after 1 row".to_owned(),
            rows => format!(" after {rows} rows"),
        }
    }

    /// Byte position in the author's text of what the server complains about.
    fn offset(&self, words: &str) -> Option<usize> {
        let at = match near(words) {
            Some((near, line)) => find_near(self.sql, near, line),
            None => {
                // `FUNCTION shop.foo does not exist` has no quotes.
                let function = || words.strip_prefix("FUNCTION ")?.split(' ').next();
                let name = words.split('\'').nth(1).or_else(function)?;
                statement::find_name(self.sql, name, self.backslashes)
            }
        };
        at?.checked_sub(self.prefix)
    }
}

/// The text and the line out of `… near 'TEXT' at line LINE`.
fn near(words: &str) -> Option<(&str, usize)> {
    let (_, rest) = words.split_once("near '")?;
    let (text, line) = rest.rsplit_once("' at line ")?;
    Some((text, line.trim().parse().ok()?))
}

/// Where the text the server quotes begins. It quotes from the mistake on, to the end or as far as
/// 80 characters.
fn find_near(sql: &str, near: &str, line: usize) -> Option<usize> {
    // MariaDB writes dots where it cuts.
    let cut = near.strip_suffix("...").unwrap_or(near);
    if sql.trim_end().ends_with(near.trim_end()) {
        return Some(sql.trim_end().len() - near.trim_end().len());
    }
    let line_of = |at: usize| sql[..at].matches('\n').count() + 1;
    let mut found = sql.match_indices(cut).map(|(at, _)| at);
    let first = found.clone().next();
    found.find(|at| line_of(*at) == line).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(sql: &str, words: &str) -> Option<usize> {
        let place = Location {
            sql,
            ..Location::new("shop", "db:3306/shop")
        };
        place.offset(words)
    }

    #[test]
    fn the_text_around_a_mistake_is_found_again() {
        let syntax = |near: &str, line: usize| {
            format!(
                "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near '{near}' at line {line}"
            )
        };
        let sql = "SELECT id FROM t WHERE";
        assert_eq!(offset(sql, &syntax("", 1)), Some(sql.len()));
        let sql = "SELECT id, FROM t\nWHERE id, FROM t";
        assert_eq!(
            offset(sql, &syntax("FROM t\nWHERE id, FROM t", 1)),
            Some(11)
        );
        assert_eq!(offset(sql, &syntax(", FROM t", 2)), Some(26));
        let long = format!("SELECT x y z FROM t WHERE a = '{}'", "b".repeat(90));
        let near: String = long[11..].chars().take(80).collect();
        assert_eq!(offset(&long, &syntax(&near, 1)), Some(11));
        assert_eq!(offset(&long, &syntax(&format!("{near}..."), 1)), Some(11));
        let quote = "SELECT it's FROM t";
        assert_eq!(offset(quote, &syntax("'s FROM t", 1)), Some(9));
    }

    #[test]
    fn unknown_names_are_found_again() {
        let sql = "SELECT o.nope, foo(1) AS x FROM orders AS o";
        assert_eq!(offset(sql, "Unknown column 'o.nope' in 'SELECT'"), Some(7));
        assert_eq!(offset(sql, "Table 'shop.orders' doesn't exist"), Some(32));
        assert_eq!(offset(sql, "FUNCTION shop.foo does not exist"), Some(15));
        assert_eq!(offset(sql, "Something else"), None);
    }
}
