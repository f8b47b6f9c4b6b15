//! Who sends a request, in which language and with which theme.

use std::net::{IpAddr, SocketAddr};

use app::view::{Preferences, Theme, Viewer};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method, StatusCode, header};
use lang::Lang;
use runtime::clock;
use store::Person;
use tower_sessions::Session;

use super::{Web, error};

/// Puts [`Preferences`] and the [`Viewer`] into the request, and turns everybody away who has to
/// sign in first: pages to the sign-in page, `/api` and `/events` with 401.
pub async fn recognise(
    State(web): State<Web>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let person = match web.identity.recognise(&session, clock::now()).await {
        Ok(person) => person,
        Err(error) => return error::of_identity(&error),
    };
    let preferences = preferences(request.headers(), person.as_ref());
    request.extensions_mut().insert(preferences);
    match person {
        Some(person) => {
            request.extensions_mut().insert(Viewer {
                id: person.id.to_string(),
                name: person.name,
                is_admin: person.is_admin,
                lang: preferences.lang,
            });
        }
        None if !is_open(request.uri().path()) => return turn_away(request).await,
        None => {}
    }
    let mut answer = next.run(request).await;
    // What one person sees must not stay in a shared cache, nor behind the back button after signing out.
    answer
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(header::HeaderValue::from_static("no-store"));
    answer
}

/// What can be seen without signing in.
fn is_open(path: &str) -> bool {
    matches!(
        path,
        "/signin"
            | "/signout"
            | "/language"
            | "/theme"
            | "/livez"
            | "/readyz"
            | "/favicon.ico"
            | "/robots.txt"
    ) || path.starts_with("/welcome/")
        || path.starts_with("/pkg/")
}

async fn turn_away(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") || path.starts_with("/events/") {
        let error = app::AppError::SignedOut;
        return (StatusCode::UNAUTHORIZED, axum::Json(error)).into_response();
    }
    let next = match *request.method() {
        Method::GET | Method::HEAD => request
            .uri()
            .path_and_query()
            .map_or("/", |wanted| wanted.as_str())
            .to_owned(),
        // The session ended while somebody filled in the form: what they typed comes back after signing in.
        _ if path.starts_with("/reports/") => super::forms::as_address(request).await,
        _ => "/".to_owned(),
    };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", &next)
        .finish();
    (
        StatusCode::FOUND,
        [(header::LOCATION, format!("/signin?{query}"))],
    )
        .into_response()
}

fn preferences(headers: &HeaderMap, person: Option<&Person>) -> Preferences {
    let lang = cookie(headers, "lang")
        .or_else(|| person.and_then(|person| person.lang.clone()))
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| accepted_language(headers));
    let theme = cookie(headers, "theme").map_or(Theme::System, |value| Theme::from_cookie(&value));
    Preferences { lang, theme }
}

/// The value of one cookie of the request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value.to_owned())
}

/// The first language of `Accept-Language` that Digger speaks, by weight; Korean otherwise.
fn accepted_language(headers: &HeaderMap) -> Lang {
    let wanted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut best = (0, Lang::Ko);
    for range in wanted.split(',') {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let primary = tag
            .trim()
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let weight = thousandths(weight.trim());
        if let Ok(lang) = primary.parse()
            && weight > best.0
        {
            best = (weight, lang);
        }
    }
    best.1
}

/// `q=0.8` as 800; anything unreadable as 0.
fn thousandths(weight: &str) -> u32 {
    let Some(digits) = weight.strip_prefix("q=") else {
        return 0;
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{fraction}").parse().unwrap_or(0).min(1_000)
}

/// The address a request comes from.
///
/// A proxy on this machine names the real one in its last `X-Forwarded-For` entry; from anybody
/// else that header is only a claim.
pub fn address(connection: &ConnectInfo<SocketAddr>, headers: &HeaderMap) -> IpAddr {
    let peer = connection.0.ip();
    if !peer.is_loopback() {
        return peer;
    }
    headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(peer)
}

/// A path of this site, or `/` for anything that could lead elsewhere.
pub fn safe_next(next: &str) -> &str {
    let is_ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/\\")
        && !next.chars().any(|c| c.is_control() || c == '\\')
        && next.is_ascii()
        && next.len() <= 8_192;
    if is_ours { next } else { "/" }
}

/// Goes on to a page with GET.
pub fn see_other(next: &str) -> Response {
    Redirect::to(safe_next(next)).into_response()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_heaviest_known_language_wins_and_korean_is_the_default() {
        assert_eq!(
            accepted_language(&accepting("en-US,en;q=0.9,ko;q=0.8")),
            Lang::En
        );
        assert_eq!(
            accepted_language(&accepting("de,ko;q=0.4,en;q=0.9")),
            Lang::En
        );
        assert_eq!(
            accepted_language(&accepting("ko-KR,ko;q=0.9,en;q=0.8")),
            Lang::Ko
        );
        assert_eq!(accepted_language(&accepting("de")), Lang::Ko);
        assert_eq!(accepted_language(&HeaderMap::new()), Lang::Ko);
    }

    #[test]
    fn next_never_leads_to_another_site() {
        assert_eq!(safe_next("/runs/1?x=%EB%A7%A4"), "/runs/1?x=%EB%A7%A4");
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "runs",
            "",
            "/a\r\nb",
            "/매출",
        ] {
            assert_eq!(safe_next(bad), "/", "{bad}");
        }
    }

    #[test]
    fn only_a_proxy_on_this_machine_may_name_the_address() {
        let headers = HeaderMap::from_iter([(
            header::HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_static("1.2.3.4, 10.0.0.7"),
        )]);
        let from = |peer: &str| address(&ConnectInfo(peer.parse().unwrap()), &headers).to_string();
        assert_eq!(from("127.0.0.1:5000"), "10.0.0.7");
        assert_eq!(from("192.0.2.1:5000"), "192.0.2.1");
    }
}
