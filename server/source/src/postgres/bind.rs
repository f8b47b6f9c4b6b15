//! Values on their way into a statement.
//!
//! PostgreSQL infers what a placeholder has to be from what it is compared with, and tells when the
//! statement is prepared. A value is sent as exactly that, in binary:
//!
//! - A moment is sent as it is to a `timestamptz`, and as wall time of the source's zone to a
//!   `timestamp`. To a `date` it is the first day that does not begin before it, so that half-open
//!   ranges are right for columns of days too.
//! - A day is midnight: of the report's zone for a `timestamptz`, as PostgreSQL itself would have it.
//! - Numbers become the type that is wanted, when they fit it exactly.
//! - What the server wants is never guessed at: where a value has no exact form, the message says
//!   what to write, most often `CAST(:name AS text)`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rows::{Exact, calendar};
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo, PgTypeKind};
use sqlx::{Arguments, Postgres, Type, TypeInfo};

use super::{numeric, types};
use crate::{Param, SourceError, cause, civil};

const EPOCH_DAYS: i32 = 10_957;

/// Days and microseconds from 1970 to 2000, where PostgreSQL's time begins.
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * calendar::DAY;

/// The zones values are converted with.
#[derive(Clone, Copy)]
pub(super) struct Zones<'z> {
    /// Of columns without one of their own.
    pub source: &'z TimeZone,
    /// Of the session, which is the report's.
    pub report: &'z TimeZone,
}

/// The values in the types the server wants.
///
/// # Errors
/// [`SourceError::Sql`] naming the placeholder and what to write.
pub(super) fn arguments(
    source: &str,
    params: &[Param],
    wanted: &[PgTypeInfo],
    zones: Zones<'_>,
) -> Result<PgArguments, SourceError> {
    if params.len() != wanted.len() {
        return Err(SourceError::internal(
            source,
            format!(
                "the statement has {} placeholders and {} values",
                wanted.len(),
                params.len()
            ),
        ));
    }
    let mut arguments = PgArguments::default();
    for (index, (param, wanted)) in params.iter().zip(wanted).enumerate() {
        let bytes = encode(param, wanted, zones).ok_or_else(|| {
            SourceError::sql(
                source,
                format!(
                    "value {} is {}, and the statement wants {} there; write {}",
                    index + 1,
                    kind_of(param),
                    wanted.name().to_lowercase(),
                    advice(param, wanted)
                ),
                None,
            )
        })?;
        let raw = Raw {
            kind: wanted.clone(),
            bytes,
        };
        // What the driver says of it may quote the value.
        arguments
            .add(raw)
            .map_err(|_| SourceError::internal(source, cause::ENCODING))?;
    }
    Ok(arguments)
}

/// A value in the bytes of its type.
struct Raw {
    kind: PgTypeInfo,
    bytes: Option<Vec<u8>>,
}

impl Type<Postgres> for Raw {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(705))
    }
}

impl Encode<'_, Postgres> for Raw {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let Some(bytes) = &self.bytes else {
            return Ok(IsNull::Yes);
        };
        buffer.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(self.kind.clone())
    }
}

/// The bytes of the value as the wanted type, `Some(None)` for no value, `None` when it has no
/// exact form there.
fn encode(param: &Param, wanted: &PgTypeInfo, zones: Zones<'_>) -> Option<Option<Vec<u8>>> {
    if *param == Param::Null {
        return Some(None);
    }
    let bytes = match (param, wanted.kind()) {
        (Param::List(values), PgTypeKind::Array(element)) => array(values, element, zones)?,
        (param, PgTypeKind::Domain(base)) => return encode(param, base, zones),
        _ => scalar(param, wanted, zones)?,
    };
    Some(Some(bytes))
}

