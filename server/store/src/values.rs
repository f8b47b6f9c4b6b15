//! How values of ours stand in columns, the same on both databases.
//!
//! Columns are BIGINT, TEXT and BOOLEAN. SQLite has no truth values of its own and `sqlx::Any`
//! takes none from it, so a BOOLEAN is written as `TRUE` or bound as `bool` but read as a number:
//! `CASE WHEN paused THEN 1 ELSE 0 END`.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyRow, AnyTypeInfo, AnyValueRef};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Any, Decode, Encode, FromRow, Row, Type};

use jiff::Timestamp;
use lang::{RunState, Step};

/// A time, as milliseconds since 1970 in UTC. What is finer is cut off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Millis(pub(crate) Timestamp);

/// [`Millis`] that may be NULL.
pub(crate) struct OptionalMillis(Option<Timestamp>);

impl Type<Any> for Millis {
    fn type_info() -> AnyTypeInfo {
        <i64 as Type<Any>>::type_info()
    }

    fn compatible(ty: &AnyTypeInfo) -> bool {
        <i64 as Type<Any>>::compatible(ty)
    }
}

impl Encode<'_, Any> for Millis {
    fn encode_by_ref(
        &self,
        buffer: &mut <Any as sqlx::Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Any>::encode(self.0.as_millisecond(), buffer)
    }
}

impl<'r> Decode<'r, Any> for Millis {
    fn decode(value: AnyValueRef<'r>) -> Result<Self, BoxDynError> {
        let ms = <i64 as Decode<'r, Any>>::decode(value)?;
        Ok(Self(Timestamp::from_millisecond(ms)?))
    }
}

impl Type<Any> for OptionalMillis {
    fn type_info() -> AnyTypeInfo {
        <i64 as Type<Any>>::type_info()
    }

    fn compatible(ty: &AnyTypeInfo) -> bool {
        <i64 as Type<Any>>::compatible(ty)
    }
}

impl<'r> Decode<'r, Any> for OptionalMillis {
    fn decode(value: AnyValueRef<'r>) -> Result<Self, BoxDynError> {
        let time = Option::<Millis>::decode(value)?;
        Ok(Self(time.map(Timestamp::from)))
    }
}

impl From<Millis> for Timestamp {
    fn from(time: Millis) -> Self {
        time.0
    }
}

impl From<OptionalMillis> for Option<Timestamp> {
    fn from(time: OptionalMillis) -> Self {
        time.0
    }
}

/// A duration in whole milliseconds, as statements reckon with it.
pub(crate) fn whole_millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A truth value that was selected as 1 or 0.
#[derive(Clone, Copy, sqlx::Type)]
#[sqlx(transparent)]
pub(crate) struct Flag(i64);

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.0 != 0
    }
}

/// An enum as its word: whoever owns the enum converts it, by `Display` and `FromStr`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<T>(pub(crate) T);

/// A [`Word`] that may be NULL.
pub(crate) struct OptionalWord<T>(Option<T>);

impl<T> Type<Any> for Word<T> {
    fn type_info() -> AnyTypeInfo {
        <str as Type<Any>>::type_info()
    }
}

impl<T: fmt::Display> Encode<'_, Any> for Word<T> {
    fn encode_by_ref(
        &self,
        buffer: &mut <Any as sqlx::Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        Encode::<Any>::encode(self.0.to_string(), buffer)
    }
}

impl<'r, T> Decode<'r, Any> for Word<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    fn decode(value: AnyValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<&str as Decode<'r, Any>>::decode(value)?.parse()?))
    }
}

impl<T> Type<Any> for OptionalWord<T> {
    fn type_info() -> AnyTypeInfo {
        <str as Type<Any>>::type_info()
    }
}

impl<'r, T> Decode<'r, Any> for OptionalWord<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    fn decode(value: AnyValueRef<'r>) -> Result<Self, BoxDynError> {
        let word = Option::<Word<T>>::decode(value)?;
        Ok(Self(word.map(|word| word.0)))
    }
}

impl From<Word<RunState>> for RunState {
    fn from(word: Word<RunState>) -> Self {
        word.0
    }
}

impl From<OptionalWord<Step>> for Option<Step> {
    fn from(word: OptionalWord<Step>) -> Self {
        word.0
    }
}

/// A row that cannot be read, such as one with a word of a later version.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the row `{id}`")]
struct UnreadableRow {
    id: String,
    #[source]
    source: sqlx::Error,
}

/// Reads a row with an `id`, which an error names. For `try_map`.
pub(crate) fn named<T>(row: AnyRow) -> Result<T, sqlx::Error>
where
    T: for<'r> FromRow<'r, AnyRow>,
{
    T::from_row(&row).map_err(|source| {
        let id = row.try_get("id").unwrap_or_default();
        sqlx::Error::Decode(Box::new(UnreadableRow { id, source }))
    })
}
