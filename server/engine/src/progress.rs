//! What a run is doing, as it happens.
//!
//! These values cross the child's standard output as JSON lines, so their names are a contract.

pub use lang::Step;
use serde::{Deserialize, Serialize};

use crate::Warning;

/// One event of a running job. At most about five a second, apart from steps and warnings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Progress {
    /// A step began. Steps may return: each extraction passes through the first three.
    Step {
        /// The step that began.
        step: Step,
    },
    /// Rows moved in the current step.
    Rows {
        /// The step they belong to.
        step: Step,
        /// The block they belong to; `None` while the workbook is written.
        block: Option<String>,
        /// Rows so far in this step and block.
        rows: u64,
        /// Bytes so far: of values read, or of the file written. 0 where unknown.
        bytes: u64,
        /// All rows of this step, where a real total is known.
        total: Option<u64>,
    },
    /// Something the reader should know; the same warning is in the outcome.
    Warning {
        /// The warning.
        warning: Box<Warning>,
    },
    /// Other sessions than before work for the job. Whoever outlives the job stops those that were
    /// named last.
    Sessions {
        /// All of them.
        running: Vec<RunningSession>,
    },
}

/// A session at a source that works for a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningSession {
    /// The source, by the name reports use.
    pub source: String,
    /// What the source's [`stop`](source::Source::stop) wants. Never a password.
    pub session: String,
}
