//! Signing in and out.

use std::net::SocketAddr;

use app::Page;
use app::view::{PostedSignIn, SignInProblem, SignInView};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use http::StatusCode;
use identity::Refusal;
use runtime::clock;
use tower_sessions::Session;

use super::body::read;
use super::error::{self, unavailable};
use super::forms::field;
use super::visitor::{self, safe_next, see_other};
use super::{Web, pages};

/// `POST /signin {login, password, next}`.
pub async fn sign_in(
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
        let (identity, login) = (web.identity.clone(), login.clone());
        async move {
            identity
                .sign_in(&session, &login, password, address, clock::now())
                .await
        }
    });
    let problem = match attempted.await {
        Ok(Ok(Ok(_))) => return see_other(&next),
        Ok(Ok(Err(Refusal::Missing))) => SignInProblem::Missing,
        Ok(Ok(Err(Refusal::Wrong))) => SignInProblem::Wrong,
        Ok(Ok(Err(Refusal::TooMany { minutes }))) => SignInProblem::TooMany { minutes },
        Ok(Err(error)) => return error::of_identity(&error),
        Err(error) => return unavailable("sign somebody in", &error),
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

/// `POST /signout`.
pub async fn sign_out(State(web): State<Web>, session: Session) -> Response {
    match web.identity.sign_out(&session).await {
        Ok(()) => see_other("/signin"),
        Err(error) => error::of_identity(&error),
    }
}
