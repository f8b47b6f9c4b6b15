//! What every process has that serves pages or executes runs.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use files::Files;
use runtime::{Lifecycle, Phase, clock};
use settings::{ConfigError, Settings};
use store::Store;
use tokio::task::JoinHandle;
use worker::{Heartbeat, Sources, Sweeper, Worker, collect_files};

/// Between two clean-ups of sessions and counters.
const CLEANING: Duration = Duration::from_secs(60 * 60);
/// Counters whose window began longer ago than this are forgotten.
const OLD_COUNTER: Duration = Duration::from_hours(24);

/// Our own tables, the store of files, the sources, and the lifecycle of this process.
#[derive(Clone)]
pub(super) struct Process {
    pub(super) store: Store,
    pub(super) files: Files,
    pub(super) sources: Arc<Sources>,
    pub(super) settings: Arc<Settings>,
    pub(super) lifecycle: Arc<Lifecycle>,
    pub(super) heartbeat: Heartbeat,
}

impl Process {
    /// Opens everything and takes over the sources' limits.
    ///
    /// # Errors
    /// What cannot be opened, and what to do about it.
    pub(super) async fn open(store: Store, settings: Settings) -> Result<Self> {
        let files = Files::open(&settings.files.store)?;
        let sources = Arc::new(open_sources(&settings)?);
        let limits: Vec<(String, u32)> = settings
            .sources
            .iter()
            .map(|source| (source.name.clone(), source.max_running))
            .collect();
        store.sync_sources(&limits).await?;
        let lifecycle = Arc::new(Lifecycle::default());
        clock::follow(&store, settings.timing.clock_ahead, Arc::clone(&lifecycle)).await?;
        Ok(Self {
            store,
            files,
            sources,
            settings: Arc::new(settings),
            lifecycle,
            heartbeat: Heartbeat::default(),
        })
    }

    /// Starts to execute runs. The task ends when this process goes away and nothing runs any more.
    ///
    /// # Errors
    /// When our own tables or the data directory cannot be used.
    pub(super) async fn work(&self) -> Result<JoinHandle<()>> {
        let worker = Worker::start(
            self.store.clone(),
            self.files.clone(),
            Arc::clone(&self.settings),
            Arc::clone(&self.lifecycle),
            self.heartbeat.clone(),
            Arc::clone(&self.sources),
        )
        .await?;
        Ok(tokio::spawn(worker.run()))
    }

    /// Starts what every process does on the side: taking runs from workers that died, forgetting old
    /// sessions and counters, collecting files without a row, and telling of sources that need
    /// somebody. Any number of processes may do so at once.
    pub(super) fn look_after(&self) {
        let sweeper = Sweeper {
            store: self.store.clone(),
            files: self.files.clone(),
            sources: Arc::clone(&self.sources),
            settings: Arc::clone(&self.settings),
            lifecycle: Arc::clone(&self.lifecycle),
        };
        tokio::spawn(sweeper.run());
        tokio::spawn(clean(self.store.clone()));
        tokio::spawn({
            let process = self.clone();
            async move {
                let Self {
                    store,
                    files,
                    settings,
                    lifecycle,
                    ..
                } = process;
                collect_files(files, store, &settings, &lifecycle).await;
            }
        });
        tokio::spawn(super::sources::look_at(self.settings.sources.clone()));
    }

    /// Waits until somebody asks this process to go away, and begins to. `asked` listens since before
    /// anything began, so that nobody who asks early is answered by a sudden end.
    pub(super) async fn until_asked_to_go(&self, asked: impl Future<Output = ()>) {
        asked.await;
        // Before it is said: whoever reads that it goes finds `/readyz` red.
        self.lifecycle.enter(Phase::Draining);
        tracing::info!(
            "Going away: runs may finish for {} s",
            self.settings.timing.drain.as_secs()
        );
    }
}

fn open_sources(settings: &Settings) -> Result<Sources> {
    let mut sources = Sources::new();
    let mut problems = Vec::new();
    for config in &settings.sources {
        match source::open(config) {
            Ok(source) => {
                sources.insert(config.name.clone(), source);
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() {
        Ok(sources)
    } else {
        Err(ConfigError { problems }.into())
    }
}

async fn clean(store: Store) {
    loop {
        let now = clock::now();
        let cleaned = async {
            store.delete_expired_sessions(now).await?;
            store.clear_old_counters(now - OLD_COUNTER).await
        };
        if !clock::is_far_off()
            && let Err(error) = cleaned.await
        {
            tracing::warn!(error = %lang::chain_of(&error), "Could not forget old sessions and counters");
        }
        tokio::time::sleep(CLEANING).await;
    }
}
