//! What server and child say to each other: one JSON document per line.
//!
//! The server writes one [`Task`] and then, when the run must stop, the line `cancel`; the end of
//! the child's standard input means the same, so a child never outlives its server. The child
//! answers with [`Said`] lines, the last of which is `done`, `choices`, `failed` or `cancelled`, or the
//! `checked` of the last report.

use std::collections::BTreeMap;
use std::path::PathBuf;

use engine::{Outcome, Progress};
use jiff::Timestamp;
use lang::{Failure, Lang, Told};
use report::{Input, Problem, ReportId, Values};
use serde::{Deserialize, Serialize};
use source::SourceConfig;

/// The line that asks the child to stop.
pub const CANCEL: &str = "cancel";

/// What a child is started for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// To execute a run.
    Run(Box<Order>),
    /// To read the choices of a parameter.
    Choices(Box<ChoicesOrder>),
    /// To read reports and find what is wrong with them.
    Check(CheckOrder),
}

impl Task {
    /// Most memory the child may use, MiB.
    pub fn memory_mb(&self) -> u32 {
        match self {
            Self::Run(order) => order.memory_mb,
            Self::Choices(order) => order.memory_mb,
            Self::Check(order) => order.memory_mb,
        }
    }
}

/// Reports to be checked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckOrder {
    /// The reports, in the order of the answers.
    pub reports: Vec<Unchecked>,
    /// Names of the sources there are.
    pub sources: Vec<String>,
    /// Where staged rows are kept between runs, and the columns they had.
    pub stage_dir: PathBuf,
    /// Most memory the child may use, MiB.
    pub memory_mb: u32,
}

/// A report nobody has read yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unchecked {
    /// Its id.
    pub report: ReportId,
    /// Its text.
    pub text: String,
}

/// The choices of a parameter as the child needs them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChoicesOrder {
    /// The report.
    pub report: ReportId,
    /// Its text.
    pub text: String,
    /// The parameter.
    pub param: String,
    /// Values of the parameters its query uses, with relative dates resolved.
    pub values: Values,
    /// In which people read yes and no.
    pub lang: Lang,
    /// The sources the query reads.
    pub sources: Vec<SourceConfig>,
    /// The folder with the permits of sources.
    pub stage_dir: PathBuf,
    /// Most memory the child may use, MiB.
    pub memory_mb: u32,
}

/// One run as the child needs it. The child never opens Digger's own tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// Id of the run.
    pub run: String,
    /// The report, as it was when the run was queued.
    pub report: ReportId,
    /// Its text, of the revision frozen in the run.
    pub text: String,
    /// The values, with relative dates resolved.
    pub values: Values,
    /// The values as typed, for the "About" sheet.
    pub input: Input,
    /// Language of sheets and texts.
    pub lang: Lang,
    /// What people read for chosen values: parameter, value, label.
    pub labels: BTreeMap<String, BTreeMap<String, String>>,
    /// Name of the person who asked.
    pub person: String,
    /// When the run was queued.
    pub queued: Timestamp,
    /// When this attempt began.
    pub started: Timestamp,
    /// The run's page, if the server knows its public address.
    pub link: Option<String>,
    /// The sources the report reads.
    pub sources: Vec<SourceConfig>,
    /// Where staged rows are kept between runs.
    pub stage_dir: PathBuf,
    /// Most bytes kept there.
    pub stage_bytes: u64,
    /// Whether the file says where its sources are.
    pub shows_endpoints: bool,
    /// Where this attempt writes; no other attempt does.
    pub output_dir: PathBuf,
    /// Most memory the child may use, MiB.
    pub memory_mb: u32,
}

/// One line of a child's standard output.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Said {
    /// Something moved.
    Progress {
        /// What moved.
        progress: Progress,
    },
    /// The workbook is written, proven and in its place.
    Done {
        /// Everything known about it.
        outcome: Box<Outcome>,
    },
    /// The run failed; no file is left behind.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// The choices of the parameter, value and label, in order.
    Choices {
        /// Value and label.
        pairs: Vec<(String, String)>,
    },
    /// One report was read.
    Checked {
        /// What is wrong with it, in file order.
        problems: Vec<Problem>,
    },
    /// The run stopped because it was asked to.
    Cancelled,
}

/// A failure of the engine, ready to be said and stored.
pub(crate) fn failure_of(error: &engine::EngineError) -> Failure {
    Failure {
        class: error.class(),
        told: Told {
            code: error.code().to_owned(),
            message: error.message(),
            rows: failed_rows(error),
        },
        chain: error.chain(),
        is_transient: error.is_transient(),
    }
}

fn failed_rows(error: &engine::EngineError) -> Vec<Vec<String>> {
    let engine::EngineError::CheckFailed(check) = error else {
        return Vec::new();
    };
    let rows = check.first.iter().map(|row| {
        row.iter()
            .map(|cell| cell.clone().unwrap_or_default())
            .collect()
    });
    std::iter::once(check.columns.clone()).chain(rows).collect()
}
