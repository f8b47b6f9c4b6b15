//! The workbook's file name, readable and safe on every file system.

use jiff::Timestamp;

use crate::report::Report;
use crate::text::Lang;
use crate::value::Values;

impl Report {
    /// The finished file name with `.xlsx`.
    pub fn file_name(&self, _values: &Values, lang: Lang, _started: Timestamp) -> String {
        format!("{}.xlsx", self.title.get(lang))
    }
}
