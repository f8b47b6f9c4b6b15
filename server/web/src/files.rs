//! Downloads of finished files.

use app::AppError;
use app::error::Thing;
use app::view::{ArtifactView, Viewer};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use files::{FilesError, Key};
use http::request::Parts;

use super::range::{Download, send};
use super::{Web, pages};

/// `GET /runs/{id}/files/{name}`: whole or in part, only for those who may see the run.
pub async fn file(
    State(web): State<Web>,
    Extension(viewer): Extension<Viewer>,
    Path((id, name)): Path<(String, String)>,
    parts: Parts,
) -> Response {
    let artifact = match web.backend.artifact(&viewer, &id, &name).await {
        Ok(artifact) => artifact,
        Err(error) => return pages::refuse(&web, &parts, error),
    };
    let error = match answer(&web, &artifact, &parts).await {
        Ok(Some(answer)) => return answer,
        Ok(None) => AppError::NotFound { thing: Thing::File },
        Err(error) => AppError::unavailable("read a stored file", &error),
    };
    pages::refuse(&web, &parts, error)
}

/// `None` when the recorded key is none.
async fn answer(
    web: &Web,
    artifact: &ArtifactView,
    parts: &Parts,
) -> Result<Option<Response>, FilesError> {
    let Ok(key) = Key::new(artifact.key.as_str()) else {
        return Ok(None);
    };
    let download = Download {
        name: &artifact.name,
        content_type: &artifact.content_type,
        sha256: &artifact.sha256,
        bytes: artifact.bytes,
    };
    send(&web.files, &key, &download, &parts.method, &parts.headers)
        .await
        .map(Some)
}