fn scalar(param: &Param, wanted: &PgTypeInfo, zones: Zones<'_>) -> Option<Vec<u8>> {
    let text = |param| text(param, zones).map(String::into_bytes);
    match wanted.oid()?.0 {
        16 => boolean(param).map(|value| vec![u8::from(value)]),
        20 => Some(integer(param)?.to_be_bytes().to_vec()),
        21 => Some(i16::try_from(integer(param)?).ok()?.to_be_bytes().to_vec()),
        23 => Some(i32::try_from(integer(param)?).ok()?.to_be_bytes().to_vec()),
        26 => Some(u32::try_from(integer(param)?).ok()?.to_be_bytes().to_vec()),
        700 => Some((float(param)? as f32).to_be_bytes().to_vec()),
        701 => Some(float(param)?.to_be_bytes().to_vec()),
        1700 => decimal(param).map(|(mantissa, scale)| numeric::to_bytes(mantissa, scale)),
        1082 => {
            let days = day(param, zones)?.checked_sub(EPOCH_DAYS)?;
            Some(days.to_be_bytes().to_vec())
        }
        1083 => match param {
            Param::Text(text) => Some(civil::parse_time(text.as_bytes())?.to_be_bytes().to_vec()),
            _ => None,
        },
        1114 => moment_bytes(wall(param, zones)?),
        1184 => moment_bytes(moment(param, zones)?.as_microsecond()),
        2950 => match param {
            Param::Text(text) => uuid(text),
            _ => None,
        },
        3802 => Some([&[1], text(param)?.as_slice()].concat()),
        18 => text(param).filter(|bytes| bytes.len() == 1),
        19 | 25 | 114 | 705 | 1042 | 1043 => text(param),
        _ if matches!(wanted.kind(), PgTypeKind::Enum(_)) || types::is_citext(wanted.name()) => {
            text(param)
        }
        _ => None,
    }
}

fn array(values: &[Param], element: &PgTypeInfo, zones: Zones<'_>) -> Option<Vec<u8>> {
    let mut items = Vec::new();
    let mut has_null = false;
    for value in values {
        match encode(value, element, zones)? {
            Some(bytes) => {
                items.extend(i32::try_from(bytes.len()).ok()?.to_be_bytes());
                items.extend(bytes);
            }
            None => {
                has_null = true;
                items.extend((-1i32).to_be_bytes());
            }
        }
    }
    let dimensions = i32::from(!values.is_empty());
    let mut bytes = Vec::with_capacity(20 + items.len());
    bytes.extend(dimensions.to_be_bytes());
    bytes.extend(i32::from(has_null).to_be_bytes());
    bytes.extend(element.oid()?.0.to_be_bytes());
    if dimensions > 0 {
        bytes.extend(i32::try_from(values.len()).ok()?.to_be_bytes());
        // Arrays count from 1.
        bytes.extend(1i32.to_be_bytes());
    }
    bytes.extend(items);
    Some(bytes)
}

