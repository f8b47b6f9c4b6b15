//! Values that do not fit their column: what was found, and what to write.

use std::borrow::Cow;

use super::statement::Cell;

/// Why a value of a row is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ValueError {
    /// It is not what the column holds.
    #[error("{0}")]
    Misfit(Box<Misfit>),
    /// A number with a fraction in a column of whole numbers, one of which no double holds.
    #[error(
        "{misfit}; row {row} holds a whole number that would lose its last digits among such numbers"
    )]
    AmongLongNumbers {
        misfit: Box<Misfit>,
        /// The row with the long number, from 1.
        row: u64,
    },
    /// A text that is none.
    #[error("the text is not valid UTF-8 and cannot be shown; repair the row, or write hex(…)")]
    NotUtf8,
}

/// A value that is not what its column holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found {found}, where the column holds {holds}; write {write}")]
pub(super) struct Misfit {
    /// The value, shortened.
    found: String,
    /// What the column holds, in words.
    holds: Cow<'static, str>,
    /// What to write instead.
    write: &'static str,
}

impl Misfit {
    pub(super) fn new(
        cell: Cell<'_>,
        holds: impl Into<Cow<'static, str>>,
        write: &'static str,
    ) -> Box<Self> {
        Box::new(Self {
            found: shown(cell),
            holds: holds.into(),
            write,
        })
    }
}

/// The error about a value that is not what its column holds.
pub(super) fn misfit(
    cell: Cell<'_>,
    holds: impl Into<Cow<'static, str>>,
    write: &'static str,
) -> ValueError {
    ValueError::Misfit(Misfit::new(cell, holds, write))
}

fn shown(cell: Cell<'_>) -> String {
    const MOST: usize = 40;
    match cell {
        Cell::Null => "nothing".to_owned(),
        Cell::Integer(value) => format!("the whole number {value}"),
        Cell::Real(value) => format!("the number {value}"),
        Cell::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            let short: String = text.chars().take(MOST).collect();
            let more = if text.chars().nth(MOST).is_some() {
                "…"
            } else {
                ""
            };
            format!("the text '{short}{more}'")
        }
        Cell::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
