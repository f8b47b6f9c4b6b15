//! Values of every type that are hard to cast: extremes, halves, signs, blanks, what is almost a number.

use aggregate::SqlType;

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
        // A column that was not seen yet, and bytes, of which blocks only count and compare.
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

const INTEGERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "-7",
    "100",
    "32767",
    "32768",
    "-32768",
    "-32769",
    "46341",
    "2147483647",
    "-2147483648",
];
const BIGINTS: &[&str] = &[
    "0",
    "1",
    "-1",
    "32768",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "999999999999",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
];
const DECIMALS: &[&str] = &[
    "0.00",
    "0.05",
    "-0.05",
    "0.49",
    "0.50",
    "-0.50",
    "1.00",
    "1.50",
    "2.50",
    "-2.50",
    "99.94",
    "99.95",
    "-99.95",
    "32767.50",
    "2147483647.49",
    "2147483647.50",
    "-2147483648.49",
    "-2147483648.50",
    "9999999999.99",
    "-9999999999.99",
];
const VAST: &[&str] = &[
    "0",
    "-1",
    "99",
    "100",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "9007199254740993",
    "99999999999999999999999999999999999999",
    "-99999999999999999999999999999999999999",
];
const MIXED: &[[&str; 2]] = &[
    ["1.50", ""],
    ["", "0.0005"],
    ["", "2.5000"],
    ["", "-9999.9999"],
    ["9999999999.99", ""],
    ["-0.05", ""],
    ["", "0.4999"],
];
const DOUBLES: &[&str] = &[
    "0",
    "-0",
    "0.5",
    "-0.5",
    "1.5",
    "2.5",
    "-2.5",
    "0.1",
    "0.30000000000000004",
    "0.045",
    "99.95",
    "-99.95",
    "1e-5",
    "1e-7",
    "1e-12",
    "5e-324",
    "123456.789",
    "32767.5",
    "2147483647.4",
    "2147483647.5",
    "-2147483648.5",
    "1e15",
    "123456789012345680",
    "1e16",
    "9223372036854774784",
    "9223372036854775808",
    "1e20",
    "1e37",
    "1e38",
    "1e100",
    "1.7976931348623157e308",
    "NaN",
    "Infinity",
    "-Infinity",
];
const TEXTS: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "1",
    "2",
    " 12 ",
    "\t12\n",
    "-7",
    "+5",
    "--1",
    "- 1",
    "1 2",
    "00042",
    "2.5",
    "-2.5",
    ".5",
    "5.",
    ".",
    "1e3",
    "1E-2",
    "1e",
    "1,000",
    "99.95",
    "32768",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999999999999999",
    "0.00000000000000000000000000000000000001",
    "1e400",
    "1e-400",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "t",
    "tr",
    "true",
    " TRUE ",
    "f",
    "yes",
    "n",
    "on",
    "off",
    "o",
    "of",
    "truest",
    "가나다라",
    "😀😀😀😀",
    "2024-02-29",
    "2024-02-30",
    "2023-02-29",
    "2024-2-9",
    "20240229",
    " 2024-02-29 ",
    "0001-01-01",
    "0000-01-01",
    "9999-12-31",
    "10000-01-01",
    "2024-02-29 12:34:56.789",
    "2024-02-29T01:02:03",
    "2024-02-29 01:02",
    "2024-02-29 24:00:00",
    "2024-02-29 25:00:00",
    "9999-12-31 23:59:59.9999999",
    "12:34:56",
    "12:34",
    "1:2:3",
    "24:00:00",
    "24:00:01",
    "12:34:60",
    "12:60:00",
    "12:34:56.1234567",
    "23:59:59.9999999",
    "2024-02-29 12:34:56+09",
    "12:34:56+09",
];
const DATES: &[&str] = &[
    "0001-01-01",
    "1582-10-10",
    "1900-02-28",
    "1969-12-31",
    "1970-01-01",
    "2000-02-29",
    "2024-12-31",
    "9999-12-31",
];
const TIMESTAMPS: &[&str] = &[
    "0001-01-01 00:00:00",
    "1582-10-10 12:00:00",
    "1969-12-31 23:59:59.999999",
    "1970-01-01 00:00:00",
    "2000-02-29 00:00:00.000001",
    "2024-02-29 12:34:56.5",
    "2024-12-31 23:59:59",
    "9999-12-31 23:59:59.999999",
];
const TIMES: &[&str] = &[
    "00:00:00",
    "00:00:00.000001",
    "09:05:00",
    "12:34:56.5",
    "23:59:59.999999",
];
