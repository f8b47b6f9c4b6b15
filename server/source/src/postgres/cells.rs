//! Binary values into typed columns, without a detour over a value type.
//!
//! Every value arrives as the bytes of its row. One match per cell decides what they are; nothing
//! is allocated but the columns themselves.

use rows::{Bytes, CHUNK_ROWS, ColumnData, ColumnType, Values, calendar, widened};

use crate::postgres::numeric::Numeric;
use crate::postgres::types::{USUAL_SCALE, Wire};
use crate::postgres::value_error::{TooManyDigits, ValueError};
use crate::zones::Zones;

/// Days from 1970-01-01 to 2000-01-01, where PostgreSQL's time begins.
const EPOCH_DAYS: i32 = 10_957;

/// The same in microseconds.
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * calendar::DAY;

/// Digits a numeric without a scale gets more than its first rows show, when they come from a
/// division: `avg` shows sixteen digits and up to eight more for small numbers.
const DIVISION_DIGITS: u32 = 8;

/// More digits than people type come from a division.
const TYPED_DIGITS: u32 = 10;

/// One column of the current chunk.
pub(super) enum Cells {
    Bool(Values<bool>),
    Int2(Values<i64>),
    Int4(Values<i64>),
    Int8(Values<i64>),
    Oid(Values<i64>),
    Float4(Values<f64>),
    Float8(Values<f64>),
    Numeric(Values<i128>, u8),
    /// A numeric without a scale, whose scale grows with its values.
    Growing(Values<i128>, u8, Digits),
    /// The first rows of a numeric without a scale, as they came.
    Undecided(Bytes),
    /// A numeric with more digits than a decimal holds.
    Printed(Bytes),
    Text(Bytes),
    Padded(Bytes),
    Jsonb(Bytes),
    Uuid(Bytes),
    Bytea(Bytes),
    Date(Values<i32>),
    Time(Values<i64>),
    Timestamp(Values<i64>),
    Timestamptz(Values<i64>),
}

impl Cells {
    pub(super) fn new(wire: Wire) -> Self {
        match wire {
            Wire::Bool => Self::Bool(values()),
            Wire::Int2 => Self::Int2(values()),
            Wire::Int4 => Self::Int4(values()),
            Wire::Int8 => Self::Int8(values()),
            Wire::Oid => Self::Oid(values()),
            Wire::Float4 => Self::Float4(values()),
            Wire::Float8 => Self::Float8(values()),
            Wire::Numeric(Some(scale)) => Self::Numeric(values(), scale),
            Wire::Numeric(None) => Self::Undecided(Bytes::default()),
            Wire::Text => Self::Text(Bytes::default()),
            Wire::Padded => Self::Padded(Bytes::default()),
            Wire::Jsonb => Self::Jsonb(Bytes::default()),
            Wire::Uuid => Self::Uuid(Bytes::default()),
            Wire::Bytea => Self::Bytea(Bytes::default()),
            Wire::Date => Self::Date(values()),
            Wire::Time => Self::Time(values()),
            Wire::Timestamp => Self::Timestamp(values()),
            Wire::Timestamptz => Self::Timestamptz(values()),
        }
    }

    /// Whether its type is known.
    pub(super) fn is_decided(&self) -> bool {
        !matches!(self, Self::Undecided(_))
    }

    /// Whether they are decimals whose type says no number of digits behind the point.
    pub(super) fn is_mixed(&self) -> bool {
        matches!(self, Self::Undecided(_) | Self::Growing(..))
    }

    /// Whether they are whole numbers of at most 32 bits.
    pub(super) fn is_narrow(&self) -> bool {
        matches!(self, Self::Int2(_) | Self::Int4(_))
    }

