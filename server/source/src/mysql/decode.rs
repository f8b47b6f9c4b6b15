//! Raw bytes of a row into typed columns. Whatever does not fit is refused with what to write.
//!
//! The bytes are those of the binary protocol:
//! <https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html>

use jiff::tz::{AmbiguousOffset, TimeZone};
use rows::{ColumnData, Exact, calendar};

use super::clock::Clock;
use super::types::Wire;
use super::value_error::ValueError;
use crate::civil;
use crate::zones::Zones;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// Turns the values of one column into its type.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    pub wire: Wire,
    zones: Zones,
    /// Zone of the session, for columns of type `TIMESTAMP`.
    clock: Clock,
    /// The source's zone when the report's is another: then a time the clocks repeat matters.
    repeats: Option<TimeZone>,
}

impl Decoder {
    pub(super) fn new(wire: Wire, clock: Clock, source: &TimeZone, report: &TimeZone) -> Self {
        Self {
            wire,
            zones: Zones::new(source, report),
            clock,
            repeats: (source != report).then(|| source.clone()),
        }
    }

    /// Adds a value to the column, or an absent one.
    ///
    /// # Errors
    /// What was found and what to write, when it does not fit.
    #[inline]
    pub(super) fn push(
        &mut self,
        bytes: Option<&[u8]>,
        column: &mut ColumnData,
    ) -> Result<(), ValueError> {
        let Some(bytes) = bytes else {
            column.push_null();
            return Ok(());
        };
        match column {
            ColumnData::Integer(values) => values.push(Some(self.integer(bytes)?)),
            ColumnData::Decimal { mantissa, scale } => {
                mantissa.push(Some(self.mantissa(bytes, *scale)?));
            }
            // Checked by the chunk, see `Bytes::not_utf8`.
            ColumnData::Text(values) if self.wire == Wire::Text => values.push(Some(bytes)),
            ColumnData::Datetime(values) => values.push(Some(self.datetime(bytes)?)),
            ColumnData::Date(values) if self.wire == Wire::Date => {
                values.push(Some(Moment::read(bytes)?.days()?));
            }
            ColumnData::Float(values) => values.push(Some(self.float(bytes)?)),
            ColumnData::Boolean(values) => values.push(Some(self.boolean(bytes)?)),
            // A column of times becomes one of lengths before its first length arrives here.
            ColumnData::Time(values) | ColumnData::Duration(values) if self.wire == Wire::Time => {
                values.push(Some(length(bytes)?));
            }
            ColumnData::Binary(values) if matches!(self.wire, Wire::Bytes | Wire::Text) => {
                values.push(Some(bytes));
            }
            _ => return Err(ValueError::OtherType),
        }
        Ok(())
    }

    #[inline]
    fn integer(&self, bytes: &[u8]) -> Result<i64, ValueError> {
        Ok(match self.wire {
            Wire::Big => i64::from_le_bytes(fixed(bytes)?),
            Wire::Long => i32::from_le_bytes(fixed(bytes)?).into(),
            Wire::UnsignedLong => u32::from_le_bytes(fixed(bytes)?).into(),
            Wire::Short => i16::from_le_bytes(fixed(bytes)?).into(),
            Wire::UnsignedShort => u16::from_le_bytes(fixed(bytes)?).into(),
            Wire::Tiny | Wire::Boolean => i8::from_le_bytes(fixed(bytes)?).into(),
            Wire::UnsignedTiny => u8::from_le_bytes(fixed(bytes)?).into(),
            Wire::UnsignedBig => {
                let value = u64::from_le_bytes(fixed(bytes)?);
                i64::try_from(value).map_err(|_| ValueError::IntegerTooLarge(value))?
            }
            Wire::Bit => {
                let bits = bytes
                    .iter()
                    .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
                i64::try_from(bits).map_err(|_| ValueError::IntegerTooLarge(bits))?
            }
            _ => return Err(ValueError::OtherType),
        })
    }

    #[inline]
    fn mantissa(&self, bytes: &[u8], scale: u8) -> Result<i128, ValueError> {
        match self.wire {
            Wire::Decimal => digits(bytes, scale),
            Wire::UnsignedBig if scale == 0 => Ok(u64::from_le_bytes(fixed(bytes)?).into()),
            Wire::UnsignedBig => {
                let value = u64::from_le_bytes(fixed(bytes)?).to_string();
                digits(value.as_bytes(), scale)
            }
            _ => Exact::from(self.integer(bytes)?)
                .at_scale(scale)
                .ok_or(ValueError::OtherType),
        }
    }

    fn float(&self, bytes: &[u8]) -> Result<f64, ValueError> {
        match self.wire {
            Wire::Double => Ok(f64::from_le_bytes(fixed(bytes)?)),
            Wire::Float => Ok(widened(f32::from_le_bytes(fixed(bytes)?))),
            _ => Err(ValueError::OtherType),
        }
    }

    fn boolean(&self, bytes: &[u8]) -> Result<bool, ValueError> {
        match self.integer(bytes)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(ValueError::NotBoolean(other)),
        }
    }

    #[inline]
    fn datetime(&mut self, bytes: &[u8]) -> Result<i64, ValueError> {
        let moment = Moment::read(bytes)?;
        let wall = i64::from(moment.days()?) * calendar::DAY + moment.micros;
        let shown = match (self.wire, &self.clock) {
            (Wire::Datetime, _) => self.zones.of_wall(wall),
            (Wire::Timestamp, Clock::Fixed { seconds }) => {
                let moment = wall - i64::from(*seconds) * SECOND;
                self.zones.of_moment(moment)
            }
            (Wire::Timestamp, Clock::Named(_)) => {
                if self.is_repeated(wall) {
                    return Err(ValueError::AmbiguousTime);
                }
                self.zones.of_wall(wall)
            }
            _ => return Err(ValueError::OtherType),
        };
        shown.ok_or(ValueError::YearOutOfRange)
    }

    /// Whether the clocks show this wall time twice, and it matters which of them is meant.
    fn is_repeated(&self, wall: i64) -> bool {
        self.repeats.as_ref().is_some_and(|zone| {
            civil::to_datetime(wall).is_some_and(|wall| {
                let seen = zone.to_ambiguous_timestamp(wall);
                matches!(seen.offset(), AmbiguousOffset::Fold { .. })
            })
        })
    }
}

