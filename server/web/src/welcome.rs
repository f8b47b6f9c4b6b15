//! One-time links: a person chooses a name and a password.

use app::error::Thing;
use app::view::{PostedWelcome, WelcomeProblem, WelcomeView};
use app::{AppError, Page};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::password;
use identity::people::DEMO_PASSWORD;
use runtime::clock;
use tower_sessions::Session;

use super::body::read;
use super::error;
use super::forms::field;
use super::visitor::see_other;
use super::{Web, pages};

/// `POST /welcome/{token} {name?, password}`.
pub async fn accept(
    State(web): State<Web>,
    Path(token): Path<String>,
    session: Session,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let name = field(&bytes, "name").map(|name| name.trim().chars().take(200).collect::<String>());
    let password = field(&bytes, "password").unwrap_or_default();
    // Checked before the link is used up: a refused password must not cost the link.
    let problem = if name.as_deref() == Some("") {
        Some(WelcomeProblem::NameMissing)
    } else if password.chars().count() < password::SHORTEST {
        Some(WelcomeProblem::TooShort)
    } else if password.len() > password::LONGEST {
        Some(WelcomeProblem::TooLong)
    } else if password == DEMO_PASSWORD {
        Some(WelcomeProblem::KnownToAll)
    } else {
        None
    };
    if let Some(problem) = problem {
        let view = web.backend.welcome(&token, pages::preferences(&parts).lang);
        return match view.await {
            Ok(view) => {
                let posted = Some(PostedWelcome { name, problem });
                let page = Page::Welcome(WelcomeView { posted, ..view });
                pages::show(&web, &parts, StatusCode::UNPROCESSABLE_ENTITY, page)
            }
            Err(error) => pages::refuse(&web, &parts, error),
        };
    }
    let accepted = web
        .identity
        .accept(&session, &token, name.as_deref(), password, clock::now())
        .await;
    match accepted {
        Ok(Some(_)) => see_other("/"),
        Ok(None) => no_such_link(&web, &parts),
        Err(error) => error::of_identity(&error),
    }
}

fn no_such_link(web: &Web, parts: &Parts) -> Response {
    let error = AppError::NotFound {
        thing: Thing::Invite,
    };
    pages::refuse(web, parts, error)
}
