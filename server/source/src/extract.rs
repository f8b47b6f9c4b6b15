//! What is asked of a source: one statement, its values and its limits.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::UnboundedSender;

/// A value bound to a placeholder. Values are always bound, never pasted into the statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// No value.
    Null,
    /// True or false; 1 or 0 where the database has no such type.
    Boolean(bool),
    /// Signed 64-bit integer.
    Integer(i64),
    /// Exact decimal: `mantissa` × 10^-`scale`.
    Decimal {
        /// All digits, with the sign.
        mantissa: i128,
        /// Digits behind the decimal point.
        scale: u8,
    },
    /// IEEE double.
    Float(f64),
    /// UTF-8 text.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment; converted to the zone of the source's zone-less columns before binding.
    Instant(Timestamp),
    /// Several values for `= ANY(…)`; only where the database knows arrays.
    List(Vec<Param>),
}

/// What a backslash in a string has to mean to the server, for a statement to mean what whoever
/// wrote it has read. MySQL and MariaDB leave it to a setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backslash {
    /// The statement means the same either way.
    #[default]
    Either,
    /// It takes the next character's meaning.
    Escapes,
    /// It is a character like any other, as in the mode `NO_BACKSLASH_ESCAPES`.
    Plain,
}

/// One statement to read.
#[derive(Clone, Debug)]
pub struct Extract {
    /// Exactly one reading statement, with `?` (SQLite, MySQL) or `$1` (PostgreSQL) placeholders.
    pub sql: String,
    /// One value per placeholder, in order.
    pub params: Vec<Param>,
    /// A server to which a backslash means something else refuses the statement.
    pub backslash: Backslash,
    /// Who asks, for the database administrator. Sanitised and prepended as a block comment;
    /// nothing is prepended when it is empty.
    pub comment: String,
    /// How long the statement may take, from opening to its last row. `None`: the source's
    /// default, see [`SourceConfig::timeout`](crate::SourceConfig::timeout).
    pub timeout: Option<Duration>,
    /// More rows than this end the reading with [`TooManyRows`](crate::SourceError::TooManyRows).
    pub max_rows: Option<u64>,
    /// The report's zone; date-times are handed out as wall time there.
    pub zone: TimeZone,
    /// Hears the session as soon as it is open, before the statement is sent, so that somebody else
    /// can stop it however early the reader dies. Nothing is heard where there are no sessions.
    pub opened: Option<UnboundedSender<String>>,
}

impl Extract {
    /// An extract without values, comment or limits, in UTC.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            params: Vec::new(),
            backslash: Backslash::default(),
            comment: String::new(),
            timeout: None,
            max_rows: None,
            zone: TimeZone::UTC,
            opened: None,
        }
    }

    /// Says which session works for it. Nobody has to listen.
    pub(crate) fn tell_opened(&self, session: &str) {
        if let Some(opened) = &self.opened {
            let _ = opened.send(session.to_owned());
        }
    }

    /// The block comment that stands before the statement, or nothing.
    ///
    /// Everything that could end the comment or break a log line is removed, and no more than
    /// 300 characters stay.
    pub(crate) fn comment_prefix(&self) -> String {
        let kept: String = self
            .comment
            .chars()
            .filter(|c| {
                !c.is_control() && !matches!(c, '*' | '/' | '\\' | ';' | '\u{2028}' | '\u{2029}')
            })
            .take(300)
            .collect();
        let kept = kept.trim();
        if kept.is_empty() {
            String::new()
        } else {
            format!("/* {kept} */ ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_can_not_end_itself() {
        let extract = Extract {
            comment: "run 17 */ DROP TABLE orders; /*!50000 x\n-- y".to_owned(),
            ..Extract::new("SELECT 1 AS one")
        };
        assert_eq!(
            extract.comment_prefix(),
            "/* run 17  DROP TABLE orders !50000 x-- y */ "
        );
    }

    #[test]
    fn an_empty_comment_adds_nothing() {
        let extract = Extract {
            comment: " */ ".to_owned(),
            ..Extract::new("SELECT 1 AS one")
        };
        assert_eq!(extract.comment_prefix(), "");
    }
}