    /// The column type; that of an undecided column is a guess.
    pub(super) fn kind(&self) -> ColumnType {
        match self {
            Self::Bool(_) => ColumnType::Boolean,
            Self::Int2(_) | Self::Int4(_) | Self::Int8(_) | Self::Oid(_) => ColumnType::Integer,
            Self::Float4(_) | Self::Float8(_) => ColumnType::Float,
            Self::Numeric(_, scale) | Self::Growing(_, scale, _) => {
                ColumnType::Decimal { scale: *scale }
            }
            Self::Undecided(_) => ColumnType::Decimal { scale: USUAL_SCALE },
            Self::Printed(_) | Self::Text(_) | Self::Padded(_) | Self::Jsonb(_) | Self::Uuid(_) => {
                ColumnType::Text
            }
            Self::Bytea(_) => ColumnType::Binary,
            Self::Date(_) => ColumnType::Date,
            Self::Time(_) => ColumnType::Time,
            Self::Timestamp(_) | Self::Timestamptz(_) => ColumnType::Datetime,
        }
    }

    /// Adds the value of a row.
    ///
    /// # Errors
    /// What was found and what to write, when it does not fit the column.
    #[inline]
    pub(super) fn push(
        &mut self,
        cell: Option<&[u8]>,
        zones: &mut Zones,
    ) -> Result<(), ValueError> {
        let Some(bytes) = cell else {
            self.push_null();
            return Ok(());
        };
        match self {
            Self::Bool(values) => values.push(Some(bytes != [0])),
            Self::Int2(values) => values.push(Some(i64::from(i16::from_be_bytes(fixed(bytes)?)))),
            Self::Int4(values) => values.push(Some(i64::from(i32::from_be_bytes(fixed(bytes)?)))),
            Self::Int8(values) => values.push(Some(i64::from_be_bytes(fixed(bytes)?))),
            Self::Oid(values) => values.push(Some(i64::from(u32::from_be_bytes(fixed(bytes)?)))),
            Self::Float4(values) => values.push(Some(printed(f32::from_be_bytes(fixed(bytes)?)))),
            Self::Float8(values) => values.push(Some(f64::from_be_bytes(fixed(bytes)?))),
            Self::Numeric(values, scale) => {
                let numeric = Numeric::new(bytes).ok_or(ValueError::Malformed)?;
                let mantissa = numeric.at_scale(*scale);
                values.push(Some(mantissa.ok_or_else(|| misfit(numeric))?));
            }
            Self::Growing(values, scale, digits) => {
                let numeric = Numeric::new(bytes).ok_or(ValueError::Malformed)?;
                digits.note(numeric);
                match numeric.at_scale(*scale) {
                    Some(mantissa) => values.push(Some(mantissa)),
                    None => grow(values, scale, *digits, numeric)?,
                }
            }
            Self::Undecided(values) => values.push(Some(bytes)),
            Self::Printed(values) => {
                let numeric = Numeric::new(bytes).ok_or(ValueError::Malformed)?;
                values.push(Some(numeric.text().as_bytes()));
            }
            // Texts are checked by the chunk, see `Bytes::not_utf8`.
            Self::Text(values) => values.push(Some(bytes)),
            Self::Padded(values) => values.push(Some(bytes.trim_ascii_end_blanks())),
            Self::Jsonb(values) => values.push(Some(bytes.get(1..).unwrap_or_default())),
            Self::Uuid(values) => values.push(Some(&uuid(fixed(bytes)?))),
            Self::Bytea(values) => values.push(Some(bytes)),
            Self::Date(values) => match i32::from_be_bytes(fixed(bytes)?) {
                i32::MAX | i32::MIN => return Err(infinite("date", bytes)),
                days => values.push(Some(
                    days.checked_add(EPOCH_DAYS)
                        .ok_or(ValueError::DateOutOfRange)?,
                )),
            },
            Self::Time(values) => match i64::from_be_bytes(fixed(bytes)?) {
                micros if micros < calendar::DAY => values.push(Some(micros)),
                _ => {
                    return Err(ValueError::EndOfDay);
                }
            },
            Self::Timestamp(values) => values.push(Some(
                zones
                    .of_wall(moment(bytes)?)
                    .ok_or(ValueError::DateOutOfRange)?,
            )),
            Self::Timestamptz(values) => values.push(Some(
                zones
                    .of_moment(moment(bytes)?)
                    .ok_or(ValueError::DateOutOfRange)?,
            )),
        }
        Ok(())
    }

