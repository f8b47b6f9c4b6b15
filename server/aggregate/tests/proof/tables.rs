//! Typed tables and their rows, as every database can be given them.

use std::fmt::Write as _;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Integer,
    BigInt,
    /// Digits in all, and behind the point.
    Numeric(u8, u8),
    Double,
    Text,
    Date,
    Timestamp,
    Time,
}

/// A table with its rows; a cell is what PostgreSQL reads between quotes, or NULL.
#[derive(Clone, Debug)]
pub struct Table {
    /// As it is written in SQL, with quotes where it needs them.
    pub written: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Option<String>>>,
}

#[derive(Clone, Debug)]
pub struct Column {
    /// As it is written in SQL.
    pub written: String,
    pub kind: Kind,
}

/// A database that is given rows: by the planner's proof PostgreSQL, by that of reports every kind.
#[allow(
    dead_code,
    reason = "one of the two tests gives rows to one database only"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Postgres,
    /// In a session with `ANSI_QUOTES` and `NO_BACKSLASH_ESCAPES`.
    Mariadb,
    Sqlite,
}

impl Kind {
    /// The type of that name in PostgreSQL.
    fn named(text: &str) -> Self {
        match text {
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "bigint" => Self::BigInt,
            "double precision" => Self::Double,
            "text" => Self::Text,
            "date" => Self::Date,
            "timestamp" => Self::Timestamp,
            "time" => Self::Time,
            other => {
                let digits = other
                    .strip_prefix("numeric(")
                    .and_then(|rest| rest.strip_suffix(')'))
                    .and_then(|digits| digits.split_once(','))
                    .unwrap_or_else(|| panic!("no type is called {other}"));
                Self::Numeric(digits.0.parse().unwrap(), digits.1.parse().unwrap())
            }
        }
    }

    fn sql(self, dialect: Dialect) -> String {
        use Dialect::{Mariadb, Postgres, Sqlite};
        match (self, dialect) {
            (Self::Boolean, _) => "boolean".to_owned(),
            (Self::Integer, _) => "integer".to_owned(),
            (Self::BigInt, _) => "bigint".to_owned(),
            // SQLite makes doubles of decimals, which keep 15 digits, but for columns of texts.
            (Self::Numeric(digits @ 16.., scale), Sqlite) => {
                format!("decimal text({digits},{scale})")
            }
            (Self::Numeric(digits, scale), _) => format!("decimal({digits},{scale})"),
            (Self::Double, _) => "double precision".to_owned(),
            (Self::Text, _) => "text".to_owned(),
            (Self::Date, _) => "date".to_owned(),
            (Self::Timestamp, Postgres) => "timestamp".to_owned(),
            (Self::Timestamp, Mariadb) => "datetime(6)".to_owned(),
            (Self::Timestamp, Sqlite) => "datetime".to_owned(),
            (Self::Time, Mariadb) => "time(6)".to_owned(),
            (Self::Time, _) => "time".to_owned(),
        }
    }
}

impl Table {
    /// The name without quotes.
    pub fn name(&self) -> String {
        plain(&self.written)
    }

    /// The statement that makes the table.
    pub fn create(&self, dialect: Dialect) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| format!("\"{}\" {}", column.name(), column.kind.sql(dialect)))
            .collect();
        format!("CREATE TABLE \"{}\" ({})", self.name(), columns.join(", "))
    }

    /// The statement that fills it; `None` without rows.
    pub fn insert(&self, dialect: Dialect) -> Option<String> {
        if self.rows.is_empty() {
            return None;
        }
        let mut sql = format!("INSERT INTO \"{}\" VALUES ", self.name());
        for (place, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&self.columns)
                .map(|(cell, column)| match cell {
                    Some(text) if column.kind == Kind::Boolean && dialect != Dialect::Postgres => {
                        u8::from(text == "t").to_string()
                    }
                    Some(text) => format!("'{}'", text.replace('\'', "''")),
                    None => "NULL".to_owned(),
                })
                .collect();
            let comma = if place == 0 { "" } else { ", " };
            write!(sql, "{comma}({})", cells.join(", ")).unwrap();
        }
        Some(sql)
    }
}

impl Column {
    /// The name without quotes.
    pub fn name(&self) -> String {
        plain(&self.written)
    }
}

/// The tables of the corpus.
pub fn fixed() -> Vec<Table> {
    parse(include_str!("../corpus/tables.txt"))
}

fn parse(text: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(head) = line.strip_prefix("table ") {
            let (name, columns) = head.split_once(": ").unwrap();
            tables.push(Table {
                written: name.to_owned(),
                columns: columns_of(columns),
                rows: Vec::new(),
            });
            continue;
        }
        let table = tables.last_mut().unwrap();
        let row: Vec<Option<String>> = line
            .split('|')
            .map(|cell| (cell != "∅").then(|| cell.to_owned()))
            .collect();
        assert_eq!(row.len(), table.columns.len(), "{}: {line}", table.written);
        table.rows.push(row);
    }
    tables
}

fn columns_of(text: &str) -> Vec<Column> {
    text.split(", ")
        .map(|column| {
            let end = match column.strip_prefix('"') {
                Some(rest) => rest.find('"').unwrap() + 2,
                None => column.find(' ').unwrap(),
            };
            let (written, kind) = column.split_at(end);
            Column {
                written: written.to_owned(),
                kind: Kind::named(kind.trim()),
            }
        })
        .collect()
}

fn plain(written: &str) -> String {
    written.trim_matches('"').to_owned()
}
