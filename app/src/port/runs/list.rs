//! The list of runs and how it is filtered.

use serde::{Deserialize, Serialize};

use super::card::RunCard;
use super::live::RunState;

/// Which runs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunsFilter {
    /// Only this state.
    #[serde(default)]
    pub state: Option<RunState>,
    /// Only this report.
    #[serde(default)]
    pub report: Option<String>,
    /// Everybody's runs; ignored unless the viewer is an administrator.
    #[serde(default)]
    pub everyone: bool,
    /// Cursor of the page, from [`RunsView::older`]. Absent: newest.
    #[serde(default)]
    pub before: Option<String>,
}

/// One page of runs, newest first; 25 a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunsView {
    /// At most 25.
    pub runs: Vec<RunCard>,
    /// Cursor of the next, older page.
    pub older: Option<String>,
    /// Reports that occur in the viewer's history: (id, title).
    pub reports: Vec<(String, String)>,
}
