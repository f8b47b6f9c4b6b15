//! Values as people read them.

use std::collections::BTreeMap;

use crate::report::Report;
use crate::text::Lang;
use crate::value::Values;

impl Report {
    /// One `(label, text)` per visible parameter that has a value, in the report's order.
    ///
    /// `labels` gives the words for values of choices that come from queries:
    /// parameter to value to label. Unknown values are shown as they are.
    pub fn describe(
        &self,
        _values: &Values,
        _lang: Lang,
        _labels: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> Vec<(String, String)> {
        Vec::new()
    }
}
