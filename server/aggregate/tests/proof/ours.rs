//! A statement in ours: refused, failed or rows.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use aggregate::{Fault, Scale, SqlType};
use polars::prelude::{IntoLazy, LazyFrame};

use crate::compare::Answer;
use crate::frames::{frame, written};
use crate::tables::{Kind, Table};

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
    frames: BTreeMap<String, LazyFrame>,
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
        let frames = tables
            .iter()
            .map(|table| (table.name(), frame(table).lazy()))
            .collect();
        Self {
            tables: known,
            frames,
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
        let frame = match plan.run(&self.frames) {
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
