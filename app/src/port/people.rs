//! People before anybody is known: the demo and one-time links.

pub(crate) mod person;

use async_trait::async_trait;
use lang::Lang;

use self::person::{DemoPerson, WelcomeView};
use crate::error::AppError;

/// What the pages ask that are shown before somebody has signed in.
#[async_trait]
pub trait People: Send + Sync {
    /// The invented people of the demo; empty outside demo mode.
    async fn demo_people(&self, lang: Lang) -> Vec<DemoPerson>;

    /// The page behind a one-time link. Opening it does not use the link up. `posted` stays `None` here.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the link was used or has expired.
    async fn welcome(&self, token: &str, lang: Lang) -> Result<WelcomeView, AppError>;
}
