//! Why something failed, as the run contract tells it apart.

use serde::{Deserialize, Serialize};

use crate::words;

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

words!(FailureClass, 13, "class of failures",
    /// A word that is no class of failures.
    UnknownClass,
    {
        Cancelled => "cancelled",
        Expired => "expired",
        WorkerLost => "worker_lost",
        SourceDown => "source_down",
        SourceTimeout => "source_timeout",
        Permission => "permission",
        UserSql => "user_sql",
        CheckFailed => "check_failed",
        TooBig => "too_big",
        Memory => "memory",
        Disk => "disk",
        Storage => "storage",
        Internal => "internal",
    }
);

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
