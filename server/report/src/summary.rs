//! The values of a run as people read them, kept from the moment it was queued.

use std::collections::BTreeMap;

use lang::Lang;
use serde::{Deserialize, Serialize};

use crate::{Report, Values};

/// What people read for chosen values: parameter, value, label.
pub type Labels = BTreeMap<String, BTreeMap<String, String>>;

/// The values of a run as people read them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Label and text per visible parameter, in the language of the run.
    pub chips: Vec<(String, String)>,
    /// Labels of choices that came from queries, as they were.
    pub labels: Labels,
}

impl Summary {
    /// The chips of values at this moment.
    pub fn of(report: &Report, values: &Values, lang: Lang, labels: Labels) -> Self {
        Self {
            chips: report.describe(values, lang, &labels),
            labels,
        }
    }
}
