//! A heavy run that begins again whenever it is over, until it is told to end.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::visitor::{Visitor, Wanted};

/// Between two looks whether it runs.
const LOOK: Duration = Duration::from_millis(50);
/// Until it runs, and until it has stopped.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who always has a heavy run running.
pub(super) struct Heavy {
    enough: watch::Sender<bool>,
    running: JoinHandle<Result<u64>>,
}

impl Heavy {
    /// Returns when the first one runs.
    pub(super) async fn begin(visitor: Visitor, wanted: Wanted) -> Result<Self> {
        let (run, _) = visitor.start(&wanted).await?;
        tokio::time::timeout(PATIENCE, until_running(&visitor, &run))
            .await
            .context("the heavy run does not start")??;
        let (enough, ending) = watch::channel(false);
        let running = tokio::spawn(again_and_again(visitor, wanted, run, ending));
        Ok(Self { enough, running })
    }

    /// Stops the one that runs and returns how many were over before.
    pub(super) async fn end(self) -> Result<u64> {
        self.enough.send_replace(true);
        let stopped = tokio::time::timeout(PATIENCE, self.running).await;
        stopped.context("the heavy run does not stop")??
    }
}

async fn until_running(visitor: &Visitor, run: &str) -> Result<()> {
    loop {
        let (state, _) = visitor.live(run).await?;
        match state.as_str() {
            "running" => return Ok(()),
            "queued" => tokio::time::sleep(LOOK).await,
            over => anyhow::bail!("the heavy run has {over} already"),
        }
    }
}

async fn again_and_again(
    visitor: Visitor,
    wanted: Wanted,
    mut run: String,
    mut ending: watch::Receiver<bool>,
) -> Result<u64> {
    let mut finished = 0;
    loop {
        let watched = tokio::select! {
            watched = visitor.watch(&run, false, |_| {}) => watched?,
            () = until_enough(&mut ending) => {
                visitor.cancel(&run).await?;
                visitor.watch(&run, false, |_| {}).await?;
                return Ok(finished);
            }
        };
        ensure!(
            watched.end.as_deref() == Some("succeeded"),
            "a heavy run ended as {:?}",
            watched.end
        );
        finished += 1;
        (run, _) = visitor.start(&wanted).await?;
    }
}

/// The sender lives until it has said so.
async fn until_enough(ending: &mut watch::Receiver<bool>) {
    let _ = ending.wait_for(|enough| *enough).await;
}
