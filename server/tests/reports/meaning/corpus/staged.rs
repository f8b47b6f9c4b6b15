//! What a source tells of the corpus' tables: types and rows.

use std::sync::Arc;

use ::rows::{ColumnInfo, ColumnType};
use jiff::tz::TimeZone;
use source::{Dialect, Extract, Source};
use tokio_util::sync::CancellationToken;

use super::super::rows;
use super::tables::{Column, Kind, Table};

/// That of sources and reports, so that wall times stay as they are.
pub const ZONE: &str = "Asia/Seoul";

/// The statement that reads a table whole.
pub fn statement(dialect: Dialect, table: &Table) -> String {
    let name = table.name();
    match dialect {
        Dialect::Mysql => format!("SELECT * FROM `{name}`"),
        Dialect::Sqlite | Dialect::Postgres => format!("SELECT * FROM \"{name}\""),
    }
}

/// The tables as the source tells them, each under a name of its own.
pub async fn read(source: &Arc<dyn Source>, tables: &[Table]) -> Vec<Table> {
    let mut all = Vec::new();
    for table in tables {
        let extract = Extract {
            zone: TimeZone::get(ZONE).unwrap(),
            ..Extract::new(statement(source.dialect(), table))
        };
        let mut reading = source
            .read(extract, CancellationToken::new())
            .await
            .unwrap();
        let mut rows = Vec::new();
        while let Some(chunk) = reading.next().await {
            let chunk = chunk.unwrap();
            rows.extend((0..chunk.rows).map(|row| {
                let cells = chunk.columns.iter();
                cells.map(|column| rows::text(column, row)).collect()
            }));
        }
        all.push(Table {
            written: format!("read_{}", table.name()),
            columns: reading.columns.iter().map(column).collect(),
            rows,
        });
    }
    all
}

fn column(info: &ColumnInfo) -> Column {
    Column {
        written: format!("\"{}\"", info.name),
        kind: match info.kind {
            ColumnType::Boolean => Kind::Boolean,
            ColumnType::Integer if info.is_narrow => Kind::Integer,
            ColumnType::Integer => Kind::BigInt,
            ColumnType::Float => Kind::Double,
            ColumnType::Decimal { scale } => Kind::Numeric(38, scale),
            ColumnType::Text => Kind::Text,
            ColumnType::Date => Kind::Date,
            ColumnType::Datetime => Kind::Timestamp,
            ColumnType::Time => Kind::Time,
            ColumnType::Duration | ColumnType::Binary => {
                panic!("no table of the corpus has a column like {}", info.name)
            }
        },
    }
}

/// Whether a type is told as it is. How many digits a decimal has in all is told by no source.
pub fn is_same(kind: Kind, told: Kind) -> bool {
    match (kind, told) {
        (Kind::Numeric(_, scale), Kind::Numeric(_, told)) => scale == told,
        (kind, told) => kind == told,
    }
}
