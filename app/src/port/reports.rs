//! Reports: finding one, its form, and the state of the report files.

pub(crate) mod files;
pub(crate) mod form;
pub(crate) mod home;

use async_trait::async_trait;

use self::files::AdminReportsView;
use self::form::{ChoicesView, FormInput, FormView, PostedForm, Prefill, StagedView};
use self::home::HomeView;
use super::people::person::Viewer;
use crate::error::AppError;

/// What pages ask about reports.
#[async_trait]
pub trait Reports: Send + Sync {
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
    /// As [`Reports::form`]; [`AppError::Invalid`] when the values it depends on are not valid.
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
    /// As [`Reports::form`].
    async fn staged(
        &self,
        viewer: &Viewer,
        report: &str,
        input: FormInput,
    ) -> Result<Option<StagedView>, AppError>;

    /// Every report file with its problems.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody but administrators.
    async fn admin_reports(&self, viewer: &Viewer) -> Result<AdminReportsView, AppError>;
}
