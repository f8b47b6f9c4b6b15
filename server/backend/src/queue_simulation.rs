//! When queued runs will start, by playing the queue forward.
//!
//! A pure function of one moment: what runs, what waits, how long each usually takes, and the limits
//! of the claim (`store/src/run/statements.rs`). Runs whose duration nobody knows are played twice, as if
//! they ended at once and as if they never did; a start is only told when both say the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use store::Usual;

/// The queue at one moment.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    pub(super) now: Timestamp,
    /// Runs one person may have running.
    pub(super) per_user: usize,
    /// Runs all workers together may have running.
    pub(super) slots: usize,
    /// By source.
    pub(super) lanes: BTreeMap<String, SourceLimit>,
    pub(super) running: Vec<RunningRun>,
    pub(super) waiting: Vec<Waiting>,
}

/// A source: how many runs it may carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SourceLimit {
    pub(super) max_running: usize,
    pub(super) is_paused: bool,
}

/// A run somebody works on.
#[derive(Clone, Debug, Default)]
pub(super) struct RunningRun {
    pub(super) user: String,
    pub(super) sources: Vec<String>,
    /// How much longer it will take; unknown when the report never succeeded.
    pub(super) rest: Option<Duration>,
}

/// A run that waits, with what its turn depends on.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) sources: Vec<String>,
    pub(super) priority: i64,
    pub(super) created_at: Timestamp,
    pub(super) not_before: Timestamp,
    /// When a run of the same user was claimed last.
    pub(super) served_at: Timestamp,
    /// How long it usually takes; unknown when the report never succeeded.
    pub(super) lasts: Option<Duration>,
}

/// What is believed of durations nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    EndsAtOnce,
    NeverEnds,
}

impl Queue {
    /// When each waiting run will start. Absent: nobody can know.
    pub(super) fn starts(&self) -> HashMap<String, Timestamp> {
        let hopeful = Play::new(self, Unknown::EndsAtOnce).starts();
        let mut starts = Play::new(self, Unknown::NeverEnds).starts();
        starts.retain(|id, at| hopeful.get(id).copied() == Some(*at));
        starts
            .into_iter()
            .map(|(id, at)| (id.to_owned(), at))
            .collect()
    }
}

/// How much longer a run takes that has taken `elapsed` already: until half of those past runs are
/// over that took longer than this one has so far.
pub(super) fn rest(elapsed: Duration, usual: Usual) -> Duration {
    /// Nothing ends before it is looked at again.
    const LEAST: Duration = Duration::from_secs(1);
    /// What took the same each time is divided by this.
    const NARROWEST: Duration = Duration::from_millis(1);
    let Usual { p10, p50, p90, .. } = usual;
    let between = |low: Duration, high: Duration| {
        let width = high.saturating_sub(low).max(NARROWEST);
        elapsed.saturating_sub(low).div_duration_f64(width).min(1.0)
    };
    // The share of past runs that were over by now, as straight lines between what is known.
    let over = if elapsed <= p10 {
        0.0
    } else if elapsed <= p50 {
        0.1 + 0.4 * between(p10, p50)
    } else if elapsed <= p90 {
        0.5 + 0.4 * between(p50, p90)
    } else {
        // Longer than nine in ten: the longer it has taken, the longer it will.
        return (elapsed / 4).max(LEAST);
    };
    let half_of_the_rest = (1.0 + over) / 2.0;
    let end = p50
        + p90
            .saturating_sub(p50)
            .mul_f64((half_of_the_rest - 0.5) / 0.4);
    // To the millisecond, as everything else is known.
    let end = Duration::from_millis((end.as_secs_f64() * 1_000.0).round() as u64);
    end.saturating_sub(elapsed).max(LEAST)
}

