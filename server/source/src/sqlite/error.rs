//! What SQLite says, sorted by what to do about it.

use std::ffi::c_int;

use libsqlite3_sys as ffi;

use super::statement::{Failure, LONGEST_VALUE};
use crate::{Cause, DatabaseError, SourceError};

/// What an authorizer's action would do that a reading statement does not; `None` when it is fine.
pub(super) fn refusal(action: c_int, first: Option<&str>, second: Option<&str>) -> Option<String> {
    let of = |verb: &str, name: Option<&str>| match name {
        // Creating and dropping begin by writing to the table of tables.
        Some(name) if name.starts_with("sqlite_") => {
            "changes the tables of the database".to_owned()
        }
        Some(name) => format!("{verb} `{name}`"),
        None => verb.to_owned(),
    };
    Some(match action {
        ffi::SQLITE_SELECT | ffi::SQLITE_READ | ffi::SQLITE_RECURSIVE => return None,
        ffi::SQLITE_FUNCTION => match second {
            Some("load_extension" | "fts3_tokenizer") => of("calls the function", second),
            _ => return None,
        },
        ffi::SQLITE_INSERT => of("inserts into", first),
        ffi::SQLITE_UPDATE => of("updates", first),
        ffi::SQLITE_DELETE => of("deletes from", first),
        ffi::SQLITE_ATTACH => "attaches another file".to_owned(),
        ffi::SQLITE_DETACH => "detaches a file".to_owned(),
        ffi::SQLITE_PRAGMA => of("uses PRAGMA", first),
        ffi::SQLITE_TRANSACTION | ffi::SQLITE_SAVEPOINT => {
            "begins or ends a transaction".to_owned()
        }
        ffi::SQLITE_REINDEX => of("rebuilds the index", first),
        ffi::SQLITE_ANALYZE => of("analyses", first),
        _ => "changes the tables of the database".to_owned(),
    })
}

/// Whether somebody else holds the file and waiting may help.
pub(super) fn is_busy(failure: &Failure) -> bool {
    matches!(failure.code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED)
}

/// Whether the statement was stopped from outside.
pub(super) fn is_interrupt(failure: &Failure) -> bool {
    failure.code & 0xff == ffi::SQLITE_INTERRUPT
}

/// Turns a failure into words, and keeps it as their cause. `prefix` bytes stand before the author's text; `row` is the row that
/// was being read, from 1.
pub(super) fn explain(name: &str, failure: Failure, prefix: usize, row: u64) -> SourceError {
    let cause = DatabaseError {
        code: Some(failure.code.to_string()),
        message: failure.message.clone(),
    };
    in_words(name, failure, prefix, row).caused_by(Cause::from(cause))
}

fn in_words(source: &str, failure: Failure, prefix: usize, row: u64) -> SourceError {
    if let Some(what) = failure.writes {
        return SourceError::writes(source, what);
    }
    let said = failure.message;
    match failure.code & 0xff {
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => SourceError::busy(
            source,
            format!(
                "another program is writing to the file ({said}); try again when it has finished"
            ),
        ),
        ffi::SQLITE_NOTADB => SourceError::down(
            source,
            "the file is not an SQLite database, or it is encrypted; check the path in its URL",
        ),
        ffi::SQLITE_CORRUPT => SourceError::down(
            source,
            format!("the file is damaged ({said}); restore it from a backup"),
        ),
        ffi::SQLITE_CANTOPEN | ffi::SQLITE_IOERR | ffi::SQLITE_PERM | ffi::SQLITE_PROTOCOL => {
            SourceError::down(
                source,
                format!(
                    "the file cannot be read ({said}); check the disk and the permissions of the file and its folder"
                ),
            )
        }
        ffi::SQLITE_READONLY => SourceError::writes(source, "writes to the file"),
        ffi::SQLITE_AUTH => SourceError::permission(source, said),
        ffi::SQLITE_TOOBIG => SourceError::too_wide(row, LONGEST_VALUE as u64),
        ffi::SQLITE_NOMEM | ffi::SQLITE_MISUSE | ffi::SQLITE_INTERNAL => {
            SourceError::internal(source, said)
        }
        _ => SourceError::sql(
            source,
            said,
            failure.offset.map(|offset| offset.saturating_sub(prefix)),
        ),
    }
}
