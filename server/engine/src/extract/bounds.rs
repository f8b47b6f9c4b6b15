//! The bounds of partitioned and incremental blocks.
//!
//! Nothing is kept between runs yet: a partitioned block is one slice over its whole period, and an
//! incremental block begins at the smallest value there is.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use report::{Bind, BindError, Block, BlockKind, Slice, Value};
use source::{ColumnType, Source};

use super::convert;
use crate::EngineError;
use crate::pipeline::Pipeline;

/// What `:partition.from` and `:partition.until` stand for; `None` for blocks without partitions.
pub(super) fn slice(pipeline: &Pipeline<'_>, block: &Block) -> Result<Option<Slice>, EngineError> {
    let BlockKind::Extract {
        partition: Some(partition),
        ..
    } = &block.kind
    else {
        return Ok(None);
    };
    let Some(Value::Period { from, until }) = pipeline.values.get(&partition.over) else {
        let source = BindError::Missing {
            block: block.name.clone(),
            name: partition.over.clone(),
        };
        return Err(EngineError::Bind {
            block: block.name.clone(),
            source,
        });
    };
    let zone = &pipeline.report.timezone;
    Ok(Some(Slice {
        from: midnight(*from, zone)?,
        until: midnight(*until, zone)?,
    }))
}

/// What `:incremental.since` stands for; `None` for blocks without increments.
///
/// Its type is that of the named result column, which the source tells without running anything.
pub(super) async fn since(
    pipeline: &Pipeline<'_>,
    block: &Block,
    source: &Arc<dyn Source>,
) -> Result<Option<Bind>, EngineError> {
    let BlockKind::Extract {
        incremental: Some(incremental),
        ..
    } = &block.kind
    else {
        return Ok(None);
    };
    let bind_error = |source| EngineError::Bind {
        block: block.name.clone(),
        source,
    };
    let dialect = convert::dialect(source.dialect());
    let statement = block
        .bind(
            pipeline.report,
            dialect,
            pipeline.values,
            None,
            Some(&Bind::Null),
        )
        .map_err(bind_error)?;
    let columns = source
        .describe(&statement.sql)
        .await
        .map_err(|error| super::source_error(block, source.name(), error))?;
    let kind = columns
        .iter()
        .find(|column| column.name == incremental.column)
        .map(|column| column.kind);
    match kind {
        Some(kind) => smallest(kind)
            .map(Some)
            .ok_or_else(|| EngineError::ColumnType {
                block: block.name.clone(),
                column: incremental.column.clone(),
                kind: format!("{kind:?}"),
            }),
        None => Err(bind_error(BindError::Missing {
            block: block.name.clone(),
            name: format!(
                "incremental.since (there is no column {})",
                incremental.column
            ),
        })),
    }
}

/// A value no other of its type is below; `None` where nothing can be newest.
fn smallest(kind: ColumnType) -> Option<Bind> {
    // One day into the calendar, so that converting it to any zone stays inside.
    const FIRST_DAY: Date = date(1, 1, 2);
    match kind {
        ColumnType::Integer => Some(Bind::Integer(i64::MIN)),
        // Every number is above the smallest integer but for values no clock or counter gives.
        ColumnType::Decimal { .. } | ColumnType::Float => Some(Bind::Integer(i64::MIN)),
        ColumnType::Text => Some(Bind::Text(String::new())),
        ColumnType::Date => Some(Bind::Date(FIRST_DAY)),
        ColumnType::Datetime => FIRST_DAY
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|day| Bind::Instant(day.timestamp())),
        ColumnType::Boolean | ColumnType::Time | ColumnType::Binary => None,
    }
}

fn midnight(day: Date, zone: &TimeZone) -> Result<Timestamp, EngineError> {
    day.to_zoned(zone.clone())
        .map(|midnight| midnight.timestamp())
        .map_err(|error| EngineError::Internal {
            what: format!("{day} does not exist in the report's zone: {error}"),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_reports_zone() {
        let seoul = TimeZone::get("Asia/Seoul").unwrap();
        let begin = midnight(date(2026, 3, 1), &seoul).unwrap();
        assert_eq!(begin.to_string(), "2026-02-28T15:00:00Z");
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_after_the_gap() {
        let beirut = TimeZone::get("Asia/Beirut").unwrap();
        let begin = midnight(date(2026, 3, 29), &beirut).unwrap();
        assert_eq!(begin.to_string(), "2026-03-28T22:00:00Z");
    }

    #[test]
    fn the_smallest_value_has_the_columns_type() {
        assert_eq!(smallest(ColumnType::Integer), Some(Bind::Integer(i64::MIN)));
        assert_eq!(smallest(ColumnType::Text), Some(Bind::Text(String::new())));
        assert!(matches!(
            smallest(ColumnType::Datetime),
            Some(Bind::Instant(_))
        ));
        assert_eq!(smallest(ColumnType::Binary), None);
    }
}
