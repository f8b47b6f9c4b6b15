//! What a run keeps of its moment: JSON that is written once when it is queued.

use std::collections::BTreeMap;

use lang::Lang;
use report::{Report, Values};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What people read for chosen values: parameter, value, label.
pub(crate) type Labels = BTreeMap<String, BTreeMap<String, String>>;

/// The values of a run as people read them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// Label and text per visible parameter, in the language of the run.
    pub(crate) chips: Vec<(String, String)>,
    /// Labels of choices that came from queries, as they were.
    pub(crate) labels: Labels,
}

impl Summary {
    /// The chips of values at this moment.
    pub(crate) fn of(report: &Report, values: &Values, lang: Lang, labels: Labels) -> Self {
        Self {
            chips: report.describe(values, lang, &labels),
            labels,
        }
    }
}

/// Reads a JSON column.
///
/// # Errors
/// When the column does not hold what this version writes.
pub(crate) fn read_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text)
}
