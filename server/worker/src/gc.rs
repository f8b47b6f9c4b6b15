//! Collects files nobody names, and says which named files are not there.
//!
//! Every process does so; two at the same time do no harm.

use std::time::Duration;

use files::{Collected, Files, Inventory, Key, Row};
use runtime::Lifecycle;
use settings::Settings;
use store::Store;

/// At most this many names of missing files go into the log of one collection.
const NAMED: usize = 20;

/// Collects until the process goes away.
pub async fn run(files: Files, store: Store, settings: &Settings, lifecycle: &Lifecycle) {
    loop {
        match collect(&files, &store, settings.files.garbage_after).await {
            Ok(collected) => tell(&files, &collected),
            Err(error) => {
                tracing::warn!(error = %format!("{error:#}"), "Could not collect files nobody names; the next collection will");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(settings.timing.collect) => {}
            () = lifecycle.until_draining() => return,
        }
    }
}

async fn collect(files: &Files, store: &Store, after: Duration) -> anyhow::Result<Collected> {
    // First what is stored, then what is named: a file stored meanwhile is not missing, one named meanwhile is no garbage.
    let inventory = Inventory::take(files, &Key::new("results")?).await?;
    let rows = store.stored_files().await?.into_iter();
    let rows = rows.map(|(key, bytes)| Row {
        key,
        bytes: u64::try_from(bytes).unwrap_or(0),
    });
    Ok(inventory.settle(files, rows.collect(), after).await?)
}

fn tell(files: &Files, collected: &Collected) {
    let place = files.place();
    if collected.is_suspicious {
        tracing::error!(
            "Most files in {place} have no row, so nothing was deleted. Does it belong to another installation? Give this one a `files.prefix` or a store of its own"
        );
    }
    if !collected.deleted.is_empty() {
        let files = collected.deleted.len();
        tracing::info!(files, "Removed {files} files nobody names from {place}");
    }
    for row in collected.missing.iter().take(NAMED) {
        tracing::error!(key = %row.key, "The file {} is not in {place} any more; run its report again", row.key);
    }
    for (row, bytes) in collected.changed.iter().take(NAMED) {
        tracing::error!(
            key = %row.key,
            "The file {} in {place} has {bytes} bytes instead of {}; run its report again", row.key, row.bytes
        );
    }
    if collected.unfinished.removed > 0 {
        let removed = collected.unfinished.removed;
        tracing::info!(removed, "Removed {removed} unfinished files from {place}");
    }
    if collected.unfinished.needs_rule {
        tracing::debug!(
            "Unfinished uploads cannot be listed in {place}; give it a rule AbortIncompleteMultipartUpload"
        );
    }
}
