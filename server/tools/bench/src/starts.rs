//! From the click to the start: how long a run waits on a server that has nothing else to do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::figures::summary;
use crate::visitor::{Answers, Visitor, Wanted};

/// Between two questions where the run stands: finer than what is measured, and no load.
const LOOK: Duration = Duration::from_millis(5);

/// Starts runs one after the other, each when the one before is over.
///
/// `claimed` is the time from the click until the server's own API says that a worker has the run;
/// `seen` until the live page says so, which gathers changes for a quarter of a second.
///
/// # Errors
/// When a run does not succeed.
pub(crate) async fn measure(
    base: &str,
    who: (&str, &str),
    wanted: &Wanted,
    runs: usize,
) -> Result<Value> {
    let answers = Arc::new(Answers::default());
    let visitor = Visitor::sign_in(base, who, 0, &answers).await?;
    let (mut clicked, mut claimed, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..2 * runs {
        let click = Instant::now();
        let (run, took) = visitor.start(wanted).await?;
        clicked.push(took);
        // Asking and listening would be in each other's way: one after the other.
        if number % 2 == 0 {
            claimed.push(until_claimed(&visitor, &run, click).await?);
        }
        let mut told = None;
        let watched = visitor
            .watch(&run, false, |state| {
                if state != "queued" {
                    told.get_or_insert_with(|| click.elapsed());
                }
            })
            .await?;
        ensure!(
            watched.end.as_deref() == Some("succeeded"),
            "run {run} ended as {:?}",
            watched.end
        );
        if number % 2 == 1 {
            seen.push(told.context("no event told of a start")?);
        }
    }
    Ok(json!({ "clicked": summary(clicked), "claimed": summary(claimed), "seen": summary(seen) }))
}

async fn until_claimed(visitor: &Visitor, run: &str, click: Instant) -> Result<Duration> {
    loop {
        let (state, _) = visitor.live(run).await?;
        if state != "queued" {
            return Ok(click.elapsed());
        }
        tokio::time::sleep(LOOK).await;
    }
}
