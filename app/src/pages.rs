//! The pages. Each shows one view of the port with plain components; what is alive on it is an island.

mod admin_reports;
mod error;
mod home;
mod live;
mod now;
mod report;
mod run;
mod runs;
mod sign_in;
mod welcome;

use leptos::prelude::*;

pub use self::live::live_news;
pub use self::report::{form_input_of, prefill_of, staged_news};
pub use self::runs::runs_filter_of;
use crate::error::AppError;
use crate::text::Texts;
use crate::view::{
    AdminReportsView, FormView, HomeView, NowDone, NowView, RunView, RunsFilter, RunsView,
    SignInView, WelcomeView,
};

/// What a request is answered with.
pub enum Page {
    /// `/`, filtered by what was searched for.
    Home {
        /// What is there.
        view: HomeView,
        /// The words searched for; empty shows everything.
        query: String,
    },
    /// `/reports/{id}`; also what a refused post shows again.
    Report(Box<FormView>),
    /// `/runs/{id}`.
    Run(Box<RunView>),
    /// `/runs`.
    Runs {
        /// One page of runs.
        view: RunsView,
        /// Which runs these are.
        filter: RunsFilter,
    },
    /// `/admin/now`.
    Now {
        /// What is under way.
        view: NowView,
        /// What a button of it has just done.
        done: Option<NowDone>,
    },
    /// `/admin/reports`.
    AdminReports(AdminReportsView),
    /// `/signin`.
    SignIn(SignInView),
    /// `/welcome/{token}`.
    Welcome(WelcomeView),
    /// Anything that cannot be shown.
    Error(AppError),
}

impl Page {
    /// The HTTP status of the page.
    pub fn status(&self) -> u16 {
        match self {
            Page::Error(error) => error.status(),
            _ => 200,
        }
    }

    /// What the document is called.
    pub(crate) fn title(&self, texts: &Texts) -> String {
        match self {
            Page::Home { .. } => texts.home_title.to_owned(),
            Page::Report(view) => view.title.clone(),
            Page::Run(view) => live::title(texts, &view.live, &view.title),
            Page::Runs { .. } => texts.runs_title.to_owned(),
            Page::Now { .. } => now::title(texts),
            Page::AdminReports(_) => texts.admin_title.to_owned(),
            Page::SignIn(_) => texts.sign_in.to_owned(),
            Page::Welcome(_) => texts.welcome_title.to_owned(),
            Page::Error(error) => texts.error(error).title.to_owned(),
        }
    }

    /// Whether the browser client is needed to bring something to life.
    pub(crate) fn has_islands(&self) -> bool {
        match self {
            Page::Home { view, .. } => view.folders.iter().any(|folder| !folder.reports.is_empty()),
            Page::Report(view) => report::has_islands(view),
            Page::Run(view) => !view.live.state.is_finished(),
            _ => false,
        }
    }

    /// Whether `live.js` has to look again.
    pub(crate) fn is_changing(&self) -> bool {
        match self {
            Page::Home { view, .. } => !view.running.is_empty(),
            Page::Now { .. } => true,
            _ => false,
        }
    }

    pub(crate) fn view(self) -> AnyView {
        match self {
            Page::Home { view, query } => view! { <home::Home view query /> }.into_any(),
            Page::Report(view) => view! { <report::ReportForm view=*view /> }.into_any(),
            Page::Run(view) => view! { <run::Run view=*view /> }.into_any(),
            Page::Runs { view, filter } => view! { <runs::Runs view filter /> }.into_any(),
            Page::Now { view, done } => view! { <now::NowPage now=view done /> }.into_any(),
            Page::AdminReports(view) => view! { <admin_reports::AdminReports view /> }.into_any(),
            Page::SignIn(view) => view! { <sign_in::SignIn view /> }.into_any(),
            Page::Welcome(view) => view! { <welcome::Welcome view /> }.into_any(),
            Page::Error(error) => view! { <error::ErrorPage error /> }.into_any(),
        }
    }
}
