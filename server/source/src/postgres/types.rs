//! Which column type a PostgreSQL type means, and how its values are asked for.
//!
//! | type | column | |
//! | --- | --- | --- |
//! | `int2` `int4` `int8` `oid` `xid` | integer | |
//! | `numeric(p, s)` with p ≤ 38 | decimal of that scale | `NaN` is refused |
//! | other `numeric`, `money` | decimal of the scale its rows ask for | text when the first need more than 38 digits |
//! | `float4` `float8` | float | `NaN` and `Infinity` too; `float4` with the digits PostgreSQL prints |
//! | `bool` | boolean | |
//! | `text` `varchar` `char(n)` `name` `citext` enums `json` `jsonb` `uuid` | text | blanks that fill up `char(n)` are dropped, as in `::text` |
//! | `date` `time` | date, time | `infinity` and `24:00:00` are refused |
//! | `timestamp` `timestamptz` | datetime in the report's zone | `infinity` is refused |
//! | `bytea` | binary | |
//! | everything else: `interval` `timetz` `bit` `inet` `xml` arrays ranges multiranges records … | text as `::text` prints it | |
//!
//! A domain is what it is made of.

use rows::ColumnType;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgColumn, PgConnection, PgTypeKind};
use sqlx::{AssertSqlSafe, Column as _, Row, TypeInfo};

/// Fewest digits behind the point for a numeric without a scale: prices come.
pub(super) const USUAL_SCALE: u8 = 2;

/// How the binary values of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Bool,
    Int2,
    Int4,
    Int8,
    /// Unsigned 32 bits.
    Oid,
    Float4,
    Float8,
    /// With a scale, or one the rows decide.
    Numeric(Option<u8>),
    /// UTF-8.
    Text,
    /// UTF-8 filled up with blanks.
    Padded,
    /// One byte, then UTF-8.
    Jsonb,
    Uuid,
    Bytea,
    Date,
    Time,
    Timestamp,
    Timestamptz,
}

impl Wire {
    /// Whether it is a whole number of at most 32 bits.
    pub(super) fn is_narrow(&self) -> bool {
        matches!(self, Self::Int2 | Self::Int4)
    }

    /// The column type, as far as it is known without rows.
    pub(super) fn kind(self) -> ColumnType {
        match self {
            Self::Bool => ColumnType::Boolean,
            Self::Int2 | Self::Int4 | Self::Int8 | Self::Oid => ColumnType::Integer,
            Self::Float4 | Self::Float8 => ColumnType::Float,
            Self::Numeric(scale) => ColumnType::Decimal {
                scale: scale.unwrap_or(USUAL_SCALE),
            },
            Self::Text | Self::Padded | Self::Jsonb | Self::Uuid => ColumnType::Text,
            Self::Bytea => ColumnType::Binary,
            Self::Date => ColumnType::Date,
            Self::Time => ColumnType::Time,
            Self::Timestamp | Self::Timestamptz => ColumnType::Datetime,
        }
    }
}

/// One column of a prepared statement.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub name: String,
    pub wire: Wire,
    /// What it has to be cast to before we can read it.
    pub cast: Option<&'static str>,
}

/// The columns of a prepared statement, in order.
pub(super) async fn columns(
    connection: &mut PgConnection,
    columns: &[PgColumn],
) -> Result<Vec<Column>, sqlx::Error> {
    let mut decided: Vec<Column> = columns.iter().map(column).collect();
    let of_tables: Vec<(usize, Oid, i16)> = columns
        .iter()
        .enumerate()
        .filter(|(index, _)| decided[*index].wire == Wire::Numeric(None))
        .filter_map(|(index, column)| {
            Some((
                index,
                column.relation_id()?,
                column.relation_attribute_no()?,
            ))
        })
        .collect();
    if of_tables.is_empty() {
        return Ok(decided);
    }
    // The driver drops what the server says about precision and scale, so the catalogue is asked.
    // Three numbers of the server's own; nothing a person wrote.
    let asked: Vec<String> = of_tables
        .iter()
        .map(|(index, relation, attribute)| format!("({index}, {}::oid, {attribute})", relation.0))
        .collect();
    let sql = format!(
        "SELECT asked.column1::text, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END::text
         FROM (VALUES {}) AS asked
         JOIN pg_attribute a ON a.attrelid = asked.column2 AND a.attnum = asked.column3
         JOIN pg_type t ON t.oid = a.atttypid",
        asked.join(", ")
    );
    for row in sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await?
    {
        let number = |index: usize| -> Option<i32> {
            row.try_get_raw(index).ok()?.as_str().ok()?.parse().ok()
        };
        if let (Some(index), Some(modifier)) = (number(0), number(1))
            && let Some(column) = decided.get_mut(index as usize)
        {
            column.wire = Wire::Numeric(scale(modifier));
        }
    }
    Ok(decided)
}

