//! What can go wrong with our own tables, each with what to do about it.

use std::path::{Path, PathBuf};

use crate::lock::Holder;

/// Why the store could not do something. The message names the path and what to do; the cause is
/// its source.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory is missing or not ours.
    #[error(
        "cannot use the data directory {}; create it and let this user write there, or name another one",
        path.display()
    )]
    Directory {
        /// The data directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process works in the data directory.
    #[error(
        "the data directory {} is in use by {holder}; stop that process first, or give this one a directory of its own",
        path.display()
    )]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// Who holds it, as far as the lock file says.
        holder: Holder,
    },
    /// The file or its directory can only be read.
    #[error(
        "cannot write to {}: it is read-only for this user; give write permission on the file and its directory",
        path.display()
    )]
    ReadOnly {
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// No space left.
    #[error(
        "cannot {doing}: the disk that holds {} is full; free some space, nothing was changed",
        path.display()
    )]
    Full {
        /// What was attempted.
        doing: &'static str,
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The file was written by a later version.
    #[error(
        "{} was written by a newer Digger (schema {found}, this one knows {known}); start that version or a later one",
        path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Schema version of the file.
        found: i64,
        /// Newest schema version of this program.
        known: i64,
    },
    /// The file is damaged or not ours.
    #[error(
        "{} is damaged or not a Digger database; restore it from the last backup, keep the damaged file for inspection",
        path.display()
    )]
    Corrupt {
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A migration could not be applied; the schema is as it was before.
    #[error("cannot bring the schema of {} up to date; nothing was changed", path.display())]
    Migrate {
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<sqlx::migrate::MigrateError>,
    },
    /// Another writer held the file longer than we wait.
    #[error("cannot {doing}: {} is held by another writer; try again", path.display())]
    Busy {
        /// What was attempted.
        doing: &'static str,
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The name is taken already.
    #[error("{what} `{value}` is taken; choose another")]
    Taken {
        /// What kind of name.
        what: &'static str,
        /// The name.
        value: String,
    },
    /// Something that should exist does not.
    #[error("there is no {what} `{value}`")]
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// Its id.
        value: String,
    },
    /// Anything else the database said.
    #[error("cannot {doing} in {}", path.display())]
    Database {
        /// What was attempted.
        doing: &'static str,
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Sorts what the database said by what to do about it.
    pub(crate) fn from_sqlx(doing: &'static str, path: &Path, source: sqlx::Error) -> Self {
        let path = path.to_owned();
        // The low byte is the primary code: https://www.sqlite.org/rescode.html.
        match sqlite_code(&source).map(|code| code & 0xff) {
            Some(5 | 6) => Self::Busy {
                doing,
                path,
                source,
            },
            Some(8 | 14) => Self::ReadOnly { path, source },
            Some(13) => Self::Full {
                doing,
                path,
                source,
            },
            Some(11 | 26) => Self::Corrupt { path, source },
            _ if matches!(source, sqlx::Error::PoolTimedOut) => Self::Busy {
                doing,
                path,
                source,
            },
            _ => Self::Database {
                doing,
                path,
                source,
            },
        }
    }

    /// Whether trying the same again later may work without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Full { .. })
    }
}

/// SQLite's extended result code, where the error is SQLite's.
pub(crate) fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .and_then(|code| code.parse().ok())
}
