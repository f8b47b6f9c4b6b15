//! Runs: starting one, watching it, its result, and the list of them.

pub(crate) mod card;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod page;
pub(crate) mod result;

use async_trait::async_trait;

use self::list::{RunsFilter, RunsView};
use self::live::RunLive;
use self::page::{CancelView, RunView, Started};
use self::result::ArtifactView;
use super::people::person::Viewer;
use super::reports::form::{FormInput, OfferView};
use crate::error::AppError;

/// What pages ask about runs.
#[async_trait]
pub trait Runs: Send + Sync {
    /// Checks the input and queues a run. When the same is under way, by whomever, that run is shared instead. A result
    /// that is there already stops nothing: offering it is the affair of whoever shows a form.
    ///
    /// # Errors
    /// [`AppError::Invalid`] names every field that needs attention, not only the first; [`AppError::TooMany`].
    async fn start_run(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Started, AppError>;

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

    /// A finished run of today that had exactly what this form asks for, by anybody, and whose files are still there.
    /// Only for those who may run the report; `None` while such a run is under way, because that one is shared.
    ///
    /// # Errors
    /// As [`Runs::start_run`]: what is wrong with the form is said there.
    async fn same_result(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Option<OfferView>, AppError>;

    /// Makes the viewer an owner of a finished run that had exactly what this form asks for; `false` when it had not, or
    /// is no result. That the form asks for the same is what proves the right.
    ///
    /// # Errors
    /// As [`Runs::same_result`].
    async fn use_result(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
        run: &str,
    ) -> Result<bool, AppError>;

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
