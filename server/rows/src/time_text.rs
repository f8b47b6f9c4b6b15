//! Days, moments and times as ISO texts, of any year a database knows.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::calendar::{DAY, civil_from_days};

/// A year of four digits or more, and what stands behind the date before the year 1.
fn show_year(year: i64) -> (String, &'static str) {
    if year > 0 {
        (format!("{year:04}"), "")
    } else {
        (format!("{:04}", 1 - year), " BC")
    }
}

/// `2026-09-03`, also `10000-01-01` and, as PostgreSQL writes it, `0044-03-15 BC`.
pub fn show_date(days: i64) -> String {
    let (year, month, day) = civil_from_days(days);
    let (year, era) = show_year(year);
    format!("{year}-{month:02}-{day:02}{era}")
}

/// `2026-09`.
pub fn show_month(days: i64) -> String {
    let (year, month, _) = civil_from_days(days);
    let (year, era) = show_year(year);
    format!("{year}-{month:02}{era}")
}

/// How much of a time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// `14:05`.
    Minutes,
    /// `14:05:09`.
    Seconds,
    /// `14:05:09.25`: as many digits as the time has.
    All,
}

/// `2026-09-03 14:05`.
pub fn show_datetime(micros: i64, detail: Detail) -> String {
    let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let (year, month, day) = civil_from_days(days);
    let (year, era) = show_year(year);
    let time = show_time(rest, detail);
    format!("{year}-{month:02}-{day:02} {time}{era}")
}

/// `14:05`; hours above 24 stay hours.
pub fn show_time(micros: impl Into<i128>, detail: Detail) -> String {
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
pub fn show_zoned(moment: Timestamp, zone: &TimeZone) -> String {
    let wall = moment.to_zoned(zone.clone());
    let name = zone.iana_name().unwrap_or("UTC");
    format!("{} ({name})", wall.strftime("%Y-%m-%d %H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_jiff_does_not_know_are_written_as_postgresql_does() {
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
        assert_eq!(show_time(-3_600_000_000_i64, Detail::Minutes), "-01:00");
        let moment: Timestamp = "2026-09-02T22:12:05Z".parse().unwrap();
        assert_eq!(
            show_zoned(moment, &TimeZone::get("Asia/Seoul").unwrap()),
            "2026-09-03 07:12:05 (Asia/Seoul)"
        );
    }
}
