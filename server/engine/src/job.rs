//! Everything a job is given.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use lang::Lang;
use report::{Input, Report, Values};
use source::Source;

/// One execution of a report with values.
pub struct Job {
    /// The report.
    pub report: Arc<Report>,
    /// Its values, checked and absolute; made by [`Report::resolve`].
    pub values: Values,
    /// The form as it was typed; kept for the record.
    pub input: Input,
    /// The language of sheet names, headings and the file name.
    pub lang: Lang,
    /// What people call the values of choices: parameter, value, label. May be empty.
    pub labels: BTreeMap<String, BTreeMap<String, String>>,
    /// Who runs it, and when.
    pub run: RunInfo,
    /// The sources it may read, by the name reports use.
    pub sources: BTreeMap<String, Arc<dyn Source>>,
    /// Where staged rows are kept. Created when missing; may be shared by any number of jobs.
    pub stage_dir: PathBuf,
    /// Most bytes of staged rows kept between jobs; beyond it what was used longest ago goes.
    pub stage_bytes: u64,
    /// Statements at the same time per source, over all jobs that share the stage. Default for a
    /// source that is not named: 1.
    pub at_once: BTreeMap<String, u32>,
    /// Whether the file says where its sources are: host, port and database.
    pub shows_endpoints: bool,
    /// Where the finished file goes. Created when missing. Give each attempt its own: an existing
    /// file of the same name is replaced.
    pub output_dir: PathBuf,
}

/// Who runs a report, and when.
#[derive(Clone, Debug)]
pub struct RunInfo {
    /// The run's id; sent to sources in a comment and printed in the file.
    pub id: String,
    /// The person's name as the file shows it.
    pub person: String,
    /// When it was queued; relative dates were resolved then.
    pub queued: Timestamp,
    /// When this attempt started.
    pub started: Timestamp,
    /// Where its page is, for the link in the file.
    pub link: Option<String>,
}
