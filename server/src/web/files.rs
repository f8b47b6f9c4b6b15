//! Downloads of finished files.

use std::sync::Arc;

use app::AppError;
use app::error::Thing;
use app::view::Viewer;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use http::request::Parts;

use super::range::{Download, send};
use super::{Web, pages};

/// `GET /runs/{id}/files/{name}`: whole or in part, only for those who may see the run.
pub(crate) async fn file(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path((id, name)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let artifact = match Arc::clone(&web.backend).artifact(&viewer, &id, &name).await {
        Ok(artifact) => artifact,
        Err(error) => return pages::refuse(&web, parts, error).await,
    };
    let path = web.settings.data_dir.join(&artifact.storage_key);
    let download = Download {
        name: &artifact.name,
        content_type: &artifact.content_type,
        sha256: &artifact.sha256,
        bytes: u64::try_from(artifact.bytes).unwrap_or(0),
    };
    match send(&path, &download, &parts.method, &parts.headers).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(run.id = %id, error = %error, "The stored file of run {id} cannot be read");
            pages::refuse(&web, parts, AppError::NotFound { thing: Thing::File }).await
        }
    }
}
