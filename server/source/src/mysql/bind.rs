//! Values on their way into a statement, each with its own type.
//!
//! The server is told the type of every value. A decimal bound as text would be compared as a
//! double, and a moment bound as text would be one in some expressions and a text in others.
//!
//! A moment is written as wall time of the source's zone. That is what zone-less columns hold, and
//! it is also what the server compares columns of type `TIMESTAMP` with, because the clock of the
//! session runs in the source's zone; see `clock`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rows::Exact;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::mysql::{MySql, MySqlArguments, MySqlRow, MySqlTypeInfo};
use sqlx::{Arguments, Column, Encode, Row, Type};

use crate::{Param, SourceError, cause};

/// The types the driver has no constructor for, as columns of a first answer have them.
#[derive(Clone, Debug)]
pub(super) struct Kinds {
    decimal: MySqlTypeInfo,
    datetime: MySqlTypeInfo,
    date: MySqlTypeInfo,
}

impl Kinds {
    /// What to select for [`Kinds::of`], in this order.
    pub(super) const SELECTED: &str = "CAST(0 AS DECIMAL(65, 30)) AS a_decimal, \
         CAST('2000-01-01' AS DATETIME(6)) AS a_datetime, CAST('2000-01-01' AS DATE) AS a_date";

    /// The types of three columns, the first of which is at `first`.
    pub(super) fn of(row: &MySqlRow, first: usize) -> Self {
        let kind = |index: usize| row.column(first + index).type_info().clone();
        Self {
            decimal: kind(0),
            datetime: kind(1),
            date: kind(2),
        }
    }
}

/// All values of a statement.
///
/// # Errors
/// [`SourceError::Internal`] for a list: the server knows no arrays.
pub(super) fn arguments(
    source: &str,
    params: &[Param],
    kinds: &Kinds,
    zone: &TimeZone,
) -> Result<MySqlArguments, SourceError> {
    let failed = |message: String| SourceError::internal(source, message);
    let mut arguments = MySqlArguments::default();
    for param in params {
        let added = match param {
            Param::Null => arguments.add(None::<&str>),
            Param::Boolean(value) => arguments.add(*value),
            Param::Integer(value) => arguments.add(*value),
            Param::Float(value) => arguments.add(*value),
            Param::Text(value) => arguments.add(value.as_str()),
            Param::Decimal { mantissa, scale } => {
                arguments.add(Bound::decimal(*mantissa, *scale, kinds))
            }
            Param::Date(value) => arguments.add(Bound::date(*value, kinds)),
            Param::Instant(value) => arguments.add(Bound::moment(*value, zone, kinds)),
            Param::List(_) => {
                let message = "a list was bound as one value, which MySQL does not know";
                return Err(failed(message.to_owned()));
            }
        };
        // What the driver says of it may quote the value.
        added.map_err(|_| failed(cause::ENCODING.to_owned()))?;
    }
    Ok(arguments)
}

/// As many absent values as a statement has placeholders, to look at its columns without values.
pub(super) fn nothing(placeholders: usize) -> Result<MySqlArguments, BoxDynError> {
    let mut arguments = MySqlArguments::default();
    for _ in 0..placeholders {
        arguments.add(None::<&str>)?;
    }
    Ok(arguments)
}

/// A value as the protocol wants it.
/// <https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html>
struct Bound {
    kind: MySqlTypeInfo,
    bytes: Vec<u8>,
}

impl Bound {
    fn decimal(mantissa: i128, scale: u8, kinds: &Kinds) -> Self {
        let digits = Exact::new(mantissa, scale).plain();
        // A length below 251 is one byte, and an i128 with a scale of up to 255 is not longer
        // than 250 characters unless the scale is beyond anything a decimal has.
        let length = u8::try_from(digits.len().min(250)).unwrap_or(250);
        let mut bytes = vec![length];
        bytes.extend_from_slice(&digits.as_bytes()[..usize::from(length)]);
        Self {
            kind: kinds.decimal.clone(),
            bytes,
        }
    }

    fn date(date: Date, kinds: &Kinds) -> Self {
        let mut bytes = vec![4];
        push_date(&mut bytes, date);
        Self {
            kind: kinds.date.clone(),
            bytes,
        }
    }

    fn moment(moment: Timestamp, zone: &TimeZone, kinds: &Kinds) -> Self {
        let wall: DateTime = zone.to_datetime(moment);
        let mut bytes = vec![11];
        push_date(&mut bytes, wall.date());
        // A civil time has 0 to 23 hours and so on: all of it fits.
        bytes.extend([wall.hour(), wall.minute(), wall.second()].map(|part| part as u8));
        let micros = wall.subsec_nanosecond() as u32 / 1_000;
        bytes.extend(micros.to_le_bytes());
        Self {
            kind: kinds.datetime.clone(),
            bytes,
        }
    }
}

fn push_date(bytes: &mut Vec<u8>, date: Date) {
    // A year before 0 would be one far in the future, which compares the wrong way round.
    let year = u16::try_from(date.year()).unwrap_or(0);
    bytes.extend(year.to_le_bytes());
    bytes.extend([date.month() as u8, date.day() as u8]);
}

impl Type<MySql> for Bound {
    fn type_info() -> MySqlTypeInfo {
        // Every value says its own; see `produces`.
        <str as Type<MySql>>::type_info()
    }
}

impl Encode<'_, MySql> for Bound {
    fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
        buffer.extend_from_slice(&self.bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<MySqlTypeInfo> {
        Some(self.kind.clone())
    }
}
