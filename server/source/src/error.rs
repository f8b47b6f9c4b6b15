//! What can go wrong at a source, each with what to do about it.

use std::time::Duration;

use lang::FailureClass;

use crate::Cause;

mod constructors;

/// Why a source could not answer.
///
/// The messages are for people: what failed, for which thing, what to do. They never contain values
/// of parameters or rows, except the one value a [`Type`](Self::Type) message is about. Where the
/// words of the database or the system matter to people, the message quotes them; `cause` keeps
/// them for whoever looks into it, such as [`lang::chain_of`].
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The configuration of the source cannot be used.
    #[error("the source `{source_name}` cannot be used: {message}")]
    Config {
        /// Name of the source.
        source_name: String,
        /// What is wrong and what to write.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// The database cannot be reached or its file cannot be read.
    #[error("the source `{source_name}` cannot be reached: {message}")]
    Down {
        /// Name of the source.
        source_name: String,
        /// What failed and what to do.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// Somebody else holds the database for longer than a reader waits.
    #[error("the source `{source_name}` is busy: {message}")]
    Busy {
        /// Name of the source.
        source_name: String,
        /// What failed and what to do.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// The database refused the sign-in.
    #[error("the source `{source_name}` refused the sign-in: {message}")]
    Refused {
        /// Name of the source.
        source_name: String,
        /// What failed and what to do.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// The sign-in may not read what the statement asks for.
    #[error("the source `{source_name}` does not permit this: {message}")]
    Permission {
        /// Name of the source.
        source_name: String,
        /// What is not permitted.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// The statement would change something. Sources are only read.
    #[error(
        "the source `{source_name}` is only read, and the statement {what}; write a SELECT instead"
    )]
    Writes {
        /// Name of the source.
        source_name: String,
        /// What the statement would do, such as "inserts into `orders`".
        what: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// The database does not understand the statement.
    #[error("the source `{source_name}` does not accept the statement: {message}")]
    Sql {
        /// Name of the source.
        source_name: String,
        /// The database's own words, or ours.
        message: String,
        /// Byte position in [`Extract::sql`](crate::Extract::sql), where known.
        offset: Option<usize>,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// Columns without a name of their own, or with the same name.
    #[error(
        "the statement for the source `{source_name}` returns columns that cannot be told apart: {message}"
    )]
    Columns {
        /// Name of the source.
        source_name: String,
        /// Which columns, and what to write.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// A value does not fit its column's type.
    #[error("column `{column}`, row {row}: {cause}")]
    Type {
        /// Name of the source.
        source_name: String,
        /// Name of the column.
        column: String,
        /// Row in the result, from 1.
        row: u64,
        /// What was found and what to write.
        #[source]
        cause: Cause,
    },
    /// The statement took longer than it may.
    #[error("the source `{source_name}` did not finish within {}; narrow the period, or raise the time limit", seconds(*.limit))]
    Timeout {
        /// Name of the source.
        source_name: String,
        /// How long it was allowed to take.
        limit: Duration,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// Somebody asked to stop, and the statement has stopped.
    #[error("the reading was cancelled")]
    Cancelled,
    /// The answer has more rows than allowed.
    #[error("the answer has more than {limit} rows; narrow the period, or raise `limits.rows`")]
    TooManyRows {
        /// How many rows were allowed.
        limit: u64,
    },
    /// One row is larger than a reader takes.
    #[error(
        "row {row} is larger than {limit_bytes} bytes; leave out the large column, or shorten it with substr()"
    )]
    TooWide {
        /// Row in the result, from 1.
        row: u64,
        /// How many bytes one row may have.
        limit_bytes: u64,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// The database ended the statement or the session by itself.
    #[error("the source `{source_name}` ended the statement: {message}")]
    Ended {
        /// Name of the source.
        source_name: String,
        /// What it said and what to do.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
    /// A mistake of ours, or no memory.
    #[error("reading the source `{source_name}` failed inside: {message}")]
    Internal {
        /// Name of the source.
        source_name: String,
        /// What happened.
        message: String,
        /// What the database or the system said, where it did.
        #[source]
        cause: Option<Cause>,
    },
}

impl SourceError {
    /// The class of run errors this belongs to; see docs/run-lifecycle.md.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Down { .. } | Self::Busy { .. } => FailureClass::SourceDown,
            Self::Refused { .. } | Self::Permission { .. } => FailureClass::Permission,
            Self::Writes { .. } | Self::Sql { .. } | Self::Columns { .. } | Self::Type { .. } => {
                FailureClass::UserSql
            }
            // Tried once more: whoever ended it on purpose will do so again.
            Self::Timeout { .. } | Self::Ended { .. } => FailureClass::SourceTimeout,
            Self::Cancelled => FailureClass::Cancelled,
            Self::TooManyRows { .. } | Self::TooWide { .. } => FailureClass::TooBig,
            Self::Config { .. } | Self::Internal { .. } => FailureClass::Internal,
        }
    }
}

fn seconds(limit: Duration) -> String {
    let seconds = limit.as_secs();
    match (seconds, seconds % 60) {
        (0, _) => format!("{} ms", limit.as_millis()),
        (1, _) => "1 second".to_owned(),
        (60, _) => "1 minute".to_owned(),
        (61.., 0) => format!("{} minutes", seconds / 60),
        _ => format!("{seconds} seconds"),
    }
}
