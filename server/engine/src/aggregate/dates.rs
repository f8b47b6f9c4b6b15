//! Calendar arithmetic on whole columns.

use jiff::civil::{Date, date};
use jiff::{ToSpan, Unit};
use polars::prelude::*;

/// Microseconds in a day.
const DAY_MICROS: i64 = 86_400_000_000;

/// A unit `DATE_TRUNC` cuts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Year,
    Quarter,
    Month,
    /// Monday.
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

impl Cut {
    /// The unit of that name, as SQL writes it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "year" => Self::Year,
            "quarter" => Self::Quarter,
            "month" => Self::Month,
            "week" => Self::Week,
            "day" => Self::Day,
            "hour" => Self::Hour,
            "minute" => Self::Minute,
            "second" => Self::Second,
            _ => return None,
        })
    }

    /// The first day of the unit a day falls in.
    fn day(self, days: i32) -> Option<i32> {
        let day = from_days(days)?;
        let first = match self {
            Self::Year => day.first_of_year(),
            Self::Quarter => date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
            Self::Month => day.first_of_month(),
            Self::Week => day
                .checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
                .ok()?,
            Self::Day | Self::Hour | Self::Minute | Self::Second => day,
        };
        to_days(first)
    }

    /// The first moment of the unit a wall time falls in.
    fn moment(self, micros: i64) -> Option<i64> {
        let step = match self {
            Self::Second => 1_000_000,
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
            Self::Year | Self::Quarter | Self::Month | Self::Week | Self::Day => {
                let days = i32::try_from(micros.div_euclid(DAY_MICROS)).ok()?;
                return Some(i64::from(self.day(days)?) * DAY_MICROS);
            }
        };
        Some(micros - micros.rem_euclid(step))
    }
}

/// A date or wall time cut down to the beginning of a unit; the type stays.
pub(super) fn truncate(column: &Column, cut: Cut) -> PolarsResult<Column> {
    match column.dtype() {
        DataType::Date => {
            let days = column.as_materialized_series().date()?.physical().clone();
            Ok(each(&days, |days| cut.day(days)).into_date().into_column())
        }
        DataType::Datetime(..) => {
            let micros = wall_micros(column)?;
            Ok(each(&micros, |micros| cut.moment(micros))
                .into_datetime(TimeUnit::Microseconds, None)
                .into_column())
        }
        other => {
            polars_bail!(SchemaMismatch: "DATE_TRUNC takes a date or a timestamp, not {other}")
        }
    }
}

/// The last day of the month a date or wall time falls in.
pub(super) fn last_day(column: &Column) -> PolarsResult<Column> {
    let last = |days| to_days(from_days(days)?.last_of_month());
    let days = whole_days(column, "LAST_DAY")?;
    Ok(each(&days, last).into_date().into_column())
}

/// Whole days from the first to the second.
pub(super) fn days_between(from: &Column, until: &Column) -> PolarsResult<Column> {
    let days = |column| {
        whole_days(column, "DAYS_BETWEEN")?
            .into_series()
            .cast(&DataType::Int64)
    };
    Ok((days(until)? - days(from)?)?
        .with_name(until.name().clone())
        .into_column())
}

fn whole_days(column: &Column, function: &str) -> PolarsResult<Int32Chunked> {
    match column.dtype() {
        DataType::Date => Ok(column.as_materialized_series().date()?.physical().clone()),
        DataType::Datetime(..) => {
            let micros = wall_micros(column)?;
            Ok(micros
                .iter()
                .map(|value| {
                    value.and_then(|micros| i32::try_from(micros.div_euclid(DAY_MICROS)).ok())
                })
                .collect::<Int32Chunked>()
                .with_name(column.name().clone()))
        }
        other => {
            polars_bail!(SchemaMismatch: "{function} takes a date or a timestamp, not {other}")
        }
    }
}

fn wall_micros(column: &Column) -> PolarsResult<Int64Chunked> {
    let micros = column
        .as_materialized_series()
        .cast(&DataType::Datetime(TimeUnit::Microseconds, None))?;
    Ok(micros.datetime()?.physical().clone())
}

/// Applies a function to every value; neighbours are often the same, so the last one is kept.
fn each<T>(
    values: &ChunkedArray<T>,
    apply: impl Fn(T::Native) -> Option<T::Native>,
) -> ChunkedArray<T>
where
    T: PolarsNumericType,
    ChunkedArray<T>: FromIterator<Option<T::Native>>,
{
    let mut last: Option<(T::Native, Option<T::Native>)> = None;
    values
        .iter()
        .map(|value| {
            let value = value?;
            match last {
                Some((before, result)) if before == value => result,
                _ => {
                    let result = apply(value);
                    last = Some((value, result));
                    result
                }
            }
        })
        .collect::<ChunkedArray<T>>()
        .with_name(values.name().clone())
}

fn from_days(days: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(i64::from(days).days()).ok()
}

fn to_days(day: Date) -> Option<i32> {
    date(1970, 1, 1)
        .until((Unit::Day, day))
        .ok()
        .map(|span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(unit: &str, day: Date) -> Date {
        from_days(
            Cut::named(unit)
                .unwrap()
                .day(to_days(day).unwrap())
                .unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn days_are_cut_to_calendar_units() {
        assert_eq!(cut("year", date(2026, 8, 19)), date(2026, 1, 1));
        assert_eq!(cut("QUARTER", date(2026, 8, 19)), date(2026, 7, 1));
        assert_eq!(cut("quarter", date(2026, 12, 31)), date(2026, 10, 1));
        assert_eq!(cut("month", date(2024, 2, 29)), date(2024, 2, 1));
        assert_eq!(cut("week", date(2026, 8, 19)), date(2026, 8, 17));
        assert_eq!(cut("week", date(2026, 8, 17)), date(2026, 8, 17));
        assert_eq!(cut("month", date(1969, 12, 31)), date(1969, 12, 1));
        assert!(Cut::named("fortnight").is_none());
    }

    #[test]
    fn moments_before_1970_are_cut_downwards() {
        assert_eq!(Cut::Hour.moment(-1), Some(-3_600_000_000));
        assert_eq!(Cut::Day.moment(-1), Some(-DAY_MICROS));
        assert_eq!(Cut::Second.moment(1_500_000), Some(1_000_000));
    }
}
