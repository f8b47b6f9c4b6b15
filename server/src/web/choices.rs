//! Options of one field after another field changed.

use app::Backend;
use app::view::Viewer;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::StatusCode;

use super::Web;
use super::forms::{field, params};

/// `GET /api/choices/{*id}?param=…&params[x]=…`: JSON for the browser client.
pub(crate) async fn choices(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let param = field(query.as_bytes(), "param").unwrap_or_default();
    let input = params(query.as_bytes());
    match web.backend.choices(&viewer, &id, &param, input).await {
        Ok(choices) => Json(choices).into_response(),
        Err(error) => {
            let status =
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, Json(error)).into_response()
        }
    }
}
