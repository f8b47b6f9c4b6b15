//! Finished files.

use std::collections::HashMap;
use std::sync::Arc;

use app::AppError;
use app::error::Thing;
use app::view::{FileView, Viewer};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use store::{Artifact, RunId};

use super::{BackendService, store_error};

/// Unreserved characters of RFC 3986 stay as they are.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl BackendService {
    /// One file of a run, for whoever may see the run.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown run, somebody else's run, or an unknown file.
    pub(crate) async fn artifact(
        self: Arc<Self>,
        viewer: &Viewer,
        run: &str,
        name: &str,
    ) -> Result<Artifact, AppError> {
        let person = self.person(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        let artifact = self
            .store
            .artifact(&row.id, name)
            .await
            .map_err(|error| store_error(&error))?;
        artifact.ok_or(AppError::NotFound { thing: Thing::File })
    }

    /// The files of a succeeded run, the workbook first.
    pub(super) async fn files(&self, run: &str) -> Result<Vec<FileView>, AppError> {
        let mut artifacts = self
            .store
            .artifacts(&run.into())
            .await
            .map_err(|error| store_error(&error))?;
        artifacts.sort_by_key(is_beside);
        Ok(artifacts.into_iter().map(view).collect())
    }

    /// The first file of each of these runs, the workbook if there is one.
    pub(super) async fn first_files(
        &self,
        runs: &[&RunId],
    ) -> Result<HashMap<RunId, FileView>, AppError> {
        let mut artifacts = self
            .store
            .artifacts_of(runs)
            .await
            .map_err(|error| store_error(&error))?;
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

fn view(artifact: Artifact) -> FileView {
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
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
