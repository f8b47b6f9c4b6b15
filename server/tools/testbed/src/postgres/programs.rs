//! Where PostgreSQL's server programs are.

use std::path::PathBuf;

use crate::programs::folder_with;

/// Debian and Ubuntu, Fedora and its relatives, Homebrew on both kinds of Mac, Postgres.app.
const PLACES: [&str; 6] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// The programs of one installation.
#[derive(Debug)]
pub struct Programs {
    pub initdb: PathBuf,
    pub postgres: PathBuf,
}

impl Programs {
    pub(super) fn find() -> Option<Self> {
        let folder = folder_with(&["initdb", "postgres"], &PLACES)?;
        Some(Self {
            initdb: folder.join("initdb"),
            postgres: folder.join("postgres"),
        })
    }
}
