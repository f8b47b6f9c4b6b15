//! Whether this process lives, and whether it should be sent visitors.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use files::Files;
use http::StatusCode;
use runtime::Phase;
use tokio::sync::Mutex;

use super::Web;

/// A proof that files can be stored counts this long: it costs five requests.
const PROVEN_FOR: Duration = Duration::from_secs(30);
/// A store that takes longer is not ready, whatever it says in the end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The last proof that files can be stored. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    last: Arc<Mutex<Option<(Instant, bool)>>>,
}

impl Proof {
    /// Whoever asks while a proof is on its way waits for that one.
    async fn holds(&self, files: &Files) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, is_proven)) = *last
            && at.elapsed() < PROVEN_FOR
        {
            return is_proven;
        }
        let is_proven = match tokio::time::timeout(PATIENCE, files.check()).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                tracing::error!(error = %lang::chain_of(&error), "Files cannot be stored");
                false
            }
            Err(_) => {
                tracing::error!(
                    "The store of files did not answer within {} s",
                    PATIENCE.as_secs()
                );
                false
            }
        };
        *last = Some((Instant::now(), is_proven));
        is_proven
    }
}

/// `GET /livez`: the process answers. Never touches the database.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers, files can be stored, and the process is not going away.
pub async fn ready(State(web): State<Web>) -> Response {
    if web.lifecycle.phase() != Phase::Serving {
        return refuse("draining\n");
    }
    if let Err(error) = web.store.people_count().await {
        tracing::error!(error = %lang::chain_of(&error), "The database does not answer");
        return refuse("the database does not answer\n");
    }
    if !web.proof.holds(&web.files).await {
        return refuse("files cannot be stored\n");
    }
    "ready\n".into_response()
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
}
