//! What every block of one job works with, and what comes of a block.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use report::{Report, Values};

use crate::Warning;
use crate::deadline::Deadline;
use crate::early_sheet::EarlySheet;
use crate::meter::Meter;
use crate::plan::Sources;
use crate::stage::{Answer, Kept};

/// The staged answers of blocks that ran, by block.
pub(crate) type Staged = BTreeMap<String, Answer>;

/// What every block of one job shares.
pub(crate) struct Pipeline<'a> {
    pub(crate) report: &'a Report,
    pub(crate) values: &'a Values,
    pub(crate) sources: &'a Sources,
    /// Where staged files are written; emptied when the job ends.
    pub(crate) folder: &'a Path,
    /// What is shared with other jobs; `None` for a job that is alone.
    pub(crate) shared: Option<&'a Shared>,
    /// The SQL comment sent with each statement: run, report and person.
    pub(crate) comment: &'a str,
    /// More rows than this in one block stop the job.
    pub(crate) max_rows: Option<u64>,
    /// Writes rows into the workbook while they arrive; `None` for a pipeline without a workbook.
    pub(crate) early_sheet: Option<&'a EarlySheet<'a>>,
    pub(crate) deadline: &'a Deadline,
    pub(crate) meter: &'a Meter<'a>,
    /// The moment the job began; decides whether a kept answer is young enough.
    pub(crate) now: Timestamp,
}

/// What jobs share with each other.
pub(crate) struct Shared {
    /// Answers of earlier jobs; `None` for a job that reads everything anew.
    pub(crate) kept: Option<Kept>,
    /// The folder with the permits of sources.
    pub(crate) stage_dir: PathBuf,
    /// Statements a source allows at the same time.
    pub(crate) at_once: BTreeMap<String, u32>,
}

/// A block that ran.
pub(crate) struct Done {
    pub(crate) answer: Answer,
    /// Rows that should be in the answer, counted where they came from.
    pub(crate) rows_read: u64,
    /// Rows the source sent during this job.
    pub(crate) rows_now: u64,
    /// Whether the source was not asked at all.
    pub(crate) from_stage: bool,
    /// For a partitioned block: how many partitions there are, and how many came from the stage.
    pub(crate) partitions: Option<(u32, u32)>,
    /// For a block that is split: how many ranges of its key were read.
    pub(crate) ranges: u32,
    /// What people should know about the rows.
    pub(crate) warnings: Vec<Warning>,
    /// When the oldest rows that came from the stage were read.
    pub(crate) kept_since: Option<Timestamp>,
    /// Where the source answered.
    pub(crate) endpoint: Option<String>,
}

impl Done {
    /// An answer that was just made.
    pub(crate) fn of(answer: Answer) -> Self {
        Self {
            rows_read: answer.rows,
            rows_now: answer.rows,
            answer,
            from_stage: false,
            partitions: None,
            ranges: 0,
            warnings: Vec::new(),
            kept_since: None,
            endpoint: None,
        }
    }

    /// An answer the source was not asked for.
    pub(crate) fn kept(answer: Answer) -> Self {
        Self {
            rows_now: 0,
            from_stage: true,
            kept_since: Some(answer.read_at),
            ..Self::of(answer)
        }
    }
}
