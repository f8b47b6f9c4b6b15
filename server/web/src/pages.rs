//! Pages: each handler asks the port for one view and answers with the finished page.

use app::error::Thing;
use app::view::{Preferences, Session, SignInView, Viewer};
use app::{AppError, Page, prefill_of, runs_filter_of};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, StatusCode, header};

use super::Web;
use super::forms::field;
use super::headers::PAGE_POLICY;
use super::visitor::see_other;

/// `GET /`, filtered by `q`.
pub async fn home(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    let query = field(query(&parts).as_bytes(), "q").unwrap_or_default();
    let view = web.backend.home(&viewer).await;
    answer(&web, &parts, view.map(|view| Page::Home { view, query }))
}

/// `GET /reports/{*id}`.
pub async fn report(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    parts: Parts,
) -> Response {
    if let Some(answer) = without_slash(&parts) {
        return answer;
    }
    let prefill = prefill_of(query(&parts));
    let view = web.backend.form(&viewer, &id, None, prefill).await;
    let page = view.map(|view| Page::Report(Box::new(view)));
    answer(&web, &parts, page)
}

/// `GET /runs/{id}`.
pub async fn run(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    parts: Parts,
) -> Response {
    let view = web.backend.run(&viewer, &id).await;
    answer(&web, &parts, view.map(|view| Page::Run(Box::new(view))))
}

/// `GET /runs`.
pub async fn runs(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    let filter = runs_filter_of(query(&parts));
    let view = web.backend.runs(&viewer, filter.clone()).await;
    answer(&web, &parts, view.map(|view| Page::Runs { view, filter }))
}

/// `GET /admin/reports`.
pub async fn admin_reports(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    parts: Parts,
) -> Response {
    let view = web.backend.admin_reports(&viewer).await;
    answer(&web, &parts, view.map(Page::AdminReports))
}

/// `GET /signin`.
pub async fn sign_in(State(web): State<Web>, parts: Parts) -> Response {
    let view = SignInView {
        demo_people: web.backend.demo_people(preferences(&parts).lang).await,
        next: field(query(&parts).as_bytes(), "next").unwrap_or_default(),
        posted: None,
    };
    answer(&web, &parts, Ok(Page::SignIn(view)))
}

/// `GET /welcome/{token}`. Looking does not use the link up.
pub async fn welcome(State(web): State<Web>, Path(token): Path<String>, parts: Parts) -> Response {
    let view = web.backend.welcome(&token, preferences(&parts).lang).await;
    answer(&web, &parts, view.map(Page::Welcome))
}

/// Every address without a page; one with a slash too many leads to its page.
pub async fn missing(State(web): State<Web>, parts: Parts) -> Response {
    without_slash(&parts).unwrap_or_else(|| {
        let thing = Thing::Page;
        refuse(&web, &parts, AppError::NotFound { thing })
    })
}

/// The way to the address without the slash at its end; `None` when it has none.
fn without_slash(parts: &Parts) -> Option<Response> {
    let path = parts.uri.path();
    if parts.method != Method::GET || path.len() < 2 || !path.ends_with('/') {
        return None;
    }
    let path = path.trim_end_matches('/');
    Some(see_other(&match parts.uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }))
}

/// The page, or the error in its place.
pub fn answer(web: &Web, parts: &Parts, page: Result<Page, AppError>) -> Response {
    let page = page.unwrap_or_else(Page::Error);
    let status = StatusCode::from_u16(page.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    show(web, parts, status, page)
}

/// A page that says why the request ends here.
pub fn refuse(web: &Web, parts: &Parts, error: AppError) -> Response {
    answer(web, parts, Err(error))
}

/// A page under the address of the request, with this status.
pub fn show(web: &Web, parts: &Parts, status: StatusCode, page: Page) -> Response {
    let session = Session {
        preferences: preferences(parts),
        viewer: parts.extensions.get::<Viewer>().cloned(),
        address: parts
            .uri
            .path_and_query()
            .map_or("/", |address| address.as_str())
            .to_owned(),
    };
    let html = app::render(&session, &format!("/{}", web.assets.folder), page);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY.as_str()),
    ];
    (status, headers, html).into_response()
}

/// Language and theme of the request.
pub fn preferences(parts: &Parts) -> Preferences {
    let preferences = parts.extensions.get::<Preferences>();
    preferences.copied().unwrap_or_default()
}

/// What stands behind the question mark.
pub fn query(parts: &Parts) -> &str {
    parts.uri.query().unwrap_or_default()
}
