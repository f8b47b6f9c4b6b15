//! Values of a row into typed columns. Whatever does not fit is refused with what to write.

use jiff::tz::TimeZone;
use rows::{ColumnData, ColumnType, Exact};

use super::statement::Cell;
use super::value_error::{ValueError, misfit};
use crate::civil;
use crate::zones::Zones;

/// Turns the cells of one column into its type.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    pub kind: ColumnType,
    zones: Zones,
}

impl Decoder {
    pub(super) fn new(kind: ColumnType, source: &TimeZone, report: &TimeZone) -> Self {
        let zones = Zones::new(source, report);
        Self { kind, zones }
    }

    /// Adds a cell to the column.
    ///
    /// # Errors
    /// What was found and what to write, when it does not fit.
    #[inline]
    pub(super) fn push(
        &mut self,
        cell: Cell<'_>,
        column: &mut ColumnData,
    ) -> Result<(), ValueError> {
        match (cell, column) {
            (Cell::Null, column) => column.push_null(),
            (Cell::Integer(value), ColumnData::Integer(values)) => values.push(Some(value)),
            (Cell::Text(bytes), ColumnData::Text(values)) => {
                std::str::from_utf8(bytes).map_err(|_| ValueError::NotUtf8)?;
                values.push(Some(bytes));
            }
            (Cell::Real(value), ColumnData::Float(values)) => values.push(Some(value)),
            (Cell::Integer(value), ColumnData::Float(values)) => {
                values.push(Some(exact_double(value)?));
            }
            (cell, ColumnData::Decimal { mantissa, scale }) => {
                mantissa.push(Some(to_mantissa(cell, *scale)?));
            }
            (Cell::Text(bytes), ColumnData::Datetime(values)) => {
                let micros = civil::parse_datetime(bytes)
                    .and_then(|written| self.zones.of_written(written))
                    .ok_or_else(|| not_a_datetime(cell))?;
                values.push(Some(micros));
            }
            (Cell::Text(bytes), ColumnData::Date(values)) => {
                values.push(Some(to_date(bytes).ok_or_else(|| not_a_date(cell))?));
            }
            (Cell::Text(bytes), ColumnData::Time(values)) => {
                values.push(Some(
                    civil::parse_time(bytes).ok_or_else(|| not_a_time(cell))?,
                ));
            }
            (cell, ColumnData::Boolean(values)) => values.push(Some(to_boolean(cell)?)),
            (Cell::Blob(bytes) | Cell::Text(bytes), ColumnData::Binary(values)) => {
                values.push(Some(bytes));
            }
            (cell, _) => return Err(self.does_not_fit(cell)),
        }
        Ok(())
    }

    fn does_not_fit(&self, cell: Cell<'_>) -> ValueError {
        match (self.kind, cell) {
            (ColumnType::Date, _) => not_a_date(cell),
            (ColumnType::Datetime, _) => not_a_datetime(cell),
            (ColumnType::Time, _) => not_a_time(cell),
            (ColumnType::Integer, Cell::Real(_)) => {
                misfit(cell, "a whole number", "CAST(… AS TEXT)")
            }
            (ColumnType::Integer, _) => misfit(cell, "a whole number", "CAST(… AS TEXT)"),
            (ColumnType::Float, _) => misfit(cell, "a number", "CAST(… AS TEXT)"),
            (ColumnType::Text, Cell::Blob(_)) => misfit(cell, "text", "hex(…) or CAST(… AS TEXT)"),
            (ColumnType::Text, _) => misfit(cell, "text", "CAST(… AS TEXT)"),
            _ => misfit(cell, "bytes", "CAST(… AS BLOB)"),
        }
    }
}

fn to_mantissa(cell: Cell<'_>, scale: u8) -> Result<i128, ValueError> {
    let exact = match cell {
        Cell::Integer(value) => Some(Exact::from(value)),
        Cell::Real(value) => match Exact::quick_mantissa(value, scale) {
            Some(mantissa) => return Ok(mantissa),
            None => Exact::from_double(value),
        },
        Cell::Text(bytes) => Exact::from_text(bytes),
        _ => None,
    };
    let Some(exact) = exact else {
        return Err(misfit(cell, "a number", "CAST(… AS TEXT)"));
    };
    exact.at_scale(scale).ok_or_else(|| {
        misfit(
            cell,
            format!("a number with {scale} digits behind the point"),
            "CAST(… AS TEXT)",
        )
    })
}

fn to_boolean(cell: Cell<'_>) -> Result<bool, ValueError> {
    match cell {
        Cell::Integer(0) => Ok(false),
        Cell::Integer(1) => Ok(true),
        Cell::Text(text)
            if text.eq_ignore_ascii_case(b"true") || text.eq_ignore_ascii_case(b"t") =>
        {
            Ok(true)
        }
        Cell::Text(text)
            if text.eq_ignore_ascii_case(b"false") || text.eq_ignore_ascii_case(b"f") =>
        {
            Ok(false)
        }
        _ => Err(misfit(cell, "true or false", "… + 0 or CAST(… AS TEXT)")),
    }
}

/// A day, also when it is written with a midnight behind it.
fn to_date(bytes: &[u8]) -> Option<i32> {
    civil::parse_date(bytes).or_else(|| {
        let written = civil::parse_datetime(bytes)?;
        (written.micros == 0 && written.offset_seconds.is_none()).then_some(written.days)
    })
}

fn exact_double(value: i64) -> Result<f64, ValueError> {
    let double = value as f64;
    // Above 2^53 not every whole number is a double; 2^63 as a double is out of range for i64.
    if double as i128 == i128::from(value) {
        Ok(double)
    } else {
        Err(misfit(
            Cell::Integer(value),
            "a number a double holds exactly",
            "CAST(… AS TEXT)",
        ))
    }
}

fn not_a_date(cell: Cell<'_>) -> ValueError {
    match cell {
        Cell::Integer(_) | Cell::Real(_) => misfit(cell, "a date", "date(…, 'unixepoch')"),
        _ => misfit(
            cell,
            "a date like 2026-01-31",
            "NULLIF(…, '') or CAST(… AS TEXT)",
        ),
    }
}

fn not_a_datetime(cell: Cell<'_>) -> ValueError {
    match cell {
        Cell::Integer(_) | Cell::Real(_) => {
            misfit(cell, "a date and time", "datetime(…, 'unixepoch')")
        }
        _ => misfit(
            cell,
            "a date and time like 2026-01-31 09:30:00",
            "NULLIF(…, '') or CAST(… AS TEXT)",
        ),
    }
}

fn not_a_time(cell: Cell<'_>) -> ValueError {
    misfit(cell, "a time like 09:30:00", "time(…) or CAST(… AS TEXT)")
}
