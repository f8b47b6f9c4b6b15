//! What programs ask instead of pages, and what islands ask: JSON in, JSON out, the same permissions.
//!
//! Each handler reads the question, calls the port and answers; a refusal is an [`AppError`] with its status.

use app::view::{FormInput, Prefill, RunsFilter, Viewer};
use app::{AppError, live_news, staged_news};
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Web;
use super::body::read;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/home", post(home))
        .route("/api/form", post(form))
        .route("/api/form/choices", post(choices))
        .route("/api/form/staged", post(staged))
        .route("/api/run", post(run))
        .route("/api/run/live", post(live))
        .route("/api/runs", post(runs))
        .route("/api/admin/reports", post(admin_reports))
}

#[derive(Deserialize)]
struct AskedForm {
    report: String,
    prefill: Prefill,
}

#[derive(Deserialize)]
struct AskedChoices {
    report: String,
    param: String,
    input: FormInput,
}

#[derive(Deserialize)]
struct AskedStaged {
    report: String,
    input: FormInput,
}

#[derive(Deserialize)]
struct AskedRun {
    id: String,
}

#[derive(Deserialize)]
struct AskedRuns {
    filter: RunsFilter,
}

async fn home(State(web): State<Web>, Extension(viewer): Extension<Viewer>) -> Response {
    answer(web.backend.home(&viewer).await)
}

async fn form(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Question(asked): Question<AskedForm>,
) -> Response {
    let form = web
        .backend
        .form(&viewer, &asked.report, None, asked.prefill);
    answer(form.await)
}

/// Options of one field after another one changed.
async fn choices(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Question(asked): Question<AskedChoices>,
) -> Response {
    let choices = web
        .backend
        .choices(&viewer, &asked.report, &asked.param, asked.input);
    answer(choices.await)
}

/// What of the data is here already for the values on the form.
async fn staged(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Question(asked): Question<AskedStaged>,
) -> Response {
    let staged = web
        .backend
        .staged(&viewer, &asked.report, asked.input)
        .await;
    answer(staged.map(|staged| staged.map(|view| staged_news(view, viewer.lang))))
}

async fn run(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Question(asked): Question<AskedRun>,
) -> Response {
    answer(web.backend.run(&viewer, &asked.id).await)
}

/// The changing part of a run, for browsers that cannot hold an event stream.
async fn live(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Question(asked): Question<AskedRun>,
) -> Response {
    let live = web.backend.run_live(&viewer, &asked.id).await;
    answer(live.map(|live| live_news(live, viewer.lang)))
}

async fn runs(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Question(asked): Question<AskedRuns>,
) -> Response {
    answer(web.backend.runs(&viewer, asked.filter).await)
}

async fn admin_reports(State(web): State<Web>, Extension(viewer): Extension<Viewer>) -> Response {
    answer(web.backend.admin_reports(&viewer).await)
}

fn answer<T: Serialize>(view: Result<T, AppError>) -> Response {
    match view {
        Ok(view) => Json(view).into_response(),
        Err(error) => refuse(error),
    }
}

fn refuse(error: AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(error)).into_response()
}

/// A question as JSON. What is none is a program's mistake, and none of ours.
struct Question<T>(T);

impl<T: DeserializeOwned> FromRequest<Web> for Question<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Response> {
        let bytes = read(request.into_body()).await?;
        serde_json::from_slice(&bytes)
            .map(Question)
            .map_err(|_| refuse(AppError::Invalid { fields: Vec::new() }))
    }
}
