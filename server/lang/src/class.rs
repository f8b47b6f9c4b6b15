//! Why something failed, as the run contract tells it apart.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The class of a failure: it decides who is told, and whether trying again may help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// Somebody asked it to stop.
    Cancelled,
    /// It waited until the day it was for had passed.
    Expired,
    /// Its worker disappeared, several times.
    WorkerLost,
    /// The source cannot be reached.
    SourceDown,
    /// The source did not answer in time.
    SourceTimeout,
    /// The source does not allow it.
    Permission,
    /// The report has a mistake.
    UserSql,
    /// A check of the report found rows.
    CheckFailed,
    /// There are more rows, cells or seconds than the report allows.
    TooBig,
    /// It needed more memory than a run may use.
    Memory,
    /// A disk of the server is full or cannot be written.
    Disk,
    /// Where finished files are kept does not take them.
    Storage,
    /// Digger itself has a mistake.
    #[default]
    Internal,
}

impl FailureClass {
    /// Every class.
    pub const ALL: [Self; 13] = [
        Self::Cancelled,
        Self::Expired,
        Self::WorkerLost,
        Self::SourceDown,
        Self::SourceTimeout,
        Self::Permission,
        Self::UserSql,
        Self::CheckFailed,
        Self::TooBig,
        Self::Memory,
        Self::Disk,
        Self::Storage,
        Self::Internal,
    ];

    /// The word tables, logs and JSON have for it, such as `source_down`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::WorkerLost => "worker_lost",
            Self::SourceDown => "source_down",
            Self::SourceTimeout => "source_timeout",
            Self::Permission => "permission",
            Self::UserSql => "user_sql",
            Self::CheckFailed => "check_failed",
            Self::TooBig => "too_big",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Storage => "storage",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no class of failures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no class of failures")]
pub struct UnknownClass(pub String);

impl FromStr for FailureClass {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        let found = Self::ALL.into_iter().find(|class| class.as_str() == text);
        found.ok_or_else(|| UnknownClass(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_json_have_one_word_for_a_class() {
        for class in FailureClass::ALL {
            let json = serde_json::to_string(&class).unwrap();
            assert_eq!(json, format!("\"{class}\""));
            assert_eq!(class.as_str().parse(), Ok(class));
        }
        let unknown: Result<FailureClass, _> = "source_dwon".parse();
        assert_eq!(unknown, Err(UnknownClass("source_dwon".to_owned())));
    }
}
