//! What a finished job hands back: the file, its proof and what a page shows of it.

use std::path::PathBuf;

use jiff::Timestamp;
use lang::{Message, Text};
use serde::{Deserialize, Serialize};
use workbook::{ControlTotal, Remark, SheetView};

use crate::Step;

/// Everything known about a finished and proven job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The workbook.
    pub file: FileInfo,
    /// One entry per block that ran, in running order.
    pub blocks: Vec<BlockRows>,
    /// One entry per sheet part in the file, without "About".
    pub sheets: Vec<SheetView>,
    /// The columns with a `total`, over all rows of their sheet.
    pub totals: Vec<ControlTotal>,
    /// What the reader should know; the "About" sheet lists the same.
    pub warnings: Vec<Warning>,
    /// The moment the file's numbers are true for: when the oldest rows were read at their source.
    /// Kept partitions do not count, unless there is nothing else: they are final by the author's
    /// word. [`BlockRows::kept_since`] says how old they are.
    pub data_time: Timestamp,
    /// How long each step took, in the order of [`Step::ALL`].
    #[serde(default)]
    pub steps: Vec<StepTime>,
}

/// How long a step took, all its turns together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTime {
    /// The step.
    pub step: Step,
    /// Its time.
    pub millis: u64,
}

/// A file a job made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Where it is.
    pub path: PathBuf,
    /// What a reader's download is called.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Data rows of all sheets together, without headers and totals.
    pub rows: u64,
}

/// The rows of one block on their way through the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRows {
    /// The block.
    pub block: String,
    /// The source it read; `None` for a Polars block.
    pub source: Option<String>,
    /// Rows the source sent, now or when the staged answer was read; for Polars, rows it answered.
    pub rows_read: u64,
    /// Rows in its Parquet file, from the file's own footer.
    pub rows_staged: u64,
    /// Rows the source sent during this very run; the others were kept by earlier runs.
    #[serde(default)]
    pub rows_now: u64,
    /// Whether an answer staged by an earlier run was used again and the source was not asked.
    pub from_stage: bool,
    /// Partitions the answer consists of; 0 for a block without.
    #[serde(default)]
    pub partitions: u32,
    /// How many of them were kept by earlier runs.
    #[serde(default)]
    pub partitions_kept: u32,
    /// Ranges of a key the rows were read in; 0 for one statement. Nobody counts at the source what
    /// the ranges have together.
    #[serde(default)]
    pub ranges: u32,
    /// When the oldest rows kept by earlier runs were read; `None` when all are new.
    #[serde(default)]
    pub kept_since: Option<Timestamp>,
    /// The endpoint of the source that answered, `host:port/database` or a file; `None` when it
    /// was not asked.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// How long it took.
    pub millis: u64,
}

/// Something the reader should know although the job succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// A stable code such as `check_failed`.
    pub code: String,
    /// The sentence for people.
    pub message: Message,
    /// The rows it is about, for a check block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<FailedCheck>,
}

impl Warning {
    /// A warning without rows.
    pub fn new(code: &str, ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: Message::new(Text::both(ko, en)),
            rows: None,
        }
    }
}

impl From<Remark> for Warning {
    fn from(remark: Remark) -> Self {
        Self {
            code: remark.code,
            message: remark.message,
            rows: None,
        }
    }
}

/// A check that returned rows, with the first of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedCheck {
    /// The check block.
    pub block: String,
    /// The author's sentence about it.
    pub description: Option<String>,
    /// All rows it returned.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<String>,
    /// At most the first 20 rows, as text. `None` is an absent value.
    pub first: Vec<Vec<Option<String>>>,
}
