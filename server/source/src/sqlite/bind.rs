//! Values on their way into a statement.
//!
//! SQLite has no dates and no decimals, so every value becomes what compares correctly with what
//! tables hold:
//!
//! - A moment is written as wall time in the source's zone. At midnight only the day is written:
//!   `'2026-02-01'` sorts before `'2026-02-01 00:00:00'`, so half-open ranges are right for columns
//!   that hold days and for columns that hold days with times. Zeros at the end of a fraction are
//!   left out for the same reason.
//! - A decimal becomes an integer or a double, never text. Text compares exactly with a column
//!   of numeric affinity, but `price * 2 > '19.99'` would compare a number with a text, and any
//!   text is larger. A double of at most 15 digits is the same double SQLite made of the same
//!   digits when it stored them. Only decimals with more digits are bound as text, which a
//!   numeric column still converts by its own rules.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rows::Exact;

use super::statement::Bound;
use crate::{Param, SourceError};

/// What SQLite gets for a value.
pub(super) fn bound(name: &str, param: &Param, zone: &TimeZone) -> Result<Bound, SourceError> {
    Ok(match param {
        Param::Null => Bound::Null,
        Param::Boolean(value) => Bound::Integer(i64::from(*value)),
        Param::Integer(value) => Bound::Integer(*value),
        Param::Decimal { mantissa, scale } => number(*mantissa, *scale),
        Param::Float(value) => Bound::Real(*value),
        Param::Text(value) => Bound::Text(value.clone()),
        Param::Date(value) => Bound::Text(value.to_string()),
        Param::Instant(value) => Bound::Text(moment(*value, zone)),
        Param::List(_) => {
            return Err(SourceError::internal(
                name,
                "a list was bound as one value, which SQLite does not know",
            ));
        }
    })
}

fn number(mantissa: i128, scale: u8) -> Bound {
    let text = Exact::new(mantissa, scale).plain();
    let exact = Exact::from_text(text.as_bytes());
    if let Some(integer) = exact
        .filter(|exact| exact.scale == 0)
        .and_then(|exact| i64::try_from(exact.mantissa).ok())
    {
        return Bound::Integer(integer);
    }
    let few_digits = exact.is_some_and(|exact| exact.mantissa.unsigned_abs() < 10u128.pow(15));
    match text.parse() {
        Ok(real) if few_digits => Bound::Real(real),
        _ => Bound::Text(text),
    }
}

fn moment(value: Timestamp, zone: &TimeZone) -> String {
    let wall = zone.to_datetime(value);
    let day = wall.strftime("%Y-%m-%d").to_string();
    let micros = wall.subsec_nanosecond() / 1_000;
    if wall.hour() == 0 && wall.minute() == 0 && wall.second() == 0 && micros == 0 {
        return day;
    }
    let time = wall.strftime("%H:%M:%S");
    if micros == 0 {
        return format!("{day} {time}");
    }
    let fraction = format!("{micros:06}");
    format!("{day} {time}.{}", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul(text: &str) -> String {
        moment(text.parse().unwrap(), &TimeZone::get("Asia/Seoul").unwrap())
    }

    #[test]
    fn midnight_of_the_source_is_a_day() {
        assert_eq!(seoul("2026-01-31T15:00:00Z"), "2026-02-01");
    }

    #[test]
    fn other_moments_have_no_more_digits_than_needed() {
        assert_eq!(seoul("2026-01-31T15:00:01Z"), "2026-02-01 00:00:01");
        assert_eq!(seoul("2026-01-31T15:00:00.250Z"), "2026-02-01 00:00:00.25");
    }

    #[test]
    fn decimals_are_numbers_while_doubles_hold_them() {
        assert_eq!(number(1999, 2), Bound::Real(19.99));
        assert_eq!(number(-5, 3), Bound::Real(-0.005));
        assert_eq!(number(2_000, 3), Bound::Integer(2));
        assert_eq!(number(0, 2), Bound::Integer(0));
        assert_eq!(
            number(1_234_567_890_123_456_789, 2),
            Bound::Text("12345678901234567.89".to_owned())
        );
    }
}