    fn push_null(&mut self) {
        match self {
            Self::Bool(values) => values.push(None),
            Self::Int2(values)
            | Self::Int4(values)
            | Self::Int8(values)
            | Self::Oid(values)
            | Self::Time(values)
            | Self::Timestamp(values)
            | Self::Timestamptz(values) => values.push(None),
            Self::Float4(values) | Self::Float8(values) => values.push(None),
            Self::Numeric(values, _) | Self::Growing(values, ..) => values.push(None),
            Self::Date(values) => values.push(None),
            Self::Undecided(values)
            | Self::Printed(values)
            | Self::Text(values)
            | Self::Padded(values)
            | Self::Jsonb(values)
            | Self::Uuid(values)
            | Self::Bytea(values) => values.push(None),
        }
    }

    /// Decides the type of a numeric without a scale by the rows so far, and reads them.
    ///
    /// # Errors
    /// The row of the chunk, from 0, and what was found there.
    pub(super) fn decide(&mut self, rows: usize) -> Result<(), (usize, ValueError)> {
        let Self::Undecided(held) = self else {
            return Ok(());
        };
        let held = std::mem::take(held);
        let mut digits = Digits::default();
        (0..rows)
            .filter_map(|row| Numeric::new(held.at(row)?))
            .for_each(|numeric| digits.note(numeric));
        *self = match digits.scale() {
            Some(scale) => Self::Growing(values(), scale, digits),
            None => Self::Printed(Bytes::default()),
        };
        // No date-times here, so any zone will do.
        let utc = jiff::tz::TimeZone::UTC;
        let mut zones = Zones::new(&utc, &utc);
        for row in 0..rows {
            self.push(held.at(row), &mut zones)
                .map_err(|error| (row, error))?;
        }
        Ok(())
    }

    /// The rows so far, and an empty column of the same type for the next ones.
    pub(super) fn take(&mut self) -> ColumnData {
        match self {
            Self::Bool(values) => ColumnData::Boolean(next(values)),
            Self::Int2(values) | Self::Int4(values) | Self::Int8(values) | Self::Oid(values) => {
                ColumnData::Integer(next(values))
            }
            Self::Float4(values) | Self::Float8(values) => ColumnData::Float(next(values)),
            Self::Numeric(values, scale) | Self::Growing(values, scale, _) => ColumnData::Decimal {
                mantissa: next(values),
                scale: *scale,
            },
            Self::Undecided(values)
            | Self::Printed(values)
            | Self::Text(values)
            | Self::Padded(values)
            | Self::Jsonb(values)
            | Self::Uuid(values) => ColumnData::Text(next_bytes(values)),
            Self::Bytea(values) => ColumnData::Binary(next_bytes(values)),
            Self::Date(values) => ColumnData::Date(next(values)),
            Self::Time(values) => ColumnData::Time(next(values)),
            Self::Timestamp(values) | Self::Timestamptz(values) => {
                ColumnData::Datetime(next(values))
            }
        }
    }
}

/// Digits of every value of a column so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Digits {
    /// Behind the point, as PostgreSQL prints them.
    shown: u32,
    /// Behind the point, without zeros at the end.
    needed: u32,
    /// Before the point.
    whole: u32,
}

impl Digits {
    #[inline]
    fn note(&mut self, numeric: Numeric<'_>) {
        if !numeric.is_number() {
            return;
        }
        let shown = numeric.shown_scale();
        self.shown = self.shown.max(shown);
        // No more are needed than are shown.
        if shown > self.needed {
            self.needed = self.needed.max(numeric.needed_scale());
        }
        self.whole = self.whole.max(numeric.whole_digits());
    }

