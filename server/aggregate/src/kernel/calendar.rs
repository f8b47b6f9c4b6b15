//! Dates and timestamps of the Gregorian calendar, years 1 to 9999, by PostgreSQL's rules.
//!
//! Days and microseconds are counted from 1970-01-01. Every value of a column passes here, so days
//! become dates by arithmetic and nothing is allocated.

mod field;
#[cfg(test)]
mod samples;

pub(crate) use field::Field;

use crate::Fault;

/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;
/// Microseconds of a minute.
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Microseconds of a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// 0001-01-01.
const FIRST_DAY: i64 = -719_162;
/// 9999-12-31.
const LAST_DAY: i64 = 2_932_896;
/// 1970-01-01 in Julian days.
const JULIAN: i64 = 2_440_588;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: i64,
    /// 1 to 31.
    pub(crate) day: i64,
}

impl Civil {
    /// The day of that number (Howard Hinnant's `civil_from_days`).
    pub(crate) fn of(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
        }
    }

    /// The number of the day (`days_from_civil`).
    pub(crate) fn days(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted_month = (self.month + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day, if there is one: not February 30.
    pub(crate) fn checked(year: i64, month: i64, day: i64) -> Option<Self> {
        let is_date = (1..=9_999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=month_length(year, month)).contains(&day);
        is_date.then_some(Self { year, month, day })
    }

    /// The same day of a later month, or its last day where there is none.
    fn plus_months(self, months: i64) -> Self {
        let count = (self.year * 12 + self.month - 1).saturating_add(months);
        // Far beyond the calendar in any case; the day numbers stay small.
        let count = count.clamp(-12_000_000, 12_000_000);
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        Self {
            year,
            month,
            day: self.day.min(month_length(year, month)),
        }
    }
}

/// Days of a month.
pub(crate) fn month_length(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// A day of the calendar as a column holds it.
pub(crate) fn date(days: i64) -> Result<i32, Fault> {
    if !(FIRST_DAY..=LAST_DAY).contains(&days) {
        return Err(Fault::Calendar);
    }
    i32::try_from(days).map_err(|_| Fault::Calendar)
}

/// A timestamp of the calendar.
pub(crate) fn timestamp(micros: i64) -> Result<i64, Fault> {
    date(micros.div_euclid(DAY)).map(|_| micros)
}

/// A timestamp from a day and the time of it.
pub(crate) fn joined(days: i64, micros: i64) -> Result<i64, Fault> {
    days.checked_mul(DAY)
        .and_then(|start| start.checked_add(micros))
        .ok_or(Fault::Calendar)
        .and_then(timestamp)
}

/// A timestamp so much later: months first, then days, then time, as PostgreSQL adds an interval.
pub(crate) fn add_interval(at: i64, months: i64, days: i64, micros: i64) -> Result<i64, Fault> {
    let (mut day, time) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    if months != 0 {
        day = Civil::of(day).plus_months(months).days();
    }
    let time = time.checked_add(micros).ok_or(Fault::Calendar)?;
    joined(day.checked_add(days).ok_or(Fault::Calendar)?, time)
}

/// A date so many days later.
pub(crate) fn add_days(day: i32, days: i64) -> Result<i32, Fault> {
    i64::from(day)
        .checked_add(days)
        .ok_or(Fault::Calendar)
        .and_then(date)
}

/// The date of a year, a month and a day.
pub(crate) fn make_date(year: i64, month: i64, day: i64) -> Result<i32, Fault> {
    if !(1..=9_999).contains(&year) {
        return Err(Fault::Calendar);
    }
    let civil = Civil::checked(year, month, day);
    let civil = civil.ok_or(Fault::Argument("there is no such day"))?;
    date(civil.days())
}

/// The last day of the month.
pub(crate) fn last_day(days: i64) -> Result<i32, Fault> {
    let mut civil = Civil::of(days);
    civil.day = month_length(civil.year, civil.month);
    date(civil.days())
}

/// Day of the week: 1 is Monday, 7 is Sunday.
pub(crate) fn weekday(days: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (days + 3).rem_euclid(7) + 1
}

/// Day of the year, from 1.
pub(crate) fn day_of_year(days: i64) -> i64 {
    let year = Civil::of(days).year;
    days - first_of_year(year) + 1
}

fn first_of_year(year: i64) -> i64 {
    first_of(year, 1)
}

fn first_of(year: i64, month: i64) -> i64 {
    Civil {
        year,
        month,
        day: 1,
    }
    .days()
}

/// Year and week of ISO 8601: a week belongs to the year of its Thursday.
pub(crate) fn iso_week(days: i64) -> (i64, i64) {
    let thursday = days - weekday(days) + 4;
    let year = Civil::of(thursday).year;
    (year, (thursday - first_of_year(year)) / 7 + 1)
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::super::format::{date_text, timestamp_text};
    use super::super::oracle::{Oracle, input};
    use super::samples::some_moments;
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn intervals_are_added_as_in_postgresql() {
        let mut random = StdRng::seed_from_u64(9);
        let inputs: Vec<_> = some_moments(9)
            .into_iter()
            .map(|at| {
                let months = random.random_range(-30..=30);
                let days = random.random_range(-40..=40);
                let micros = random.random_range(-3 * DAY..=3 * DAY);
                input(
                    timestamp_text(at),
                    at,
                    format!("{months} mons {days} days {micros} us"),
                )
            })
            .collect();
        let expression = "SELECT at FROM (VALUES ($1::timestamp + $3::interval)) AS later (at)
            WHERE at >= '0001-01-01' AND at < '10000-01-01' OR 1 / (at = '0001-01-01')::int = 1";
        let mut oracle = Oracle::new().await;
        oracle
            .agrees(expression, &inputs, |i| {
                let parts: Vec<i64> = i[2]
                    .split(' ')
                    .filter_map(|part| part.parse().ok())
                    .collect();
                let at = i[1].parse().unwrap();
                add_interval(at, parts[0], parts[1], parts[2]).map(timestamp_text)
            })
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_days_of_the_calendar_are_made() {
        let mut inputs = Vec::new();
        for year in [1, 1_900, 2_000, 2_023, 2_024, 9_999] {
            for month in 0..=13 {
                for day in [-1, 0, 1, 28, 29, 30, 31, 32] {
                    inputs.push(input(year, month, day));
                }
            }
        }
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("make_date($1::int, $2::int, $3::int)", &inputs, |i| {
                let [year, month, day] = [0, 1, 2].map(|place| i[place].parse().unwrap());
                make_date(year, month, day).map(date_text)
            })
            .await;
    }

    #[test]
    fn what_leaves_the_calendar_is_a_fault() {
        assert_eq!(add_days(2_932_896, 1), Err(Fault::Calendar));
        assert_eq!(add_days(0, i64::MAX), Err(Fault::Calendar));
        assert_eq!(add_interval(0, i64::MIN, 0, 0), Err(Fault::Calendar));
        assert_eq!(add_interval(0, 0, i64::MAX, 0), Err(Fault::Calendar));
        assert_eq!(add_interval(1, 0, 0, i64::MAX), Err(Fault::Calendar));
    }
}
