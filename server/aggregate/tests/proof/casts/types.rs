//! Every type, with a table of values that are hard to cast.

use aggregate::SqlType;

use super::values::{
    BIGINTS, DATES, DECIMALS, DOUBLES, INTEGERS, MIXED, TEXTS, TIMES, TIMESTAMPS, VAST,
};
use crate::tables::{Column, Kind, Table};

/// A type, as an expression over a table of values of its own.
pub struct Values {
    /// What the type is called here.
    pub word: &'static str,
    /// Over the columns `v` and, where there is one, `w`.
    pub expression: &'static str,
    columns: &'static [Kind],
    /// The cells of the columns; row 0 has none.
    pub values: Vec<Vec<&'static str>>,
    /// Whether a value can be written out: `CAST('…' AS type)`, or in quotes alone.
    written: Option<&'static str>,
}

impl Values {
    /// The name of its table.
    pub fn name(&self) -> String {
        format!("of_{}", self.word.replace(' ', "_"))
    }

    /// Row 0 is NULL, and row n the n-th value.
    pub fn table(&self) -> Table {
        let mut columns = vec![column("id", Kind::Integer)];
        for (name, kind) in ["v", "w"].into_iter().zip(self.columns) {
            columns.push(column(name, *kind));
        }
        let absent = vec![None; self.columns.len()];
        let present = self.values.iter().map(|cells| {
            cells
                .iter()
                .map(|cell| (!cell.is_empty() || self.columns == [Kind::Text]).then_some(*cell))
                .collect()
        });
        let rows = std::iter::once(absent).chain(present);
        Table {
            written: self.name(),
            columns,
            rows: rows
                .enumerate()
                .map(|(id, cells)| {
                    let cells: Vec<Option<&str>> = cells;
                    let id = std::iter::once(Some(id.to_string()));
                    id.chain(cells.into_iter().map(|cell| cell.map(str::to_owned)))
                        .collect()
                })
                .collect(),
        }
    }

    /// The value of a row, as it is shown.
    pub fn shown(&self, id: usize) -> &'static str {
        match id {
            0 => "NULL",
            id => self.values[id - 1][0],
        }
    }

    /// The value of a row as a constant.
    pub fn constant(&self, id: usize) -> Option<String> {
        let kind = self.written?;
        let value = match id {
            0 => "NULL".to_owned(),
            id => format!("'{}'", self.values[id - 1][0].replace('\'', "''")),
        };
        Some(match kind {
            "" => value,
            kind => format!("CAST({value} AS {kind})"),
        })
    }
}

fn column(name: &str, kind: Kind) -> Column {
    Column {
        written: name.to_owned(),
        kind,
    }
}

/// Every type there is.
pub fn sources() -> Vec<Values> {
    use aggregate::Scale::{Fixed, Quotient, UpTo};
    [
        SqlType::Unknown,
        SqlType::Any,
        SqlType::Boolean,
        SqlType::Integer,
        SqlType::BigInt,
        SqlType::Numeric(Fixed(2)),
        SqlType::Numeric(Fixed(0)),
        SqlType::Numeric(UpTo(4)),
        SqlType::Numeric(Quotient),
        SqlType::Double,
        SqlType::Text,
        SqlType::Date,
        SqlType::Timestamp,
        SqlType::Time,
        SqlType::Interval,
        SqlType::Bytea,
    ]
    .into_iter()
    .filter_map(of)
    .collect()
}

/// A type with its values; `None` for types no value has.
fn of(kind: SqlType) -> Option<Values> {
    use aggregate::Scale::{Fixed, Quotient, UpTo};
    let single = |values: &[&'static str]| values.iter().map(|value| vec![*value]).collect();
    let plain = |word, columns, values: &[&'static str], written| Values {
        word,
        expression: "v",
        columns,
        values: single(values),
        written: Some(written),
    };
    Some(match kind {
        // A column that was not seen yet. Bytes are cast to nothing, which is looked at by itself.
        SqlType::Any | SqlType::Bytea => return None,
        SqlType::Unknown => Values {
            expression: "NULL",
            ..plain("quoted text", &[Kind::Text], TEXTS, "")
        },
        SqlType::Boolean => plain("boolean", &[Kind::Boolean], &["t", "f"], "boolean"),
        SqlType::Integer => plain("integer", &[Kind::Integer], INTEGERS, "integer"),
        SqlType::BigInt => plain("bigint", &[Kind::BigInt], BIGINTS, "bigint"),
        SqlType::Numeric(Fixed(0)) => plain(
            "whole numeric",
            &[Kind::Numeric(38, 0)],
            VAST,
            "numeric(38,0)",
        ),
        SqlType::Numeric(Fixed(_)) => plain(
            "numeric",
            &[Kind::Numeric(12, 2)],
            DECIMALS,
            "numeric(12,2)",
        ),
        SqlType::Numeric(UpTo(_)) => Values {
            word: "mixed numeric",
            expression: "COALESCE(v, w)",
            columns: &[Kind::Numeric(12, 2), Kind::Numeric(8, 4)],
            values: MIXED.iter().map(|pair| pair.to_vec()).collect(),
            written: None,
        },
        SqlType::Numeric(Quotient) => Values {
            word: "quotient",
            expression: "v / 8",
            written: None,
            ..plain("", &[Kind::Numeric(12, 2)], DECIMALS, "")
        },
        SqlType::Double => plain("double", &[Kind::Double], DOUBLES, "double precision"),
        SqlType::Text => plain("text", &[Kind::Text], TEXTS, "text"),
        SqlType::Date => plain("date", &[Kind::Date], DATES, "date"),
        SqlType::Timestamp => plain("timestamp", &[Kind::Timestamp], TIMESTAMPS, "timestamp"),
        SqlType::Time => plain("time", &[Kind::Time], TIMES, "time"),
        SqlType::Interval => Values {
            word: "interval",
            expression: "v - TIMESTAMP '2024-01-01 00:00:00'",
            written: None,
            ..plain("", &[Kind::Timestamp], TIMESTAMPS, "")
        },
    })
}
