//! Divides a period into the partitions of a block.
//!
//! Partitions are hours, days, weeks or months of the report's zone. They do not depend on where a
//! period begins, except that the first and the last are cut off at its ends, so that two periods
//! share the partitions they have in common.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use report::{PartitionBounds, PartitionUnit};

use crate::EngineError;

/// One partition of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// Its bounds.
    pub(crate) bounds: PartitionBounds,
    /// What people call it: `2026-01`, `2026-01-05`, `2026-01-05 13:00`.
    pub(crate) name: String,
}

/// The partitions of the days `from..until`, in order. They cover the period without gap or overlap.
///
/// # Errors
/// [`EngineError::Internal`] for days beyond the calendar.
pub(crate) fn divide(
    unit: PartitionUnit,
    from: Date,
    until: Date,
    zone: &TimeZone,
) -> Result<Vec<Partition>, EngineError> {
    let mut partitions = Vec::new();
    let mut day = from;
    while day < until {
        let next = next_edge(unit, day)?.min(until);
        let bounds = PartitionBounds {
            from: midnight(day, zone)?,
            until: midnight(next, zone)?,
        };
        match unit {
            PartitionUnit::Hour => hours(bounds, zone, &mut partitions)?,
            _ => partitions.push(Partition {
                name: name(unit, day, next),
                bounds,
            }),
        }
        day = next;
    }
    // A zone may have skipped a whole day.
    partitions.retain(|partition| partition.bounds.from < partition.bounds.until);
    Ok(partitions)
}

/// The hours of the days `from..until`, about.
pub(crate) fn hours_in(from: Date, until: Date) -> u64 {
    let hours = until.duration_since(from).as_hours();
    u64::try_from(hours).unwrap_or(0)
}

/// Partitions that end at this moment or before are closed; `None` when none ever are.
pub(crate) fn closed_until(
    now: Timestamp,
    lookback: Option<&Span>,
    zone: &TimeZone,
) -> Option<Timestamp> {
    let now = now.to_zoned(zone.clone());
    let edge = now.checked_sub(*lookback?).ok()?;
    Some(edge.timestamp())
}

fn next_edge(unit: PartitionUnit, day: Date) -> Result<Date, EngineError> {
    let next = match unit {
        PartitionUnit::Hour | PartitionUnit::Day => day.tomorrow(),
        PartitionUnit::Week => day.nth_weekday(1, Weekday::Monday),
        PartitionUnit::Month => day.first_of_month().checked_add(1.month()),
    };
    next.map_err(|error| beyond(day, &error))
}

/// The hours of one day, counted from its midnight: a day of 23 or 25 hours has as many partitions.
fn hours(
    day: PartitionBounds,
    zone: &TimeZone,
    partitions: &mut Vec<Partition>,
) -> Result<(), EngineError> {
    let mut from = day.from;
    while from < day.until {
        let next = from
            .checked_add(1.hour())
            .map_err(|error| internal(&error))?;
        let until = next.min(day.until);
        let wall = from.to_zoned(zone.clone()).datetime();
        partitions.push(Partition {
            bounds: PartitionBounds { from, until },
            name: wall.strftime("%Y-%m-%d %H:%M").to_string(),
        });
        from = until;
    }
    Ok(())
}

fn name(unit: PartitionUnit, day: Date, next: Date) -> String {
    let is_whole_month = day == day.first_of_month()
        && day.first_of_month().checked_add(1.month()).ok() == Some(next);
    let last = next.yesterday().unwrap_or(day);
    match unit {
        PartitionUnit::Month if is_whole_month => day.strftime("%Y-%m").to_string(),
        _ if last == day => day.to_string(),
        _ => format!("{day} ~ {last}"),
    }
}

fn midnight(day: Date, zone: &TimeZone) -> Result<Timestamp, EngineError> {
    day.to_zoned(zone.clone())
        .map(|midnight| midnight.timestamp())
        .map_err(|error| beyond(day, &error))
}

fn beyond(day: Date, error: &jiff::Error) -> EngineError {
    EngineError::Internal {
        what: format!("{day} is at the end of the calendar: {error}"),
    }
}

