//! Values that do not fit their column: what was found, and what to write.

/// Why a value of a row is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ValueError {
    /// Bytes that are none of its type.
    #[error("the server sent a value we do not understand; write …::text")]
    Malformed,
    /// An infinite date.
    #[error(
        "found `{sign}infinity`, where the column holds a {holds}; write NULLIF(…, '{sign}infinity') or …::text"
    )]
    Infinite {
        /// What the column holds, such as `date`.
        holds: &'static str,
        /// `-` or nothing.
        sign: &'static str,
    },
    /// A date outside the years a sheet can show.
    #[error("found a date too far away to be shown; write …::text")]
    DateOutOfRange,
    /// `24:00:00`, which PostgreSQL takes for a time.
    #[error("found the time 24:00:00, which is no time of a day; write …::text")]
    EndOfDay,
    /// `NaN` or an infinity among exact numbers.
    #[error("found `{0}`, where the column holds exact numbers; write NULLIF(…, '{0}') or …::text")]
    NotANumber(Box<str>),
    /// More digits than the column's type declares.
    #[error("found the number {0}, which is not of the column's declared type; write …::text")]
    NumberTooLong(Box<str>),
    /// More digits than a decimal holds, together with the rows before.
    #[error("{0}")]
    TooManyDigits(Box<TooManyDigits>),
    /// A text that is none.
    #[error(
        "the text is not valid UTF-8 and cannot be shown; repair the row, or write encode(…::bytea, 'escape')"
    )]
    NotUtf8,
}

/// A number that asks for more digits than 38, together with the rows before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "found the number {number}; with the rows before it this column has {whole} digits before the point and {behind} behind it, and a number has at most 38; write …::text"
)]
pub(super) struct TooManyDigits {
    pub number: String,
    /// Digits before the point that the column needs.
    pub whole: u32,
    /// Digits behind it.
    pub behind: u32,
}
