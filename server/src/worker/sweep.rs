//! Takes runs from workers that stopped beating, by watching counters on our own clock only.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use files::Files;
use store::{Observed, Swept};

use super::keep;
use super::sessions::{self, Sources};
use super::{Worker, now_ms};

/// Watches until the process goes away.
pub(super) async fn run(worker: Worker) {
    let lease = worker.settings.timing.lease;
    let mut seen: HashMap<(String, i64), (i64, Instant)> = HashMap::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(lease / 6) => {}
            () = worker.signals.until_draining() => return,
        }
        if let Err(error) = worker.store.expire(now_ms()).await {
            tracing::warn!(error = %crate::chain_of(&error), "Could not expire old runs");
        }
        let running = match worker.store.running().await {
            Ok(running) => running,
            Err(error) => {
                tracing::warn!(error = %crate::chain_of(&error), "Could not look at the running runs");
                continue;
            }
        };
        let mut still = Vec::new();
        let mut next = HashMap::new();
        for run in running {
            let key = (run.id.clone(), run.attempt);
            let since = match seen.get(&key) {
                Some((heartbeat, since)) if *heartbeat == run.heartbeat => *since,
                _ => Instant::now(),
            };
            if since.elapsed() >= lease {
                still.push(Observed {
                    id: run.id,
                    attempt: run.attempt,
                    heartbeat: run.heartbeat,
                });
            }
            next.insert(key, (run.heartbeat, since));
        }
        seen = next;
        match worker.store.lost(&still, now_ms()).await {
            Ok(swept) => {
                for run in &swept {
                    tracing::warn!(run.id = %run.id, state = run.state.as_str(), "Took run {} from a worker that stopped beating", run.id);
                }
                // Watching goes on meanwhile.
                let sources = Arc::clone(&worker.sources);
                tokio::spawn(clean_up(sources, worker.files.clone(), swept));
            }
            Err(error) => {
                tracing::warn!(error = %crate::chain_of(&error), "Could not take over lost runs")
            }
        }
    }
}

/// Stops what runs without a worker still have at their sources, and removes what they stored.
pub(super) async fn clean_up(sources: Arc<Sources>, files: Files, swept: Vec<Swept>) {
    for run in &swept {
        sessions::stop(&sources, &run.id, run.db_session.as_deref()).await;
    }
    keep::forget_attempts(&files, &swept).await;
}
