//! Staged values as plain text, for checks, choices and messages.

use source::{Chunk, ColumnData};

use crate::EngineError;
use crate::stage::Answer;
use crate::workbook::excel_time::{self, Detail};

/// The first rows of a staged answer, as text. `None` is an absent value.
///
/// # Errors
/// When a file of it cannot be read.
pub(crate) fn first_rows(
    answer: &Answer,
    limit: usize,
) -> Result<Vec<Vec<Option<String>>>, EngineError> {
    let mut rows = Vec::new();
    for chunk in answer.chunks()? {
        let chunk = chunk?;
        for row in 0..chunk.rows {
            if rows.len() == limit {
                return Ok(rows);
            }
            rows.push(texts(&chunk, row));
        }
    }
    Ok(rows)
}

fn texts(chunk: &Chunk, row: usize) -> Vec<Option<String>> {
    chunk
        .columns
        .iter()
        .map(|column| text(column, row))
        .collect()
}

/// One value as text: ISO dates, decimals with every digit, bytes as hex.
pub(crate) fn text(column: &ColumnData, row: usize) -> Option<String> {
    match column {
        ColumnData::Boolean(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Integer(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Float(values) => values.at(row).map(|value| value.to_string()),
        ColumnData::Decimal { mantissa, scale } => {
            mantissa.at(row).map(|value| decimal(value, *scale))
        }
        ColumnData::Text(values) => values.text(row).map(str::to_owned),
        ColumnData::Date(values) => values
            .at(row)
            .map(|days| excel_time::show_date(i64::from(days))),
        ColumnData::Datetime(values) => values
            .at(row)
            .map(|micros| excel_time::show_datetime(micros, Detail::All)),
        ColumnData::Time(values) => values
            .at(row)
            .map(|micros| excel_time::show_time(micros, Detail::All)),
        ColumnData::Duration(values) => values
            .at(row)
            .map(|micros| excel_time::show_time(micros, Detail::All)),
        ColumnData::Binary(values) => values.at(row).map(hex::encode),
    }
}

fn decimal(mantissa: i128, scale: u8) -> String {
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if mantissa < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_every_digit() {
        assert_eq!(decimal(-5, 3), "-0.005");
        assert_eq!(decimal(1_234_500, 2), "12345.00");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(
            decimal(i128::MAX, 38),
            "1.70141183460469231731687303715884105727"
        );
    }
}
