//! The server functions: what a page asks for when the browser moves to it without a full load.
//!
//! They are public endpoints. Each reads the viewer, calls the port and returns; what may be seen or done is decided
//! behind the port. Arguments travel as JSON because the default encoding drops empty lists.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;
use crate::view::{
    AdminReportsView, ChoicesView, FormInput, FormView, HomeView, Prefill, RunLive, RunView,
    RunsFilter, RunsView, SignInView, StagedView, WelcomeView,
};

#[cfg(feature = "ssr")]
use crate::request::{backend, posted, settle, viewer};

/// The home page.
#[server(FetchHome, endpoint = "home", input = Json)]
pub async fn home() -> Result<HomeView, AppError> {
    let answer = async { backend()?.home(&viewer()?).await }.await;
    settle(answer)
}

/// The form of one report, with what was posted and refused in this very request.
#[server(FetchForm, endpoint = "form", input = Json)]
pub async fn form(report: String, prefill: Prefill) -> Result<FormView, AppError> {
    let posted = posted();
    let answer = async { backend()?.form(&viewer()?, &report, posted, prefill).await }.await;
    settle(answer)
}

/// Options of one field after another one changed.
#[server(FetchChoices, endpoint = "form/choices", input = Json)]
pub async fn choices(
    report: String,
    param: String,
    input: FormInput,
) -> Result<ChoicesView, AppError> {
    let answer = async { backend()?.choices(&viewer()?, &report, &param, input).await }.await;
    settle(answer)
}

/// What of the data is here already for the values on the form.
#[server(FetchStaged, endpoint = "form/staged", input = Json)]
pub async fn staged(report: String, input: FormInput) -> Result<Option<StagedView>, AppError> {
    let answer = async { backend()?.staged(&viewer()?, &report, input).await }.await;
    settle(answer)
}

/// One run with everything its page shows.
#[server(FetchRun, endpoint = "run", input = Json)]
pub async fn run(id: String) -> Result<RunView, AppError> {
    let answer = async { backend()?.run(&viewer()?, &id).await }.await;
    settle(answer)
}

/// The changing part of a run, for browsers that cannot hold an event stream.
#[server(FetchRunLive, endpoint = "run/live", input = Json)]
pub async fn run_live(id: String) -> Result<RunLive, AppError> {
    let answer = async { backend()?.run_live(&viewer()?, &id).await }.await;
    settle(answer)
}

/// A page of runs.
#[server(FetchRuns, endpoint = "runs", input = Json)]
pub async fn runs(filter: RunsFilter) -> Result<RunsView, AppError> {
    let answer = async { backend()?.runs(&viewer()?, filter).await }.await;
    settle(answer)
}

/// Every report file with its problems, for administrators.
#[server(FetchAdminReports, endpoint = "admin/reports", input = Json)]
pub async fn admin_reports() -> Result<AdminReportsView, AppError> {
    let answer = async { backend()?.admin_reports(&viewer()?).await }.await;
    settle(answer)
}

/// The sign-in page. One of two functions that answer when nobody is signed in.
#[server(FetchSignIn, endpoint = "signin", input = Json)]
pub async fn sign_in(next: String) -> Result<SignInView, AppError> {
    let posted = posted();
    let demo_people = backend()?
        .demo_people(crate::request::preferences().lang)
        .await;
    Ok(SignInView {
        demo_people,
        next,
        posted,
    })
}

/// The page behind a one-time link. The other function that answers when nobody is signed in.
#[server(FetchWelcome, endpoint = "welcome", input = Json)]
pub async fn welcome(token: String) -> Result<WelcomeView, AppError> {
    let posted = posted();
    let answer = async {
        backend()?
            .welcome(&token, crate::request::preferences().lang)
            .await
    }
    .await;
    settle(answer.map(|view| WelcomeView { posted, ..view }))
}
