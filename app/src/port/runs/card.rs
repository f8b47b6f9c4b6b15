//! A run in a list, with its values and its file.

use serde::{Deserialize, Serialize};

use super::live::{RunState, Step};
use crate::port::moment::Moment;

/// A run in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunCard {
    /// The run's id.
    pub id: String,
    /// The report it ran.
    pub report_id: String,
    /// The report's title when it ran.
    pub title: String,
    /// Where it stands.
    pub state: RunState,
    /// Its values, one chip per visible parameter.
    pub chips: Vec<Chip>,
    /// Who asked for it first; shown when the list is not only the viewer's own.
    pub person: String,
    /// When it was asked for.
    pub created: Moment,
    /// Running: so far. Finished: from start to end. Absent while queued. Milliseconds.
    pub elapsed_ms: Option<u64>,
    /// Median duration of this report in milliseconds.
    pub usual_ms: Option<u64>,
    /// The step it is in while running.
    pub step: Option<Step>,
    /// Data rows in the file, or fetched so far.
    pub rows: Option<u64>,
    /// The finished file.
    pub file: Option<FileView>,
    /// One sentence when it failed.
    pub error: Option<String>,
    /// Where it stands in line, or that the viewer has left it, in one sentence.
    #[serde(default)]
    pub note: Option<String>,
    /// The viewer may run the report.
    pub can_run_again: bool,
}

/// One value of a run: 기간 · 2026-10-01 ~ 2026-10-31.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// The parameter's label.
    pub label: String,
    /// Its value for people.
    pub value: String,
}

/// A file that can be downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// `월별매출_2026-08_전체_20260903-0712.xlsx`.
    pub name: String,
    /// `/runs/{id}/files/{name}`, percent-encoded.
    pub href: String,
    /// Size on disk.
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// Data rows over all sheets.
    pub rows: u64,
}
