//! What the databases' own codes mean for us.

use std::io;

use super::StoreError;
use crate::Location;

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Busy,
    ReadOnly,
    Full,
    Corrupt,
    Unreachable,
    Login,
    NoDatabase,
    Permission,
    Other,
}

impl StoreError {
    /// Sorts what the database said by what to do about it.
    pub(crate) fn from_sqlx(doing: &'static str, place: &Location, source: sqlx::Error) -> Self {
        let class = if place.is_shared() {
            postgres_class(&source)
        } else {
            sqlite_class(&source)
        };
        let place = place.clone();
        match class {
            Class::Busy => Self::Busy {
                doing,
                place,
                source,
            },
            Class::ReadOnly => Self::ReadOnly { place, source },
            Class::Full => Self::Full {
                doing,
                place,
                source,
            },
            Class::Corrupt => Self::Corrupt { place, source },
            Class::Unreachable => Self::Unreachable {
                doing,
                place,
                source,
            },
            Class::Login => Self::Login { place, source },
            Class::NoDatabase => Self::NoDatabase { place, source },
            Class::Permission => Self::Permission {
                doing,
                place,
                source,
            },
            Class::Other => Self::Database {
                doing,
                place,
                source,
            },
        }
    }
}

fn sqlite_class(error: &sqlx::Error) -> Class {
    // The low byte is the primary code: https://www.sqlite.org/rescode.html.
    match sqlite_code(error).map(|code| code & 0xff) {
        Some(5 | 6) => Class::Busy,
        Some(8 | 14) => Class::ReadOnly,
        Some(13) => Class::Full,
        Some(11 | 26) => Class::Corrupt,
        _ if matches!(error, sqlx::Error::PoolTimedOut) => Class::Busy,
        _ => Class::Other,
    }
}

/// SQLite's extended result code, where the error is SQLite's.
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    error
        .as_database_error()
        .and_then(|error| error.code())
        .and_then(|code| code.parse().ok())
}

/// The codes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres_class(error: &sqlx::Error) -> Class {
    let code = match error {
        sqlx::Error::Database(error) => error.code().unwrap_or_default(),
        // What a certificate or a TLS option names may be missing; nobody comes back by waiting.
        sqlx::Error::Io(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
            ) =>
        {
            return Class::Other;
        }
        // `Protocol`: the answer was cut off.
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => return Class::Unreachable,
        sqlx::Error::PoolTimedOut => return Class::Busy,
        _ => return Class::Other,
    };
    match code.as_ref() {
        // Serialization failure, deadlock, lock not available, statement cancelled by its time-out.
        "40001" | "40P01" | "55P03" | "57014" => Class::Busy,
        "25006" => Class::ReadOnly,
        "53100" => Class::Full,
        // Shut down by an administrator, crashed, starting up; idle in a transaction, or for too
        // long; too many connections.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" | "53300" => Class::Unreachable,
        // The database was dropped, or was never there.
        "57P04" | "3D000" => Class::NoDatabase,
        "42501" => Class::Permission,
        "XX001" | "XX002" => Class::Corrupt,
        code if code.starts_with("08") => Class::Unreachable,
        code if code.starts_with("28") => Class::Login,
        _ => Class::Other,
    }
}
