//! Everything that can stop a job, with the words people read.
//!
//! The variants say which step failed; [`sentence`] turns them into what happened, whether data is
//! affected and what to do. Administrators read [`EngineError::chain`].

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lang::{FailureClass, Message};
use report::{BindError, Location};
use rows::ColumnType;
use source::SourceError;
use workbook::{MissingColumns, WorkbookError};

use crate::FailedCheck;

mod sentence;

/// Why a job stopped. No variant leaves a file behind.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Somebody asked the job to stop.
    #[error("the run was cancelled")]
    Cancelled,

    /// The report names a source this installation does not configure.
    #[error("query `{block}` reads the source `{source_name}`, which is not configured")]
    UnknownSource {
        /// The block.
        block: String,
        /// The source it names.
        source_name: String,
    },

    /// A sheet or parameter needs a block the report does not have. `report::parse` refuses such reports.
    #[error("the report has no query `{block}`")]
    UnknownBlock {
        /// The missing block.
        block: String,
    },

    /// The values do not fit the statement.
    #[error("cannot bind the values of query `{block}`")]
    Bind {
        /// The block.
        block: String,
        /// What does not fit.
        #[source]
        source: BindError,
    },

    /// A source could not be read.
    #[error("cannot read query `{block}` from the source `{source_name}`")]
    Source {
        /// The block.
        block: String,
        /// The source.
        source_name: String,
        /// Where in the report's file the mistake is, when the source says.
        place: Option<Box<Location>>,
        /// What the source said.
        #[source]
        source: Box<SourceError>,
    },

    /// A query gave more rows than `limits.rows`.
    #[error("query `{block}` passed {limit} rows and was stopped")]
    TooManyRows {
        /// The block.
        block: String,
        /// The limit it passed.
        limit: u64,
    },

    /// A pivot would have more columns or cells than a sheet can show.
    #[error("the pivot of sheet \"{sheet}\" has more than {limit} {what}")]
    PivotTooLarge {
        /// The sheet.
        sheet: String,
        /// `columns` or `cells`.
        what: &'static str,
        /// The most there may be.
        limit: usize,
    },

    /// The job took longer than `limits.runtime`.
    #[error("the run took longer than its limit of {} seconds", limit.as_secs())]
    Runtime {
        /// The limit.
        limit: Duration,
    },

    /// The partitions of a block have different columns.
    #[error("column `{}` of query `{}` is {} in {} and {} in {}", .0.column, .0.block, kind(.0.first.1), .0.first.0, kind(.0.second.1), .0.second.0)]
    PartitionsDiffer(Box<PartitionsDiffer>),

    /// An incremental block lacks a column it names.
    #[error("query `{block}` is incremental by column `{column}`, which it does not return; it returns {}", returned.join(", "))]
    IncrementColumn {
        /// The block.
        block: String,
        /// The missing column.
        column: String,
        /// What the query returns.
        returned: Vec<String>,
    },

    /// `lookback` is a length of time, and the incremental column holds no times.
    #[error(
        "query `{block}` looks back in column `{column}`, which holds neither days nor moments; remove `lookback`"
    )]
    IncrementLookback {
        /// The block.
        block: String,
        /// The column.
        column: String,
    },

    /// A block is split by a column that holds no whole numbers.
    #[error("query `{block}` is split by column `{column}`, which holds no whole numbers")]
    SplitColumn {
        /// The block.
        block: String,
        /// The column.
        column: String,
    },

    /// An aggregation would not give what PostgreSQL gives for the same text.
    #[error("query `{block}` cannot be run: {}{}", refusal.what, help_of(refusal))]
    Refused {
        /// The block.
        block: String,
        /// What of it, and what to write instead.
        refusal: Box<aggregate::Refusal>,
        /// Where in the report's file.
        place: Option<Box<Location>>,
    },

    /// An aggregation met a value that cannot be computed.
    #[error("{} of query `{block}` stopped: {}", computed(fault), fault.fault)]
    Aggregate {
        /// The block.
        block: String,
        /// What happened, and in which function.
        fault: Box<aggregate::FaultAt>,
        /// Where in the report's file.
        place: Option<Box<Location>>,
    },

    /// A column has a type no sheet can hold.
    #[error("column `{column}` of query `{block}` has the type {kind}, which no sheet can hold")]
    ColumnType {
        /// The block.
        block: String,
        /// The column.
        column: String,
        /// Its type in Polars' words.
        kind: String,
    },

    /// A check block with `fail` returned rows.
    #[error("{} rows fail the check `{}`", .0.rows, .0.block)]
    CheckFailed(Box<FailedCheck>),

    /// A sheet formats or draws columns its query does not return.
    #[error("sheet \"{}\" uses {}; query `{}` returns {}", .0.sheet, .0.names(), .0.block, .0.returned.join(", "))]
    Columns(Box<MissingColumns>),

    /// A staged file cannot be written or read.
    #[error("cannot {action} the staged rows in {}", path.display())]
    Stage {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What failed.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },

    /// A disk is full, a folder may not be written, or a disk fails.
    #[error("cannot {action} {}", path.display())]
    Disk {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },

    /// The workbook cannot be written.
    #[error("cannot {action} the workbook")]
    Workbook {
        /// What was tried, as a verb.
        action: &'static str,
        /// What failed.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },

    /// Rows read, staged and re-counted do not agree. The file was withheld.
    #[error("the rows of {what} do not agree: {expected} expected, {found} found {place}")]
    Proof {
        /// The block or sheet.
        what: String,
        /// Rows that should be there.
        expected: u64,
        /// Rows that are there.
        found: u64,
        /// Where they were counted, such as "in the finished file".
        place: &'static str,
    },

    /// A choice has more options than a form can offer.
    #[error("query `{block}` gives more than {limit} choices for `{param}`")]
    TooManyChoices {
        /// The parameter.
        param: String,
        /// The block behind it.
        block: String,
        /// The most a form offers.
        limit: usize,
    },

    /// A choice's query lacks the column its options name.
    #[error("query `{block}` has no column `{column}` for the choices of `{param}`; it returns {}", returned.join(", "))]
    ChoiceColumn {
        /// The parameter.
        param: String,
        /// The block behind it.
        block: String,
        /// The missing column.
        column: String,
        /// What the query returns.
        returned: Vec<String>,
    },

    /// A part of the engine stopped unexpectedly.
    #[error("{what}")]
    Internal {
        /// What happened.
        what: String,
    },
}

