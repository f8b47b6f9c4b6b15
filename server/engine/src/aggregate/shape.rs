//! Brings what Polars answers with to the column kinds of a stage.

use polars::prelude::*;
use source::ColumnInfo;

use crate::{EngineError, columns};

/// The same rows with staged column types, and those columns.
///
/// # Errors
/// [`EngineError::ColumnType`] for lists, structs and spans of time.
pub(super) fn for_stage(
    frame: DataFrame,
    block: &str,
) -> Result<(DataFrame, Vec<ColumnInfo>), EngineError> {
    let failed = |source| EngineError::Aggregate {
        block: block.to_owned(),
        source,
    };
    let height = frame.height();
    let mut shaped = Vec::with_capacity(frame.width());
    let mut infos = Vec::with_capacity(frame.width());
    for column in frame.columns() {
        let series = series(column.as_materialized_series()).map_err(failed)?;
        let kind = columns::kind(series.dtype()).ok_or_else(|| EngineError::ColumnType {
            block: block.to_owned(),
            column: column.name().to_string(),
            kind: column.dtype().to_string(),
        })?;
        infos.push(ColumnInfo {
            name: column.name().to_string(),
            kind,
        });
        shaped.push(series.into_column());
    }
    Ok((DataFrame::new(height, shaped).map_err(failed)?, infos))
}

fn series(series: &Series) -> PolarsResult<Series> {
    match series.dtype() {
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => series.cast(&DataType::Int64),
        // Counts fit; sums of huge unsigned numbers stay exact as decimals without a point.
        DataType::UInt64 | DataType::Int128 | DataType::UInt128 => {
            series.strict_cast(&DataType::Int64).or_else(|_| {
                series.strict_cast(&columns::dtype(source::ColumnType::Decimal { scale: 0 }))
            })
        }
        DataType::Float16 | DataType::Float32 => series.cast(&DataType::Float64),
        DataType::Decimal(_, scale) => {
            let scale = u8::try_from(*scale).unwrap_or(u8::MAX);
            series.strict_cast(&columns::dtype(source::ColumnType::Decimal { scale }))
        }
        DataType::Datetime(_, None) => series.cast(&columns::dtype(source::ColumnType::Datetime)),
        // A zoned moment is shown as wall time of its zone, as everything in a stage is.
        DataType::Datetime(_, Some(_)) => {
            let name = series.name().clone();
            let raise = lit("raise");
            let local = col(name.clone())
                .dt()
                .replace_time_zone(None, raise, NonExistent::Raise);
            let frame = series
                .clone()
                .into_frame()
                .lazy()
                .select([local])
                .collect()?;
            frame
                .column(&name)?
                .as_materialized_series()
                .cast(&columns::dtype(source::ColumnType::Datetime))
        }
        DataType::Null => series.cast(&DataType::String),
        _ => Ok(series.clone()),
    }
}
