//! What pages show: the plain data of the [`port`](crate::port), under one roof.

pub use crate::port::moment::Moment;
pub use crate::port::operations::now::{
    ActiveRun, FireView, Lane, NowAction, NowDone, NowView, QueuedRun, WorkerName, WorkerState,
    WorkerView,
};
pub use crate::port::people::person::{
    DemoPerson, PostedSignIn, PostedWelcome, Preferences, Session, SignInProblem, SignInView,
    Theme, Viewer, WelcomeProblem, WelcomeView,
};
pub use crate::port::reports::files::{AdminReport, AdminReportState, AdminReportsView};
pub use crate::port::reports::form::{
    Choice, ChoicesView, FieldKind, FieldMessage, FieldView, FormInput, FormView, Grain, OfferView,
    PartitionWord, PeriodPreset, PostedForm, Prefill, StagedView,
};
pub use crate::port::reports::home::{Folder, HomeView, ReportCard};
pub use crate::port::runs::card::{Chip, FileView, RunCard};
pub use crate::port::runs::list::{RunsFilter, RunsView};
pub use crate::port::runs::live::{Retry, RunLive, RunState, Step, StepState, StepView, Usual};
pub use crate::port::runs::page::{
    CancelView, Decision, Intent, RunError, RunView, ShiftView, Started,
};
pub use crate::port::runs::result::{
    ArtifactView, BlockView, ChartView, ColumnView, Direction, ResultView, SheetView, TotalView,
};
