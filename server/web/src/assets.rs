//! The browser client, the styles and our own scripts, each plain and brotli-compressed.
//!
//! With the feature `embed` they are part of the binary, live under a path that carries their hash
//! and may be kept for a year. Without it they are read from `target/site` (or `DIGGER_SITE`) on
//! every request, so that a rebuilt style is seen at the next reload.

use std::borrow::Cow;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

/// The files of the site.
#[derive(Clone, Debug)]
pub struct Assets {
    /// First path segments of every file, without slashes at either end.
    pub folder: String,
    is_immutable: bool,
}

const NAMES: [&str; 6] = [
    "digger.js",
    "digger_bg.wasm",
    "digger.css",
    "islands.js",
    "keys.js",
    "live.js",
];

impl Assets {
    pub fn new() -> Self {
        if !cfg!(feature = "embed") {
            return Self {
                folder: "pkg".to_owned(),
                is_immutable: false,
            };
        }
        let mut hash = Sha256::new();
        for name in NAMES {
            hash.update(read(name).unwrap_or_default());
        }
        let hash = hex::encode(hash.finalize());
        Self {
            folder: format!("pkg/{}", &hash[..16]),
            is_immutable: true,
        }
    }
}

#[cfg(feature = "embed")]
fn read(name: &str) -> Option<Cow<'static, [u8]>> {
    macro_rules! built {
        ($name:literal) => {
            include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../target/site/pkg/",
                $name
            ))
            .as_slice()
        };
    }
    let bytes = match name {
        "digger.js" => built!("digger.js"),
        "digger.js.br" => built!("digger.js.br"),
        "digger_bg.wasm" => built!("digger_bg.wasm"),
        "digger_bg.wasm.br" => built!("digger_bg.wasm.br"),
        "digger.css" => built!("digger.css"),
        "digger.css.br" => built!("digger.css.br"),
        "islands.js" => built!("islands.js"),
        "islands.js.br" => built!("islands.js.br"),
        "keys.js" => built!("keys.js"),
        "keys.js.br" => built!("keys.js.br"),
        "live.js" => built!("live.js"),
        "live.js.br" => built!("live.js.br"),
        _ => return None,
    };
    Some(Cow::Borrowed(bytes))
}

#[cfg(not(feature = "embed"))]
fn read(name: &str) -> Option<Cow<'static, [u8]>> {
    let folder = std::env::var_os("DIGGER_SITE").map_or_else(
        || std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/site")),
        std::path::PathBuf::from,
    );
    std::fs::read(folder.join("pkg").join(name))
        .ok()
        .map(Cow::Owned)
}

/// `GET /pkg/…/{file}`.
pub async fn asset(
    State(assets): State<Assets>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    if !NAMES.contains(&name) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let compressed = accepts_brotli(&headers)
        .then(|| read(&format!("{name}.br")))
        .flatten();
    let is_compressed = compressed.is_some();
    let Some(bytes) = compressed.or_else(|| read(name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!("\"{}\"", &hex::encode(Sha256::digest(&bytes))[..32]);
    // A page of an older binary asks under its own hash; what it gets must not stay under that name.
    let is_current = assets.folder.strip_prefix("pkg/").unwrap_or_default() == folder;
    let caching = if assets.is_immutable && is_current {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut answer = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known == etag.as_str())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, content_type(name))], bytes).into_response()
    };
    let answer_headers = answer.headers_mut();
    answer_headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer_headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        answer_headers.insert(header::ETAG, etag);
    }
    if is_compressed {
        answer_headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    answer
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim() == "br" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "wasm")) => "application/wasm",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn brotli_is_chosen_only_for_browsers_that_read_it() {
        assert!(accepts_brotli(&accepting("gzip, deflate, br, zstd")));
        assert!(accepts_brotli(&accepting("br;q=0.5")));
        assert!(!accepts_brotli(&accepting("gzip, br;q=0")));
        assert!(!accepts_brotli(&accepting("gzip")));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }
}
