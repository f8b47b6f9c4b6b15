//! Dates and times: from texts, to Excel's serial numbers, and for people.

use std::ops::RangeInclusive;

use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// 1970-01-01 counted in Excel's days.
const EPOCH_SERIAL: i64 = 25_569;
/// 9999-12-31, the last day Excel knows.
const LAST_SERIAL: i64 = 2_958_465;
/// Microseconds in a day.
pub(crate) const DAY: i64 = 86_400_000_000;

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

/// Year, month and day of any day since 1970 in the proleptic Gregorian calendar; the year before 1
/// is 0. Databases know more years than jiff does.
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>
fn calendar(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The first day of the day's month.
pub(crate) fn first_of_month(days: i64) -> i64 {
    let (_, _, day) = calendar(days);
    days + 1 - day
}

/// A year of four digits or more, and what stands behind the date before the year 1.
fn show_year(year: i64) -> (String, &'static str) {
    if year > 0 {
        (format!("{year:04}"), "")
    } else {
        (format!("{:04}", 1 - year), " BC")
    }
}

/// `2026-09-03`, also `10000-01-01` and, as PostgreSQL writes it, `0044-03-15 BC`.
pub(crate) fn show_date(days: i64) -> String {
    let (year, month, day) = calendar(days);
    let (year, era) = show_year(year);
    format!("{year}-{month:02}-{day:02}{era}")
}

/// `2026-09`.
pub(crate) fn show_month(days: i64) -> String {
    let (year, month, _) = calendar(days);
    let (year, era) = show_year(year);
    format!("{year}-{month:02}{era}")
}

/// How much of a time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// `14:05`.
    Minutes,
    /// `14:05:09`.
    Seconds,
    /// `14:05:09.25`: as many digits as the time has.
    All,
}

/// `2026-09-03 14:05`.
pub(crate) fn show_datetime(micros: i64, detail: Detail) -> String {
    let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (year, month, day) = calendar(days);
    let (year, era) = show_year(year);
    let time = show_time(rest, detail);
    format!("{year}-{month:02}-{day:02} {time}{era}")
}

/// `14:05`; hours above 24 stay hours.
pub(crate) fn show_time(micros: impl Into<i128>, detail: Detail) -> String {
    let micros: i128 = micros.into();
    let sign = if micros < 0 { "-" } else { "" };
    let (seconds, fraction) = (
        micros.unsigned_abs() / 1_000_000,
        micros.unsigned_abs() % 1_000_000,
    );
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let fraction = match detail {
        Detail::Minutes => return format!("{sign}{hours:02}:{minutes:02}"),
        Detail::All if fraction > 0 => {
            let digits = format!("{fraction:06}");
            format!(".{}", digits.trim_end_matches('0'))
        }
        Detail::Seconds | Detail::All => String::new(),
    };
    format!(
        "{sign}{hours:02}:{minutes:02}:{:02}{fraction}",
        seconds % 60
    )
}

/// A moment as people in the zone read it, with the zone's name.
pub(crate) fn show_zoned(moment: Timestamp, zone: &TimeZone) -> String {
    let wall = moment.to_zoned(zone.clone());
    let name = zone.iana_name().unwrap_or("UTC");
    format!("{} ({name})", wall.strftime("%Y-%m-%d %H:%M:%S"))
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
    fn every_day_jiff_knows_is_the_same_and_the_others_follow() {
        let mut date = civil::date(-9999, 1, 1);
        while let Ok(next) = date.checked_add(17.days()) {
            let days = since_epoch(date).unwrap();
            let (year, month, day) = calendar(days);
            assert_eq!(
                (year, month, day),
                (date.year().into(), date.month().into(), date.day().into()),
            );
            date = next;
        }
        // What PostgreSQL prints.
        for (days, shown) in [
            (2_932_897, "10000-01-01"),
            (2_145_042_905, "5874897-12-31"),
            (-719_163, "0001-12-31 BC"),
            (-735_160, "0044-03-15 BC"),
            (-2_440_588, "4714-11-24 BC"),
        ] {
            assert_eq!(show_date(days), shown);
        }
        assert_eq!(
            show_datetime(-735_160 * DAY + 1, Detail::Minutes),
            "0044-03-15 00:00 BC"
        );
        assert_eq!(show_month(2_932_897), "10000-01");
        assert_eq!(show_date(first_of_month(2_932_900)), "10000-01-01");
    }

    #[test]
    fn iso_texts_are_dates_and_other_texts_are_not() {
        let noon = 12 * 3_600_000_000;
        let day = 20_699;
        assert_eq!(show_date(day), "2026-09-03");
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

    #[test]
    fn people_read_dates_and_times() {
        assert_eq!(
            show_datetime(DAY + 3_723_000_000, Detail::Seconds),
            "1970-01-02 01:02:03"
        );
        assert_eq!(show_datetime(-1, Detail::Minutes), "1969-12-31 23:59");
        assert_eq!(show_datetime(-1, Detail::All), "1969-12-31 23:59:59.999999");
        assert_eq!(show_time(1_250_000, Detail::Seconds), "00:00:01");
        assert_eq!(show_time(1_250_000, Detail::All), "00:00:01.25");
        assert_eq!(show_month(20_699), "2026-09");
        assert_eq!(show_date(first_of_month(20_699)), "2026-09-01");
        assert_eq!(show_time(-3_600_000_000_i64, Detail::Minutes), "-01:00");
        let moment: Timestamp = "2026-09-02T22:12:05Z".parse().unwrap();
        assert_eq!(
            show_zoned(moment, &seoul()),
            "2026-09-03 07:12:05 (Asia/Seoul)"
        );
    }
}
