//! Which column type a column of a result has.
//!
//! The driver tells a type by a name and a few rules; the length of a column and the digits behind
//! a decimal's point it keeps to itself. Where those matter, `digits` asks the server.

use rows::ColumnType;
use sqlx::mysql::{MySql, MySqlColumn, MySqlTypeInfo};
use sqlx::{Column, Type, TypeInfo};

/// How the values of a column arrive in the binary protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    /// One signed byte that is 0 or 1: `BOOLEAN`, which is `TINYINT(1)`.
    Boolean,
    Tiny,
    UnsignedTiny,
    Short,
    UnsignedShort,
    Long,
    UnsignedLong,
    Big,
    UnsignedBig,
    Float,
    Double,
    /// Digits as text.
    Decimal,
    Date,
    /// Wall time of the source's zone.
    Datetime,
    /// Wall time of the session's zone.
    Timestamp,
    Time,
    /// Up to 64 bits, the highest byte first.
    Bit,
    Text,
    Bytes,
    /// Never a value.
    Nothing,
}

/// Why no sheet shows a column, and what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TypeError {
    #[error("it holds a geometry; write ST_AsText(…)")]
    Geometry,
}

impl Wire {
    /// How a column arrives.
    ///
    /// # Errors
    /// For a type that no sheet shows.
    pub(super) fn of(column: &MySqlColumn) -> Result<Self, TypeError> {
        let kind = column.type_info();
        Ok(match kind.name() {
            "BOOLEAN" => Self::Boolean,
            "TINYINT" => Self::Tiny,
            "TINYINT UNSIGNED" => Self::UnsignedTiny,
            "SMALLINT" => Self::Short,
            "SMALLINT UNSIGNED" | "YEAR" => Self::UnsignedShort,
            "MEDIUMINT" | "INT" => Self::Long,
            "MEDIUMINT UNSIGNED" | "INT UNSIGNED" => Self::UnsignedLong,
            "BIGINT" => Self::Big,
            "BIGINT UNSIGNED" => Self::UnsignedBig,
            "FLOAT" => Self::Float,
            "DOUBLE" => Self::Double,
            "DECIMAL" => Self::Decimal,
            "DATE" => Self::Date,
            "DATETIME" => Self::Datetime,
            "TIMESTAMP" => Self::Timestamp,
            "TIME" => Self::Time,
            "BIT" => Self::Bit,
            "ENUM" | "SET" | "JSON" => Self::Text,
            "NULL" => Self::Nothing,
            "GEOMETRY" => {
                return Err(TypeError::Geometry);
            }
            _ if is_text(kind) => Self::Text,
            _ => Self::Bytes,
        })
    }

    /// Whether it is a day, alone or with a time.
    pub(super) fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Datetime | Self::Timestamp)
    }

    /// Whether it is a whole number that 32 bits hold with its sign.
    pub(super) fn is_narrow(self) -> bool {
        matches!(
            self,
            Self::Tiny | Self::UnsignedTiny | Self::Short | Self::UnsignedShort | Self::Long
        )
    }

    /// What the column holds. `scale` is the digits behind a decimal's point.
    pub(super) fn kind(self, scale: u8) -> ColumnType {
        match self {
            Self::Boolean => ColumnType::Boolean,
            Self::Tiny
            | Self::UnsignedTiny
            | Self::Short
            | Self::UnsignedShort
            | Self::Long
            | Self::UnsignedLong
            | Self::Big
            | Self::Bit => ColumnType::Integer,
            // Half of them do not fit 63 bits. Only a decimal holds all.
            Self::UnsignedBig => ColumnType::Decimal { scale: 0 },
            Self::Float | Self::Double => ColumnType::Float,
            Self::Decimal => ColumnType::Decimal { scale },
            Self::Date => ColumnType::Date,
            Self::Datetime | Self::Timestamp => ColumnType::Datetime,
            Self::Time => ColumnType::Time,
            Self::Text | Self::Nothing => ColumnType::Text,
            Self::Bytes => ColumnType::Binary,
        }
    }
}

/// Whether characters or bytes. The flag `BINARY` does not tell: it is also set for texts that are
/// compared byte by byte, such as those of `utf8mb4_bin`. The driver asks the collation.
fn is_text(kind: &MySqlTypeInfo) -> bool {
    <str as Type<MySql>>::compatible(kind)
}
