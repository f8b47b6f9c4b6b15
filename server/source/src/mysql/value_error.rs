//! Values that do not fit their column: what was found, and what to write.

/// Why a value of a row is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ValueError {
    /// It arrives in another form than the prepared statement announced.
    #[error(
        "the server announced another type for it before it ran the statement; write CAST(… AS …) around the expression"
    )]
    OtherType,
    /// An unsigned number above what a signed one holds.
    #[error(
        "found the whole number {0}, which is larger than 9223372036854775807; write CAST(… AS UNSIGNED) or CAST(… AS CHAR)"
    )]
    IntegerTooLarge(u64),
    /// A `TINYINT(1)` that is neither 0 nor 1.
    #[error(
        "found the number {0}, where the column is a TINYINT(1), which means true or false; write … + 0 for a number, or … <> 0"
    )]
    NotBoolean(i64),
    /// A decimal with more digits than 38, or more behind the point than its column.
    #[error(
        "found the number {number}, which does not fit a decimal of 38 digits with {scale} behind the point; write CAST(… AS CHAR)"
    )]
    DecimalTooLong {
        /// As the server wrote it.
        number: Box<str>,
        /// Digits behind the point of the column.
        scale: u8,
    },
    /// A zero date, or one with a part that is zero.
    #[error(
        "found {year:04}-{month:02}-{day:02}, which is not a day; write NULLIF(…, '0000-00-00') or CAST(… AS CHAR)"
    )]
    NotADay { year: u16, month: u8, day: u8 },
    /// A date and time no sheet shows.
    #[error("found a date and time outside the years 0 to 9999")]
    YearOutOfRange,
    /// A time in the hour that comes twice when summer time ends.
    #[error(
        "found a time that the clocks of the source's zone show twice, and the server does not say which of them is meant; write UNIX_TIMESTAMP(…), or give the report the source's zone"
    )]
    AmbiguousTime,
    /// A text that is none.
    #[error("the text is not valid UTF-8 and cannot be shown; repair the row, or write HEX(…)")]
    NotUtf8,
}
