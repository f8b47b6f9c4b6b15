//! Checks that need to know more than one file: sources, result columns, other reports.

use crate::id::ReportId;
use crate::problem::Problem;
use crate::report::Report;

impl Report {
    /// Sources the report names but the server does not have.
    pub fn check_sources(&self, _configured: &[&str]) -> Vec<Problem> {
        Vec::new()
    }

    /// Columns that sheets, options and keys of the block use but its result does not have.
    pub fn check_columns(&self, _block: &str, _columns: &[String]) -> Vec<Problem> {
        Vec::new()
    }
}

/// Ids, present or former, that two reports claim.
pub fn check_ids(_reports: &[&Report]) -> Vec<(ReportId, Problem)> {
    Vec::new()
}
