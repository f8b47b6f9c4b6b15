//! One-time links: a person chooses a name and a password.

use app::AppError;
use app::error::Thing;
use app::view::{PostedWelcome, WelcomeProblem};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use store::{Person, StoreError};
use tower_sessions::Session;

use super::error::unavailable;
use super::forms::{field, read};
use super::visitor::{self, see_other};
use super::{Web, pages};
use crate::password;

/// `POST /welcome/{token} {name?, password}`.
pub(crate) async fn accept(
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
    } else {
        None
    };
    if let Some(problem) = problem {
        let posted = PostedWelcome { name, problem };
        let request = Request::from_parts(parts, Body::empty());
        return pages::render_again(&web, request, posted, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let hash = match password::hash(password).await {
        Ok(hash) => hash,
        Err(error) => return unavailable("hash a password", error.as_ref()),
    };
    match settle(&web, &token, name.as_deref(), &hash).await {
        Ok(Some(person)) => match visitor::sign_in(&session, &person).await {
            Ok(()) => see_other("/"),
            Err(error) => unavailable("begin a session", &error),
        },
        Ok(None) => {
            pages::refuse(
                &web,
                parts,
                AppError::NotFound {
                    thing: Thing::Invite,
                },
            )
            .await
        }
        Err(error) => unavailable("use an invitation", &error),
    }
}

async fn settle(
    web: &Web,
    token: &str,
    name: Option<&str>,
    hash: &str,
) -> Result<Option<Person>, StoreError> {
    let now = Timestamp::now().as_millisecond();
    let Some(id) = web
        .store
        .take_invite(&password::token_hash(token), now)
        .await?
    else {
        return Ok(None);
    };
    web.store.set_password(&id, hash).await?;
    if let Some(name) = name {
        web.store.set_name(&id, name).await?;
    }
    web.store.audit(&id, "welcome", &id, "{}", now).await?;
    web.store.person(&id).await
}
