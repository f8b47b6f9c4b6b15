//! One value as plain text, for checks, choices and messages.

use crate::time_text::{self, Detail};
use crate::{ColumnData, Exact};

/// One value as text: ISO dates, decimals with every digit, bytes as hex.
pub fn text(column: &ColumnData, row: usize) -> Option<String> {
    match column {
        ColumnData::Boolean(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Integer(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Float(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Decimal { mantissa, scale } => mantissa
            .at(row)
            .map(|value| Exact::new(value, *scale).plain()),
        ColumnData::Text(values) => values.text(row).map(str::to_owned),
        ColumnData::Date(values) => values
            .at(row)
            .map(|days| time_text::show_date(i64::from(days))),
        ColumnData::Datetime(values) => values
            .at(row)
            .map(|micros| time_text::show_datetime(micros, Detail::All)),
        ColumnData::Time(values) => values
            .at(row)
            .map(|micros| time_text::show_time(micros, Detail::All)),
        ColumnData::Duration(values) => values
            .at(row)
            .map(|micros| time_text::show_time(micros, Detail::All)),
        ColumnData::Binary(values) => values.at(row).map(hex::encode),
    }
}