/// Two partitions of a block that cannot be one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionsDiffer {
    /// The block.
    pub block: String,
    /// The column.
    pub column: String,
    /// A partition by its name, such as `2026-01`, and the column's type there; `None` when it is
    /// missing.
    pub first: (String, Option<ColumnType>),
    /// The other.
    pub second: (String, Option<ColumnType>),
}

impl EngineError {
    /// The class of the run contract, such as `user_sql` or `disk`.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Cancelled => FailureClass::Cancelled,
            Self::Source { source, .. } => source.class(),
            Self::TooManyRows { .. } | Self::PivotTooLarge { .. } | Self::Runtime { .. } => {
                FailureClass::TooBig
            }
            Self::UnknownSource { .. }
            | Self::Bind { .. }
            | Self::Refused { .. }
            | Self::Aggregate { .. }
            | Self::ColumnType { .. }
            | Self::PartitionsDiffer(_)
            | Self::IncrementColumn { .. }
            | Self::IncrementLookback { .. }
            | Self::SplitColumn { .. }
            | Self::Columns(_)
            | Self::TooManyChoices { .. }
            | Self::ChoiceColumn { .. } => FailureClass::UserSql,
            Self::CheckFailed(_) => FailureClass::CheckFailed,
            Self::Disk { .. } => FailureClass::Disk,
            Self::UnknownBlock { .. }
            | Self::Stage { .. }
            | Self::Workbook { .. }
            | Self::Proof { .. }
            | Self::Internal { .. } => FailureClass::Internal,
        }
    }

    /// A stable code, finer than the class, such as `run::too_many_rows`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "run::cancelled",
            Self::UnknownSource { .. } => "run::unknown_source",
            Self::UnknownBlock { .. } => "run::unknown_query",
            Self::Bind { .. } => "run::bind",
            Self::Source { .. } => "run::source",
            Self::TooManyRows { .. } => "run::too_many_rows",
            Self::PivotTooLarge { .. } => "run::pivot_too_large",
            Self::Runtime { .. } => "run::too_long",
            Self::Refused { .. } => "run::refused",
            Self::Aggregate { .. } => "run::aggregate",
            Self::ColumnType { .. } => "run::column_type",
            Self::PartitionsDiffer(_) => "run::partitions_differ",
            Self::SplitColumn { .. } => "run::split",
            Self::IncrementColumn { .. } | Self::IncrementLookback { .. } => "run::increment",
            Self::CheckFailed(_) => "run::check_failed",
            Self::Columns(_) => "run::columns",
            Self::Stage { .. } => "run::stage",
            Self::Disk { .. } => "run::disk",
            Self::Workbook { .. } => "run::workbook",
            Self::Proof { .. } => "run::proof",
            Self::TooManyChoices { .. } => "run::too_many_choices",
            Self::ChoiceColumn { .. } => "run::choice_column",
            Self::Internal { .. } => "run::internal",
        }
    }

    /// What happened, whether data is affected and what to do, for people. Never contains SQL.
    pub fn message(&self) -> Message {
        sentence::of(self)
    }

    /// The whole chain of causes, one per line, for administrators. What a line above says already
    /// is not said again.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        if let Self::CheckFailed(check) = self {
            check.append_rows(&mut text);
        }
        if let Self::Source {
            place: Some(place), ..
        }
        | Self::Refused {
            place: Some(place), ..
        }
        | Self::Aggregate {
            place: Some(place), ..
        } = self
        {
            append_place(place, &mut text);
        }
        lang::chain_with(text, "\n  because: ", self)
    }

    /// Whether the same job may succeed a little later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.class(),
            FailureClass::SourceDown | FailureClass::SourceTimeout
        )
    }

    /// The error for a failed file operation.
    pub(crate) fn disk(action: &'static str, path: impl AsRef<Path>, source: io::Error) -> Self {
        Self::Disk {
            action,
            path: path.as_ref().to_owned(),
            source,
        }
    }
}

