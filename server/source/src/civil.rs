//! Dates and times as databases write them in text.
//!
//! Read by hand, because a general parser takes ten times as long and accepts more than SQLite
//! compares correctly. This module knows no zones.

use jiff::civil::{DateTime, date};
use rows::calendar::{DAY, days, days_from_civil};

/// A date-time as written: wall time and, where it is written too, how far it is from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// Days since 1970-01-01.
    pub days: i32,
    /// Microseconds since midnight.
    pub micros: i64,
    /// Seconds east of UTC, when the text says so.
    pub offset_seconds: Option<i32>,
}

impl Written {
    /// Wall time in microseconds since 1970-01-01T00:00:00.
    pub(crate) fn wall_micros(self) -> i64 {
        i64::from(self.days) * DAY + self.micros
    }
}

/// `YYYY-MM-DD` as days since 1970-01-01.
pub(crate) fn parse_date(text: &[u8]) -> Option<i32> {
    let (days, rest) = take_date(text)?;
    rest.is_empty().then_some(days)
}

/// `HH:MM[:SS[.ffffff]]` as microseconds since midnight. Digits beyond microseconds are dropped.
pub(crate) fn parse_time(text: &[u8]) -> Option<i64> {
    let (micros, rest) = take_time(text)?;
    rest.is_empty().then_some(micros)
}

/// `YYYY-MM-DD`, alone or with a space or `T` and a time, and perhaps `Z` or `+09:00`.
pub(crate) fn parse_datetime(text: &[u8]) -> Option<Written> {
    let (days, rest) = take_date(text)?;
    let rest = match rest {
        [] => {
            return Some(Written {
                days,
                micros: 0,
                offset_seconds: None,
            });
        }
        [b' ' | b'T' | b't', rest @ ..] => rest,
        _ => return None,
    };
    let (micros, rest) = take_time(rest)?;
    let offset_seconds = match rest.strip_prefix(b" ").unwrap_or(rest) {
        [] => None,
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let (hours, minutes) = match rest {
                [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (two(*h1, *h2)?, two(*m1, *m2)?),
                [h1, h2] => (two(*h1, *h2)?, 0),
                _ => return None,
            };
            if hours > 23 || minutes > 59 {
                return None;
            }
            let seconds = (hours * 3_600 + minutes * 60) as i32;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => return None,
    };
    Some(Written {
        days,
        micros,
        offset_seconds,
    })
}

/// Days after which the calendar repeats itself, days of the week included: 400 years.
const CYCLE_DAYS: i64 = 146_097;

/// The same day and time in a year well inside jiff's -9999 to 9999, and by how many microseconds it
/// is away. Rules of clocks that hold for ever hold in both years; before clocks had rules, there
/// is nothing to differ.
#[inline]
pub(crate) fn within_calendar(micros: i64) -> (i64, i64) {
    const CYCLE: i64 = CYCLE_DAYS * DAY;
    // From the year 370 to 3969 nothing is moved.
    let cycles = micros.div_euclid(CYCLE);
    let away = (cycles - cycles.clamp(-4, 4)) * CYCLE;
    (micros - away, away)
}

/// Wall time in microseconds as a calendar date-time; `None` outside the years -9999 to 9999.
pub(crate) fn to_datetime(wall_micros: i64) -> Option<DateTime> {
    let epoch = date(1970, 1, 1).at(0, 0, 0, 0);
    epoch
        .checked_add(jiff::SignedDuration::from_micros(wall_micros))
        .ok()
}

/// A calendar date-time as wall time in microseconds.
pub(crate) fn from_datetime(datetime: DateTime) -> i64 {
    let days = days_from_civil(
        i32::from(datetime.year()),
        datetime.month() as u32,
        datetime.day() as u32,
    );
    let seconds = i64::from(datetime.hour()) * 3_600
        + i64::from(datetime.minute()) * 60
        + i64::from(datetime.second());
    i64::from(days) * DAY + seconds * 1_000_000 + i64::from(datetime.subsec_nanosecond()) / 1_000
}

fn take_date(text: &[u8]) -> Option<(i32, &[u8])> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] = text else {
        return None;
    };
    let year = two(*y1, *y2)? * 100 + two(*y3, *y4)?;
    let (month, day) = (two(*m1, *m2)?, two(*d1, *d2)?);
    Some((days(year as i32, month, day)?, rest))
}

fn take_time(text: &[u8]) -> Option<(i64, &[u8])> {
    let [h1, h2, b':', m1, m2, rest @ ..] = text else {
        return None;
    };
    let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
    let (seconds, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (two(*s1, *s2)?, rest),
        _ => (0, rest),
    };
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let mut micros = i64::from(hours * 3_600 + minutes * 60 + seconds) * 1_000_000;
    let [b'.', rest @ ..] = rest else {
        return Some((micros, rest));
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return None;
    }
    let mut unit = 100_000;
    for byte in &rest[..digits] {
        micros += i64::from(byte - b'0') * unit;
        unit /= 10;
    }
    Some((micros, &rest[digits..]))
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_six_centuries_agrees_with_jiff() {
        let mut day = date(1600, 1, 1);
        let epoch = date(1970, 1, 1);
        while day.year() < 2200 {
            let expected = epoch.until(day).unwrap().get_days();
            assert_eq!(
                parse_date(day.to_string().as_bytes()),
                Some(expected),
                "{day}"
            );
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "0000-00-00",
            "2026-1-1",
            "26-01-01",
            "2026-01-01 ",
            "",
        ] {
            assert_eq!(parse_date(text.as_bytes()), None, "{text}");
        }
        assert!(parse_date(b"2024-02-29").is_some());
    }

    #[test]
    fn times_keep_microseconds() {
        assert_eq!(parse_time(b"00:00"), Some(0));
        assert_eq!(parse_time(b"23:59:59.999999"), Some(DAY - 1));
        assert_eq!(parse_time(b"01:02:03.5"), Some(3_723_500_000));
        assert_eq!(parse_time(b"01:02:03.1234569"), Some(3_723_123_456));
        for text in [
            "24:00:00",
            "1:00",
            "12:60",
            "12:00:60",
            "12:00:00.",
            "12:00:00 x",
        ] {
            assert_eq!(parse_time(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn date_times_know_their_offset() {
        let at = |text: &str| parse_datetime(text.as_bytes());
        let wall = Written {
            days: 1,
            micros: 3_600_000_000,
            offset_seconds: None,
        };
        assert_eq!(at("1970-01-02 01:00:00"), Some(wall));
        assert_eq!(at("1970-01-02T01:00"), Some(wall));
        assert_eq!(at("1970-01-02"), Some(Written { micros: 0, ..wall }));
        assert_eq!(
            at("1970-01-02T01:00:00Z"),
            Some(Written {
                offset_seconds: Some(0),
                ..wall
            })
        );
        assert_eq!(
            at("1970-01-02 01:00:00.000+09:00"),
            Some(Written {
                offset_seconds: Some(32_400),
                ..wall
            })
        );
        assert_eq!(
            at("1970-01-02 01:00:00 -0330"),
            Some(Written {
                offset_seconds: Some(-12_600),
                ..wall
            })
        );
        for text in [
            "1970-01-02x01:00",
            "1970-01-02 01:00:00 KST",
            "1700000000",
            "1970-01-02 ",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn wall_time_goes_there_and_back() {
        for micros in [0, -1, 1, DAY, -DAY * 400_000 + 5, 1_790_000_000_123_456] {
            assert_eq!(from_datetime(to_datetime(micros).unwrap()), micros);
        }
    }
}
