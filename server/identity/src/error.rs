//! Why somebody could not be told who they are.

use store::StoreError;

/// Neither yes nor no.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Too many passwords are being compared at this moment.
    #[error("too many passwords are being compared")]
    Busy,
    /// Our own tables do not answer.
    #[error("cannot {doing}")]
    Store {
        /// What was being done, `read a person`.
        doing: &'static str,
        /// Why.
        #[source]
        error: StoreError,
    },
    /// The session cannot be read or written.
    #[error("cannot {doing}")]
    Session {
        /// What was being done, `begin a session`.
        doing: &'static str,
        /// Why.
        #[source]
        error: tower_sessions::session::Error,
    },
    /// A hash could not be computed.
    #[error("cannot hash a password")]
    Hash(#[source] argon2::password_hash::Error),
}

impl IdentityError {
    pub(crate) fn store(doing: &'static str) -> impl FnOnce(StoreError) -> Self {
        move |error| Self::Store { doing, error }
    }

    pub(crate) fn session(
        doing: &'static str,
    ) -> impl FnOnce(tower_sessions::session::Error) -> Self {
        move |error| Self::Session { doing, error }
    }
}
