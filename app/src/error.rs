//! Everything a page can be answered with instead of a view.
//!
//! There is no conversion from database or engine errors: the server matches them one by one, so that internal text
//! never reaches a browser by accident.

#[cfg(feature = "ssr")]
mod logged;

use lang::Reference;
use serde::{Deserialize, Serialize};

use crate::view::FieldMessage;

/// A typed refusal. The texts people read are in `text.rs`; the messages here are for logs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or the session ran out.
    #[error("nobody is signed in")]
    SignedOut,
    /// There is no such thing, or the viewer may not know that there is.
    #[error("there is no such {thing:?}")]
    NotFound {
        /// What was looked for.
        thing: Thing,
    },
    /// The viewer may not do this.
    #[error("this is not allowed")]
    Forbidden {
        /// Whom to ask for access.
        owner: Option<String>,
    },
    /// Fields that need attention, all of them.
    #[error("{} fields need attention", fields.len())]
    Invalid {
        /// In form order.
        fields: Vec<FieldMessage>,
    },
    /// The report's file is broken and there is no earlier good version.
    #[error("the report is broken")]
    BrokenReport {
        /// Whom to tell.
        owner: Option<String>,
    },
    /// Too much at once: the queue is full or a limit is reached. Trying later helps.
    #[error("too many requests")]
    TooMany,
    /// Digger's own database or disk does not answer; trying again may help.
    #[error("temporarily unavailable ({reference})")]
    Unavailable {
        /// Found in the log.
        reference: Reference,
    },
    /// A mistake of ours.
    #[error("internal error ({reference})")]
    Internal {
        /// Found in the log.
        reference: Reference,
    },
}

/// What a page can look for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// An address without a page.
    Page,
    /// A report.
    Report,
    /// A run.
    Run,
    /// A file of a run.
    File,
    /// A one-time link, used or expired.
    Invite,
    /// A source.
    Source,
    /// A worker; also one that has ended.
    Worker,
}

impl AppError {
    /// The HTTP status of a page or an answer that ends this way.
    pub fn status(&self) -> u16 {
        match self {
            AppError::SignedOut => 401,
            AppError::NotFound { .. } => 404,
            AppError::Forbidden { .. } => 403,
            AppError::Invalid { .. } => 422,
            AppError::BrokenReport { .. } => 409,
            AppError::TooMany => 429,
            AppError::Unavailable { .. } => 503,
            AppError::Internal { .. } => 500,
        }
    }
}
