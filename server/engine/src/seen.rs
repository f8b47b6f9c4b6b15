//! What extractions returned when they last ran: the types the check plans aggregations with.
//!
//! One small file per report below the stage. It is a help and no truth: a missing or unreadable one
//! only means that types are not known, and a run plans anew with the types it staged.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use report::{Block, Report, ReportId};
use rows::{ColumnInfo, ColumnType};
use serde::{Deserialize, Serialize};

use crate::check::Columns;

/// Where the columns of extractions are remembered.
#[derive(Clone, Debug)]
pub struct Seen {
    folder: PathBuf,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Remembered(BTreeMap<String, Extraction>);

/// What one statement returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Extraction {
    /// The statement as it is written: another one may return other columns.
    sql: String,
    columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Column {
    name: String,
    kind: Kind,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_narrow: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_mixed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_guess: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Boolean,
    Integer,
    Float,
    Decimal(u8),
    Text,
    Date,
    Datetime,
    Time,
    Duration,
    Binary,
}

impl Seen {
    /// Below a folder of staged rows, as in [`Job::stage_dir`](crate::Job::stage_dir).
    pub fn below(stage_dir: &Path) -> Self {
        Self {
            folder: stage_dir.join("columns"),
        }
    }

    /// The columns of a report's extractions, by block, as far as their statements are still the same.
    pub fn columns(&self, report: &Report) -> Columns {
        let Remembered(extractions) = self.read(&report.id);
        report
            .blocks
            .iter()
            .filter_map(|block| {
                let seen = extractions.get(&block.name)?;
                let columns = seen.columns.iter().map(info).collect();
                (seen.sql == block.sql).then(|| (block.name.clone(), columns))
            })
            .collect()
    }

    /// Remembers what an extraction returned. Nothing is remembered of an answer without rows, whose
    /// types may be guesses.
    pub(crate) fn remember(
        &self,
        report: &Report,
        block: &Block,
        columns: &[ColumnInfo],
        rows: u64,
    ) {
        if rows == 0 || block.is_polars() {
            return;
        }
        let Remembered(mut extractions) = self.read(&report.id);
        let extraction = Extraction {
            sql: block.sql.clone(),
            columns: columns.iter().map(column).collect(),
        };
        if extractions.get(&block.name) == Some(&extraction) {
            return;
        }
        extractions.insert(block.name.clone(), extraction);
        if let Err(error) = self.write(&report.id, &Remembered(extractions)) {
            tracing::warn!(%error, "Cannot remember the columns of {}", block.name);
        }
    }

    fn path(&self, id: &ReportId) -> PathBuf {
        // A name never holds a dot.
        let name = id.as_str().replace('/', ".");
        self.folder.join(name).with_added_extension("json")
    }

    fn read(&self, id: &ReportId) -> Remembered {
        fs::read(self.path(id))
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default()
    }

    fn write(&self, id: &ReportId, remembered: &Remembered) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(remembered)?)?;
        file.persist(self.path(id))?;
        Ok(())
    }
}

fn column(info: &ColumnInfo) -> Column {
    Column {
        name: info.name.clone(),
        kind: match info.kind {
            ColumnType::Boolean => Kind::Boolean,
            ColumnType::Integer => Kind::Integer,
            ColumnType::Float => Kind::Float,
            ColumnType::Decimal { scale } => Kind::Decimal(scale),
            ColumnType::Text => Kind::Text,
            ColumnType::Date => Kind::Date,
            ColumnType::Datetime => Kind::Datetime,
            ColumnType::Time => Kind::Time,
            ColumnType::Duration => Kind::Duration,
            ColumnType::Binary => Kind::Binary,
        },
        is_narrow: info.is_narrow,
        is_mixed: info.is_mixed,
        is_guess: info.is_guess,
    }
}

fn info(column: &Column) -> ColumnInfo {
    ColumnInfo {
        name: column.name.clone(),
        kind: match column.kind {
            Kind::Boolean => ColumnType::Boolean,
            Kind::Integer => ColumnType::Integer,
            Kind::Float => ColumnType::Float,
            Kind::Decimal(scale) => ColumnType::Decimal { scale },
            Kind::Text => ColumnType::Text,
            Kind::Date => ColumnType::Date,
            Kind::Datetime => ColumnType::Datetime,
            Kind::Time => ColumnType::Time,
            Kind::Duration => ColumnType::Duration,
            Kind::Binary => ColumnType::Binary,
        },
        is_narrow: column.is_narrow,
        is_mixed: column.is_mixed,
        is_guess: column.is_guess,
    }
}
