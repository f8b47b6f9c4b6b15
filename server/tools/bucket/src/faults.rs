//! What can go wrong between a client and its store.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::Service;
use s3s::service::S3Service;

type Answer = io::Result<Response<UnsyncBoxBody<Bytes, io::Error>>>;

/// One thing that goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The request is not carried out and answered with this status.
    Answer(u16),
    /// The request is not carried out, and nothing is ever answered.
    Silence,
    /// The request is not carried out, and the connection is cut.
    Cut,
    /// The request is carried out, and the connection is cut instead of the answer.
    LostReply,
    /// The request is carried out, and nothing is ever answered.
    NoReply,
    /// The request is carried out, and the connection is cut in the middle of the answer's body.
    HalfReply,
}

#[derive(Debug)]
struct Planned {
    fault: Fault,
    times: usize,
    method: &'static str,
    part: &'static str,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: Mutex<Vec<Planned>>,
    requests: Mutex<Vec<String>>,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault, times: usize, method: &'static str, part: &'static str) {
        let planned = Planned {
            fault,
            times,
            method,
            part,
        };
        self.planned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(planned);
    }

    pub(crate) fn clear(&self) {
        self.planned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn left(&self) -> usize {
        let planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        planned
            .iter()
            .fold(0, |left, planned| left.saturating_add(planned.times))
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn next(&self, method: &str, target: &str) -> Option<Fault> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(format!("{method} {target}"));
        let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        let next = planned.iter_mut().find(|planned| {
            planned.times > 0 && planned.method == method && target.contains(planned.part)
        })?;
        next.times -= 1;
        Some(next.fault)
    }

    pub(crate) fn answer(
        self: Arc<Self>,
        service: S3Service,
        request: Request<Incoming>,
    ) -> BoxFuture<'static, Answer> {
        Box::pin(async move { self.answer_or_fail(&service, request).await })
    }

    async fn answer_or_fail(&self, service: &S3Service, request: Request<Incoming>) -> Answer {
        let method = request.method().as_str().to_owned();
        let target = request.uri().to_string();
        let fault = self.next(&method, &target);
        match fault {
            None => carry_out(service, request).await,
            Some(Fault::Answer(status)) => {
                // A client may send everything before it reads the answer.
                request
                    .into_body()
                    .collect()
                    .await
                    .map_err(io::Error::other)?;
                let mut response = Response::new(of_bytes(Bytes::new()));
                *response.status_mut() = StatusCode::from_u16(status).map_err(io::Error::other)?;
                Ok(response)
            }
            Some(Fault::Silence) => std::future::pending().await,
            Some(Fault::Cut) => Err(cut()),
            Some(Fault::LostReply) => {
                // Some answers do their work while their body is read.
                carry_out(service, request)
                    .await?
                    .into_body()
                    .collect()
                    .await?;
                Err(cut())
            }
            Some(Fault::NoReply) => {
                carry_out(service, request)
                    .await?
                    .into_body()
                    .collect()
                    .await?;
                std::future::pending().await
            }
            Some(Fault::HalfReply) => {
                let (parts, body) = carry_out(service, request).await?.into_parts();
                let bytes = body.collect().await?.to_bytes();
                let half = bytes.slice(..bytes.len() / 2);
                let frames = [Ok(Frame::data(half)), Err(cut())];
                let body = StreamBody::new(futures::stream::iter(frames));
                Ok(Response::from_parts(parts, body.boxed_unsync()))
            }
        }
    }
}

async fn carry_out(service: &S3Service, request: Request<Incoming>) -> Answer {
    let response = Service::call(service, request)
        .await
        .map_err(|error| io::Error::other(format!("{error:?}")))?;
    Ok(response.map(|body| body.map_err(io::Error::other).boxed_unsync()))
}

fn of_bytes(bytes: Bytes) -> UnsyncBoxBody<Bytes, io::Error> {
    Full::new(bytes)
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// The server closes a connection whose service failed without another word.
fn cut() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionReset)
}
