//! What pages show: plain data between the [`Backend`](crate::backend::Backend) and the components.
//!
//! Everything here but the page "Now" crosses the wire as JSON. Texts are already in the reader's language and dates already in the
//! right zone, so that the browser needs neither a calendar nor time zone data.

mod admin;
mod form;
mod home;
mod moment;
#[cfg(feature = "ssr")]
mod now;
mod person;
mod result;
mod run;

pub use admin::{AdminReport, AdminReportState, AdminReportsView};
pub use form::{
    Choice, ChoicesView, FieldKind, FieldMessage, FieldView, FormInput, FormView, Grain, OfferView,
    PartitionWord, PeriodPreset, PostedForm, Prefill, StagedView,
};
pub use home::{Chip, FileView, Folder, HomeView, ReportCard, RunCard};
pub use moment::Moment;
#[cfg(feature = "ssr")]
pub use now::{
    ActiveRun, FireView, Lane, NowAction, NowDone, NowView, QueuedRun, WorkerName, WorkerState,
    WorkerView,
};
pub use person::{
    DemoPerson, PostedSignIn, PostedWelcome, Preferences, Session, SignInProblem, SignInView,
    Theme, Viewer, WelcomeProblem, WelcomeView,
};
pub use result::{BlockView, ChartView, ColumnView, Direction, ResultView, SheetView, TotalView};
pub use run::{
    CancelView, Retry, RunError, RunLive, RunState, RunView, RunsFilter, RunsView, ShiftView,
    Started, Step, StepState, StepView, Usual,
};