fn column(column: &PgColumn) -> Column {
    let info = column.type_info();
    let (wire, cast) = match built_in(column) {
        Some(known) => known,
        // A label is sent as it is written.
        None if matches!(info.kind(), PgTypeKind::Enum(_)) => (Wire::Text, None),
        None if is_citext(info.name()) => (Wire::Text, None),
        None => (Wire::Text, Some("text")),
    };
    Column {
        name: column.name().to_owned(),
        wire,
        cast,
    }
}

/// A column of which nothing is known but the number of its type.
pub(super) fn unresolved(column: &PgColumn) -> Column {
    let (wire, cast) = built_in(column).unwrap_or((Wire::Text, Some("text")));
    Column {
        name: column.name().to_owned(),
        wire,
        cast,
    }
}

/// How a type is read whose number is the same in every database, and what it is cast to before.
fn built_in(column: &PgColumn) -> Option<(Wire, Option<&'static str>)> {
    Some(match column.type_info().oid().map(|oid| oid.0) {
        Some(16) => (Wire::Bool, None),
        Some(17) => (Wire::Bytea, None),
        Some(20) => (Wire::Int8, None),
        Some(21) => (Wire::Int2, None),
        Some(23) => (Wire::Int4, None),
        Some(26 | 28) => (Wire::Oid, None),
        Some(19 | 25 | 114 | 705 | 1043) => (Wire::Text, None),
        Some(700) => (Wire::Float4, None),
        Some(701) => (Wire::Float8, None),
        Some(790) => (Wire::Numeric(None), Some("numeric")),
        Some(1042) => (Wire::Padded, None),
        Some(1082) => (Wire::Date, None),
        Some(1083) => (Wire::Time, None),
        Some(1114) => (Wire::Timestamp, None),
        Some(1184) => (Wire::Timestamptz, None),
        Some(1700) => (Wire::Numeric(None), None),
        Some(2950) => (Wire::Uuid, None),
        Some(3802) => (Wire::Jsonb, None),
        _ => return None,
    })
}

/// An extension has another number in every database.
pub(super) fn is_citext(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    name.trim_matches('"').eq_ignore_ascii_case("citext")
}

/// The scale in a type modifier of `numeric`; `None` when there is none or we cannot hold it.
fn scale(modifier: i32) -> Option<u8> {
    let modifier = modifier.checked_sub(4).filter(|modifier| *modifier >= 0)?;
    let precision = modifier >> 16;
    // Eleven bits with a sign since PostgreSQL 15; before it the scale was at most 1000.
    let scale = ((modifier & 0x7ff) ^ 0x400) - 0x400;
    let digits = precision.max(scale) - scale.min(0);
    (digits <= 38).then_some(scale.max(0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modifier(precision: i32, scale: i32) -> i32 {
        ((precision << 16) | (scale & 0x7ff)) + 4
    }

    #[test]
    fn modifiers_tell_the_scale() {
        assert_eq!(scale(modifier(12, 2)), Some(2));
        assert_eq!(scale(modifier(38, 38)), Some(38));
        assert_eq!(scale(modifier(5, -3)), Some(0));
        assert_eq!(scale(modifier(3, 5)), Some(5));
        assert_eq!(scale(modifier(60, 2)), None);
        assert_eq!(scale(modifier(37, -3)), None);
        assert_eq!(scale(-1), None);
    }

    #[test]
    fn an_extension_type_is_known_by_its_name() {
        assert!(is_citext("citext"));
        assert!(is_citext("extensions.citext"));
        assert!(!is_citext("my_citext"));
    }
}