impl From<WorkbookError> for EngineError {
    fn from(error: WorkbookError) -> Self {
        match error {
            WorkbookError::Cancelled => Self::Cancelled,
            // The rows of a sheet come from the stage, and fail with an error of ours.
            WorkbookError::Input(cause) => match cause.downcast::<Self>() {
                Ok(error) => *error,
                Err(source) => Self::Workbook {
                    action: "read what belongs into",
                    source,
                },
            },
            WorkbookError::Columns(missing) => Self::Columns(missing),
            WorkbookError::PivotTooLarge { sheet, what, limit } => {
                Self::PivotTooLarge { sheet, what, limit }
            }
            WorkbookError::Disk {
                action,
                path,
                source,
            } => Self::Disk {
                action,
                path,
                source,
            },
            WorkbookError::Package { action, source } => Self::Workbook { action, source },
        }
    }
}

impl From<EngineError> for WorkbookError {
    /// For the rows of a sheet that cannot be read; the other direction gives the error back.
    fn from(error: EngineError) -> Self {
        Self::Input(Box::new(error))
    }
}

impl FailedCheck {
    fn append_rows(&self, text: &mut String) {
        text.push_str("\n  ");
        text.push_str(&self.columns.join(" | "));
        for row in &self.first {
            let cells: Vec<_> = row
                .iter()
                .map(|cell| cell.as_deref().unwrap_or("NULL"))
                .collect();
            text.push_str("\n  ");
            text.push_str(&cells.join(" | "));
        }
    }
}

/// The line of the report's file with a mark under the place.
fn append_place(place: &Location, text: &mut String) {
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let before = " ".repeat(place.column - 1);
    text.push_str(&format!(
        "\n  at line {number}, character {} of the report file:\n  {number} | {}\n  {margin} | {before}^",
        place.column, place.text
    ));
}

/// The words for a type of column.
fn kind(kind: Option<ColumnType>) -> String {
    match kind {
        None => "missing".to_owned(),
        Some(ColumnType::Boolean) => "a boolean".to_owned(),
        Some(ColumnType::Integer) => "an integer".to_owned(),
        Some(ColumnType::Float) => "a floating-point number".to_owned(),
        Some(ColumnType::Decimal { scale }) => format!("a decimal with {scale} digits"),
        Some(ColumnType::Text) => "a text".to_owned(),
        Some(ColumnType::Date) => "a day".to_owned(),
        Some(ColumnType::Datetime) => "a moment".to_owned(),
        Some(ColumnType::Time) => "a time of day".to_owned(),
        Some(ColumnType::Duration) => "a length of time".to_owned(),
        Some(ColumnType::Binary) => "bytes".to_owned(),
    }
}

fn help_of(refusal: &aggregate::Refusal) -> String {
    refusal
        .help
        .as_ref()
        .map_or_else(String::new, |help| format!("; {help}"))
}

/// What was computed when it stopped.
fn computed(fault: &aggregate::FaultAt) -> String {
    match fault.what.as_str() {
        "" => "the calculation".to_owned(),
        what => format!("`{what}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_rows_comes_back_from_the_workbook_as_it_was() {
        let stage = EngineError::Internal {
            what: "the stage is gone".into(),
        };
        let back = EngineError::from(WorkbookError::from(stage));
        assert!(matches!(&back, EngineError::Internal { what } if what == "the stage is gone"));
        let other = EngineError::from(WorkbookError::Input("no error of ours".into()));
        assert_eq!(other.class(), FailureClass::Internal);
        assert!(other.chain().contains("no error of ours"));
    }
}
