//! From the zone of a source's date-times to the report's.

use std::ops::Range;

use jiff::tz::{Offset, TimeZone};
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

    /// Wall time in the report's zone of a date-time as written. `None` outside the years -9999 to
    /// 9999.
    pub(crate) fn of_written(&mut self, written: civil::Written) -> Option<i64> {
        match written.offset_seconds {
            None => self.of_wall(written.wall_micros()),
            Some(seconds) => {
                let wall = civil::to_datetime(written.wall_micros())?;
                let offset = Offset::from_seconds(seconds).ok()?;
                self.of_moment(offset.to_timestamp(wall).ok()?.as_microsecond())
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
        let wall = civil::to_datetime(wall_micros)?;
        // A time the clocks skipped is moved on by the gap, one they repeat is the first.
        let moment = self.source.to_ambiguous_timestamp(wall).compatible().ok()?;
        self.of_moment(moment.as_microsecond())
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
        let moment = Timestamp::from_microsecond(micros).ok()?;
        // A change at this very moment begins the stretch, and `preceding` leaves out its argument.
        let just_after = moment.checked_add(SignedDuration::from_nanos(1)).ok()?;
        let start = self.report.preceding(just_after).next();
        let start = start.map_or(Timestamp::MIN, |change| change.timestamp());
        let end = self.report.following(moment).next();
        let end = end.map_or(Timestamp::MAX, |change| change.timestamp());
        self.stretch = start.as_microsecond()..end.as_microsecond();
        self.ahead = i64::from(self.report.to_offset(moment).seconds()) * 1_000_000;
        Some(())
    }
}

#[cfg(test)]
mod tests {
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
