//! Dates and timestamps of the Gregorian calendar, years 1 to 9999, by PostgreSQL's rules.
//!
//! Days and microseconds are counted from 1970-01-01. Every value of a column passes here, so days
//! become dates by arithmetic and nothing is allocated.

use crate::{Fault, SqlType};

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

/// A unit of time, or a part of a date, a timestamp or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
    DayOfWeek,
    IsoDayOfWeek,
    DayOfYear,
    IsoYear,
    Epoch,
    Julian,
}

impl Field {
    /// PostgreSQL's names, without its abbreviations.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "microsecond" | "microseconds" => Self::Microsecond,
            "millisecond" | "milliseconds" => Self::Millisecond,
            "second" | "seconds" => Self::Second,
            "minute" | "minutes" => Self::Minute,
            "hour" | "hours" => Self::Hour,
            "day" | "days" => Self::Day,
            "week" | "weeks" => Self::Week,
            "month" | "months" => Self::Month,
            "quarter" => Self::Quarter,
            "year" | "years" => Self::Year,
            "decade" | "decades" => Self::Decade,
            "century" | "centuries" => Self::Century,
            "millennium" | "millennia" => Self::Millennium,
            "dow" => Self::DayOfWeek,
            "isodow" => Self::IsoDayOfWeek,
            "doy" => Self::DayOfYear,
            "isoyear" => Self::IsoYear,
            "epoch" => Self::Epoch,
            "julian" => Self::Julian,
            _ => return None,
        })
    }

    /// Whether it is a part of a time of day.
    pub(crate) fn is_of_time(self) -> bool {
        matches!(
            self,
            Self::Microsecond | Self::Millisecond | Self::Second | Self::Minute | Self::Hour
        )
    }

    /// Whether something can be cut to it.
    pub(crate) fn is_unit(self) -> bool {
        !matches!(
            self,
            Self::DayOfWeek
                | Self::IsoDayOfWeek
                | Self::DayOfYear
                | Self::IsoYear
                | Self::Epoch
                | Self::Julian
        )
    }

    /// Whether PostgreSQL's `EXTRACT` knows it of such a value.
    pub(crate) fn is_part_of(self, kind: SqlType) -> bool {
        match kind {
            SqlType::Date => !self.is_of_time(),
            SqlType::Time => self.is_of_time() || self == Self::Epoch,
            // The Julian day of a timestamp has a fraction of many digits.
            SqlType::Timestamp => self != Self::Julian,
            _ => false,
        }
    }

    /// Digits behind the point of what `EXTRACT` gives.
    pub(crate) fn scale(self, kind: SqlType) -> u8 {
        match self {
            Self::Second => 6,
            Self::Millisecond => 3,
            Self::Epoch if kind != SqlType::Date => 6,
            _ => 0,
        }
    }

    /// A part of a day.
    fn of_day(self, days: i64) -> i64 {
        let civil = Civil::of(days);
        match self {
            Self::Day => civil.day,
            Self::Week => iso_week(days).1,
            Self::Month => civil.month,
            Self::Quarter => (civil.month - 1) / 3 + 1,
            Self::Year => civil.year,
            Self::Decade => civil.year.div_euclid(10),
            Self::Century => (civil.year + 99) / 100,
            Self::Millennium => (civil.year + 999) / 1_000,
            Self::DayOfWeek => weekday(days) % 7,
            Self::IsoDayOfWeek => weekday(days),
            Self::DayOfYear => day_of_year(days),
            Self::IsoYear => iso_week(days).0,
            Self::Epoch => days * 86_400,
            Self::Julian => days + JULIAN,
            Self::Microsecond | Self::Millisecond | Self::Second | Self::Minute | Self::Hour => 0,
        }
    }

    /// A part of a time of day, at the scale of what `EXTRACT` gives.
    fn of_time(self, micros: i64) -> i64 {
        match self {
            Self::Hour => micros / HOUR,
            Self::Minute => micros % HOUR / MINUTE,
            Self::Epoch => micros,
            _ => micros % MINUTE,
        }
    }

    /// What `EXTRACT` gives of a date.
    pub(crate) fn of_date(self, days: i32) -> i64 {
        self.of_day(i64::from(days))
    }

    /// What `EXTRACT` gives of a timestamp, at the scale of [`Field::scale`].
    pub(crate) fn of_timestamp(self, micros: i64) -> i64 {
        if self == Self::Epoch {
            micros
        } else if self.is_of_time() {
            self.of_time(micros.rem_euclid(DAY))
        } else {
            self.of_day(micros.div_euclid(DAY))
        }
    }

    /// What `EXTRACT` gives of a time of day, at the scale of [`Field::scale`].
    pub(crate) fn of_time_of_day(self, micros: i64) -> i64 {
        self.of_time(micros)
    }

    /// What `DATE_PART` gives for what `EXTRACT` gives.
    #[expect(clippy::cast_precision_loss, reason = "PostgreSQL loses it, too")]
    pub(crate) fn to_double(self, value: i64, kind: SqlType) -> f64 {
        let (seconds, micros) = ((value / SECOND) as f64, (value % SECOND) as f64);
        match self {
            Self::Second => seconds + micros / 1_000_000.0,
            Self::Millisecond => seconds * 1_000.0 + micros / 1_000.0,
            Self::Epoch if kind != SqlType::Date => value as f64 / 1_000_000.0,
            _ => value as f64,
        }
    }

    /// The first day of the unit a day is in.
    pub(crate) fn first_day(self, days: i64) -> Result<i32, Fault> {
        let civil = Civil::of(days);
        let year = |year: i64| {
            if year < 1 {
                return Err(Fault::Calendar);
            }
            Ok(first_of_year(year))
        };
        date(match self {
            Self::Week => days - weekday(days) + 1,
            Self::Month => first_of(civil.year, civil.month),
            Self::Quarter => first_of(civil.year, (civil.month - 1) / 3 * 3 + 1),
            Self::Year => first_of_year(civil.year),
            Self::Decade => year(civil.year / 10 * 10)?,
            Self::Century => year((civil.year + 99) / 100 * 100 - 99)?,
            Self::Millennium => year((civil.year + 999) / 1_000 * 1_000 - 999)?,
            _ => days,
        })
    }

    /// The beginning of the unit a timestamp is in.
    pub(crate) fn start(self, micros: i64) -> Result<i64, Fault> {
        let unit = match self {
            Self::Microsecond => return Ok(micros),
            Self::Millisecond => 1_000,
            Self::Second => SECOND,
            Self::Minute => MINUTE,
            Self::Hour => HOUR,
            _ => return Ok(i64::from(self.first_day(micros.div_euclid(DAY))?) * DAY),
        };
        Ok(micros - micros.rem_euclid(unit))
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    use super::super::format::{date_text, timestamp_text};
    use super::super::oracle::{Oracle, input};
    use super::*;

    fn some_days(seed: u64) -> Vec<i64> {
        let mut random = StdRng::seed_from_u64(seed);
        let edges = [FIRST_DAY, FIRST_DAY + 1, -1, 0, 1, LAST_DAY - 1, LAST_DAY];
        (0..1_200)
            .map(|place| match place % 3 {
                0 => random.random_range(FIRST_DAY..=LAST_DAY),
                // Around the turns of years and ends of February.
                1 => first_of_year(random.random_range(1..=9_999)) + random.random_range(0..10),
                _ => first_of(random.random_range(1..=9_999), 3) - random.random_range(0..4),
            })
            .chain(edges)
            .collect()
    }

    fn some_moments(seed: u64) -> Vec<i64> {
        let mut random = StdRng::seed_from_u64(seed);
        some_days(seed)
            .into_iter()
            .map(|day| {
                let time = match random.random_range(0..3) {
                    0 => random.random_range(0..24) * HOUR,
                    _ => random.random_range(0..DAY),
                };
                day * DAY + time
            })
            .collect()
    }

    const FIELDS: [&str; 18] = [
        "microseconds",
        "milliseconds",
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "decade",
        "century",
        "millennium",
        "dow",
        "isodow",
        "doy",
        "isoyear",
        "epoch",
    ];

    fn decimal(field: Field, value: i64, kind: SqlType) -> String {
        super::super::numeric::text(value.into(), field.scale(kind))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn dates_have_the_parts_postgresql_sees() {
        let inputs: Vec<_> = some_days(6)
            .into_iter()
            .map(|day| input(date_text(date(day).unwrap()), day, ""))
            .collect();
        let day = |i: &[String; 3]| i[1].parse::<i64>().unwrap();
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("$1::date - date '1970-01-01'", &inputs, |i| {
                Ok(day(i).to_string())
            })
            .await;
        for name in FIELDS.into_iter().chain(["julian"]) {
            let field = Field::named(name).unwrap();
            oracle
                .agrees(&format!("extract({name} FROM $1::date)"), &inputs, |i| {
                    if !field.is_part_of(SqlType::Date) {
                        return Err(Fault::Calendar);
                    }
                    let value = field.of_date(date(day(i))?);
                    Ok(decimal(field, value, SqlType::Date))
                })
                .await;
            if field.is_unit() {
                // Years before the first are outside.
                let expression = format!(
                    "SELECT at::date FROM date_trunc('{name}', $1::date::timestamp) AS cut (at)
                     WHERE at >= '0001-01-01' OR 1 / (at > '0001-01-01')::int = 1"
                );
                oracle
                    .agrees(&expression, &inputs, |i| {
                        Ok(date_text(field.first_day(day(i))?))
                    })
                    .await;
            }
        }
        oracle
            .agrees(
                "(date_trunc('month', $1::date) + interval '1 month' - interval '1 day')::date",
                &inputs,
                |i| Ok(date_text(last_day(day(i))?)),
            )
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn timestamps_have_the_parts_postgresql_sees() {
        let inputs: Vec<_> = some_moments(7)
            .into_iter()
            .map(|at| input(timestamp_text(at), at, ""))
            .collect();
        let at = |i: &[String; 3]| i[1].parse::<i64>().unwrap();
        let mut oracle = Oracle::new().await;
        for name in FIELDS {
            let field = Field::named(name).unwrap();
            oracle
                .agrees(
                    &format!("extract({name} FROM $1::timestamp)"),
                    &inputs,
                    |i| {
                        Ok(decimal(
                            field,
                            field.of_timestamp(at(i)),
                            SqlType::Timestamp,
                        ))
                    },
                )
                .await;
            oracle
                .agrees(
                    &format!("date_part('{name}', $1::timestamp)"),
                    &inputs,
                    |i| {
                        let value = field.to_double(field.of_timestamp(at(i)), SqlType::Timestamp);
                        Ok(super::super::format::double_text(value))
                    },
                )
                .await;
            if field.is_unit() {
                let expression = format!(
                    "SELECT at FROM date_trunc('{name}', $1::timestamp) AS cut (at)
                     WHERE at >= '0001-01-01' OR 1 / (at > '0001-01-01')::int = 1"
                );
                oracle
                    .agrees(&expression, &inputs, |i| {
                        Ok(timestamp_text(field.start(at(i))?))
                    })
                    .await;
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn times_of_day_have_the_parts_postgresql_sees() {
        let inputs: Vec<_> = some_moments(8)
            .into_iter()
            .map(|at| at.rem_euclid(DAY))
            .map(|at| input(super::super::format::time_text(at), at, ""))
            .collect();
        let at = |i: &[String; 3]| i[1].parse::<i64>().unwrap();
        let mut oracle = Oracle::new().await;
        for name in FIELDS {
            let field = Field::named(name).unwrap();
            if field.is_part_of(SqlType::Time) {
                oracle
                    .agrees(&format!("extract({name} FROM $1::time)"), &inputs, |i| {
                        Ok(decimal(field, field.of_time_of_day(at(i)), SqlType::Time))
                    })
                    .await;
                oracle
                    .agrees(&format!("date_part('{name}', $1::time)"), &inputs, |i| {
                        let value = field.to_double(field.of_time_of_day(at(i)), SqlType::Time);
                        Ok(super::super::format::double_text(value))
                    })
                    .await;
            } else {
                oracle
                    .agrees(
                        &format!("extract({name} FROM $1::time)"),
                        &inputs[..1],
                        |_| Err(Fault::Calendar),
                    )
                    .await;
            }
        }
    }

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
