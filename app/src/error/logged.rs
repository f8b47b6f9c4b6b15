//! Failures nobody outside should read: the log gets the chain once, people get a reference to it.

use std::error::Error;

use lang::Reference;

use super::AppError;

impl AppError {
    /// Logs a failure of our own tables or disk and makes the error people see. `doing` completes "could not …".
    pub fn unavailable(doing: &str, error: &(dyn Error + 'static)) -> Self {
        Self::Unavailable {
            reference: log(doing, error),
        }
    }

    /// Logs a mistake of ours and makes the error people see. `doing` completes "could not …".
    pub fn internal(doing: &str, error: &(dyn Error + 'static)) -> Self {
        Self::Internal {
            reference: log(doing, error),
        }
    }
}

fn log(doing: &str, error: &(dyn Error + 'static)) -> Reference {
    let reference = Reference::of(rand::random());
    tracing::error!(%reference, error = %lang::chain_of(error), "Could not {doing} ({reference})");
    reference
}
