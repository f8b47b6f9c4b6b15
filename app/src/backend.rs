//! The port: what the pages ask of the server.
//!
//! Implemented once by the server and once by the fake in `tests/pages.rs`. For every request the server puts into the
//! context, for pages and server functions alike:
//!
//! - `Arc<dyn Backend>`;
//! - [`Preferences`](crate::view::Preferences), always;
//! - [`Viewer`], when somebody is signed in;
//! - [`PostedForm`], [`PostedSignIn`](crate::view::PostedSignIn) or [`PostedWelcome`](crate::view::PostedWelcome),
//!   when it renders a page again after a refused post;
//! - an [`AppError`], when the request itself was refused and only the error page should be shown.

use async_trait::async_trait;

use crate::error::AppError;
use crate::view::{
    AdminReportsView, CancelView, ChoicesView, DemoPerson, FormInput, FormView, HomeView, NowView,
    PostedForm, Prefill, RunLive, RunView, RunsFilter, RunsView, StagedView, Started, Viewer,
    WelcomeView,
};
use lang::Lang;

/// What the pages ask of the server.
///
/// Every method checks the viewer itself; callers never check first. Texts come in the viewer's language.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Running and recent runs of the viewer, and the reports they may see.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the store does not answer, as in every method.
    async fn home(&self, viewer: &Viewer) -> Result<HomeView, AppError>;

    /// The form of a report, filled from what was posted, else from `prefill`, else from the defaults.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Forbidden`] with the owner, [`AppError::BrokenReport`].
    /// A prefill that cannot be used is a notice on the form, not an error.
    async fn form(
        &self,
        viewer: &Viewer,
        report: &str,
        posted: Option<PostedForm>,
        prefill: Prefill,
    ) -> Result<FormView, AppError>;

    /// Options of `param` for the other values in `input`; for fields that depend on others.
    ///
    /// # Errors
    /// As [`Backend::form`]; [`AppError::Invalid`] when the values it depends on are not valid.
    async fn choices(
        &self,
        viewer: &Viewer,
        report: &str,
        param: &str,
        input: FormInput,
    ) -> Result<ChoicesView, AppError>;

    /// What of the data is here already for the values in `input`; `None` when the report keeps nothing. Values that
    /// are not complete or not valid give no numbers, not an error.
    ///
    /// # Errors
    /// As [`Backend::form`].
    async fn staged(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Option<StagedView>, AppError>;

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
    /// As [`Backend::run`].
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

    /// Asks a run to stop, whoever wants it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody but administrators; [`AppError::NotFound`].
    async fn cancel_for_all(&self, viewer: &Viewer, run: &str) -> Result<CancelView, AppError>;

    /// Every report file with its problems.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody but administrators.
    async fn admin_reports(&self, viewer: &Viewer) -> Result<AdminReportsView, AppError>;

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

    /// The invented people of the demo; empty outside demo mode.
    async fn demo_people(&self, lang: Lang) -> Vec<DemoPerson>;

    /// The page behind a one-time link. Opening it does not use the link up. `posted` stays `None` here.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the link was used or has expired.
    async fn welcome(&self, token: &str, lang: Lang) -> Result<WelcomeView, AppError>;
}
