//! Headers every answer carries.

use std::sync::LazyLock;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

/// Adds what browsers need to know to keep people safe. Headers a handler set itself stay.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=()",
        ),
        // Pages bring their own policy; nothing else runs anything.
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// The policy of a page: our own files, the one style that stands in every page, WebAssembly, and hints which links to
/// fetch ahead; nothing else runs.
pub static PAGE_POLICY: LazyLock<String> = LazyLock::new(|| {
    let fade = BASE64_STANDARD.encode(Sha256::digest(app::FADE.as_bytes()));
    format!(
        "default-src 'none'; script-src 'self' 'inline-speculation-rules' 'wasm-unsafe-eval'; \
         style-src 'self' 'sha256-{fade}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
});