fn boolean(param: &Param) -> Option<bool> {
    match param {
        Param::Boolean(value) => Some(*value),
        Param::Integer(0) => Some(false),
        Param::Integer(1) => Some(true),
        // The words PostgreSQL takes in full; a choice is a text.
        Param::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "on" | "1" => Some(true),
            "false" | "f" | "no" | "off" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn decimal(param: &Param) -> Option<(i128, u8)> {
    match param {
        Param::Integer(value) => Some((i128::from(*value), 0)),
        Param::Decimal { mantissa, scale } => Some((*mantissa, *scale)),
        Param::Float(value) => from_text(&value.to_string()),
        Param::Text(text) => from_text(text.trim()),
        _ => None,
    }
}

fn from_text(text: &str) -> Option<(i128, u8)> {
    let exact = Exact::from_text(text.as_bytes())?;
    Some((exact.mantissa, u8::try_from(exact.scale).ok()?))
}

fn integer(param: &Param) -> Option<i64> {
    let (mantissa, scale) = decimal(param)?;
    let unit = 10i128.checked_pow(u32::from(scale))?;
    (mantissa % unit == 0).then_some(())?;
    i64::try_from(mantissa / unit).ok()
}

fn float(param: &Param) -> Option<f64> {
    match param {
        Param::Float(value) => Some(*value),
        Param::Integer(_) | Param::Decimal { .. } => digits(param)?.parse().ok(),
        Param::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn digits(param: &Param) -> Option<String> {
    let (mantissa, scale) = decimal(param)?;
    Some(Exact::new(mantissa, scale).plain())
}

fn text(param: &Param, zones: Zones<'_>) -> Option<String> {
    Some(match param {
        Param::Text(text) if text.contains('\0') => return None,
        Param::Text(text) => text.clone(),
        Param::Boolean(value) => value.to_string(),
        Param::Integer(_) | Param::Decimal { .. } => digits(param)?,
        Param::Float(value) => value.to_string(),
        Param::Date(day) => day.to_string(),
        // As `timestamp::text` prints it.
        Param::Instant(moment) => {
            let wall = zones.source.to_datetime(*moment).to_string();
            wall.replace('T', " ")
        }
        Param::Null | Param::List(_) => return None,
    })
}

/// Wall time of the source's zone in microseconds since 1970.
fn wall(param: &Param, zones: Zones<'_>) -> Option<i64> {
    match param {
        Param::Date(day) => Some(civil::from_datetime(day.at(0, 0, 0, 0))),
        Param::Instant(moment) => Some(civil::from_datetime(zones.source.to_datetime(*moment))),
        Param::Text(text) => {
            let written = civil::parse_datetime(text.trim().as_bytes())?;
            written
                .offset_seconds
                .is_none()
                .then(|| written.wall_micros())
        }
        _ => None,
    }
}

fn moment(param: &Param, zones: Zones<'_>) -> Option<Timestamp> {
    let of_wall = |wall: DateTime| {
        let ambiguous = zones.report.to_ambiguous_timestamp(wall);
        ambiguous.compatible().ok()
    };
    match param {
        Param::Instant(moment) => Some(*moment),
        Param::Date(day) => of_wall(day.at(0, 0, 0, 0)),
        Param::Text(text) => match text.trim().parse() {
            Ok(moment) => Some(moment),
            Err(_) => of_wall(civil::to_datetime(wall(param, zones)?)?),
        },
        _ => None,
    }
}

/// Days since 1970.
fn day(param: &Param, zones: Zones<'_>) -> Option<i32> {
    let of_day = |day: Date| {
        let days = civil::from_datetime(day.at(0, 0, 0, 0)) / calendar::DAY;
        i32::try_from(days).ok()
    };
    match param {
        Param::Date(day) => of_day(*day),
        Param::Instant(_) => {
            let wall = wall(param, zones)?;
            let begun =
                wall.div_euclid(calendar::DAY) + i64::from(wall.rem_euclid(calendar::DAY) > 0);
            i32::try_from(begun).ok()
        }
        Param::Text(text) => civil::parse_date(text.trim().as_bytes()),
        _ => None,
    }
}

fn moment_bytes(micros_since_1970: i64) -> Option<Vec<u8>> {
    let micros = micros_since_1970.checked_sub(EPOCH_MICROS)?;
    Some(micros.to_be_bytes().to_vec())
}

fn uuid(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, '-' | '{' | '}'))
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    (digits.len() == 32).then(|| {
        digits
            .chunks_exact(2)
            .map(|pair| (pair[0] * 16 + pair[1]) as u8)
            .collect()
    })
}

/// What a value is, without the value.
fn kind_of(param: &Param) -> &'static str {
    match param {
        Param::Null => "nothing",
        Param::Boolean(_) => "true or false",
        Param::Integer(_) => "a whole number",
        Param::Decimal { .. } | Param::Float(_) => "a number",
        Param::Text(_) => "a text",
        Param::Date(_) => "a day",
        Param::Instant(_) => "a moment",
        Param::List(_) => "a list",
    }
}

fn advice(param: &Param, wanted: &PgTypeInfo) -> &'static str {
    match param {
        Param::Integer(_) | Param::Decimal { .. } | Param::Float(_) => {
            "CAST(:name AS numeric), and ::TYPE behind it where needed"
        }
        Param::Date(_) => "CAST(:name AS date), and ::TYPE behind it where needed",
        Param::Instant(_) => "CAST(:name AS timestamptz), and ::TYPE behind it where needed",
        Param::List(_) if matches!(wanted.kind(), PgTypeKind::Array(_)) => {
            "= ANY(CAST(:name AS text[])::TYPE[])"
        }
        Param::List(_) => "column = ANY(:name)",
        _ => "CAST(:name AS text), and ::TYPE behind it where needed",
    }
}
