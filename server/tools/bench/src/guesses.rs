//! Somebody who guesses passwords from everywhere, while others open pages.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::figures::summary;
use crate::visitor::{Answers, Visitor};

/// Between two pages the others open.
const PAUSE: Duration = Duration::from_millis(50);

/// Guesses so many times a second, each from another address with another login, and opens pages beside that.
///
/// # Errors
/// When nobody can sign in, or a page does not come.
pub(crate) async fn measure(
    base: &str,
    who: (&str, &str),
    per_second: u32,
    lasts: Duration,
) -> Result<Value> {
    let answers = Arc::new(Answers::default());
    let visitor = Visitor::sign_in(base, who, 0, &answers).await?;
    let alone = pages(&visitor, lasts / 4).await?;
    let guessing = tokio::spawn(guess(visitor.clone(), per_second, lasts));
    let beside = pages(&visitor, lasts).await?;
    let (asked, statuses) = guessing.await.context("guessing ended early")?;
    Ok(json!({
        "asked": asked,
        "statuses": statuses,
        "alone": summary(alone),
        "beside": summary(beside),
    }))
}

/// How long pages took, one after the other.
async fn pages(visitor: &Visitor, lasts: Duration) -> Result<Vec<Duration>> {
    let until = Instant::now() + lasts;
    let mut times = Vec::new();
    while Instant::now() < until {
        times.push(visitor.page("/").await?);
        tokio::time::sleep(PAUSE).await;
    }
    Ok(times)
}

/// How many guesses were made, and how they were answered; 0 stands for no answer.
async fn guess(visitor: Visitor, per_second: u32, lasts: Duration) -> (u64, BTreeMap<u16, u64>) {
    let until = Instant::now() + lasts;
    let mut tick = tokio::time::interval(Duration::from_secs(1) / per_second);
    let (mut asked, mut guesses) = (0, JoinSet::new());
    while Instant::now() < until {
        tick.tick().await;
        asked += 1;
        let visitor = visitor.clone();
        guesses.spawn(async move { visitor.guess(asked).await });
    }
    let mut statuses = BTreeMap::new();
    while let Some(status) = guesses.join_next().await {
        *statuses.entry(status.unwrap_or(0)).or_insert(0) += 1;
    }
    (asked, statuses)
}
