//! Takes runs and messages from workers that stopped beating, and declares those workers lost, by
//! watching counters on our own clock only. Every process does so, also one that executes nothing:
//! when all workers have died, somebody still says so.

use std::sync::Arc;
use std::time::Instant;

use files::Files;
use jiff::Timestamp;
use runtime::Lifecycle;
use runtime::clock;
use settings::Settings;
use store::{Message, Observed, RunId, Store, StoreError, Swept, WorkerBeat, WorkerName};

use super::answered;
use super::liveness::Liveness;
use super::sessions::{self, Sources};
use super::upload;

/// What a sweeper needs.
pub struct Sweeper {
    pub store: Store,
    pub files: Files,
    pub sources: Arc<Sources>,
    pub settings: Arc<Settings>,
    pub lifecycle: Arc<Lifecycle>,
}

impl Sweeper {
    /// Watches until the process goes away.
    pub async fn run(self) {
        let lease = self.settings.timing.lease;
        let mut runs = Liveness::new(lease);
        let mut workers = Liveness::new(lease);
        let mut messages = Liveness::new(lease);
        loop {
            tokio::select! {
                () = tokio::time::sleep(lease / 6) => {}
                () = self.lifecycle.until_draining() => return,
            }
            // Others look after what is left behind until the clock of this host is right.
            if clock::is_far_off() {
                continue;
            }
            // A round that gets no answer is given up; the next one finds what it did.
            answered(self.look(&mut runs, &mut workers, &mut messages, clock::now())).await;
        }
    }

    async fn look(
        &self,
        runs: &mut Liveness<(RunId, i64)>,
        workers: &mut Liveness<WorkerName>,
        messages: &mut Liveness<String>,
        now: Timestamp,
    ) {
        if let Err(error) = self.store.expire(now).await {
            tracing::warn!(error = %lang::chain_of(&error), "Could not expire old runs");
        }
        match self.take_lost_runs(runs, now).await {
            Ok(swept) => {
                for run in &swept {
                    tracing::warn!(run.id = %run.id, state = run.state.as_str(), "Took run {} from a worker that stopped beating", run.id);
                }
                // Watching goes on meanwhile.
                let sources = Arc::clone(&self.sources);
                tokio::spawn(clean_up(sources, self.files.clone(), swept));
            }
            Err(error) => {
                tracing::warn!(error = %lang::chain_of(&error), "Could not take over lost runs");
            }
        }
        match self.lose_workers(workers, now).await {
            Ok(lost) => {
                for name in lost {
                    tracing::warn!(worker = %name, "The worker {name} stopped beating without saying that it ends");
                }
            }
            Err(error) => {
                tracing::warn!(error = %lang::chain_of(&error), "Could not look at the other workers");
            }
        }
        match self.give_up_messages(messages).await {
            Ok(0) => {}
            Ok(unsure) => {
                tracing::warn!(
                    unsure,
                    "{unsure} messages were on their way when their sender stopped; whether they arrived is unknown"
                );
            }
            Err(error) => {
                tracing::warn!(error = %lang::chain_of(&error), "Could not look at messages on their way");
            }
        }
    }

    async fn take_lost_runs(
        &self,
        liveness: &mut Liveness<(RunId, i64)>,
        now: Timestamp,
    ) -> Result<Vec<Swept>, StoreError> {
        let running = self.store.running().await?;
        let counters = running
            .into_iter()
            .map(|run| ((run.lease.run, run.lease.attempt), run.heartbeat));
        liveness.look(counters, Instant::now());
        let still: Vec<Observed> = liveness
            .standing()
            .map(|((id, attempt), heartbeat)| Observed {
                id: id.as_str().into(),
                attempt: *attempt,
                heartbeat,
            })
            .collect();
        self.store.lost(&still, now).await
    }

    async fn lose_workers(
        &self,
        liveness: &mut Liveness<WorkerName>,
        now: Timestamp,
    ) -> Result<Vec<WorkerName>, StoreError> {
        let living = self.store.living_workers().await?;
        let counters = living.into_iter().map(|other| (other.name, other.beat));
        liveness.look(counters, Instant::now());
        let still: Vec<WorkerBeat> = liveness
            .standing()
            .map(|(name, beat)| WorkerBeat {
                name: name.as_str().into(),
                beat,
            })
            .collect();
        self.store.lose_workers(&still, now).await
    }

    /// A sender settles each message well within a lease; one that is on its way for longer has lost
    /// its sender.
    async fn give_up_messages(&self, liveness: &mut Liveness<String>) -> Result<usize, StoreError> {
        let sending = self.store.sending().await?;
        let counters = sending
            .iter()
            .map(|message| (message.id.clone(), message.attempt));
        liveness.look(counters, Instant::now());
        let still: Vec<&String> = liveness.standing().map(|(id, _)| id).collect();
        let lost: Vec<Message> = sending
            .iter()
            .filter(|message| still.contains(&&message.id))
            .cloned()
            .collect();
        self.store.give_up_messages(&lost).await
    }
}

/// Stops what runs without a worker still have at their sources, and removes what they stored.
pub(super) async fn clean_up(sources: Arc<Sources>, files: Files, swept: Vec<Swept>) {
    for run in &swept {
        sessions::stop(&sources, &run.id, run.db_session.as_deref()).await;
    }
    upload::forget_attempts(&files, &swept).await;
}
