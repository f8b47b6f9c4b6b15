//! Between the library and the network: every answer in time, every refusal with its code, every completion
//! conditional.
//!
//! The library completes an upload in parts without a condition, and keeps the code of a refusal to itself.
//! Both are put right here, where every request passes.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::IF_NONE_MATCH;
use http::{HeaderValue, Method, StatusCode};
use http_body::{Body, Frame, SizeHint};
use object_store::client::{
    HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use tokio::time::{Instant, Sleep};

use crate::Kind;

/// Longest message repeated from a store, in characters.
const LONGEST_MESSAGE: usize = 200;

/// A store's refusal, by its status and its code.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the store answered {status} {code}: {message}")]
pub(crate) struct Answered {
    status: StatusCode,
    code: String,
    message: String,
}

/// The store kept silent.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {} seconds", .0.as_secs_f64())]
struct Silent(Duration);

impl Answered {
    pub(crate) fn kind(&self) -> Kind {
        match (self.code.as_str(), self.status.as_u16()) {
            // MinIO's and Ceph's words beside the status of HTTP.
            ("XMinioStorageFull" | "XMinioAdminBucketQuotaExceeded" | "QuotaExceeded", _)
            | (_, 507) => Kind::Full,
            (
                "NoSuchBucket" | "ExpiredToken" | "InvalidToken" | "AuthorizationHeaderMalformed",
                _,
            )
            | (_, 301 | 302 | 307 | 308 | 401 | 403) => Kind::Refused,
            (_, 501) => Kind::Unsupported,
            // A request that came too slowly, or one of too many.
            ("RequestTimeout" | "InternalError" | "SlowDown" | "ServiceUnavailable", _)
            | (_, 408 | 429 | 500..) => Kind::Busy,
            _ => Kind::Unexpected,
        }
    }

    fn read(status: StatusCode, body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body);
        let message: String = between(&body, "Message")
            .chars()
            .take(LONGEST_MESSAGE)
            .collect();
        Self {
            status,
            code: between(&body, "Code").to_owned(),
            message,
        }
    }

    fn into_error(self) -> HttpError {
        // The library tries again what it believes was never sent, and nothing it cannot place.
        let kind = match self.kind() {
            Kind::Busy => HttpErrorKind::Request,
            _ => HttpErrorKind::Unknown,
        };
        HttpError::new(kind, self)
    }
}

fn between<'a>(body: &'a str, tag: &str) -> &'a str {
    body.split_once(&format!("<{tag}>"))
        .and_then(|(_, rest)| rest.split_once(&format!("</{tag}>")))
        .map_or("", |(text, _)| text)
}

/// A client that waits this long for an answer, and for each piece of it.
pub(super) fn patient(client: HttpClient, answer: Duration) -> HttpClient {
    HttpClient::new(Patient { client, answer })
}

#[derive(Debug)]
struct Patient {
    client: HttpClient,
    answer: Duration,
}

#[async_trait]
impl HttpService for Patient {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let completes = is_completion(&request);
        if completes {
            let any = HeaderValue::from_static("*");
            request.headers_mut().insert(IF_NONE_MATCH, any);
        }
        let executing = self.client.execute(request);
        let response = match tokio::time::timeout(self.answer, executing).await {
            Ok(response) => response?,
            Err(_) => return Err(silent(self.answer)),
        };
        let (parts, body) = response.into_parts();
        let body = HttpResponseBody::new(Hurried::new(body, self.answer));
        let status = parts.status;
        if status.is_success() && !completes {
            return Ok(HttpResponse::from_parts(parts, body));
        }
        let body = body.bytes().await?;
        let answered = Answered::read(status, &body);
        let is_for_the_library = match status {
            // A completion is answered early and may end in an error nevertheless.
            _ if status.is_success() => answered.code.is_empty(),
            StatusCode::NOT_FOUND => answered.code != "NoSuchBucket",
            StatusCode::NOT_MODIFIED | StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => {
                true
            }
            _ => false,
        };
        if is_for_the_library {
            Ok(HttpResponse::from_parts(parts, body.into()))
        } else {
            Err(answered.into_error())
        }
    }
}

fn is_completion(request: &HttpRequest) -> bool {
    let query = request.uri().query().unwrap_or_default();
    request.method() == Method::POST && query.split('&').any(|pair| pair.starts_with("uploadId="))
}

fn silent(answer: Duration) -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, Silent(answer))
}

/// A body whose pieces have to come in time.
struct Hurried {
    body: HttpResponseBody,
    limit: Duration,
    alarm: Pin<Box<Sleep>>,
    is_waiting: bool,
}

impl Hurried {
    fn new(body: HttpResponseBody, limit: Duration) -> Self {
        Self {
            body,
            limit,
            alarm: Box::pin(tokio::time::sleep(limit)),
            is_waiting: false,
        }
    }
}

impl Body for Hurried {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.is_waiting = false;
            return Poll::Ready(frame);
        }
        // The time counts from when the reader asks: it may be slow itself.
        if !self.is_waiting {
            self.is_waiting = true;
            let until = Instant::now() + self.limit;
            self.alarm.as_mut().reset(until);
        }
        match self.alarm.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err(silent(self.limit)))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_known_by_its_code_and_its_status() {
        let kind = |status, code: &str| {
            let body = format!("<Error><Code>{code}</Code><Message>m</Message></Error>");
            Answered::read(StatusCode::from_u16(status).unwrap(), body.as_bytes()).kind()
        };
        assert_eq!(kind(403, "SignatureDoesNotMatch"), Kind::Refused);
        assert_eq!(kind(404, "NoSuchBucket"), Kind::Refused);
        assert_eq!(kind(301, "PermanentRedirect"), Kind::Refused);
        assert_eq!(kind(400, "ExpiredToken"), Kind::Refused);
        assert_eq!(kind(503, "SlowDown"), Kind::Busy);
        // A completion may fail after its status was sent.
        assert_eq!(kind(200, "InternalError"), Kind::Busy);
        assert_eq!(kind(507, "XMinioStorageFull"), Kind::Full);
        assert_eq!(kind(501, "NotImplemented"), Kind::Unsupported);
        assert_eq!(kind(400, "InvalidArgument"), Kind::Unexpected);
    }

    #[test]
    fn a_page_instead_of_an_answer_is_not_repeated() {
        let answered = Answered::read(StatusCode::BAD_GATEWAY, b"<html>nginx</html>");
        assert_eq!(answered.kind(), Kind::Busy);
        assert!(!answered.to_string().contains("nginx"));
    }
}
