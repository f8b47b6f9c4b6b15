//! Runs: starting one, watching it, its result, and the list of them.

pub(crate) mod card;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod page;
pub(crate) mod result;

use async_trait::async_trait;

use self::list::{RunsFilter, RunsView};
use self::live::RunLive;
use self::page::{CancelView, Decision, Intent, RunView, Started};
use self::result::ArtifactView;
use super::people::person::Viewer;
use super::reports::form::FormInput;
use crate::error::AppError;

/// What pages ask about runs.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Checks the input and does what `intent` says. When the same run is under way, by whomever, that one is shared.
    ///
    /// # Errors
    /// [`AppError::Invalid`] names every field that needs attention, not only the first; [`AppError::TooMany`].
    async fn start_run(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
        intent: Intent,
    ) -> Result<Decision, AppError>;

    /// Queues the values of an earlier run again, every period moved by `shift` of its own length.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the values are no longer valid for the report as it is now.
    async fn again(&self, viewer: &Viewer, run: &str, shift: i32) -> Result<Started, AppError>;

    /// One run with everything its page shows.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for runs the viewer may not see.
    async fn run(&self, viewer: &Viewer, run: &str) -> Result<RunView, AppError>;

    /// The changing part of a run; what `/events/runs/{id}` sends too.
    ///
    /// # Errors
    /// As [`Runs::run`].
    async fn run_live(&self, viewer: &Viewer, run: &str) -> Result<RunLive, AppError>;

    /// A page of runs, newest first.
    ///
    /// # Errors
    /// Only [`AppError::Unavailable`]; an unknown cursor starts at the newest.
    async fn runs(&self, viewer: &Viewer, filter: RunsFilter) -> Result<RunsView, AppError>;

    /// Asks a run to stop. While others want it, only the viewer leaves it. A finished run stays as it is.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`].
    async fn cancel_run(&self, viewer: &Viewer, run: &str) -> Result<CancelView, AppError>;

    /// One file of a run, which was there with the recorded size a moment ago: half a workbook is worse than none.
    ///
    /// # Errors
    /// As [`Runs::run`]; [`AppError::NotFound`] also for a file that is unknown, gone or of another size.
    async fn artifact(
        &self,
        viewer: &Viewer,
        run: &str,
        name: &str,
    ) -> Result<ArtifactView, AppError>;
}
