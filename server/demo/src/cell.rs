//! One value of a row, exact, before any database has seen it.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};

/// One value of a row.
pub(crate) enum Cell {
    Null,
    Integer(i64),
    /// Hundredths.
    Decimal(i64),
    Boolean(bool),
    Date(Date),
    Datetime(DateTime),
    Text(Arc<str>),
}

impl Cell {
    pub(crate) fn text(text: impl Into<Arc<str>>) -> Cell {
        Cell::Text(text.into())
    }

    /// Whole won.
    pub(crate) fn won(won: i64) -> Cell {
        Cell::Decimal(won * 100)
    }

    /// NULL for `None`.
    pub(crate) fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
        value.map_or(Cell::Null, cell)
    }
}

/// `2026-11-01`, as every database reads it.
pub(crate) fn date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `2026-11-01 09:30:00`, as every database reads it.
pub(crate) fn datetime(at: DateTime) -> String {
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// `-12.05` for −1205 hundredths.
pub(crate) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let digits = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", digits / 100, digits % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_keep_their_sign_and_their_zeros() {
        assert_eq!(decimal(1_205), "12.05");
        assert_eq!(decimal(-5), "-0.05");
        assert_eq!(decimal(700), "7.00");
    }
}
