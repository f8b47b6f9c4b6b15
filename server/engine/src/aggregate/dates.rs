//! Calendar arithmetic on whole columns.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::{self, Date};
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

    /// The days of the unit a day falls in; for units below a day, the day alone.
    fn days(self, day: i32) -> Option<Range<i32>> {
        let date = match self {
            Self::Day | Self::Hour | Self::Minute | Self::Second => return Some(day..day + 1),
            _ => from_days(day)?,
        };
        let monday = || date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days());
        let (first, last) = match self {
            Self::Year => (date.first_of_year(), date.last_of_year()),
            Self::Quarter => {
                let first = civil::date(date.year(), (date.month() - 1) / 3 * 3 + 1, 1);
                let last = civil::date(date.year(), first.month() + 2, 1);
                (first, last.last_of_month())
            }
            Self::Week => {
                let monday = monday().ok()?;
                // The calendar ends within a week.
                let sunday = monday.checked_add(6.days()).unwrap_or(Date::MAX);
                (monday, sunday)
            }
            _ => (date.first_of_month(), date.last_of_month()),
        };
        Some(to_days(first)?..to_days(last)? + 1)
    }
}

/// The units a column was found in so far. Neighbours are mostly in the same one, and a whole column
/// in few, so the calendar is asked once for each.
struct Units {
    cut: Cut,
    last: Range<i32>,
    seen: BTreeMap<i32, i32>,
}

impl Units {
    fn of(cut: Cut) -> Self {
        Self {
            cut,
            last: 0..0,
            seen: BTreeMap::new(),
        }
    }

    /// The days of the unit a day falls in.
    fn around(&mut self, day: i32) -> Option<&Range<i32>> {
        if !self.last.contains(&day) {
            let before = self.seen.range(..=day).next_back();
            self.last = match before {
                Some((first, end)) if day < *end => *first..*end,
                _ => {
                    let unit = self.cut.days(day)?;
                    self.seen.insert(unit.start, unit.end);
                    unit
                }
            };
        }
        Some(&self.last)
    }

    /// The first moment of the unit a wall time falls in.
    fn moment(&mut self, micros: i64) -> Option<i64> {
        let step = match self.cut {
            Cut::Second => 1_000_000,
            Cut::Minute => 60_000_000,
            Cut::Hour => 3_600_000_000,
            Cut::Day => DAY_MICROS,
            Cut::Year | Cut::Quarter | Cut::Month | Cut::Week => {
                let day = i32::try_from(micros.div_euclid(DAY_MICROS)).ok()?;
                return Some(i64::from(self.around(day)?.start) * DAY_MICROS);
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
            let mut units = Units::of(cut);
            let first = |day| Some(units.around(day)?.start);
            Ok(each(&days, first).into_date().into_column())
        }
        DataType::Datetime(..) => {
            let micros = wall_micros(column)?;
            let mut units = Units::of(cut);
            Ok(each(&micros, |micros| units.moment(micros))
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
    let mut months = Units::of(Cut::Month);
    let last = |day| Some(months.around(day)?.end - 1);
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

/// Applies a function to every value that is there.
fn each<T>(
    values: &ChunkedArray<T>,
    mut apply: impl FnMut(T::Native) -> Option<T::Native>,
) -> ChunkedArray<T>
where
    T: PolarsNumericType,
    ChunkedArray<T>: FromIterator<Option<T::Native>>,
{
    values
        .iter()
        .map(|value| apply(value?))
        .collect::<ChunkedArray<T>>()
        .with_name(values.name().clone())
}

fn from_days(days: i32) -> Option<Date> {
    let epoch = civil::date(1970, 1, 1);
    epoch.checked_add(i64::from(days).days()).ok()
}

fn to_days(day: Date) -> Option<i32> {
    civil::date(1970, 1, 1)
        .until((Unit::Day, day))
        .ok()
        .map(|span| span.get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn cut(unit: &str, day: Date) -> Date {
        let mut units = Units::of(Cut::named(unit).unwrap());
        from_days(units.around(to_days(day).unwrap()).unwrap().start).unwrap()
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
        assert_eq!(cut("week", Date::MAX), date(9999, 12, 27));
        assert!(Cut::named("fortnight").is_none());
    }

    #[test]
    fn a_day_is_in_its_unit_whatever_was_asked_before() {
        // Strides that have no divisor in common with the days visit them far from their order.
        const DAYS: i32 = 2_000;
        for cut in [Cut::Year, Cut::Quarter, Cut::Month, Cut::Week, Cut::Day] {
            let mut units = Units::of(cut);
            for step in 0..DAYS {
                let day = (step * 1_237) % DAYS - DAYS / 2;
                let unit = units.around(day).unwrap().clone();
                assert!(unit.contains(&day), "{cut:?} {day}");
                assert_eq!(unit, cut.days(day).unwrap(), "{cut:?} {day}");
                assert_eq!(unit, cut.days(unit.start).unwrap(), "{cut:?} {day}");
                assert_eq!(unit, cut.days(unit.end - 1).unwrap(), "{cut:?} {day}");
            }
        }
    }

    #[test]
    fn moments_before_1970_are_cut_downwards() {
        let moment = |cut, micros| Units::of(cut).moment(micros);
        assert_eq!(moment(Cut::Hour, -1), Some(-3_600_000_000));
        assert_eq!(moment(Cut::Day, -1), Some(-DAY_MICROS));
        assert_eq!(moment(Cut::Month, -1), Some(-31 * DAY_MICROS));
        assert_eq!(moment(Cut::Second, 1_500_000), Some(1_000_000));
    }
}
