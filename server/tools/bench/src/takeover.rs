//! A run whose worker is killed, seen from our own tables.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use store::{Location, RunRow, RunState, Store};

use crate::visitor::{Answers, Visitor, Wanted};

/// Between two looks at the run's row.
const LOOK: Duration = Duration::from_millis(10);
/// A default lease and its sweep take 70 s; whatever takes this long does not happen.
const PATIENCE: Duration = Duration::from_secs(180);

/// Starts a long run and says on standard output which worker has it, so that somebody can kill
/// that worker. Ends when another one has claimed the run; then the run is cancelled.
///
/// # Errors
/// When nobody takes it over.
pub(crate) async fn wait(
    base: &str,
    place: &str,
    who: (&str, &str),
    wanted: &Wanted,
) -> Result<Value> {
    let store = Store::connect(&Location::parse(place)?).await?;
    let answers = Arc::new(Answers::default());
    let visitor = Visitor::sign_in(base, who, 0, &answers).await?;
    let (run, _) = visitor.start(wanted).await?;
    let first = claimed(&store, &run, 0).await?;
    println!("{}", json!({ "run": run, "worker": first.worker }));
    let second = claimed(&store, &run, first.attempt).await?;
    ensure!(second.worker != first.worker, "the worker is still there");
    // Said before the run is cancelled, because whoever reads it looks at the clock.
    println!("{}", json!({ "run": run, "worker": second.worker }));
    visitor.cancel(&run).await?;
    let watched = visitor.watch(&run, false, |_| {}).await?;
    store.close().await;
    Ok(json!({ "attempts": second.attempt, "crashes": second.crashes, "end": watched.end }))
}

/// Waits until a worker has claimed the run after this attempt.
async fn claimed(store: &Store, run: &str, after: i64) -> Result<RunRow> {
    let looking = async {
        loop {
            let row = store.run(&run.into()).await?.context("the run is gone")?;
            if row.attempt > after && row.state == RunState::Running {
                return Ok(row);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking)
        .await
        .context("no worker claims the run")?
}
