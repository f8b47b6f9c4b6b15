//! Takes runs from workers that stopped beating, and declares those workers lost, by watching
//! counters on our own clock only.

use std::sync::Arc;
use std::time::Instant;

use files::Files;
use store::{Observed, StoreError, Swept, WorkerBeat};

use super::keep;
use super::sessions::{self, Sources};
use super::watch::Watch;
use super::{Worker, now_ms};

/// Watches until the process goes away.
pub(super) async fn run(worker: Worker) {
    let lease = worker.settings.timing.lease;
    let mut runs = Watch::default();
    let mut workers = Watch::default();
    loop {
        tokio::select! {
            () = tokio::time::sleep(lease / 6) => {}
            () = worker.signals.until_draining() => return,
        }
        if let Err(error) = worker.store.expire(now_ms()).await {
            tracing::warn!(error = %crate::chain_of(&error), "Could not expire old runs");
        }
        match take_lost_runs(&worker, &mut runs).await {
            Ok(swept) => {
                for run in &swept {
                    tracing::warn!(run.id = %run.id, state = run.state.as_str(), "Took run {} from a worker that stopped beating", run.id);
                }
                // Watching goes on meanwhile.
                let sources = Arc::clone(&worker.sources);
                tokio::spawn(clean_up(sources, worker.files.clone(), swept));
            }
            Err(error) => {
                tracing::warn!(error = %crate::chain_of(&error), "Could not take over lost runs");
            }
        }
        match lose_workers(&worker, &mut workers).await {
            Ok(lost) => {
                for name in lost {
                    tracing::warn!(worker = %name, "The worker {name} stopped beating without saying that it ends");
                }
            }
            Err(error) => {
                tracing::warn!(error = %crate::chain_of(&error), "Could not look at the other workers");
            }
        }
    }
}

async fn take_lost_runs(
    worker: &Worker,
    watch: &mut Watch<(String, i64)>,
) -> Result<Vec<Swept>, StoreError> {
    let running = worker.store.running().await?;
    let now = Instant::now();
    let counters = running
        .into_iter()
        .map(|run| ((run.id, run.attempt), run.heartbeat));
    watch.look(counters, now);
    let still: Vec<Observed> = watch
        .standing(worker.settings.timing.lease, now)
        .map(|((id, attempt), heartbeat)| Observed {
            id: id.clone(),
            attempt: *attempt,
            heartbeat,
        })
        .collect();
    worker.store.lost(&still, now_ms()).await
}

async fn lose_workers(
    worker: &Worker,
    watch: &mut Watch<String>,
) -> Result<Vec<String>, StoreError> {
    let living = worker.store.living_workers().await?;
    let now = Instant::now();
    watch.look(
        living.into_iter().map(|other| (other.name, other.beat)),
        now,
    );
    let still: Vec<WorkerBeat> = watch
        .standing(worker.settings.timing.lease, now)
        .map(|(name, beat)| WorkerBeat {
            name: name.clone(),
            beat,
        })
        .collect();
    worker.store.lose_workers(&still, now_ms()).await
}

/// Stops what runs without a worker still have at their sources, and removes what they stored.
pub(super) async fn clean_up(sources: Arc<Sources>, files: Files, swept: Vec<Swept>) {
    for run in &swept {
        sessions::stop(&sources, &run.id, run.db_session.as_deref()).await;
    }
    keep::forget_attempts(&files, &swept).await;
}
