//! Signing in and out.

use std::net::{IpAddr, SocketAddr};

use app::view::{PostedSignIn, SignInProblem};
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use store::StoreError;
use tower_sessions::Session;

use super::error::unavailable;
use super::forms::{field, read};
use super::visitor::{self, safe_next, see_other};
use super::{Web, pages};
use crate::password;

/// A window of attempts: 15 minutes, milliseconds.
const WINDOW_MS: i64 = 15 * 60 * 1_000;
/// Attempts per login and window. A person mistypes three times, not ten.
const PER_LOGIN: i64 = 10;
/// Attempts per address and window. An office shares one address.
const PER_ADDRESS: i64 = 100;

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
    let ended = attempt(&web, &session, &login, password, address).await;
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
    pages::render_again(
        &web,
        Request::from_parts(parts, Body::empty()),
        posted,
        status,
    )
    .await
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
    let now = Timestamp::now().as_millisecond();
    if is_limited(web, login, address, now)
        .await
        .map_err(|error| unavailable("count sign-ins", &error))?
    {
        tracing::warn!(%address, "Refused a sign-in after too many attempts");
        let minutes = u32::try_from(WINDOW_MS / 60_000).unwrap_or(1);
        return Ok(Some(SignInProblem::TooMany { minutes }));
    }
    let person = web
        .store
        .person_by_login(login)
        .await
        .map_err(|error| unavailable("read a person", &error))?;
    let person = person.filter(|person| !person.is_disabled);
    let hash = person
        .as_ref()
        .and_then(|person| person.password_hash.clone());
    let is_right = password::verify(password, hash).await;
    let Some(person) = person.filter(|_| is_right) else {
        audit(web, "nobody", "signin.refused", login, now).await;
        return Ok(Some(SignInProblem::Wrong));
    };
    visitor::sign_in(session, &person)
        .await
        .map_err(|error| unavailable("begin a session", &error))?;
    web.store
        .clear(&login_key(login))
        .await
        .map_err(|error| unavailable("clear a counter", &error))?;
    audit(web, &person.id, "signin", &person.id, now).await;
    Ok(None)
}

async fn is_limited(web: &Web, login: &str, address: IpAddr, now: i64) -> Result<bool, StoreError> {
    let of_login = web.store.hit(&login_key(login), WINDOW_MS, now).await?;
    let of_address = web
        .store
        .hit(&format!("signin:address:{address}"), WINDOW_MS, now)
        .await?;
    Ok(of_login > PER_LOGIN || of_address > PER_ADDRESS)
}

/// A fixed length, whatever somebody types as a login.
fn login_key(login: &str) -> String {
    format!("signin:login:{}", password::token_hash(login))
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
