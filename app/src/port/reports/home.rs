//! The home page: what runs, what ran, and every report one may see.

use serde::{Deserialize, Serialize};

use crate::port::moment::Moment;
use crate::port::runs::card::RunCard;

/// "My reports": what runs now, what ran before, and everything the viewer may see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HomeView {
    /// Queued and running runs the viewer wants, newest first.
    pub running: Vec<RunCard>,
    /// The viewer's finished runs, newest first; at most 6.
    pub recent: Vec<RunCard>,
    /// By folder name, reports by title.
    pub folders: Vec<Folder>,
    /// Report files with errors; 0 for everybody but administrators.
    pub broken_reports: u32,
}

/// Reports that live in one folder of `queries/`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Folder {
    /// The folder's name on disk, such as `sales`.
    pub name: String,
    /// Never empty.
    pub reports: Vec<ReportCard>,
}

/// A report as it is found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportCard {
    /// `sales/daily_sales`.
    pub id: String,
    /// In the reader's language.
    pub title: String,
    /// One or two sentences of purpose.
    pub description: Option<String>,
    /// Whom to ask.
    pub owner: Option<String>,
    /// The viewer's last run of it.
    pub last_run: Option<Moment>,
    /// Median duration of past runs in milliseconds.
    pub usual_ms: Option<u64>,
    /// The viewer may see but perhaps not run it.
    pub can_run: bool,
    /// The file on disk is broken and the last good version is in use. Only administrators are told.
    pub is_broken: bool,
}
