//! Dates and times: from texts, and as Excel's serial numbers.

use std::ops::RangeInclusive;

use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rows::calendar::DAY;

/// 1970-01-01 counted in Excel's days.
const EPOCH_SERIAL: i64 = 25_569;
/// 9999-12-31, the last day Excel knows.
const LAST_SERIAL: i64 = 2_958_465;

/// The days since 1970 that Excel has a number for: 1900 to 9999.
pub(crate) const DAYS: RangeInclusive<i64> = -25_567..=2_932_896;
/// The same in microseconds.
pub(crate) const MICROS: RangeInclusive<i64> = *DAYS.start() * DAY..=(*DAYS.end() + 1) * DAY - 1;

/// Excel's number for a day since 1970; `None` before 1900 and after 9999.
pub(crate) fn day_serial(days: i64) -> Option<f64> {
    let serial = days + EPOCH_SERIAL;
    // Excel believes that 1900-02-29 existed, and so counts one less for the days before it.
    let serial = if serial <= 60 { serial - 1 } else { serial };
    (1..=LAST_SERIAL).contains(&serial).then_some(serial as f64)
}

/// Excel's number for microseconds since 1970.
///
/// What is finer than Excel's milliseconds is left out: rounded up, the last microsecond of a day
/// would be the next day.
pub(crate) fn datetime_serial(micros: i64) -> Option<f64> {
    let serial = day_serial(micros.div_euclid(DAY))?;
    Some(serial + whole_millis(micros.rem_euclid(DAY)) as f64 / DAY as f64)
}

/// Excel's number for a time of day, in whole milliseconds; `None` when negative.
pub(crate) fn time_serial(micros: i64) -> Option<f64> {
    (micros >= 0).then(|| whole_millis(micros) as f64 / DAY as f64)
}

/// Excel's number for a length of time: days, with every microsecond, so that formulas add it up.
pub(crate) fn duration_serial(micros: i128) -> f64 {
    micros as f64 / DAY as f64
}

fn whole_millis(micros: i64) -> i64 {
    micros / 1_000 * 1_000
}

/// Reads an ISO date or datetime: days, and microseconds of the day when a time is written.
///
/// Understands `2026-09-03`, `20260903`, `2026-09` and `202609` (the first of the month), and a time
/// after a blank or `T` with an optional offset, which is converted to the zone.
pub(crate) fn parse(text: &str, zone: &TimeZone) -> Option<(i64, Option<i64>)> {
    let text = text.trim();
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) || text.len() > 40 {
        return None;
    }
    if let Some(days) = parse_day(text) {
        return Some((days, None));
    }
    let (day, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', 't', ' '])?;
    parse_day(day).filter(|_| day.len() == 10)?;
    let wall = match parse_wall(&format!("{day}T{time}")) {
        Some(wall) => wall,
        None => format!("{day}T{}", time.replace(" ", ""))
            .parse::<Timestamp>()
            .ok()?
            .to_zoned(zone.clone())
            .datetime(),
    };
    let days = since_epoch(wall.date())?;
    let micros = wall
        .time()
        .duration_since(civil::Time::midnight())
        .as_micros();
    Some((days, Some(i64::try_from(micros).ok()?)))
}

fn parse_wall(text: &str) -> Option<DateTime> {
    // An offset would be ignored by the civil parser, and the time be wrong by hours.
    let time = &text[11..];
    let has_offset = time.contains(['+', '-', 'Z', 'z', '[']);
    if has_offset { None } else { text.parse().ok() }
}

fn parse_day(text: &str) -> Option<i64> {
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month, day) = match text.len() {
        10 if text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-' => {
            (text.get(..4)?, text.get(5..7)?, text.get(8..)?)
        }
        8 => (text.get(..4)?, text.get(4..6)?, text.get(6..)?),
        7 if text.as_bytes()[4] == b'-' => (text.get(..4)?, text.get(5..)?, "01"),
        6 => (text.get(..4)?, text.get(4..)?, "01"),
        _ => return None,
    };
    if !(is_digits(year) && is_digits(month) && is_digits(day)) {
        return None;
    }
    since_epoch(civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?)
}

fn since_epoch(date: civil::Date) -> Option<i64> {
    let span = date
        .since((jiff::Unit::Day, civil::date(1970, 1, 1)))
        .ok()?;
    debug_assert_eq!(
        span.fieldwise(),
        i64::from(span.get_days()).days().fieldwise()
    );
    Some(i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul() -> TimeZone {
        TimeZone::get("Asia/Seoul").unwrap()
    }

    #[test]
    fn serials_are_excels() {
        assert_eq!(day_serial(0), Some(25_569.0));
        assert_eq!(day_serial(-25_567), Some(1.0), "1900-01-01");
        assert_eq!(day_serial(-25_509), Some(59.0), "1900-02-28");
        assert_eq!(day_serial(-25_508), Some(61.0), "1900-03-01");
        assert_eq!(day_serial(-25_568), None, "1899-12-31");
        assert_eq!(day_serial(2_932_896), Some(2_958_465.0), "9999-12-31");
        assert_eq!(day_serial(2_932_897), None);
        for days in [DAYS.start() - 1, *DAYS.start(), *DAYS.end(), DAYS.end() + 1] {
            assert_eq!(day_serial(days).is_some(), DAYS.contains(&days), "{days}");
        }
        for micros in [
            MICROS.start() - 1,
            *MICROS.start(),
            *MICROS.end(),
            MICROS.end() + 1,
        ] {
            assert_eq!(datetime_serial(micros).is_some(), MICROS.contains(&micros));
        }
        assert_eq!(datetime_serial(DAY / 2), Some(25_569.5));
        assert_eq!(time_serial(DAY / 4), Some(0.25));
    }

    #[test]
    fn the_last_microsecond_of_a_day_stays_in_it() {
        for days in [0, 20_818, *DAYS.start(), *DAYS.end()] {
            let serial = datetime_serial((days + 1) * DAY - 1).unwrap();
            let next = day_serial(days).unwrap() + 1.0;
            // A reader counts milliseconds.
            let millis = ((serial - (next - 1.0)) * 86_400_000.0).round();
            assert_eq!(millis, 86_399_999.0, "{days}");
            assert!(serial < next, "{days}");
        }
        let time = time_serial(DAY - 1).unwrap();
        assert_eq!((time * 86_400_000.0).round(), 86_399_999.0);
    }

    #[test]
    fn iso_texts_are_dates_and_other_texts_are_not() {
        let noon = 12 * 3_600_000_000;
        let day = 20_699;
        for (text, expected) in [
            ("2026-09-03", Some((day, None))),
            ("20260903", Some((day, None))),
            ("2026-09", Some((day - 2, None))),
            ("202609", Some((day - 2, None))),
            ("2026-09-03 12:00", Some((day, Some(noon)))),
            ("2026-09-03T12:00:00.000001", Some((day, Some(noon + 1)))),
            ("2026-09-03T03:00:00Z", Some((day, Some(noon)))),
            ("2026-09-03 12:00:00+09:00", Some((day, Some(noon)))),
            ("2026-02-30", None),
            ("03.09.2026", None),
            ("2026-09-03 25:00", None),
            ("soon", None),
            ("", None),
            ("2026년 9월", None),
        ] {
            assert_eq!(parse(text, &seoul()), expected, "{text}");
        }
    }
}
