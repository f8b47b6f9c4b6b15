//! A run as it happens, over server-sent events.
//!
//! Each event is the whole changing state of the run, numbered by the newest stored event. A browser
//! that comes back after a break therefore needs no history: the next event is all it missed.

use std::convert::Infallible;
use std::time::Duration;

use app::view::{RunLive, Viewer};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use http::{HeaderName, HeaderValue};
use store::Change;
use tokio::sync::broadcast::error::RecvError;
use tower_sessions::Session;
use tower_sessions::session::Id;

use super::{Web, error};

/// Without a hint the run is looked at this often; other processes' changes show up this late at most.
const LOOK: Duration = Duration::from_secs(2);
/// Hints come faster than people read.
const PAUSE: Duration = Duration::from_millis(250);
/// Proxies close connections that are silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

struct RunStream {
    web: Web,
    viewer: Viewer,
    session: Option<Id>,
    run: String,
    changes: tokio::sync::broadcast::Receiver<Change>,
    last: Option<RunLive>,
    is_over: bool,
}

/// `GET /events/runs/{id}`.
pub async fn run(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path(run): Path<String>,
    session: Session,
) -> Response {
    // Whoever may not see the run gets a plain answer instead of a stream that ends at once.
    if let Err(error) = web.backend.run_live(&viewer, &run).await {
        return error::answer(&error);
    }
    let changes = web.store.changes();
    let first = RunStream {
        web,
        viewer,
        session: session.id(),
        run,
        changes,
        last: None,
        is_over: false,
    };
    let events = stream::unfold(first, |mut stream| async move {
        let event = stream.next().await?;
        Some((Ok::<_, Infallible>(event), stream))
    });
    let mut answer = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response();
    // nginx would collect the stream before passing it on.
    answer.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    answer
}

impl RunStream {
    /// The next state that differs from the last one sent; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.is_over {
                return None;
            }
            if self.last.is_some() && !(self.wait().await && self.is_signed_in().await) {
                return None;
            }
            match self.web.backend.run_live(&self.viewer, &self.run).await {
                Ok(live) if self.last.as_ref().is_some_and(|last| is_same(last, &live)) => {}
                Ok(live) => {
                    self.is_over = live.state.is_finished();
                    let event = Event::default()
                        .event("run")
                        .id(live.seq.to_string())
                        .json_data(app::live_news(live.clone(), self.viewer.lang))
                        .ok()?;
                    self.last = Some(live);
                    return Some(event);
                }
                // The page polls, and comes back here once that works again.
                Err(_) => return None,
            }
        }
    }

    /// Whether whoever opened the stream is still there: it lives longer than any other answer.
    async fn is_signed_in(&self) -> bool {
        match self.session {
            Some(session) => {
                self.web
                    .identity
                    .is_still_signed_in(session, &self.viewer.id.as_str().into())
                    .await
            }
            None => false,
        }
    }

    /// Waits for a change of this run. False when the process goes away.
    async fn wait(&mut self) -> bool {
        let lifecycle = std::sync::Arc::clone(&self.web.lifecycle);
        let look = tokio::time::sleep(LOOK);
        tokio::pin!(look);
        let hint = async {
            loop {
                match self.changes.recv().await {
                    Ok(Change::Run(run)) if run == self.run => return,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => std::future::pending::<()>().await,
                }
            }
        };
        tokio::select! {
            () = lifecycle.until_draining() => return false,
            () = &mut look => {}
            () = hint => tokio::time::sleep(PAUSE).await,
        }
        true
    }
}

/// Time passes by itself in the browser; only the rest is worth an event.
fn is_same(last: &RunLive, live: &RunLive) -> bool {
    let without_time = |live: &RunLive| {
        let mut live = live.clone();
        live.elapsed_ms = 0;
        for step in &mut live.steps {
            step.ms = None;
        }
        live
    };
    without_time(last) == without_time(live)
}
