//! What an earlier process left behind, put in order before anything new begins.
//!
//! The data directory is locked by now, so whatever is marked as running belongs to nobody.

use std::collections::HashSet;
use std::path::Path;

use store::{Store, StoreError, Swept};

use super::now_ms;

/// Ends or requeues abandoned runs and removes files no run owns. Returns the abandoned runs, whose
/// sessions may still work at their sources.
///
/// # Errors
/// When our own tables cannot be read or written. Files that cannot be removed are only logged.
pub(super) async fn tidy(store: &Store, data_dir: &Path) -> Result<Vec<Swept>, StoreError> {
    let left = store.own_leftovers(now_ms()).await?;
    for run in &left {
        tracing::warn!(
            run.id = %run.id, state = run.state.as_str(),
            "Run {} was interrupted by the end of an earlier process; it is {} now", run.id, run.state.as_str()
        );
    }
    let kept: HashSet<String> = store.storage_keys().await?.into_iter().collect();
    let results = data_dir.join("results");
    for run in folders(&results) {
        for attempt in folders(&results.join(&run)) {
            let prefix = format!("results/{run}/{attempt}/");
            if !kept.iter().any(|key| key.starts_with(&prefix)) {
                remove(&results.join(&run).join(&attempt));
            }
        }
        // Fails, as it should, while an attempt is still in it.
        let _ = std::fs::remove_dir(results.join(&run));
    }
    Ok(left)
}

fn folders(path: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(path) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

fn remove(path: &Path) {
    match std::fs::remove_dir_all(path) {
        Ok(()) => tracing::info!(
            "Removed {}, which an interrupted run left behind",
            path.display()
        ),
        Err(error) => tracing::warn!(error = %error, "Could not remove {}", path.display()),
    }
}