    /// The scale that holds all of these and what is likely to follow; `None` when 38 digits are not
    /// enough.
    fn scale(self) -> Option<u8> {
        let shown = self.shown.max(u32::from(USUAL_SCALE));
        let room = 38u32.checked_sub(self.whole)?;
        let wanted = if shown > TYPED_DIGITS {
            shown + DIVISION_DIGITS
        } else {
            shown
        };
        // Zeros at the end are given up first.
        (self.needed <= room).then(|| wanted.min(room).max(self.needed) as u8)
    }
}

/// Adds a value that does not fit the scale so far, in the scale that holds every value.
#[cold]
fn grow(
    values: &mut Values<i128>,
    scale: &mut u8,
    digits: Digits,
    numeric: Numeric<'_>,
) -> Result<(), ValueError> {
    if !numeric.is_number() {
        return Err(misfit(numeric));
    }
    let misfit = || {
        ValueError::TooManyDigits(Box::new(TooManyDigits {
            number: numeric.text(),
            whole: digits.whole,
            behind: digits.needed,
        }))
    };
    let (grown, value) = digits
        .scale()
        .and_then(|scale| Some((scale, numeric.at_scale(scale)?)))
        .ok_or_else(misfit)?;
    let rows = values.data.len();
    let before = ColumnData::Decimal {
        mantissa: std::mem::take(values),
        scale: *scale,
    };
    let kind = ColumnType::Decimal { scale: grown };
    let Some(ColumnData::Decimal { mantissa, .. }) = widened(before, kind, rows) else {
        return Err(misfit());
    };
    (*values, *scale) = (mantissa, grown);
    values.push(Some(value));
    Ok(())
}

fn values<T>() -> Values<T> {
    Values {
        data: Vec::with_capacity(CHUNK_ROWS),
        valid: None,
    }
}

fn next<T>(held: &mut Values<T>) -> Values<T> {
    std::mem::replace(held, values())
}

/// The next chunk is likely to be as long as this one.
fn next_bytes(held: &mut Bytes) -> Bytes {
    let mut offsets = Vec::with_capacity(CHUNK_ROWS + 1);
    offsets.push(0);
    let empty = Bytes {
        bytes: Vec::with_capacity(held.bytes.len()),
        offsets,
        valid: None,
    };
    std::mem::replace(held, empty)
}

#[inline]
fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], ValueError> {
    bytes.try_into().map_err(|_| ValueError::Malformed)
}

trait Blanks {
    fn trim_ascii_end_blanks(&self) -> &Self;
}

impl Blanks for [u8] {
    /// Only blanks: that is what fills up a `char(n)`.
    fn trim_ascii_end_blanks(&self) -> &Self {
        let end = self.iter().rposition(|byte| *byte != b' ');
        &self[..end.map_or(0, |end| end + 1)]
    }
}

/// The double with the digits PostgreSQL prints: 0.1 stays 0.1 and does not become
/// 0.10000000149011612.
fn printed(value: f32) -> f64 {
    if value.is_finite() {
        value.to_string().parse().unwrap_or(f64::from(value))
    } else {
        f64::from(value)
    }
}

fn uuid(bytes: [u8; 16]) -> [u8; 36] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let mut at = 0;
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            at += 1;
        }
        text[at] = DIGITS[usize::from(byte >> 4)];
        text[at + 1] = DIGITS[usize::from(byte & 15)];
        at += 2;
    }
    text
}

/// Microseconds since 1970 of a `timestamp` or `timestamptz`.
#[inline]
fn moment(bytes: &[u8]) -> Result<i64, ValueError> {
    match i64::from_be_bytes(fixed(bytes)?) {
        i64::MAX | i64::MIN => Err(infinite("date and time", bytes)),
        micros => micros
            .checked_add(EPOCH_MICROS)
            .ok_or(ValueError::DateOutOfRange),
    }
}

fn infinite(holds: &'static str, bytes: &[u8]) -> ValueError {
    let sign = if bytes.first() == Some(&0x80) {
        "-"
    } else {
        ""
    };
    ValueError::Infinite { holds, sign }
}

