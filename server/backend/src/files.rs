//! Finished files.

use std::collections::HashMap;

use ::files::{FilesError, Key};
use app::AppError;
use app::error::Thing;
use app::view::{ArtifactView, FileView, Viewer};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use store::{Artifact, RunId};

use super::{BackendService, OrUnavailable};

/// Unreserved characters of RFC 3986 stay as they are.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl BackendService {
    pub(super) async fn stored_artifact(
        &self,
        viewer: &Viewer,
        run: &str,
        name: &str,
    ) -> Result<ArtifactView, AppError> {
        let person = self.person(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        let artifact = self.store.artifact(&row.id, name).await.or_unavailable()?;
        let missing = AppError::NotFound { thing: Thing::File };
        let artifact = artifact.ok_or_else(|| missing.clone())?;
        match self.is_there(&artifact).await {
            Ok(true) => Ok(stored(artifact)),
            Ok(false) => {
                tracing::error!(
                    run.id = run,
                    "The stored file of run {run} is missing or has another size"
                );
                Err(missing)
            }
            Err(error) => Err(AppError::unavailable("read a stored file", &error)),
        }
    }

    /// Whether every file of a run is still there as it was recorded. A store that does not answer has none.
    pub(super) async fn are_there(&self, artifacts: &[Artifact]) -> bool {
        for artifact in artifacts {
            if !matches!(self.is_there(artifact).await, Ok(true)) {
                return false;
            }
        }
        !artifacts.is_empty()
    }

    async fn is_there(&self, artifact: &Artifact) -> Result<bool, FilesError> {
        let Ok(key) = Key::new(artifact.storage_key.as_str()) else {
            return Ok(false);
        };
        let object = self.files.head(&key).await?;
        Ok(object.is_some_and(|object| object.bytes == count(artifact.bytes)))
    }

    /// The files of a succeeded run, the workbook first.
    pub(super) async fn files(&self, run: &str) -> Result<Vec<FileView>, AppError> {
        let mut artifacts = self.store.artifacts(&run.into()).await.or_unavailable()?;
        artifacts.sort_by_key(is_beside);
        Ok(artifacts.into_iter().map(view).collect())
    }

    /// The first file of each of these runs, the workbook if there is one.
    pub(super) async fn first_files(
        &self,
        runs: &[&RunId],
    ) -> Result<HashMap<RunId, FileView>, AppError> {
        let mut artifacts = self.store.artifacts_of(runs).await.or_unavailable()?;
        artifacts.sort_by_key(is_beside);
        let mut first = HashMap::new();
        for artifact in artifacts {
            first
                .entry(artifact.run_id.clone())
                .or_insert_with(|| view(artifact));
        }
        Ok(first)
    }
}

/// Whether it is not the workbook.
fn is_beside(artifact: &Artifact) -> bool {
    artifact.kind != "workbook"
}

fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

fn stored(artifact: Artifact) -> ArtifactView {
    ArtifactView {
        bytes: count(artifact.bytes),
        name: artifact.name,
        content_type: artifact.content_type,
        sha256: artifact.sha256,
        key: artifact.storage_key,
    }
}

fn view(artifact: Artifact) -> FileView {
    FileView {
        href: format!(
            "/runs/{}/files/{}",
            artifact.run_id,
            utf8_percent_encode(&artifact.name, SEGMENT)
        ),
        bytes: count(artifact.bytes),
        rows: count(artifact.rows.unwrap_or(0)),
        name: artifact.name,
        sha256: artifact.sha256,
    }
}