/// One way the queue may go on.
struct Play<'a> {
    queue: &'a Queue,
    unknown: Unknown,
    now: Timestamp,
    /// Runs under way: per source, per user, and in all.
    on_source: HashMap<&'a str, usize>,
    of_user: HashMap<&'a str, usize>,
    running_run: usize,
    served: HashMap<&'a str, Timestamp>,
    /// The next end first; each names who and what it frees.
    ends: BinaryHeap<Reverse<(Timestamp, &'a str, &'a [String])>>,
    waiting: Vec<&'a Waiting>,
}

impl<'a> Play<'a> {
    fn new(queue: &'a Queue, unknown: Unknown) -> Self {
        let mut play = Self {
            queue,
            unknown,
            now: queue.now,
            on_source: HashMap::new(),
            of_user: HashMap::new(),
            running_run: 0,
            served: HashMap::new(),
            ends: BinaryHeap::new(),
            waiting: queue.waiting.iter().collect(),
        };
        for run in &queue.waiting {
            play.served.insert(&run.user, run.served_at);
        }
        for run in &queue.running {
            play.begin(&run.user, &run.sources, run.rest);
        }
        play
    }

    /// Plays until nothing begins any more, and returns what began when.
    fn starts(mut self) -> HashMap<&'a str, Timestamp> {
        let mut starts = HashMap::new();
        loop {
            while let Some(place) = self.next() {
                let run = self.waiting.remove(place);
                starts.insert(run.id.as_str(), self.now);
                self.served.insert(&run.user, self.now);
                self.begin(&run.user, &run.sources, run.lasts);
            }
            if !self.pass_time() {
                return starts;
            }
        }
    }

    /// The run the claim would take now.
    fn next(&self) -> Option<usize> {
        let of_user = |run: &Waiting| self.of_user.get(run.user.as_str()).copied().unwrap_or(0);
        let is_free = |source: &String| {
            let lane = self.queue.lanes.get(source).copied().unwrap_or_default();
            let taken = self.on_source.get(source.as_str()).copied().unwrap_or(0);
            !lane.is_paused && taken < lane.max_running
        };
        if self.running_run >= self.queue.slots {
            return None;
        }
        let may_begin = |run: &Waiting| {
            run.not_before <= self.now
                && of_user(run) < self.queue.per_user
                && run.sources.iter().all(is_free)
        };
        let ready = self.waiting.iter().enumerate();
        ready
            .filter(|(_, run)| may_begin(run))
            .min_by_key(|(_, run)| {
                (
                    of_user(run),
                    Reverse(run.priority),
                    self.served.get(run.user.as_str()).copied(),
                    run.created_at,
                    run.id.as_str(),
                )
            })
            .map(|(place, _)| place)
    }

    fn begin(&mut self, user: &'a str, sources: &'a [String], lasts: Option<Duration>) {
        for source in sources {
            *self.on_source.entry(source).or_default() += 1;
        }
        *self.of_user.entry(user).or_default() += 1;
        self.running_run += 1;
        let lasts = match (lasts, self.unknown) {
            (Some(lasts), _) => lasts,
            (None, Unknown::EndsAtOnce) => Duration::ZERO,
            (None, Unknown::NeverEnds) => return,
        };
        self.ends.push(Reverse((self.now + lasts, user, sources)));
    }

    /// Goes to the next moment at which something may begin; `false` when there is none.
    fn pass_time(&mut self) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        let times = self.waiting.iter().map(|run| run.not_before);
        let due = times.filter(|due| *due > self.now).min();
        let end = self.ends.peek().map(|Reverse((at, ..))| *at);
        let Some(next) = [due, end].into_iter().flatten().min() else {
            return false;
        };
        self.now = self.now.max(next);
        while let Some(Reverse((at, ..))) = self.ends.peek()
            && *at <= self.now
            && let Some(Reverse((_, user, sources))) = self.ends.pop()
        {
            for source in sources {
                let taken = self.on_source.entry(source).or_default();
                *taken = taken.saturating_sub(1);
            }
            let running = self.of_user.entry(user).or_default();
            *running = running.saturating_sub(1);
            self.running_run -= 1;
        }
        true
    }
}

#[cfg(test)]
mod against_claim;
#[cfg(test)]
mod tests;
