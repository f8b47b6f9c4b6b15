//! Signing in and out.

use std::net::{IpAddr, SocketAddr};

use app::view::{PostedSignIn, SignInProblem, SignInView};
use app::{AppError, Page};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use http::StatusCode;
use tower_sessions::Session;

use super::body::read;
use super::error::{self, unavailable};
use super::forms::field;
use super::tries::{Try, WINDOW_MS};
use super::visitor::{self, safe_next, see_other};
use super::{Web, pages};
use crate::clock;
use crate::people::DEMO_PASSWORD;

/// `POST /signin {login, password, next}`.
pub(crate) async fn sign_in(
    State(web): State<Web>,
    connection: ConnectInfo<SocketAddr>,
    session: Session,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let login = field(&bytes, "login")
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let password = field(&bytes, "password").unwrap_or_default();
    let next = safe_next(&field(&bytes, "next").unwrap_or_default()).to_owned();
    let address = visitor::address(&connection, &parts.headers);
    // A task of its own: whoever goes away meanwhile has not failed, and is not counted as if they had.
    let attempted = tokio::spawn({
        let (web, login) = (web.clone(), login.clone());
        async move { attempt(&web, &session, &login, password, address).await }
    });
    let ended = match attempted.await {
        Ok(ended) => ended,
        Err(error) => Err(unavailable("sign somebody in", &error)),
    };
    let problem = match ended {
        Ok(None) => return see_other(&next),
        Ok(Some(problem)) => problem,
        Err(answer) => return answer,
    };
    let status = match problem {
        SignInProblem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        SignInProblem::Missing | SignInProblem::Wrong => StatusCode::UNAUTHORIZED,
    };
    // What came in is shown again, cut to what a login could be.
    let login: String = login.chars().take(200).collect();
    let posted = PostedSignIn {
        login,
        next,
        problem,
    };
    let view = SignInView {
        demo_people: web
            .backend
            .demo_people(pages::preferences(&parts).lang)
            .await,
        next: String::new(),
        posted: Some(posted),
    };
    pages::show(&web, &parts, status, Page::SignIn(view))
}

async fn attempt(
    web: &Web,
    session: &Session,
    login: &str,
    password: String,
    address: IpAddr,
) -> Result<Option<SignInProblem>, Response> {
    if login.is_empty() || password.is_empty() {
        return Ok(Some(SignInProblem::Missing));
    }
    if web.hashing.is_busy() {
        return Err(busy());
    }
    let now = clock::now_ms();
    let store = &web.store;
    let Some(this) = Try::begin(store, login, address, now)
        .await
        .map_err(|error| unavailable("count sign-ins", &error))?
    else {
        tracing::warn!(%address, "Refused a sign-in after too many attempts");
        let minutes = u32::try_from(WINDOW_MS / 60_000).unwrap_or(1);
        return Ok(Some(SignInProblem::TooMany { minutes }));
    };
    let person = store
        .person_by_login(login)
        .await
        .map_err(|error| unavailable("read a person", &error))?;
    // Everybody knows the demo's password: outside the demo nobody comes in with it.
    let is_known_to_all = password == DEMO_PASSWORD && !web.backend.is_demo();
    let person = person.filter(|person| !person.is_disabled && !is_known_to_all);
    let hash = person
        .as_ref()
        .and_then(|person| person.password_hash.clone());
    let Ok(is_right) = web.hashing.verify(password, hash).await else {
        this.did_not_happen(store)
            .await
            .map_err(|error| unavailable("count sign-ins", &error))?;
        return Err(busy());
    };
    let Some(person) = person.filter(|_| is_right) else {
        audit(web, "nobody", "signin.refused", login, now).await;
        return Ok(Some(SignInProblem::Wrong));
    };
    visitor::sign_in(session, &person)
        .await
        .map_err(|error| unavailable("begin a session", &error))?;
    this.succeeded(store)
        .await
        .map_err(|error| unavailable("count sign-ins", &error))?;
    audit(web, &person.id, "signin", &person.id, now).await;
    Ok(None)
}

/// Too many at this moment. The page itself would cost more than the answer is worth then.
fn busy() -> Response {
    error::answer(&AppError::TooMany)
}

async fn audit(web: &Web, actor: &str, action: &str, subject: &str, now: i64) {
    let subject: String = subject.chars().take(200).collect();
    if let Err(error) = web.store.audit(actor, action, &subject, "{}", now).await {
        tracing::error!(error = %crate::chain_of(&error), "Could not write the audit log");
    }
}

/// `POST /signout`.
pub(crate) async fn sign_out(session: Session) -> Response {
    match session.flush().await {
        Ok(()) => see_other("/signin"),
        Err(error) => unavailable("end a session", &error),
    }
}
