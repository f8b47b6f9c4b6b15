//! Language and theme, kept in cookies so that the first byte of a page is already right.

use app::view::{Theme, Viewer};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderValue, header};

use super::Web;
use super::body::read;
use super::forms::field;
use super::visitor::see_other;

/// A year, seconds: browsers keep no cookie much longer.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// `POST /language {lang, next}`.
pub async fn language(
    State(web): State<Web>,
    viewer: Option<Extension<Viewer>>,
    body: Body,
) -> Response {
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let lang: lang::Lang = field(&bytes, "lang")
        .and_then(|lang| lang.parse().ok())
        .unwrap_or_default();
    if let Some(Extension(viewer)) = viewer
        && let Err(error) = web
            .identity
            .set_lang(&viewer.id.as_str().into(), lang)
            .await
    {
        // The cookie alone is enough for this browser.
        tracing::warn!(error = %lang::chain_of(&error), "Could not keep a person's language");
    }
    remember(&web, "lang", lang.as_str(), &bytes)
}

/// `POST /theme {theme, next}`.
pub async fn theme(State(web): State<Web>, body: Body) -> Response {
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err(answer) => return answer,
    };
    let theme = Theme::from_cookie(&field(&bytes, "theme").unwrap_or_default());
    remember(&web, "theme", theme.as_str(), &bytes)
}

fn remember(web: &Web, name: &str, value: &str, form: &[u8]) -> Response {
    let mut answer = see_other(&field(form, "next").unwrap_or_default());
    let secure = if web.settings.is_https() {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}
