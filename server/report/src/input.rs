//! What a person typed, checked field by field and made absolute.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::param::Param;
use crate::report::Report;
use crate::text::Text;
use crate::value::{FieldError, Input, Values};

impl Report {
    /// The form as it is first shown: every default, as the author wrote it.
    pub fn default_input(&self) -> Input {
        self.params
            .values()
            .filter(|param| param.is_visible() && !param.default.is_empty())
            .map(|param| (param.name.clone(), param.default.clone()))
            .collect()
    }

    /// Checks every field and makes it absolute.
    ///
    /// # Errors
    /// Every field that needs attention, not only the first.
    pub fn resolve(
        &self,
        _input: &Input,
        _viewer: &BTreeMap<String, Vec<String>>,
        _now: Timestamp,
    ) -> Result<Values, Vec<FieldError>> {
        Ok(Values::default())
    }

    /// The values as a form would send them, with absolute dates.
    pub fn to_input(&self, _values: &Values) -> Input {
        Input::new()
    }

    /// The values with every period moved by `by` times its own length; months stay months.
    ///
    /// `None` when there is no period, or it would leave the calendar.
    pub fn shift(&self, _values: &Values, _by: i32) -> Option<Values> {
        None
    }
}

/// Whether a period keeps the parameter's least and greatest length.
pub(crate) fn check_length(_param: &Param, _from: Date, _until: Date) -> Result<(), Text> {
    Ok(())
}
