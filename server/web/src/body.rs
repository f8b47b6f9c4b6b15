//! What comes with a request: how large it may be, and how long it may take.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures::StreamExt;
use http::{StatusCode, Uri, header};
use tokio::sync::Semaphore;

/// Most bytes of a body. Lists pasted into a field are the largest thing people send.
const LARGEST: usize = 1024 * 1024;
/// Bodies up to this always find room: 16 KiB.
const SMALL: usize = 16 * 1024;
/// How long a body may take: a megabyte over a slow telephone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Room for bodies that are larger than [`SMALL`], in [`SMALL`]: 32 MiB. Whoever sends many at once waits for none and
/// keeps none of those out who post an ordinary form.
static ROOM: Semaphore = Semaphore::const_new(32 * 1024 * 1024 / SMALL);

/// Reads what comes with a request before anybody looks at it. What is too large, takes too long or finds no room is
/// refused.
pub(super) async fn gather(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let announced = parts
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > LARGEST) {
        let _ = tokio::time::timeout(PATIENCE, discard(body)).await;
        return too_large();
    }
    match tokio::time::timeout(PATIENCE, receive(body)).await {
        Ok(Ok(bytes)) if has_nul(&parts.uri, &bytes) => nul(),
        Ok(Ok(bytes)) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Ok(Err(refusal)) => refusal,
        Err(_) => too_slow(),
    }
}

/// A body as it arrives, with room for what has arrived.
async fn receive(body: Body) -> Result<Bytes, Response> {
    let mut pieces = body.into_data_stream();
    let (mut bytes, mut room) = (BytesMut::new(), Vec::new());
    while let Some(piece) = pieces.next().await {
        // Nobody is there any more to read an answer.
        let piece = piece.map_err(|_| StatusCode::BAD_REQUEST.into_response())?;
        bytes.extend_from_slice(&piece);
        if bytes.len() > LARGEST {
            return Err(too_large());
        }
        while bytes.len() > SMALL * (room.len() + 1) {
            room.push(ROOM.try_acquire().map_err(|_| no_room())?);
        }
    }
    Ok(bytes.freeze())
}

/// What [`gather`] has gathered.
pub async fn read(body: Body) -> Result<Bytes, Response> {
    axum::body::to_bytes(body, LARGEST)
        .await
        .map_err(|_| too_large())
}

/// Reads what is on its way without keeping it: a browser shows an answer only after it has sent
/// everything, and a broken connection otherwise.
async fn discard(body: Body) {
    /// Enough for a mistake; whoever sends more gets the broken connection.
    const MOST: usize = 32 * 1024 * 1024;
    let mut stream = body.into_data_stream();
    let mut seen = 0;
    while let Some(Ok(piece)) = stream.next().await {
        seen += piece.len();
        if seen > MOST {
            return;
        }
    }
}

/// Whether something in a request stands for the character NUL, which no database keeps in a text and nobody types.
fn has_nul(uri: &Uri, body: &[u8]) -> bool {
    let is_in = |text: &[u8], way: &[u8]| text.windows(way.len()).any(|part| part == way);
    let address = uri.path_and_query().map_or("", |address| address.as_str());
    is_in(address.as_bytes(), b"%00")
        || body.contains(&0)
        || is_in(body, b"%00")
        || is_in(body, br"\u0000")
}

fn nul() -> Response {
    (
        StatusCode::BAD_REQUEST,
        "NUL 문자는 보낼 수 없습니다. / The character NUL cannot be sent.\n",
    )
        .into_response()
}

fn too_large() -> Response {
    (
        StatusCode::PAYLOAD_TOO_LARGE,
        "보낸 내용이 너무 큽니다(최대 1 MiB). / What was sent is too large (at most 1 MiB).\n",
    )
        .into_response()
}

fn no_room() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "5")],
        "지금은 큰 내용을 받을 수 없습니다. 잠시 뒤 다시 보내세요. / There is no room for large bodies right now. Send it again in a moment.\n",
    )
        .into_response()
}

fn too_slow() -> Response {
    (
        StatusCode::REQUEST_TIMEOUT,
        "보내는 데 너무 오래 걸렸습니다. 다시 보내세요. / Sending took too long. Send it again.\n",
    )
        .into_response()
}
