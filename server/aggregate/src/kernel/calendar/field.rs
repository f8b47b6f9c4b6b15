//! Units of time, and parts of dates and times.

use super::{
    Civil, DAY, HOUR, JULIAN, MINUTE, SECOND, date, day_of_year, first_of, first_of_year, iso_week,
    weekday,
};
use crate::{Fault, SqlType};

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
    use super::super::last_day;
    use super::super::samples::{some_days, some_moments};
    use super::*;
    use crate::kernel::format::{date_text, timestamp_text};
    use crate::kernel::oracle::{Oracle, input};

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
        crate::kernel::numeric::text(value.into(), field.scale(kind))
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
                        Ok(crate::kernel::format::double_text(value))
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
            .map(|at| input(crate::kernel::format::time_text(at), at, ""))
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
                        Ok(crate::kernel::format::double_text(value))
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
}
