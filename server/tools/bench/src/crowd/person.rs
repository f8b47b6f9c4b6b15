//! One of them: opens a page every two seconds, and runs one report meanwhile.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::{MissedTickBehavior, interval_at, sleep_until, timeout};

use crate::feed::Watched;
use crate::visitor::{Visitor, Wanted};

/// Between two pages of one person.
const BETWEEN: Duration = Duration::from_secs(2);
/// A run that is not over by then never will be, as far as this benchmark is concerned.
const PATIENCE: Duration = Duration::from_secs(120);
/// Pages people open, in turn.
pub(super) const KINDS: [&str; 4] = ["home", "form", "runs", "run"];

/// What all of them do.
pub(super) struct Habits {
    started: Instant,
    lasts: Duration,
    people: usize,
    wanted: Vec<Wanted>,
}

impl Habits {
    /// From `started` on they open pages for `lasts`, and each runs one of `wanted` once in its first half.
    pub(super) fn new(
        started: Instant,
        lasts: Duration,
        people: usize,
        wanted: Vec<Wanted>,
    ) -> Self {
        Self {
            started,
            lasts,
            people,
            wanted,
        }
    }

    /// What one of them runs.
    fn wanted_by(&self, number: usize) -> &Wanted {
        &self.wanted[number % self.wanted.len()]
    }

    /// When it is the turn of one of them within a stretch of time: evenly, not all at once.
    fn turn(&self, number: usize, within: Duration) -> Instant {
        self.started + within.mul_f64(number as f64 / self.people as f64)
    }
}

/// What one of them saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Pages by kind, and how long each took to its last byte.
    pub(super) pages: Vec<(&'static str, Duration)>,
    /// How long each click on "run" took to be answered.
    pub(super) clicks: Vec<Duration>,
    /// Whether two clicks made two runs.
    pub(super) is_doubled: bool,
    /// From the click to the end of the run.
    pub(super) waited: Option<Duration>,
    /// The run's events.
    pub(super) watched: Watched,
    /// The number of the last event the server has stored of it.
    pub(super) stored: u64,
    /// What went wrong, in words.
    pub(super) problems: Vec<String>,
}

/// Comes, looks, runs, watches, and leaves when all of that is done.
pub(super) async fn come(visitor: Visitor, number: usize, habits: Arc<Habits>) -> Seen {
    let run = OnceLock::new();
    let (looked, mut seen) = tokio::join!(
        look(&visitor, number, &habits, &run),
        run_once(&visitor, number, &habits, &run)
    );
    for page in looked {
        match page {
            Ok(page) => seen.pages.push(page),
            Err(error) => seen.problems.push(format!("{error:#}")),
        }
    }
    seen
}

async fn look(
    visitor: &Visitor,
    number: usize,
    habits: &Habits,
    run: &OnceLock<String>,
) -> Vec<Result<(&'static str, Duration)>> {
    let mut looked = Vec::new();
    let mut turns = interval_at(habits.turn(number, BETWEEN).into(), BETWEEN);
    // Whoever waits for a page does not ask for the next one meanwhile.
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let until = habits.started + habits.lasts;
    let pages = KINDS.into_iter().cycle().skip(number % KINDS.len());
    for kind in pages {
        turns.tick().await;
        if Instant::now() >= until {
            return looked;
        }
        let path = match (kind, run.get()) {
            ("form", _) => format!("/reports/{}", habits.wanted_by(number).report),
            ("runs", _) => "/runs".to_owned(),
            ("run", Some(run)) => format!("/runs/{run}"),
            ("run", None) => continue,
            _ => "/".to_owned(),
        };
        looked.push(visitor.page(&path).await.map(|took| (kind, took)));
    }
    looked
}

async fn run_once(
    visitor: &Visitor,
    number: usize,
    habits: &Habits,
    run: &OnceLock<String>,
) -> Seen {
    let mut seen = Seen::default();
    sleep_until(habits.turn(number, habits.lasts / 2).into()).await;
    let clicked = Instant::now();
    // A double click: two posts of the same form at the same time.
    let wanted = habits.wanted_by(number);
    let (first, second) = tokio::join!(visitor.start(wanted), visitor.start(wanted));
    let mut runs = Vec::new();
    for click in [first, second] {
        match click {
            Ok((run, took)) => {
                seen.clicks.push(took);
                runs.push(run);
            }
            Err(error) => seen.problems.push(format!("{error:#}")),
        }
    }
    seen.is_doubled = matches!(&runs[..], [first, second] if first != second);
    let Some(id) = runs.pop() else { return seen };
    let id = run.get_or_init(|| id);
    // Every other one loses the connection and comes back.
    match timeout(PATIENCE, visitor.watch(id, number % 2 == 1, |_| {})).await {
        Ok(Ok(watched)) => {
            seen.waited = Some(clicked.elapsed());
            seen.watched = watched;
        }
        Ok(Err(error)) => seen.problems.push(format!("{error:#}")),
        Err(_) => seen.problems.push(format!("run {id} is not over")),
    }
    match visitor.live(id).await {
        Ok((_, stored)) => seen.stored = stored,
        Err(error) => seen.problems.push(format!("{error:#}")),
    }
    seen
}
