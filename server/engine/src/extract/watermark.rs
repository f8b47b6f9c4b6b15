//! What `:incremental.since` stands for: the newest value seen so far, or the smallest there is.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use polars::prelude::*;
use report::Bind;
use rows::ColumnType;
use rust_decimal::Decimal;
use source::Dialect;

use crate::EngineError;
use crate::stage::{Answer, StageFile, stage_error};

/// Before the year 1, whose first day often means "never", and one day into a year, so that
/// converting it to any zone stays inside.
const FIRST_DAY: Date = date(0, 1, 2);

/// Two days after the first one PostgreSQL knows, so that converting it to any zone stays inside.
const FIRST_DAY_OF_POSTGRES: Date = date(-4713, 11, 26);

/// A value no other of its type is below; `None` where nothing can be newest.
pub(super) fn smallest(kind: ColumnType, dialect: Dialect) -> Option<Bind> {
    let first_day = match dialect {
        Dialect::Postgres => FIRST_DAY_OF_POSTGRES,
        Dialect::Sqlite | Dialect::Mysql => FIRST_DAY,
    };
    match kind {
        ColumnType::Integer => Some(Bind::Integer(i64::MIN)),
        // Every number is above the smallest integer but for values no clock or counter gives.
        ColumnType::Decimal { .. } | ColumnType::Float => Some(Bind::Integer(i64::MIN)),
        ColumnType::Text => Some(Bind::Text(String::new())),
        ColumnType::Date => Some(Bind::Date(first_day)),
        ColumnType::Datetime => first_day
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|day| Bind::Instant(day.timestamp())),
        ColumnType::Boolean | ColumnType::Time | ColumnType::Duration | ColumnType::Binary => None,
    }
}

/// Whether `lookback` means something for a column of this type.
pub(super) fn can_look_back(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Date | ColumnType::Datetime)
}

/// The newest value of a column minus `lookback`, never above what the source itself holds;
/// `None` when the file has none.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn newest(
    file: &StageFile,
    column: &str,
    lookback: Option<&Span>,
    zone: &TimeZone,
) -> Result<Option<Bind>, EngineError> {
    let failed = |error| stage_error("read", &file.path, error);
    let frame = Answer::from(file.clone())
        .scan()
        .and_then(|rows| {
            rows.select([col(PlSmallStr::from_str(column)).max()])
                .collect()
        })
        .map_err(failed)?;
    let value = frame
        .columns()
        .first()
        .map(|values| values.get(0))
        .transpose()
        .map_err(failed)?;
    Ok(value.and_then(|value| bind(&value, lookback, zone)))
}

fn bind(value: &AnyValue<'_>, lookback: Option<&Span>, zone: &TimeZone) -> Option<Bind> {
    Some(match value {
        AnyValue::Int64(value) => Bind::Integer(*value),
        // Rounded down: a few rows are read twice, none is missed.
        AnyValue::Float64(value) => Bind::Integer(value.floor() as i64),
        AnyValue::Decimal(mantissa, _, scale) => decimal(*mantissa, *scale),
        AnyValue::String(text) => Bind::Text((*text).to_owned()),
        AnyValue::StringOwned(text) => Bind::Text(text.to_string()),
        AnyValue::Date(days) => {
            // Beyond the last day of the calendar there is nothing to bind; a few rows are read twice.
            let span = Span::new().try_days(*days).ok();
            let day = span.and_then(|span| date(1970, 1, 1).checked_add(span).ok());
            let day = day.unwrap_or(if *days > 0 { Date::MAX } else { FIRST_DAY });
            let day = match lookback {
                // A lookback in hours begins a day earlier.
                Some(span) => DateTime::from(day)
                    .checked_sub(*span)
                    .map_or(FIRST_DAY, DateTime::date),
                None => day,
            };
            Bind::Date(day.max(FIRST_DAY))
        }
        AnyValue::Datetime(micros, ..) | AnyValue::DatetimeOwned(micros, ..) => {
            Bind::Instant(instant(*micros, lookback, zone)?)
        }
        _ => return None,
    })
}

/// The moment behind wall time of the report's zone. Where a clock showed it twice, the earlier one.
fn instant(micros: i64, lookback: Option<&Span>, zone: &TimeZone) -> Option<Timestamp> {
    let first = FIRST_DAY.to_zoned(TimeZone::UTC).ok()?.timestamp();
    // The usual "no end" lies behind the last moment; from there on everything is read again.
    let (beyond, edge) = match micros > 0 {
        true => (Timestamp::MAX, Timestamp::MAX),
        false => (Timestamp::MIN, first),
    };
    let wall = Timestamp::from_microsecond(micros).unwrap_or(beyond);
    let wall = TimeZone::UTC.to_datetime(wall);
    let moment = zone.to_ambiguous_timestamp(wall).earlier().unwrap_or(edge);
    let moment = match lookback {
        Some(span) => moment
            .to_zoned(zone.clone())
            .checked_sub(*span)
            .map_or(first, |moment| moment.timestamp()),
        None => moment,
    };
    Some(moment.max(first))
}

