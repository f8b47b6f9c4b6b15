//! Sends a file, whole or one part of it, so that a broken download goes on where it stopped.

use std::ops::Range;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use files::{Files, FilesError, Key};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a download is called and what it holds.
#[derive(Clone, Debug)]
pub struct Download<'a> {
    pub name: &'a str,
    pub content_type: &'a str,
    /// SHA-256 of the whole file in hexadecimal; becomes the strong ETag.
    pub sha256: &'a str,
    pub bytes: u64,
}

/// Answers a GET or HEAD for a finished file, whose size has been compared with what is recorded.
///
/// # Errors
/// When the store cannot be read. What fails later breaks the connection, which is how the reader
/// learns that bytes are missing.
pub async fn send(
    files: &Files,
    key: &Key,
    download: &Download<'_>,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, FilesError> {
    let length = download.bytes;
    let etag = format!("\"{}\"", download.sha256);
    if text(headers, header::IF_NONE_MATCH)
        .is_some_and(|known| known == "*" || known.split(',').any(|tag| tag.trim() == etag))
    {
        return Ok(with_headers(
            StatusCode::NOT_MODIFIED.into_response(),
            download,
            &etag,
        ));
    }
    let is_same_file = text(headers, header::IF_RANGE).is_none_or(|known| known == etag);
    let range = text(headers, header::RANGE).filter(|_| is_same_file);
    let answer = match range.map_or(Part::Whole, |range| part(range, length)) {
        Part::Whole => {
            let body = body(files, key, method, 0..length).await?;
            ([(header::CONTENT_LENGTH, length.to_string())], body).into_response()
        }
        Part::Some { first, last } => {
            let wanted = last - first + 1;
            let body = body(files, key, method, first..last + 1).await?;
            let headers = [
                (header::CONTENT_LENGTH, wanted.to_string()),
                (
                    header::CONTENT_RANGE,
                    format!("bytes {first}-{last}/{length}"),
                ),
            ];
            (StatusCode::PARTIAL_CONTENT, headers, body).into_response()
        }
        Part::Outside => {
            let headers = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    Ok(with_headers(answer, download, &etag))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn with_headers(mut answer: Response, download: &Download<'_>, etag: &str) -> Response {
    let headers = answer.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, download.content_type);
    set(header::CONTENT_DISPOSITION, &disposition(download.name));
    set(header::ETAG, etag);
    set(header::ACCEPT_RANGES, "bytes");
    // A result belongs to one person; no proxy may keep it, and every use asks for permission again.
    set(header::CACHE_CONTROL, "private, no-cache");
    answer
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Some { first: u64, last: u64 },
    Outside,
}

/// One range of bytes. Several at once, and anything unreadable, get the whole file, as RFC 9110 allows.
fn part(range: &str, length: u64) -> Part {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|range| !range.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let (first, last) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last),
        (Ok(first), Err(_)) if last.trim().is_empty() => (first, u64::MAX),
        (Err(_), Ok(0)) if first.trim().is_empty() => return Part::Outside,
        (Err(_), Ok(suffix)) if first.trim().is_empty() => {
            (length.saturating_sub(suffix), u64::MAX)
        }
        _ => return Part::Whole,
    };
    if first >= length {
        return Part::Outside;
    }
    Part::Some {
        first,
        last: last.min(length - 1),
    }
}

async fn body(
    files: &Files,
    key: &Key,
    method: &Method,
    range: Range<u64>,
) -> Result<Body, FilesError> {
    if method == Method::HEAD {
        return Ok(Body::empty());
    }
    Ok(Body::from_stream(files.read(key, range).await?.pieces))
}

/// RFC 6266 with a plain name for old programs and the real name by RFC 8187 for all others.
fn disposition(name: &str) -> String {
    // attr-char of RFC 8187.
    const ATTR: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'!')
        .remove(b'#')
        .remove(b'$')
        .remove(b'&')
        .remove(b'+')
        .remove(b'-')
        .remove(b'.')
        .remove(b'^')
        .remove(b'_')
        .remove(b'`')
        .remove(b'|')
        .remove(b'~');
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{}",
        utf8_percent_encode(name, ATTR)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_the_file() {
        assert_eq!(part("bytes=0-9", 100), Part::Some { first: 0, last: 9 });
        assert_eq!(
            part("bytes=90-200", 100),
            Part::Some {
                first: 90,
                last: 99
            }
        );
        assert_eq!(
            part("bytes=90-", 100),
            Part::Some {
                first: 90,
                last: 99
            }
        );
        assert_eq!(
            part("bytes=-10", 100),
            Part::Some {
                first: 90,
                last: 99
            }
        );
        assert_eq!(part("bytes=-200", 100), Part::Some { first: 0, last: 99 });
    }

    #[test]
    fn a_range_beyond_the_file_is_refused() {
        assert_eq!(part("bytes=100-", 100), Part::Outside);
        assert_eq!(part("bytes=-0", 100), Part::Outside);
        assert_eq!(part("bytes=0-", 0), Part::Outside);
    }

    #[test]
    fn what_is_no_single_range_gets_the_whole_file() {
        for range in [
            "bytes=1-2,4-5",
            "rows=1-2",
            "bytes=5-1",
            "bytes=a-b",
            "bytes",
        ] {
            assert_eq!(part(range, 100), Part::Whole, "{range}");
        }
    }

    #[test]
    fn a_korean_name_travels_in_both_forms() {
        assert_eq!(
            disposition("매출 \"A\".xlsx"),
            "attachment; filename=\"__ _A_.xlsx\"; filename*=UTF-8''%EB%A7%A4%EC%B6%9C%20%22A%22.xlsx"
        );
    }
}