/// A date and time as the protocol has it: as many parts as are not zero.
struct Moment {
    year: u16,
    month: u8,
    day: u8,
    /// Since midnight.
    micros: i64,
}

impl Moment {
    #[inline]
    fn read(bytes: &[u8]) -> Result<Self, ValueError> {
        let (length, parts) = bytes.split_first().ok_or(ValueError::OtherType)?;
        let (date, time) = match (*length, parts) {
            (0, []) => ([0; 4], [].as_slice()),
            (4 | 7 | 11, [y1, y2, month, day, time @ ..]) => ([*y1, *y2, *month, *day], time),
            _ => return Err(ValueError::OtherType),
        };
        Ok(Self {
            year: u16::from_le_bytes([date[0], date[1]]),
            month: date[2],
            day: date[3],
            micros: micros(time)?,
        })
    }

    #[inline]
    fn days(&self) -> Result<i32, ValueError> {
        let Self {
            year, month, day, ..
        } = *self;
        calendar::days(year.into(), month.into(), day.into()).ok_or(ValueError::NotADay {
            year,
            month,
            day,
        })
    }
}

/// Hours, minutes, seconds and microseconds, as far as they are there.
#[inline]
fn micros(time: &[u8]) -> Result<i64, ValueError> {
    let (clock, fraction) = match time {
        [] => return Ok(0),
        [hour, minute, second] => ([*hour, *minute, *second], 0),
        [hour, minute, second, fraction @ ..] => (
            [*hour, *minute, *second],
            u32::from_le_bytes(fixed(fraction)?),
        ),
        _ => return Err(ValueError::OtherType),
    };
    let [hour, minute, second] = clock.map(i64::from);
    Ok(((hour * 60 + minute) * 60 + second) * SECOND + i64::from(fraction))
}

/// Whether a value is too long, or too short, for a time of day: `TIME` is also a length of time in
/// MySQL, up to 838 hours and back.
pub(super) fn is_length_of_time(bytes: &[u8]) -> bool {
    length(bytes).is_ok_and(|micros| !(0..calendar::DAY).contains(&micros))
}

/// Microseconds of a `TIME`.
fn length(bytes: &[u8]) -> Result<i64, ValueError> {
    let (is_negative, days, time) = match bytes {
        [0] => (false, 0, [].as_slice()),
        [8 | 12, sign, d1, d2, d3, d4, time @ ..] => {
            (*sign != 0, u32::from_le_bytes([*d1, *d2, *d3, *d4]), time)
        }
        _ => return Err(ValueError::OtherType),
    };
    let micros = i64::from(days) * calendar::DAY + micros(time)?;
    Ok(if is_negative { -micros } else { micros })
}

/// Digits of a decimal at a scale. The server writes exactly that many behind the point, so the
/// way through text is for the rest only.
#[inline]
fn digits(bytes: &[u8], scale: u8) -> Result<i128, ValueError> {
    let (is_negative, unsigned) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    // 18 digits and a point never overflow.
    if unsigned.len() <= 19 {
        let (mut mantissa, mut behind, mut is_behind) = (0u64, 0u8, false);
        for byte in unsigned {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa
                        .wrapping_mul(10)
                        .wrapping_add(u64::from(byte - b'0'));
                    behind += u8::from(is_behind);
                }
                b'.' => is_behind = true,
                _ => return Err(ValueError::OtherType),
            }
        }
        if behind == scale {
            let mantissa = i128::from(mantissa);
            return Ok(if is_negative { -mantissa } else { mantissa });
        }
    }
    let exact = Exact::from_text(bytes).and_then(|exact| exact.at_scale(scale));
    exact.ok_or_else(|| ValueError::DecimalTooLong {
        number: String::from_utf8_lossy(bytes).into(),
        scale,
    })
}

/// The double people mean by a single: the one with the same shortest digits. 0.1 as a single is
/// 0.100000001490116… as a double, which is not what anybody stored.
fn widened(single: f32) -> f64 {
    single.to_string().parse().unwrap_or(f64::from(single))
}

#[inline]
fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], ValueError> {
    bytes.try_into().map_err(|_| ValueError::OtherType)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_exact_at_any_length() {
        assert_eq!(digits(b"19.99", 2), Ok(1999));
        assert_eq!(digits(b"-0.01", 2), Ok(-1));
        assert_eq!(digits(b"5", 2), Ok(500));
        assert_eq!(
            digits(b"999999999999999999", 0),
            Ok(999_999_999_999_999_999)
        );
        assert_eq!(
            digits(b"9999999999999999999", 0),
            Ok(9_999_999_999_999_999_999)
        );
        let most = "9".repeat(38);
        assert_eq!(digits(most.as_bytes(), 0), Ok(most.parse().unwrap()));
        assert!(digits("9".repeat(39).as_bytes(), 0).is_err());
        assert!(digits(b"1.234", 2).is_err());
    }

    #[test]
    fn singles_become_the_doubles_people_mean() {
        assert_eq!(widened(0.1), 0.1);
        assert_eq!(widened(16_777_216.0), 16_777_216.0);
        assert_eq!(widened(f32::MAX), 3.4028235e38);
    }
}