fn misfit(numeric: Numeric<'_>) -> ValueError {
    let found = numeric.text().into();
    if numeric.is_number() {
        ValueError::NumberTooLong(found)
    } else {
        ValueError::NotANumber(found)
    }
}

#[cfg(test)]
mod tests {
    use super::super::numeric::to_bytes;
    use super::*;

    fn digits_of(numbers: &[(i128, u8)]) -> Digits {
        let bytes: Vec<_> = numbers.iter().map(|(m, s)| to_bytes(*m, *s)).collect();
        let mut digits = Digits::default();
        bytes
            .iter()
            .filter_map(|bytes| Numeric::new(bytes))
            .for_each(|numeric| digits.note(numeric));
        digits
    }

    #[test]
    fn the_first_rows_suggest_the_scale() {
        let scale_of = |numbers: &[(i128, u8)]| digits_of(numbers).scale();
        assert_eq!(scale_of(&[]), Some(2));
        assert_eq!(scale_of(&[(15, 1)]), Some(2));
        assert_eq!(scale_of(&[(1_999, 2), (12_345, 4)]), Some(4));
        // What a division left gets room for smaller numbers.
        assert_eq!(scale_of(&[(10i128.pow(16) / 3, 16)]), Some(24));
        // Whole digits go before zeros at the end.
        assert_eq!(scale_of(&[(10i128.pow(35), 2)]), Some(2));
        assert_eq!(scale_of(&[(10i128.pow(37), 2)]), Some(2));
        assert_eq!(scale_of(&[(10i128.pow(37), 0)]), Some(0));
    }

    #[test]
    fn a_scale_grows_and_gives_up_its_room_for_longer_numbers() {
        let mut cells = Cells::Undecided(Bytes::default());
        let utc = jiff::tz::TimeZone::UTC;
        let mut zones = Zones::new(&utc, &utc);
        let mut push = |cells: &mut Cells, mantissa, scale| {
            cells.push(Some(&to_bytes(mantissa, scale)), &mut zones)
        };
        push(&mut cells, 125, 2).unwrap();
        cells.decide(1).unwrap();
        push(&mut cells, 1, 7).unwrap();
        assert_eq!(cells.kind(), ColumnType::Decimal { scale: 7 });
        push(&mut cells, 3_333_333_333_333_333, 16).unwrap();
        assert_eq!(cells.kind(), ColumnType::Decimal { scale: 24 });
        // 20 digits before the point leave 18 of the 24.
        push(&mut cells, 10i128.pow(19), 0).unwrap();
        assert_eq!(cells.kind(), ColumnType::Decimal { scale: 18 });
        let error = push(&mut cells, 10i128.pow(30), 0).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("31 digits before the point and 16 behind"),
            "{error}"
        );
        let ColumnData::Decimal { mantissa, .. } = cells.take() else {
            panic!("not decimals")
        };
        assert_eq!(mantissa.data[..2], [125 * 10i128.pow(16), 10i128.pow(11)]);
    }

    #[test]
    fn a_uuid_is_written_in_five_groups() {
        let bytes = std::array::from_fn(|index| index as u8 * 17);
        assert_eq!(&uuid(bytes), b"00112233-4455-6677-8899-aabbccddeeff");
    }

    #[test]
    fn single_floats_keep_their_digits() {
        assert_eq!(printed(0.1), 0.1);
        assert_eq!(printed(16_777_216.0), 16_777_216.0);
        assert!(printed(f32::NAN).is_nan());
        assert_eq!(printed(f32::NEG_INFINITY), f64::NEG_INFINITY);
    }

    #[test]
    fn only_blanks_are_dropped_behind_a_char() {
        assert_eq!(b" a\t  ".as_slice().trim_ascii_end_blanks(), b" a\t");
        assert_eq!(b"   ".as_slice().trim_ascii_end_blanks(), b"");
    }
}
