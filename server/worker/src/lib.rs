//! Executes queued runs, each in a child process of its own.
//!
//! The table `runs` is the queue. The worker claims a run, starts a child, passes its progress on
//! with the heartbeats, and ends the run with exactly one fenced statement. It never decides twice:
//! whatever happens to this process, the next start finds the run as it was left.

mod attempt;
mod cancel_listener;
mod gc;
mod heartbeat;
mod liveness;
mod progress;
mod recovery;
mod sessions;
mod sweep;
mod upload;
mod work_dir;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use files::Files;
use jiff::Timestamp;
use runtime::{Lifecycle, Phase, clock};
use settings::Settings;
use store::{Change, ClaimLimits, NewWorker, Store, StoreError, WorkerName};
use tokio::task::JoinSet;

pub use gc::run as collect_files;
pub use heartbeat::{Heartbeat, Why};
pub use progress::Detail;
pub use sessions::Sources;
pub use sweep::Sweeper;

use work_dir::WorkDir;

/// The worker of this process. Cheap to clone.
#[derive(Clone)]
pub struct Worker {
    store: Store,
    /// Where what runs make is kept.
    files: Files,
    settings: Arc<Settings>,
    lifecycle: Arc<Lifecycle>,
    heartbeat: Heartbeat,
    /// For stopping what runs left there.
    sources: Arc<Sources>,
    /// The name it is registered under, see [`new_worker`].
    name: WorkerName,
    /// Where its attempts work.
    work_dir: Arc<WorkDir>,
}

impl Worker {
    /// Tidies up after an earlier process and starts the heartbeats.
    ///
    /// # Errors
    /// When our own tables or the data directory cannot be used.
    pub async fn start(
        store: Store,
        files: Files,
        settings: Arc<Settings>,
        lifecycle: Arc<Lifecycle>,
        heartbeat: Heartbeat,
        sources: Arc<Sources>,
    ) -> anyhow::Result<Self> {
        let now = clock::now();
        let left = recovery::tidy(&store, now).await?;
        work_dir::remove_abandoned(&settings.data_dir);
        // Not waited for: a database that does not answer must not keep us from starting.
        tokio::spawn(sweep::clean_up(Arc::clone(&sources), files.clone(), left));
        let registered = new_worker(&settings);
        let name = registered.name.clone();
        let work_dir = WorkDir::take(&settings.data_dir, &name)
            .with_context(|| format!("cannot work in {}", settings.data_dir.display()))?;
        store.register_worker(&registered, now).await?;
        let heartbeats = store.heartbeat_connection().await?;
        heartbeat.start(
            name.clone(),
            heartbeats,
            &settings.timing,
            Arc::clone(&lifecycle),
        )?;
        Ok(Self {
            store,
            files,
            settings,
            lifecycle,
            heartbeat,
            sources,
            name,
            work_dir: Arc::new(work_dir),
        })
    }

    /// Claims and executes until the process goes away, then hands back what still runs.
    pub async fn run(self) {
        let mut attempts = JoinSet::new();
        let mut changes = self.store.changes();
        let listener = tokio::spawn(cancel_listener::run(self.clone()));
        let at_once = usize::try_from(self.settings.limits.runs_at_once).unwrap_or(1);
        let mut was_empty = false;
        loop {
            let is_empty = self.heartbeat.is_draining() && attempts.is_empty();
            if is_empty && !was_empty {
                tracing::info!(worker = %self.name, "Nothing runs here any more: the worker {} is drained", self.name);
            }
            was_empty = is_empty;
            while attempts.len() < at_once && self.is_serving() && !self.heartbeat.is_draining() {
                match self.claim(clock::now()).await {
                    Ok(Some(claimed)) => {
                        let worker = self.clone();
                        attempts.spawn(async move { attempt::execute(&worker, claimed).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(error = %lang::chain_of(&error), "Could not look into the queue");
                        break;
                    }
                }
            }
            tokio::select! {
                () = self.lifecycle.until_draining() => break,
                () = queued(&mut changes) => {}
                Some(_) = attempts.join_next() => {}
                () = tokio::time::sleep(self.settings.timing.poll) => {}
            }
        }
        // Others see that it takes nothing any more, and then that it is gone.
        let leaving = answered(self.store.drain_worker(&self.name, true, clock::now())).await;
        self.hand_back(attempts).await;
        listener.abort();
        let left = answered(self.store.end_worker(&self.name, clock::now())).await;
        for said in [leaving, left].into_iter().flatten() {
            if let Err(error) = said {
                tracing::warn!(error = %lang::chain_of(&error), "Could not say that this worker ends");
            }
        }
    }

    fn is_serving(&self) -> bool {
        self.lifecycle.phase() == Phase::Serving
    }

    async fn claim(&self, now: Timestamp) -> Result<Option<store::Claimed>, StoreError> {
        let limits = ClaimLimits {
            memory_mb: memory_mb(&self.settings),
            per_user: i64::from(self.settings.limits.runs_per_user),
        };
        let claiming = self.store.claim(&self.name, limits, now);
        answered(claiming).await.unwrap_or(Ok(None))
    }

    /// Lets runs finish until the deadline; the rest goes back to the queue as interrupted.
    async fn hand_back(&self, mut attempts: JoinSet<()>) {
        let finishing = async { while attempts.join_next().await.is_some() {} };
        if tokio::time::timeout(self.settings.timing.drain, finishing)
            .await
            .is_ok()
        {
            return;
        }
        for pulse in self.heartbeat.all() {
            pulse.stop(Why::Draining);
        }
        // Each attempt ends by itself: its child is killed after the grace.
        while attempts.join_next().await.is_some() {}
    }
}

/// This process as others see it. The name is readable and new at every start, so that nothing of
/// an earlier process can be mistaken for ours.
fn new_worker(settings: &Settings) -> NewWorker {
    let system = rustix::system::uname();
    let host = system.nodename().to_string_lossy().into_owned();
    let pid = std::process::id();
    // The last digits of such an id are random.
    let unique = &uuid::Uuid::now_v7().simple().to_string()[24..];
    NewWorker {
        name: format!("{host}-{pid}-{unique}").into(),
        host,
        pid,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        memory_mb: memory_mb(settings),
    }
}

/// Memory of all runs of this process together, MiB.
fn memory_mb(settings: &Settings) -> i64 {
    let limits = &settings.limits;
    i64::from(limits.memory_per_run_mb) * i64::from(limits.runs_at_once)
}

/// Waits for the hint that a run may be ready.
async fn queued(changes: &mut tokio::sync::broadcast::Receiver<Change>) {
    use tokio::sync::broadcast::error::RecvError;
    loop {
        match changes.recv().await {
            Ok(Change::Queued) | Err(RecvError::Lagged(_)) => return,
            Ok(Change::Run(_)) => {}
            Err(RecvError::Closed) => std::future::pending::<()>().await,
        }
    }
}

/// What our own tables answer; `None` when they keep silent. What was asked for may have happened all
/// the same.
///
/// A network that swallows packets says nothing for a quarter of an hour, and nobody here can wait
/// that long: not for the next run, and not with going away.
async fn answered<T>(asking: impl Future<Output = T>) -> Option<T> {
    let answer = tokio::time::timeout(ANSWER, asking).await.ok();
    if answer.is_none() {
        tracing::warn!(
            "Our own tables have not answered for {} s",
            ANSWER.as_secs()
        );
    }
    answer
}

/// Longer than our own database works on, or waits for, anything of ours.
const ANSWER: Duration = Duration::from_secs(45);

/// Pause between tries to write an end that could not be written.
const TRY_AGAIN: Duration = Duration::from_secs(1);