/// A decimal of more digits than are bound exactly is rounded down.
fn decimal(mantissa: i128, scale: usize) -> Bind {
    let exact = u32::try_from(scale)
        .ok()
        .and_then(|scale| Decimal::try_from_i128_with_scale(mantissa, scale).ok());
    match exact {
        Some(value) => Bind::Decimal(value),
        None => {
            let unit = 10_i128.checked_pow(u32::try_from(scale).unwrap_or(u32::MAX));
            let whole = mantissa.div_euclid(unit.unwrap_or(i128::MAX));
            let least = i128::from(i64::MIN);
            let most = i128::from(i64::MAX);
            Bind::Integer(i64::try_from(whole.clamp(least, most)).unwrap_or(i64::MIN))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    fn seoul() -> TimeZone {
        TimeZone::get("Asia/Seoul").unwrap()
    }

    fn micros(wall: &str) -> i64 {
        let wall: DateTime = wall.parse().unwrap();
        let moment = wall.to_zoned(TimeZone::UTC).unwrap();
        moment.timestamp().as_microsecond()
    }

    fn at(wall: &str, lookback: Option<Span>, zone: &TimeZone) -> String {
        instant(micros(wall), lookback.as_ref(), zone)
            .unwrap()
            .to_string()
    }

    #[test]
    fn the_smallest_value_has_the_columns_type() {
        assert_eq!(
            smallest(ColumnType::Integer, Dialect::Mysql),
            Some(Bind::Integer(i64::MIN))
        );
        assert_eq!(
            smallest(ColumnType::Text, Dialect::Mysql),
            Some(Bind::Text(String::new()))
        );
        assert!(matches!(
            smallest(ColumnType::Datetime, Dialect::Mysql),
            Some(Bind::Instant(_))
        ));
        assert_eq!(smallest(ColumnType::Binary, Dialect::Mysql), None);
    }

    #[test]
    fn a_moment_comes_back_from_wall_time_minus_the_lookback() {
        let wall = "2026-03-01T09:30:00.25";
        assert_eq!(at(wall, None, &seoul()), "2026-03-01T00:30:00.25Z");
        assert_eq!(
            at(wall, Some(1.hour()), &seoul()),
            "2026-02-28T23:30:00.25Z"
        );
        assert_eq!(at(wall, Some(1.day()), &seoul()), "2026-02-28T00:30:00.25Z");
        assert_eq!(
            at(wall, Some(9000.years()), &seoul()),
            "0000-01-02T00:00:00Z"
        );
    }

    #[test]
    fn what_has_no_end_is_never_passed() {
        let last = "9999-12-30T22:00:00.999999999Z";
        let no_end = "9999-12-31T23:59:59.999999";
        assert_eq!(
            at("9999-12-30T22:00:00", None, &TimeZone::UTC),
            "9999-12-30T22:00:00Z"
        );
        for zone in ["UTC", "Asia/Seoul", "America/New_York"] {
            let zone = TimeZone::get(zone).unwrap();
            let moment = instant(253_402_300_799_999_999, None, &zone).unwrap();
            assert!(moment.to_string().as_str() <= last, "{no_end}: {moment}");
            assert!(moment.to_string().starts_with("9999-12-30"), "{moment}");
            assert_eq!(
                instant(i64::MAX, None, &zone).unwrap().to_string()[..4],
                *"9999"
            );
        }
        let day = |days| bind(&AnyValue::Date(days), None, &TimeZone::UTC);
        assert_eq!(day(i32::MAX), Some(Bind::Date(Date::MAX)));
    }

    #[test]
    fn wall_time_that_was_shown_twice_is_the_earlier_moment() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(
            at("2026-10-25T02:30:00", None, &berlin),
            "2026-10-25T00:30:00Z"
        );
    }

    #[test]
    fn a_value_is_never_rounded_up() {
        let zone = TimeZone::UTC;
        let of = |value: AnyValue<'_>, lookback: Option<Span>| {
            bind(&value, lookback.as_ref(), &zone).unwrap()
        };
        assert_eq!(of(AnyValue::Float64(-1.5), None), Bind::Integer(-2));
        assert_eq!(
            of(AnyValue::Decimal(1_250, 38, 2), None),
            Bind::Decimal("12.50".parse().unwrap())
        );
        let long = 10_i128.pow(37) + 9;
        assert_eq!(
            of(AnyValue::Decimal(-long, 38, 30), None),
            Bind::Integer(-10_000_001)
        );
        assert_eq!(
            of(AnyValue::Date(20_000), Some(1.hour())),
            Bind::Date(date(2024, 10, 3))
        );
        assert_eq!(
            of(AnyValue::Date(20_000), None),
            Bind::Date(date(2024, 10, 4))
        );
    }
}
