//! Hears from other processes that a run here is to stop.
//!
//! The heartbeat brings the wish to cancel in any case. A hint only makes it come at once.

use store::Change;
use tokio::sync::broadcast::error::RecvError;

use super::Worker;
use super::heartbeat::Why;

/// Listens until the process goes away.
pub(super) async fn run(worker: Worker) {
    let mut changes = worker.store.changes();
    loop {
        let run = match changes.recv().await {
            Ok(Change::Run(run)) => run,
            Ok(Change::Queued) | Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let Some(running) = worker.heartbeat.running(&run) else {
            continue;
        };
        match worker.store.run(&run).await {
            Ok(Some(row)) if row.cancel_at.is_some() && row.attempt == running.lease.attempt => {
                running.stop(Why::Cancelled);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(run.id = %run, error = %lang::chain_of(&error), "Could not look at run {run} after a hint");
            }
        }
    }
}
