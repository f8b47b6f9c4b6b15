//! What an earlier process left behind, put in order before anything new begins.
//!
//! The data directory is locked by now, so whatever is marked as running belongs to nobody.

use std::path::Path;

use store::{Store, StoreError, Swept};

use super::now_ms;

/// Ends or requeues abandoned runs and removes the folders in which they worked. Returns the abandoned
/// runs: their sessions may still work at their sources, and their files may be stored.
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
    // The data directory is ours alone, so whoever worked there is gone.
    let attempts = data_dir.join("attempts");
    for run in folders(&attempts) {
        remove(&attempts.join(run));
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
