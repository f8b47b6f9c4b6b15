//! Refuses posts that another site made a browser send.
//!
//! `SameSite=Lax` already keeps the session cookie out of such posts; this is the second lock, and
//! it also guards the sign-in form, which needs no cookie.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use settings::Settings;

/// Lets reads pass, and writes only when they come from our own pages or from no browser at all.
pub async fn same_origin_only(
    State(settings): State<Arc<Settings>>,
    request: Request,
    next: Next,
) -> Response {
    let public_url = settings.public_url.as_deref();
    if is_read(request.method()) || is_ours(request.headers(), public_url) {
        return next.run(request).await;
    }
    (
        StatusCode::FORBIDDEN,
        "This form was sent by another site and was refused.\n다른 사이트가 보낸 요청이라 거절했습니다.\n",
    )
        .into_response()
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_ours(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        // `none` is a person typing or opening a bookmark, which never posts by itself.
        Some(site) => return matches!(site, "same-origin" | "none"),
        None if !headers.contains_key(header::ORIGIN) => {
            // Every browser of today sends at least one of the two with a post: this is a program.
            return true;
        }
        None => {}
    }
    // Browsers send no Fetch Metadata to plain HTTP: the origin has to name this host, as the
    // browser sees it or as the settings do when a proxy changes the header.
    let host = text("host").unwrap_or_default();
    text("origin").is_some_and(|origin| {
        public_url == Some(origin)
            || origin.split_once("://").is_some_and(|(_, origin_host)| {
                !host.is_empty() && origin_host.eq_ignore_ascii_case(host)
            })
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn with(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = HeaderMap::from_iter(headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        }));
        is_ours(&headers, Some("http://reports.example"))
    }

    #[test]
    fn a_post_from_our_own_page_passes() {
        assert!(with(&[("sec-fetch-site", "same-origin")]));
        assert!(with(&[
            ("origin", "https://digger.example"),
            ("host", "digger.example")
        ]));
    }

    #[test]
    fn the_public_address_counts_as_ours_behind_a_proxy() {
        assert!(with(&[
            ("origin", "http://reports.example"),
            ("host", "127.0.0.1:3000")
        ]));
    }

    #[test]
    fn a_post_from_another_site_is_refused() {
        assert!(!with(&[("sec-fetch-site", "cross-site")]));
        assert!(!with(&[("sec-fetch-site", "same-site")]));
        assert!(!with(&[
            ("origin", "https://evil.example"),
            ("host", "digger.example")
        ]));
        assert!(!with(&[("origin", "null"), ("host", "digger.example")]));
        assert!(!with(&[
            ("origin", "https://digger.example:8443"),
            ("host", "digger.example")
        ]));
    }

    #[test]
    fn a_program_without_browser_headers_passes() {
        assert!(with(&[("host", "digger.example")]));
    }
}
