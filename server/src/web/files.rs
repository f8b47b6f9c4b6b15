//! Downloads of finished files.

use std::sync::Arc;

use app::AppError;
use app::error::Thing;
use app::view::Viewer;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use files::{FilesError, Key};
use http::request::Parts;
use store::Artifact;

use super::range::{Download, send};
use super::{Web, pages, unavailable_error};

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
    let error = match answer(&web, &artifact, &parts).await {
        Ok(Some(answer)) => return answer,
        Ok(None) => {
            tracing::error!(run.id = %id, "The stored file of run {id} is missing or has another size");
            AppError::NotFound { thing: Thing::File }
        }
        Err(error) => unavailable_error("read a stored file", &error),
    };
    pages::refuse(&web, parts, error).await
}

/// Whether every file of a run is still there as it was recorded. A store that does not answer has
/// none.
pub(super) async fn are_there(web: &Web, artifacts: &[Artifact]) -> bool {
    for artifact in artifacts {
        let Ok(key) = Key::new(artifact.storage_key.as_str()) else {
            return false;
        };
        match web.files.head(&key).await {
            Ok(Some(object)) if object.bytes == recorded_bytes(artifact) => {}
            _ => return false,
        }
    }
    !artifacts.is_empty()
}

fn recorded_bytes(artifact: &Artifact) -> u64 {
    u64::try_from(artifact.bytes).unwrap_or(0)
}

/// `None` when what is stored is not what is recorded: half a workbook is worse than none.
async fn answer(
    web: &Web,
    artifact: &Artifact,
    parts: &Parts,
) -> Result<Option<Response>, FilesError> {
    let Ok(key) = Key::new(artifact.storage_key.as_str()) else {
        return Ok(None);
    };
    let download = Download {
        name: &artifact.name,
        content_type: &artifact.content_type,
        sha256: &artifact.sha256,
        bytes: recorded_bytes(artifact),
    };
    match web.files.head(&key).await? {
        Some(object) if object.bytes == download.bytes => {}
        _ => return Ok(None),
    }
    send(&web.files, &key, &download, &parts.method, &parts.headers)
        .await
        .map(Some)
}
