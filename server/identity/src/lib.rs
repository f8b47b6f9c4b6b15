//! Who somebody is and what they may do: passwords, sign-in, sessions, rights, rate limits and the audit of them.
//!
//! [`Identity`] is what pages ask; [`rights`] is what every method of the port asks. What people may see is decided
//! there, never here.

mod error;
mod invitation;
pub mod password;
pub mod people;
mod rate_limit;
pub mod rights;
mod session;
mod sessions;
mod sign_in;

use jiff::Timestamp;
use lang::Lang;
use store::{PersonId, Store, StoreError};

pub use error::IdentityError;
pub use session::session_layer;
pub use sign_in::Refusal;

use password::Hashing;

/// Signing in, and who is signed in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Identity {
    store: Store,
    hashing: Hashing,
    is_demo: bool,
}

impl Identity {
    /// `is_demo` lets the demo's password in, which everybody knows.
    ///
    /// # Errors
    /// When the system gives no thread to compute hashes on.
    pub fn new(store: Store, is_demo: bool) -> std::io::Result<Self> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            store,
            hashing: Hashing::beside(processors)?,
            is_demo,
        })
    }

    /// Whether this serves the demo, with people everybody may be.
    pub fn is_demo(&self) -> bool {
        self.is_demo
    }

    /// Keeps the language a person chose.
    ///
    /// # Errors
    /// When our own tables cannot be written.
    pub async fn set_lang(&self, person: &PersonId, lang: Lang) -> Result<(), StoreError> {
        self.store.set_lang(person, lang.as_str()).await
    }

    /// Writes the audit log. What happened has happened: that it could not be written stops nobody, and stands in the
    /// log.
    async fn audit(&self, actor: &str, action: &str, subject: &str, now: Timestamp) {
        let subject: String = subject.chars().take(200).collect();
        if let Err(error) = self.store.audit(actor, action, &subject, "{}", now).await {
            tracing::error!(error = %lang::chain_of(&error), "Could not write the audit log");
        }
    }
}