fn internal(error: &jiff::Error) -> EngineError {
    EngineError::Internal {
        what: format!("a partition is at the end of the calendar: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn names(unit: PartitionUnit, from: Date, until: Date) -> Vec<String> {
        let partitions = divide(unit, from, until, &zone("Asia/Seoul")).unwrap();
        partitions
            .into_iter()
            .map(|partition| partition.name)
            .collect()
    }

    #[test]
    fn partitions_have_the_names_people_use() {
        let month = PartitionUnit::Month;
        assert_eq!(
            names(month, date(2025, 12, 1), date(2026, 3, 1)),
            ["2025-12", "2026-01", "2026-02"]
        );
        assert_eq!(
            names(month, date(2026, 1, 15), date(2026, 3, 2)),
            ["2026-01-15 ~ 2026-01-31", "2026-02", "2026-03-01"]
        );
        assert_eq!(
            names(PartitionUnit::Week, date(2026, 1, 1), date(2026, 1, 13)),
            [
                "2026-01-01 ~ 2026-01-04",
                "2026-01-05 ~ 2026-01-11",
                "2026-01-12"
            ]
        );
        assert_eq!(
            names(PartitionUnit::Day, date(2026, 2, 28), date(2026, 3, 2)),
            ["2026-02-28", "2026-03-01"]
        );
    }

    #[test]
    fn every_period_is_covered_without_gap_or_overlap() {
        let periods = [
            (date(2026, 1, 15), date(2026, 4, 2)),
            (date(2026, 3, 28), date(2026, 3, 31)),
            (date(2011, 12, 29), date(2012, 1, 2)),
            (date(2026, 9, 4), date(2026, 9, 7)),
        ];
        let units = [
            PartitionUnit::Hour,
            PartitionUnit::Day,
            PartitionUnit::Week,
            PartitionUnit::Month,
        ];
        let zones = [
            "Asia/Seoul",
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Beirut",
            "Pacific/Apia",
            "America/Santiago",
        ];
        for zone in zones.map(zone) {
            for (from, until) in periods {
                for unit in units {
                    let partitions = divide(unit, from, until, &zone).unwrap();
                    assert_eq!(partitions[0].bounds.from, midnight(from, &zone).unwrap());
                    let last = partitions.last().unwrap().bounds.until;
                    assert_eq!(last, midnight(until, &zone).unwrap());
                    for pair in partitions.windows(2) {
                        assert!(pair[0].bounds.from < pair[0].bounds.until);
                        assert_eq!(pair[0].bounds.until, pair[1].bounds.from);
                    }
                }
            }
        }
    }

    #[test]
    fn a_day_has_the_hours_its_clock_gives_it() {
        let berlin = zone("Europe/Berlin");
        let hours = |from: Date| {
            let until = from.tomorrow().unwrap();
            divide(PartitionUnit::Hour, from, until, &berlin)
                .unwrap()
                .len()
        };
        assert_eq!(hours(date(2026, 3, 28)), 24);
        assert_eq!(hours(date(2026, 3, 29)), 23);
        assert_eq!(hours(date(2026, 10, 25)), 25);
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone_or_after_the_gap() {
        let begin = |day, name| midnight(day, &zone(name)).unwrap().to_string();
        assert_eq!(
            begin(date(2026, 3, 1), "Asia/Seoul"),
            "2026-02-28T15:00:00Z"
        );
        assert_eq!(
            begin(date(2026, 3, 29), "Asia/Beirut"),
            "2026-03-28T22:00:00Z"
        );
    }

    #[test]
    fn a_partition_is_closed_when_the_lookback_has_passed() {
        let seoul = zone("Asia/Seoul");
        let now: Timestamp = "2026-03-10T03:00:00Z".parse().unwrap();
        let edge = |span: Span| closed_until(now, Some(&span), &seoul).unwrap().to_string();
        assert_eq!(edge(3.days()), "2026-03-07T03:00:00Z");
        assert_eq!(edge(1.month()), "2026-02-10T03:00:00Z");
        assert_eq!(closed_until(now, None, &seoul), None);
    }
}
