//! The name a report is known by: its path below the queries folder.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Path of a report below `queries/` without `.sql`, for example `sales/daily_sales`.
///
/// Segments are `[a-z][a-z0-9_]*`, joined by `/`; at most 200 characters in all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportId(String);

/// Why a text is not a report id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a report id; use small letters, digits and `_`, folders with `/`, for example `sales/daily_sales`"
)]
pub struct IdError(pub String);

impl ReportId {
    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Everything before the last `/`; empty for a report in no folder.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }
}

/// True for `[a-z][a-z0-9_]*`.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl FromStr for ReportId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() <= 200 && text.split('/').all(is_name) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError(text.chars().take(200).collect()))
        }
    }
}

impl TryFrom<String> for ReportId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<ReportId> for String {
    fn from(id: ReportId) -> Self {
        id.0
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_knows_its_folder_and_name() {
        let id: ReportId = "sales/kr/daily_sales2".parse().unwrap();
        assert_eq!((id.folder(), id.name()), ("sales/kr", "daily_sales2"));
        let id: ReportId = "daily".parse().unwrap();
        assert_eq!((id.folder(), id.name()), ("", "daily"));
    }

    #[test]
    fn an_id_cannot_leave_its_folder() {
        for bad in [
            "", "/", "a/", "/a", "a//b", "../a", "a/../b", "A", "1a", "a b", "a.sql", "매출", "_a",
        ] {
            assert!(bad.parse::<ReportId>().is_err(), "{bad}");
        }
    }
}
