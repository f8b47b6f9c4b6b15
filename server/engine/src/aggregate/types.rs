//! Between the columns of a stage and the types of SQL.

use aggregate::{Column, Plan, Scale, SqlType, Table};
use polars::prelude::*;
use rows::{ColumnInfo, ColumnType};

use crate::stage::Answer;
use crate::{EngineError, columns};

/// A staged block as a table with typed columns.
pub(super) fn table(name: &str, answer: &Answer) -> Table {
    let columns = answer
        .columns
        .iter()
        .map(|column| Column {
            name: column.name.clone(),
            kind: sql_type(column, answer.is_quotient(&column.name)),
        })
        .collect();
    Table {
        name: name.to_owned(),
        columns: Some(columns),
    }
}

/// What PostgreSQL would call a staged column.
pub(crate) fn sql_type(column: &ColumnInfo, is_quotient: bool) -> SqlType {
    match column.kind {
        ColumnType::Boolean => SqlType::Boolean,
        ColumnType::Integer if column.is_narrow => SqlType::Integer,
        ColumnType::Integer => SqlType::BigInt,
        ColumnType::Float => SqlType::Double,
        ColumnType::Decimal { .. } if is_quotient => SqlType::QUOTIENT,
        ColumnType::Decimal { scale } if column.is_mixed => SqlType::Numeric(Scale::UpTo(scale)),
        ColumnType::Decimal { scale } => SqlType::Numeric(Scale::Fixed(scale)),
        ColumnType::Text => SqlType::Text,
        ColumnType::Date => SqlType::Date,
        ColumnType::Datetime => SqlType::Timestamp,
        ColumnType::Time => SqlType::Time,
        ColumnType::Duration => SqlType::Interval,
        ColumnType::Binary => SqlType::Bytea,
    }
}

/// The staged column a column of an answer becomes; `None` for types no stage holds.
fn column(column: &Column) -> Option<ColumnInfo> {
    let kind = match column.kind {
        SqlType::Boolean => ColumnType::Boolean,
        SqlType::Integer | SqlType::BigInt => ColumnType::Integer,
        SqlType::Numeric(Scale::Fixed(scale) | Scale::UpTo(scale)) => ColumnType::Decimal { scale },
        // How many digits it keeps is known when it was computed.
        SqlType::Numeric(Scale::Quotient) => ColumnType::Decimal { scale: 0 },
        SqlType::Double => ColumnType::Float,
        SqlType::Text | SqlType::Unknown => ColumnType::Text,
        SqlType::Date => ColumnType::Date,
        SqlType::Timestamp => ColumnType::Datetime,
        SqlType::Time => ColumnType::Time,
        SqlType::Bytea => ColumnType::Binary,
        SqlType::Interval | SqlType::Any => return None,
    };
    Some(ColumnInfo {
        name: column.name.clone(),
        kind,
        is_narrow: column.kind == SqlType::Integer,
        is_mixed: matches!(column.kind, SqlType::Numeric(Scale::UpTo(_))),
        is_guess: false,
    })
}

/// The columns of an answer as they are staged.
///
/// # Errors
/// [`EngineError::ColumnType`] for a type no stage holds.
pub(super) fn staged(
    plan: &Plan,
    frame: &DataFrame,
    block: &str,
) -> Result<Vec<ColumnInfo>, EngineError> {
    plan.columns()
        .iter()
        .zip(frame.columns())
        .map(|(planned, found)| {
            let kind = columns::kind(found.dtype());
            column(planned)
                .zip(kind)
                .map(|(column, kind)| ColumnInfo { kind, ..column })
                .ok_or_else(|| EngineError::ColumnType {
                    block: block.to_owned(),
                    column: planned.name.clone(),
                    kind: found.dtype().to_string(),
                })
        })
        .collect()
}

/// The names of columns that were rounded by a division.
pub(super) fn quotients(plan: &Plan) -> Vec<String> {
    plan.columns()
        .iter()
        .filter(|column| column.kind == SqlType::QUOTIENT)
        .map(|column| column.name.clone())
        .collect()
}
