//! Making errors: the constructors of [`SourceError`](crate::SourceError), and the cause behind one.

use std::time::Duration;

use crate::{Cause, SourceError};

/// Errors without a cause; [`SourceError::caused_by`] adds one.
impl SourceError {
    pub(crate) fn config(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Config {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn down(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Down {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn busy(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Busy {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn refused(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Refused {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn permission(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Permission {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn writes(source: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Writes {
            source_name: source.into(),
            what: what.into(),
            cause: None,
        }
    }

    pub(crate) fn sql(
        source: impl Into<String>,
        message: impl Into<String>,
        offset: Option<usize>,
    ) -> Self {
        Self::Sql {
            source_name: source.into(),
            message: message.into(),
            offset,
            cause: None,
        }
    }

    pub(crate) fn columns(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Columns {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn timeout(source: impl Into<String>, limit: Duration) -> Self {
        Self::Timeout {
            source_name: source.into(),
            limit,
            cause: None,
        }
    }

    pub(crate) fn too_wide(row: u64, limit_bytes: u64) -> Self {
        Self::TooWide {
            row,
            limit_bytes,
            cause: None,
        }
    }

    pub(crate) fn ended(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Ended {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    pub(crate) fn internal(source: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Internal {
            source_name: source.into(),
            message: message.into(),
            cause: None,
        }
    }

    /// A value that does not fit its column, with what is wrong with it.
    pub(crate) fn value(
        source: impl Into<String>,
        column: impl Into<String>,
        row: u64,
        cause: impl Into<Cause>,
    ) -> Self {
        Self::Type {
            source_name: source.into(),
            column: column.into(),
            row,
            cause: cause.into(),
        }
    }

    /// The error with what lies behind it, where it can have something there and has nothing yet.
    pub(crate) fn caused_by(mut self, behind: impl Into<Option<Cause>>) -> Self {
        match &mut self {
            Self::Config { cause, .. }
            | Self::Down { cause, .. }
            | Self::Busy { cause, .. }
            | Self::Refused { cause, .. }
            | Self::Permission { cause, .. }
            | Self::Writes { cause, .. }
            | Self::Sql { cause, .. }
            | Self::Columns { cause, .. }
            | Self::Timeout { cause, .. }
            | Self::TooWide { cause, .. }
            | Self::Ended { cause, .. }
            | Self::Internal { cause, .. } => {
                if cause.is_none() {
                    *cause = behind.into();
                }
            }
            Self::Type { .. } | Self::Cancelled | Self::TooManyRows { .. } => {}
        }
        self
    }
}
