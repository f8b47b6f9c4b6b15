//! From the zone of a source's date-times to the report's.
//!
//! Databases know more years than jiff, and the usual "no end" is the last second of its last year.
//! Such moments are looked up in a year that has the same calendar and the same clocks.

use std::ops::Range;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::civil;

/// The zone of date-times without one of their own, and the zone people read them in.
#[derive(Clone, Debug)]
pub(crate) struct Zones {
    source: TimeZone,
    report: TimeZone,
    are_equal: bool,
    /// The stretch of time the last moment lay in, and how far the report's wall clocks are ahead
    /// of UTC in it. Rows come in the order of time more often than not.
    stretch: Range<i64>,
    ahead: i64,
}

impl Zones {
    pub(crate) fn new(source: &TimeZone, report: &TimeZone) -> Self {
        Self {
            source: source.clone(),
            report: report.clone(),
            are_equal: source == report,
            stretch: 0..0,
            ahead: 0,
        }
    }

    /// Wall time in the report's zone of a date-time as written. `None` when 64 bits do not hold it.
    pub(crate) fn of_written(&mut self, written: civil::Written) -> Option<i64> {
        match written.offset_seconds {
            None => self.of_wall(written.wall_micros()),
            Some(seconds) => {
                let east = i64::from(seconds) * 1_000_000;
                self.of_moment(written.wall_micros().checked_sub(east)?)
            }
        }
    }

    /// Wall time in the report's zone of wall time in the source's, both in microseconds since
    /// 1970-01-01T00:00:00.
    #[inline]
    pub(crate) fn of_wall(&mut self, wall_micros: i64) -> Option<i64> {
        if self.are_equal {
            return Some(wall_micros);
        }
        let (near, away) = civil::within_calendar(wall_micros);
        let wall = civil::to_datetime(near)?;
        // A time the clocks skipped is moved on by the gap, one they repeat is the first.
        let moment = self.source.to_ambiguous_timestamp(wall).compatible().ok()?;
        self.of_moment(moment.as_microsecond().checked_add(away)?)
    }

    /// Wall time in the report's zone of a moment in microseconds since 1970-01-01T00:00:00Z.
    #[inline]
    pub(crate) fn of_moment(&mut self, micros: i64) -> Option<i64> {
        if !self.stretch.contains(&micros) {
            self.find_stretch(micros)?;
        }
        micros.checked_add(self.ahead)
    }

    /// Looks up between which two changes of the clocks a moment lies.
    #[cold]
    fn find_stretch(&mut self, micros: i64) -> Option<()> {
        let (near, away) = civil::within_calendar(micros);
        let moment = Timestamp::from_microsecond(near).ok()?;
        let change = |moment: Timestamp| moment.as_microsecond().saturating_add(away);
        // A change at this very moment begins the stretch, and `preceding` leaves out its argument.
        let just_after = moment.checked_add(SignedDuration::from_nanos(1)).ok()?;
        let start = self.report.preceding(just_after).next();
        let start = start.map_or(i64::MIN, |at| change(at.timestamp()));
        let end = self.report.following(moment).next();
        let end = end.map_or(i64::MAX, |at| change(at.timestamp()));
        self.stretch = start..end;
        self.ahead = i64::from(self.report.to_offset(moment).seconds()) * 1_000_000;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use rows::calendar;

    use super::*;

    #[test]
    fn every_hour_of_thirty_years_agrees_with_jiff() {
        for name in ["Europe/Berlin", "Asia/Seoul", "Australia/Lord_Howe", "UTC"] {
            let zone = TimeZone::get(name).unwrap();
            let mut zones = Zones::new(&TimeZone::UTC, &zone);
            let first: Timestamp = "1985-01-01T00:00:00Z".parse().unwrap();
            for half_hour in 0..30 * 366 * 48 {
                let micros = first.as_microsecond() + half_hour * 1_800_000_000;
                let moment = Timestamp::from_microsecond(micros).unwrap();
                let expected = civil::from_datetime(zone.to_datetime(moment));
                assert_eq!(
                    zones.of_moment(micros),
                    Some(expected),
                    "{moment} in {name}"
                );
            }
        }
    }

    #[test]
    fn moments_beyond_the_last_one_jiff_knows_keep_the_clocks_of_their_day() {
        let (seoul, berlin, utc) = (
            TimeZone::get("Asia/Seoul").unwrap(),
            TimeZone::get("Europe/Berlin").unwrap(),
            TimeZone::UTC,
        );
        let day =
            |year, month, day| i64::from(calendar::days(year, month, day).unwrap()) * calendar::DAY;
        let hour = 3_600_000_000;
        let last = day(10_000, 1, 1) - 1;
        assert!(
            Timestamp::from_microsecond(last).is_err(),
            "nothing to test"
        );
        // Rows of both ends take turns, as they do in a table of contracts.
        for _ in 0..2 {
            for (zone, micros, ahead) in [
                (&seoul, last, 9),
                (&seoul, last - 9 * hour, 9),
                (&seoul, day(2026, 1, 1), 9),
                (&berlin, last, 1),
                (&berlin, day(10_000, 7, 1), 2),
                (&berlin, day(12_345, 12, 1), 1),
                (&berlin, day(2026, 7, 1), 2),
                (&utc, day(200_000, 2, 29), 0),
            ] {
                let mut zones = Zones::new(&utc, zone);
                let shown = Some(micros + ahead * hour);
                assert_eq!(zones.of_moment(day(2026, 1, 1)).map(|_| ()), Some(()));
                assert_eq!(zones.of_moment(micros), shown, "{micros}");
                assert_eq!(zones.of_wall(micros), shown, "{micros}");
                let mut back = Zones::new(zone, &utc);
                assert_eq!(back.of_wall(micros + ahead * hour), Some(micros));
            }
        }
        // Before clocks had rules, Berlin was 53 minutes and 28 seconds ahead.
        let mut zones = Zones::new(&utc, &berlin);
        let begin = day(-4_712, 1, 1);
        assert_eq!(zones.of_moment(begin), Some(begin + 3_208_000_000));
        assert_eq!(zones.of_moment(i64::MAX), None);
    }

    #[test]
    fn the_edges_of_a_change_are_exact() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let change: Timestamp = "2026-03-29T01:00:00Z".parse().unwrap();
        for order in [[-1, 0, 1], [1, 0, -1], [0, -1, 0]] {
            let mut zones = Zones::new(&TimeZone::UTC, &zone);
            for step in order {
                let micros = change.as_microsecond() + step;
                let moment = Timestamp::from_microsecond(micros).unwrap();
                let expected = civil::from_datetime(zone.to_datetime(moment));
                assert_eq!(zones.of_moment(micros), Some(expected), "{step}");
            }
        }
    }

    #[test]
    fn wall_time_of_the_source_becomes_wall_time_of_the_report() {
        let (seoul, berlin) = (
            TimeZone::get("Asia/Seoul").unwrap(),
            TimeZone::get("Europe/Berlin").unwrap(),
        );
        let written = |text: &str| civil::parse_datetime(text.as_bytes()).unwrap();
        let mut zones = Zones::new(&seoul, &berlin);
        assert_eq!(
            zones.of_written(written("2026-07-01 09:00:00")),
            Some(written("2026-07-01 02:00:00").wall_micros())
        );
        assert_eq!(
            zones.of_written(written("2026-01-01 09:00:00Z")),
            Some(written("2026-01-01 10:00:00").wall_micros())
        );
    }
}
