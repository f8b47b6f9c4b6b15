//! Operations: what is under way in this installation, and the hands on it. For administrators.

pub(crate) mod now;

use async_trait::async_trait;

use self::now::NowView;
use super::people::person::Viewer;
use super::runs::page::CancelView;
use crate::error::AppError;

/// What the page "Now" asks and does.
#[async_trait]
pub trait Operations: Send + Sync {
    /// Everything under way in this installation.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody but administrators, as in the two below.
    async fn now(&self, viewer: &Viewer) -> Result<NowView, AppError>;

    /// Pauses a source, or lets it go on. Runs under way are left alone.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    async fn pause_source(
        &self,
        viewer: &Viewer,
        source: &str,
        is_paused: bool,
    ) -> Result<(), AppError>;

    /// Asks a worker to take no more runs, or to take runs again. What it works on is finished.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also for a worker that has ended.
    async fn drain_worker(
        &self,
        viewer: &Viewer,
        worker: &str,
        is_draining: bool,
    ) -> Result<(), AppError>;

    /// Asks a run to stop, whoever wants it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody but administrators; [`AppError::NotFound`].
    async fn cancel_for_all(&self, viewer: &Viewer, run: &str) -> Result<CancelView, AppError>;
}
