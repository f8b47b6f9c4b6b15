//! Whether this process lives, and whether it should be sent visitors.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::Web;
use crate::signals::Phase;

/// `GET /livez`: the process answers. Never touches the database.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers and the process is not going away.
pub(crate) async fn ready(State(web): State<Web>) -> Response {
    if web.signals.phase() != Phase::Serving {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    match web.store.people_count().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(error = %crate::chain_of(&error), "The database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
                .into_response()
        }
    }
}
