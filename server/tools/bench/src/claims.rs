//! Claims and finishes per second, by the store's own statements, beside bare commits.
//!
//! A few runs wait all the time, as they do at a busy office, and many are over; putting them into
//! the tables is not counted. The store and its floor take turns, and the medians of the turns are told.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{
    ClaimLimits, Claimed, Finish, Finished, Location, NewArtifact, NewRun, Store, WorkerName,
};

use crate::commits::Commits;
use crate::past;

/// Turns of the store and of the floor.
const TURNS: usize = 3;
/// How long one turn counts.
const TURN: Duration = Duration::from_secs(1);
/// Runs waiting when a round begins.
const WAITING: usize = 40;
/// People who ask for them, in turn.
const PEOPLE: usize = 10;
/// Limits that stop nothing.
const LIMITS: ClaimLimits = ClaimLimits {
    memory_mb: 1_000_000,
    per_user: 1_000,
};

/// Measures an empty database with so many handles, as of several processes, and so many tasks at
/// each, after so many runs that are over.
///
/// # Errors
/// When the database cannot be used, or a run is claimed twice or not finished.
pub(crate) async fn measure(
    place: &str,
    handles: usize,
    tasks: usize,
    past: usize,
) -> Result<Value> {
    ensure!(handles > 0 && tasks > 0, "nobody would claim");
    let parsed = Location::parse(place)?;
    let mut stores = Vec::new();
    for _ in 0..handles {
        stores.push(Store::connect(&parsed).await?);
    }
    stores[0]
        .sync_sources(&[("shop".to_owned(), 1_000)])
        .await?;
    if past > 0 {
        past::make(place, past).await?;
    }
    let commits = Commits::open(place, handles * tasks).await?;
    let mut queue = Queue {
        claimers: stores
            .iter()
            .flat_map(|store| std::iter::repeat_n(store.clone(), tasks))
            .collect(),
        queued: 0,
    };
    let (mut runs, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        floors.push(commits.per_second(TURN).await?);
        runs.push(queue.per_second(TURN).await?);
    }
    Ok(
        json!({ "runs": queue.queued, "per_second": median(runs), "commits_per_second": median(floors) }),
    )
}

struct Queue {
    /// One handle per task.
    claimers: Vec<Store>,
    queued: usize,
}

impl Queue {
    /// Runs claimed and finished per second.
    async fn per_second(&mut self, turn: Duration) -> Result<f64> {
        let (mut done, mut took) = (0, Duration::ZERO);
        while took < turn {
            for _ in 0..WAITING {
                let run = new_run(self.queued);
                self.claimers[0].enqueue(run).await?;
                self.queued += 1;
            }
            let started = Instant::now();
            let claiming: Vec<_> = self
                .claimers
                .iter()
                .enumerate()
                .map(|(number, store)| {
                    tokio::spawn(claim_all(store.clone(), format!("worker-{number}").into()))
                })
                .collect();
            let mut round = 0;
            for claimed in claiming {
                round += claimed.await??;
            }
            took += started.elapsed();
            ensure!(round == WAITING, "{round} of {WAITING} runs were finished");
            done += round;
        }
        Ok(done as f64 / took.as_secs_f64())
    }
}

/// Claims and finishes until nothing waits any more.
async fn claim_all(store: Store, worker: WorkerName) -> Result<usize> {
    let mut done = 0;
    while let Some(claimed) = store.claim(&worker, LIMITS, Timestamp::now()).await? {
        let finished = store.finish(finish(&claimed)?).await?;
        ensure!(
            finished == Finished::Done,
            "{}: {finished:?}",
            claimed.lease.run
        );
        done += 1;
    }
    Ok(done)
}

fn new_run(number: usize) -> NewRun {
    NewRun {
        id: format!("run{number:08}").into(),
        report_id: "sales/daily_sales".to_owned(),
        report_revision: "0".repeat(64),
        source_id: "shop".to_owned(),
        user_id: format!("person{}", number % PEOPLE).into(),
        title: "일별 매출".to_owned(),
        dedup_key: Some(format!("{number:064}")),
        now: Timestamp::now(),
        ..NewRun::default()
    }
}

/// An end with one file, as every run has it.
fn finish(claimed: &Claimed) -> Result<Finish> {
    let lease = claimed.lease.clone();
    Ok(Finish {
        now: Timestamp::now(),
        rows: 31,
        artifacts: vec![NewArtifact {
            name: "daily-sales.xlsx".to_owned(),
            kind: "workbook".to_owned(),
            content_type: "application/octet-stream".to_owned(),
            storage_key: format!("results/{}/{}/daily-sales.xlsx", lease.run, lease.attempt),
            bytes: 12_345,
            sha256: "0".repeat(64),
            rows: Some(31),
        }],
        outcome_json: "{}".to_owned(),
        totals_json: "[]".to_owned(),
        outbox: Vec::new(),
        lease,
    })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
