//! Runs an earlier process left behind, put in order before anything new begins.
//!
//! An SQLite database is locked by now, so whatever is marked as running belongs to nobody. On a
//! server others may be working; there the sweeper finds what stands still.

use jiff::Timestamp;
use store::{Store, StoreError, Swept};

/// Ends or requeues abandoned runs. Returns them: their sessions may still work at their sources, and
/// their files may be stored.
///
/// # Errors
/// When our own tables cannot be read or written.
pub(super) async fn tidy(store: &Store, now: Timestamp) -> Result<Vec<Swept>, StoreError> {
    let left = store.own_leftovers(now).await?;
    for run in &left {
        tracing::warn!(
            run.id = %run.id, state = run.state.as_str(),
            "Run {} was interrupted by the end of an earlier process; it is {} now", run.id, run.state.as_str()
        );
    }
    Ok(left)
}
