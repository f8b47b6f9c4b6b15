//! Under which names this process answers.
//!
//! A page of another site can give its own name our address (DNS rebinding) and is then, to the browser, on the same
//! site as we are. So a request must name us: as `public_url` does, as we listen, or by the address it came to.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::HOST;
use http::{HeaderMap, StatusCode, Uri};
use settings::Settings;

/// The address of ours a connection came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct CameTo(pub(super) SocketAddr);

/// Lets requests pass that name this process.
pub(super) async fn known_only(
    State(settings): State<Arc<Settings>>,
    Extension(CameTo(address)): Extension<CameTo>,
    request: Request,
    next: Next,
) -> Response {
    let named = named(request.headers(), request.uri());
    let own = [
        settings.public_url.as_deref().and_then(of_url),
        Some(without_port(&settings.listen)),
    ];
    if named.is_some_and(|named| is_ours(named, &own, address.ip())) {
        return next.run(request).await;
    }
    (
        StatusCode::MISDIRECTED_REQUEST,
        "이 이름으로는 응답하지 않습니다. digger.toml의 public_url에 사람들이 입력하는 주소를 적으세요.\nDigger does not answer under this name. Set `public_url` in digger.toml to the address people type.\n",
    )
        .into_response()
}

/// The host a request names.
fn named<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    // An address that names a host counts more than the header (RFC 9112, 3.2.2).
    if uri.authority().is_some() {
        return uri
            .host()
            .filter(|_| matches!(uri.scheme_str(), Some("http" | "https")));
    }
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok().map(without_port),
        // Two names are none.
        _ => None,
    }
}

fn is_ours(named: &str, own: &[Option<&str>], address: IpAddr) -> bool {
    let named = named.strip_suffix('.').unwrap_or(named);
    if named.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let own = own.iter().flatten();
    if own.into_iter().any(|own| own.eq_ignore_ascii_case(named)) {
        return true;
    }
    let bare = named.trim_start_matches('[').trim_end_matches(']');
    let is_address = |named: IpAddr| named.to_canonical() == address.to_canonical();
    bare.parse().is_ok_and(is_address)
}

fn of_url(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    Some(without_port(authority))
}

/// `[::1]:3000` as `[::1]`, `digger.example:3000` as `digger.example`.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port))
            if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.ends_with(':') =>
        {
            // An address without brackets has no port.
            match host.contains(':') && !host.ends_with(']') {
                true => authority,
                false => host,
            }
        }
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(host: &str, came_to: &str) -> bool {
        let own = [
            of_url("https://digger.example:8443/x"),
            Some(without_port("0.0.0.0:3000")),
        ];
        is_ours(without_port(host), &own, came_to.parse().unwrap())
    }

    #[test]
    fn only_our_own_names_and_addresses_are_answered() {
        for (host, came_to) in [
            ("digger.example", "10.0.0.7"),
            ("DIGGER.example.:443", "10.0.0.7"),
            ("localhost:3000", "172.17.0.2"),
            ("127.0.0.1:3000", "127.0.0.1"),
            ("10.0.0.7:3000", "10.0.0.7"),
            ("[::1]:3000", "::1"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("10.0.0.7", "::ffff:10.0.0.7"),
        ] {
            assert!(answers(host, came_to), "{host} at {came_to}");
        }
        for host in [
            "evil.example",
            "digger.example.evil.example",
            "evil.example:3000",
            "10.0.0.8:3000",
            "localhost.evil.example",
            "[::2]:3000",
            "",
            ".",
        ] {
            assert!(!answers(host, "10.0.0.7"), "{host}");
        }
    }

    #[test]
    fn a_port_is_no_part_of_a_name() {
        for (authority, host) in [
            ("[::1]:3000", "[::1]"),
            ("[::1]", "[::1]"),
            ("::1", "::1"),
            ("a:1", "a"),
            ("a", "a"),
            ("a:", "a"),
        ] {
            assert_eq!(without_port(authority), host);
        }
    }
}
