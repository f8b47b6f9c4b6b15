//! A statement in ours: refused, failed or rows.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

use aggregate::{Fault, Rows, Scale, SqlType};
use polars::prelude::{DataFrame, ParquetWriter, PolarsResult};
use tempfile::TempDir;

use crate::answer::Answer;
use crate::frames::{frame, written};
use crate::tables::{Kind, Table};

/// Rows in a row group: so few that most tables have several, which threads share.
const GROUP_ROWS: usize = 3;

/// How a statement ended in ours.
#[derive(Debug)]
pub enum Ours {
    /// Refused when it was planned, with what was said.
    Refused(String),
    /// A fault while it ran.
    Failed(Fault),
    /// It panicked.
    Panicked(String),
    Rows(Answer),
}

/// The tables as plans see them.
pub struct Prepared {
    tables: Vec<aggregate::Table>,
    /// In files, as reports have them.
    rows: BTreeMap<String, Rows>,
    _folder: TempDir,
}

impl Prepared {
    pub fn new(tables: &[Table]) -> Self {
        let known = tables
            .iter()
            .map(|table| aggregate::Table {
                name: table.name(),
                columns: Some(
                    table
                        .columns
                        .iter()
                        .map(|column| aggregate::Column {
                            name: column.name(),
                            kind: sql_type(column.kind),
                        })
                        .collect(),
                ),
            })
            .collect();
        let folder = tempfile::tempdir().expect("a folder for tables");
        let rows = tables
            .iter()
            .map(|table| {
                let path = folder.path().join(table.name()).with_extension("parquet");
                write(&frame(table), &path).expect("a table is written");
                let rows = Rows::of_files(&[path]).expect("a table is read");
                (table.name(), rows)
            })
            .collect();
        Self {
            tables: known,
            rows,
            _folder: folder,
        }
    }

    pub fn run(&self, text: &str) -> Ours {
        quietly();
        catch_unwind(AssertUnwindSafe(|| self.planned(text))).unwrap_or_else(|panic| {
            let said = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Ours::Panicked(said.unwrap_or_default())
        })
    }

    fn planned(&self, text: &str) -> Ours {
        let refused = |refusal: aggregate::Refusal| {
            Ours::Refused(format!(
                "{} {}",
                refusal.what,
                refusal.help.unwrap_or_default()
            ))
        };
        let query = match report::parse_query(text) {
            Ok(query) => query,
            Err(error) => return Ours::Refused(error.message),
        };
        let plan = match aggregate::plan(&query, &self.tables) {
            Ok(plan) => plan,
            Err(refusal) => return refused(refusal),
        };
        let frame = match plan.run_until(&self.rows, &|| false) {
            Ok(frame) => frame,
            Err(fault) => return Ours::Failed(fault.fault),
        };
        let columns = plan.columns();
        let cells: Vec<Vec<Option<String>>> = frame
            .columns()
            .iter()
            .map(|column| written(column.as_materialized_series()))
            .collect();
        Ours::Rows(Answer {
            names: columns.iter().map(|column| column.name.clone()).collect(),
            types: columns
                .iter()
                .map(|column| type_name(column.kind))
                .collect(),
            is_quotient: columns
                .iter()
                .map(|column| column.kind == SqlType::Numeric(Scale::Quotient))
                .collect(),
            rows: (0..frame.height())
                .map(|row| cells.iter().map(|column| column[row].clone()).collect())
                .collect(),
        })
    }
}

fn write(frame: &DataFrame, path: &Path) -> PolarsResult<()> {
    let mut writer = ParquetWriter::new(File::create(path)?).batched(frame.schema())?;
    for from in (0..frame.height()).step_by(GROUP_ROWS) {
        writer.write_batch(&frame.slice(from.try_into().unwrap(), GROUP_ROWS))?;
    }
    writer.finish().map(drop)
}

impl fmt::Display for Ours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(said) => write!(f, "refused: {said}"),
            Self::Failed(fault) => write!(f, "fault: {fault}"),
            Self::Panicked(said) => write!(f, "panic: {said}"),
            Self::Rows(answer) => write!(f, "{answer}"),
        }
    }
}

/// A panic of a plan is an answer here; only those of the proof itself are printed.
fn quietly() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let printing = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_ours = panic
                .location()
                .is_some_and(|place| place.file().contains("tests/proof"));
            if is_ours {
                printing(panic);
            }
        }));
    });
}

/// Whether the order of a statement's rows is said.
pub fn is_ordered(text: &str) -> bool {
    report::parse_query(text).is_ok_and(|query| query.order_by.is_some())
}

fn sql_type(kind: Kind) -> SqlType {
    match kind {
        Kind::Boolean => SqlType::Boolean,
        Kind::Integer => SqlType::Integer,
        Kind::BigInt => SqlType::BigInt,
        Kind::Numeric(_, scale) => SqlType::Numeric(Scale::Fixed(scale)),
        Kind::Double => SqlType::Double,
        Kind::Text => SqlType::Text,
        Kind::Date => SqlType::Date,
        Kind::Timestamp => SqlType::Timestamp,
        Kind::Time => SqlType::Time,
    }
}

/// The name PostgreSQL's protocol has for a type of ours.
fn type_name(kind: SqlType) -> &'static str {
    match kind {
        SqlType::Boolean => "BOOL",
        SqlType::Integer => "INT4",
        SqlType::BigInt => "INT8",
        SqlType::Numeric(_) => "NUMERIC",
        SqlType::Double => "FLOAT8",
        SqlType::Text | SqlType::Unknown => "TEXT",
        SqlType::Date => "DATE",
        SqlType::Timestamp => "TIMESTAMP",
        SqlType::Time => "TIME",
        SqlType::Bytea => "BYTEA",
        SqlType::Interval => "INTERVAL",
        SqlType::Any => "ANY",
    }
}
