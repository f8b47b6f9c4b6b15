//! The administrator's look at the report files.

use serde::{Deserialize, Serialize};

use crate::port::moment::Moment;

/// Every report file and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminReportsView {
    /// Where the files are, as configured.
    pub folder: String,
    /// When the folder was last read.
    pub read_at: Option<Moment>,
    /// Broken first, then with warnings, then by id.
    pub reports: Vec<AdminReport>,
}

/// One report file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AdminReport {
    /// `sales/daily_sales`.
    pub id: String,
    /// Title of the version in use, else of nothing.
    pub title: Option<String>,
    /// `sales/daily_sales.sql`.
    pub path: String,
    /// Whether it can be used.
    pub state: AdminReportState,
    /// Errors found in the file on disk.
    pub errors: u32,
    /// Warnings found.
    pub warnings: u32,
    /// Every problem, rendered as plain text with its source lines; empty when there is none.
    pub rendered: String,
    /// Groups that may run it; empty means administrators only.
    pub run_groups: Vec<String>,
}

/// Whether a report file can be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminReportState {
    /// In use as it is on disk.
    #[default]
    InUse,
    /// Broken on disk; an earlier version is in use.
    LastGood {
        /// When that version was first seen.
        since: Moment,
    },
    /// Broken and never good; nobody can run it.
    Broken,
}
