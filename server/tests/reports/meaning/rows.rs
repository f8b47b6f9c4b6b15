//! The rows an extraction reads at its source, as lines of PostgreSQL's COPY.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use report::{Bind, Block, BlockKind, Bounds, PartitionBounds, Value};
use rows::{ColumnData, ColumnInfo, ColumnType};
use source::{Extract, Param};
use tokio_util::sync::CancellationToken;

use super::Compared;

/// The columns of an extraction, and its rows.
pub struct Rows {
    pub columns: Vec<ColumnInfo>,
    pub lines: String,
}

/// Reads an extraction in one statement, whatever its keys say about partitions and increments.
pub async fn read(compared: &Compared<'_>, block: &Block) -> Rows {
    let mut reading = compared
        .source
        .read(extract(compared, block), CancellationToken::new())
        .await
        .unwrap();
    let mut lines = String::new();
    while let Some(chunk) = reading.next().await {
        let chunk = chunk.unwrap();
        for row in 0..chunk.rows {
            for (index, column) in chunk.columns.iter().enumerate() {
                if index > 0 {
                    lines.push('\t');
                }
                match text(column, row) {
                    Some(text) => escape(&text, &mut lines),
                    None => lines.push_str("\\N"),
                }
            }
            lines.push('\n');
        }
    }
    Rows {
        columns: reading.columns,
        lines,
    }
}

fn extract(compared: &Compared<'_>, block: &Block) -> Extract {
    let report = &compared.report;
    let BlockKind::Extract { partition, .. } = &block.kind else {
        panic!("{} reads no source", block.name)
    };
    let bounds = partition.as_ref().map(|partition| {
        let Some(Value::Period { from, until }) = compared.values.get(&partition.over) else {
            panic!("{} is no period", partition.over)
        };
        let moment = |day: &Date| day.to_zoned(report.timezone.clone()).unwrap().timestamp();
        PartitionBounds {
            from: moment(from),
            until: moment(until),
        }
    });
    let since = Bind::Instant("1970-01-01T00:00:00Z".parse().unwrap());
    let bounds = Bounds {
        partition: bounds.as_ref(),
        since: Some(&since),
        range: None,
    };
    let dialect = match compared.source.dialect() {
        source::Dialect::Sqlite => report::Dialect::Sqlite,
        source::Dialect::Postgres => report::Dialect::Postgres,
        source::Dialect::Mysql => report::Dialect::Mysql,
    };
    let statement = block
        .bind(report, dialect, &compared.values, bounds)
        .unwrap();
    Extract {
        params: statement.binds.into_iter().map(param).collect(),
        zone: report.timezone.clone(),
        ..Extract::new(statement.sql)
    }
}

fn param(bind: Bind) -> Param {
    match bind {
        Bind::Null => Param::Null,
        Bind::Boolean(value) => Param::Boolean(value),
        Bind::Integer(value) => Param::Integer(value),
        Bind::Decimal(value) => Param::Decimal {
            mantissa: value.mantissa(),
            scale: u8::try_from(value.scale()).unwrap(),
        },
        Bind::Text(value) => Param::Text(value),
        Bind::Date(value) => Param::Date(value),
        Bind::Instant(value) => Param::Instant(value),
        Bind::List(values) => Param::List(values.into_iter().map(param).collect()),
    }
}

/// What PostgreSQL calls the type of a column.
pub fn kind(column: &ColumnInfo) -> String {
    match column.kind {
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Integer if column.is_narrow => "integer".to_owned(),
        ColumnType::Integer => "bigint".to_owned(),
        ColumnType::Float => "double precision".to_owned(),
        ColumnType::Decimal { scale } => format!("numeric(38, {scale})"),
        ColumnType::Text => "text".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::Datetime => "timestamp".to_owned(),
        ColumnType::Time => "time".to_owned(),
        ColumnType::Duration => "interval".to_owned(),
        ColumnType::Binary => "bytea".to_owned(),
    }
}

/// A value as PostgreSQL reads it; `None` for an absent one.
pub fn text(column: &ColumnData, row: usize) -> Option<String> {
    let epoch = jiff::civil::date(1970, 1, 1);
    Some(match column {
        ColumnData::Boolean(values) => values.at(row)?.to_string(),
        ColumnData::Integer(values) => values.at(row)?.to_string(),
        ColumnData::Float(values) => values.at(row)?.to_string(),
        ColumnData::Decimal { mantissa, scale } => format!("{}e-{scale}", mantissa.at(row)?),
        ColumnData::Text(values) => values.text(row)?.to_owned(),
        ColumnData::Date(values) => (epoch + values.at(row)?.days()).to_string(),
        ColumnData::Datetime(values) => {
            let moment = epoch.to_datetime(Time::midnight()) + values.at(row)?.microseconds();
            moment.to_string()
        }
        ColumnData::Time(values) => (Time::midnight() + values.at(row)?.microseconds()).to_string(),
        ColumnData::Duration(values) => format!("{} microseconds", values.at(row)?),
        ColumnData::Binary(values) => {
            let mut hex = "\\x".to_owned();
            for byte in values.at(row)? {
                write!(hex, "{byte:02x}").unwrap();
            }
            hex
        }
    })
}

fn escape(text: &str, line: &mut String) {
    for character in text.chars() {
        match character {
            '\\' => line.push_str("\\\\"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            other => line.push(other),
        }
    }
}
