//! One-time links: a person chooses a name and a password.

use app::error::Thing;
use app::view::{PostedWelcome, WelcomeProblem, WelcomeView};
use app::{AppError, Page};
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use store::{Person, StoreError};
use tower_sessions::Session;

use super::body::read;
use super::error::{self, unavailable};
use super::forms::field;
use super::visitor::{self, see_other};
use super::{Web, pages};
use crate::clock;
use crate::password::{self, Busy};
use crate::people::DEMO_PASSWORD;

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
    let token = password::token_hash(&token);
    let now = clock::now_ms();
    // Looked up before anything is computed: whoever makes up a link gets its answer at once.
    match web.store.invited(&token, now).await {
        Ok(Some(_)) => {}
        Ok(None) => return no_such_link(&web, &parts),
        Err(error) => return unavailable("read an invitation", &error),
    }
    let hash = match web.hashing.hash(password).await {
        Ok(Ok(hash)) => hash,
        Ok(Err(error)) => return unavailable("hash a password", error.as_ref()),
        Err(Busy) => return error::answer(&AppError::TooMany),
    };
    match settle(&web, &token, name.as_deref(), &hash).await {
        Ok(Some(person)) => match visitor::sign_in(&session, &person).await {
            Ok(()) => see_other("/"),
            Err(error) => unavailable("begin a session", &error),
        },
        Ok(None) => no_such_link(&web, &parts),
        Err(error) => unavailable("use an invitation", &error),
    }
}

fn no_such_link(web: &Web, parts: &Parts) -> Response {
    let error = AppError::NotFound {
        thing: Thing::Invite,
    };
    pages::refuse(web, parts, error)
}

async fn settle(
    web: &Web,
    token: &str,
    name: Option<&str>,
    hash: &str,
) -> Result<Option<Person>, StoreError> {
    let now = clock::now_ms();
    let Some(id) = web.store.take_invite(token, now).await? else {
        return Ok(None);
    };
    web.store.set_password(&id, hash).await?;
    if let Some(name) = name {
        web.store.set_name(&id, name).await?;
    }
    web.store.audit(&id, "welcome", &id, "{}", now).await?;
    web.store.person(&id).await
}
