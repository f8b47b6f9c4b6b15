//! What can go wrong with our own tables, each with what to do about it.

mod codes;

use std::path::PathBuf;

use crate::lock::Holder;
use crate::{Location, UrlError};

/// Why the store could not do something. The message names the place and what to do; the cause is
/// its source. No message holds a password.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A URL that names no place for our tables.
    #[error(
        "cannot use this URL for Digger's own tables: {why}; write `sqlite:/var/lib/digger` or `postgres://user:password@host:5432/database`"
    )]
    Url {
        /// What is wrong with it.
        #[source]
        why: UrlError,
    },
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
    /// The database can only be read.
    #[error("cannot write to {place}: {}", place.when_read_only())]
    ReadOnly {
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// No space left.
    #[error(
        "cannot {doing}: {} {place} is full; free some space, nothing was changed",
        place.disk()
    )]
    Full {
        /// What was attempted.
        doing: &'static str,
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The tables were written by a later version.
    #[error(
        "{place} was written by a newer Digger (schema {found}, this one knows {known}); start that version or a later one"
    )]
    Newer {
        /// The database.
        place: Location,
        /// Schema version of the database.
        found: i64,
        /// Newest schema version of this program.
        known: i64,
    },
    /// The tables are of an earlier version, and other processes may still be using them.
    #[error(
        "the tables in {place} are of an older Digger (schema {found}, this one needs {known}); run `digger migrate`, then start again"
    )]
    Older {
        /// The database.
        place: Location,
        /// Schema version of the database.
        found: i64,
        /// Schema version this program needs.
        known: i64,
    },
    /// The file is damaged or not ours.
    #[error(
        "{place} is damaged or not a Digger database; restore it from the last backup, keep the damaged file for inspection"
    )]
    Corrupt {
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A migration could not be applied; the schema is as it was before.
    #[error("cannot bring the schema of {place} up to date; nothing was changed")]
    Migrate {
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: Box<sqlx::migrate::MigrateError>,
    },
    /// Another writer was in the way longer than we wait.
    #[error("cannot {doing}: {place} is held by another writer; try again")]
    Busy {
        /// What was attempted.
        doing: &'static str,
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The server is down, restarting, not to be found, or cut us off.
    #[error(
        "cannot {doing}: {place} cannot be reached; check that the server runs and takes connections from this machine, then try again"
    )]
    Unreachable {
        /// What was attempted.
        doing: &'static str,
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The server does not let us in.
    #[error(
        "{place} refuses this login; check user and password in the URL and the server's pg_hba.conf"
    )]
    Login {
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The server has no database of that name.
    #[error(
        "{place} does not exist on that server; create it with CREATE DATABASE and make this login its owner, or correct the name in the URL"
    )]
    NoDatabase {
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The login may not do this.
    #[error(
        "cannot {doing}: this login lacks the right in {place}; make it the owner of the database, or grant it CREATE on the schema and all rights on Digger's tables"
    )]
    Permission {
        /// What was attempted.
        doing: &'static str,
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A person has as many runs waiting and running as anybody may.
    #[error("there are {limit} runs waiting and running already")]
    TooManyOpen {
        /// How many there may be.
        limit: i64,
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
    /// An installation cannot be moved.
    #[error("cannot move {from} to {to}: {why}; nothing was changed")]
    Move {
        /// Where it is.
        from: Location,
        /// Where it should go.
        to: Location,
        /// What is in the way, and what to do.
        why: String,
    },
    /// Anything else the database said.
    #[error("cannot {doing} in {place}")]
    Database {
        /// What was attempted.
        doing: &'static str,
        /// The database.
        place: Location,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Whether trying the same again later may work without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. } | Self::Full { .. } | Self::Unreachable { .. }
        )
    }
}
