//! The heartbeats of all runs of this process, on their own thread, runtime and connection.
//!
//! Summarising and writing workbooks happens in children, but rendering pages may keep this
//! process's runtime busy and its connections taken. Neither may look like death, so nothing here
//! shares anything with them. A beat carries progress out and brings the wish to cancel back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use runtime::Lifecycle;
use runtime::clock;
use settings::Timing;
use store::{Beat, Heartbeats, Lease, WorkerName};
use tokio::sync::watch;

/// Most often a beat is sent because something moved.
const MOVED: Duration = Duration::from_secs(1);

/// Why a run has to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Somebody asked for it.
    Cancelled,
    /// This process is going away.
    Draining,
    /// The run belongs to somebody else by now, or our own tables were out of reach for too long.
    LeaseLost,
}

/// One running attempt, as seen by its heartbeat.
#[derive(Debug)]
pub struct RunningAttempt {
    pub lease: Lease,
    stop: watch::Sender<bool>,
    state: Mutex<AttemptState>,
}

#[derive(Debug)]
struct AttemptState {
    beat: Beat,
    has_moved: bool,
    why: Option<Why>,
    tried: Instant,
    /// The last beat our own tables confirmed.
    confirmed: Instant,
    /// Whether the last look at its lease found it late.
    is_late: bool,
}

impl RunningAttempt {
    fn new(lease: Lease) -> Self {
        let now = Instant::now();
        let state = AttemptState {
            beat: Beat::default(),
            has_moved: false,
            why: None,
            tried: now,
            confirmed: now,
            is_late: false,
        };
        Self {
            lease,
            stop: watch::Sender::new(false),
            state: Mutex::new(state),
        }
    }

    /// Becomes true when the run has to stop.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Asks the run to stop. The first reason stays, except that a lost lease always wins.
    pub fn stop(&self, why: Why) {
        let mut state = self.state();
        if state.why.is_none() || why == Why::LeaseLost {
            state.why = Some(why);
        }
        drop(state);
        self.stop.send_replace(true);
    }

    /// Why the run had to stop, if it had to.
    pub fn why(&self) -> Option<Why> {
        self.state().why
    }

    /// The sessions at sources that were named last, as they are stored.
    pub fn sessions(&self) -> Option<String> {
        self.state().beat.db_session.clone()
    }

    /// Notes progress for the next beat.
    pub fn moved(&self, change: impl FnOnce(&mut Beat)) {
        let mut state = self.state();
        change(&mut state.beat);
        state.has_moved = true;
    }

    /// Stops a run that nobody has confirmed for so long that others may take it over soon.
    ///
    /// One look is not enough: a process that was frozen finds every beat late when it wakes up, and
    /// beats before the second look.
    fn guard(&self, now: Instant, lease: Duration) {
        let mut state = self.state();
        let is_late = now.saturating_duration_since(state.confirmed) >= lease * 2 / 3;
        let is_over = is_late && std::mem::replace(&mut state.is_late, is_late);
        state.is_late = is_late;
        let is_news = is_over && state.why != Some(Why::LeaseLost);
        drop(state);
        if is_news {
            tracing::error!(run.id = %self.lease.run, "Our own tables have not answered for so long that others may take run {} over; it is stopped here", self.lease.run);
            self.stop(Why::LeaseLost);
        }
    }

    fn state(&self) -> MutexGuard<'_, AttemptState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every running attempt of this process, and the process itself.
#[derive(Clone, Debug, Default)]
pub struct Heartbeat {
    attempts: Arc<Mutex<BTreeMap<String, Arc<RunningAttempt>>>>,
    is_draining: Arc<AtomicBool>,
}

impl Heartbeat {
    /// Starts to beat for an attempt, until the returned guard is dropped.
    pub fn begin(&self, lease: &Lease) -> AttemptGuard {
        let running = Arc::new(RunningAttempt::new(lease.clone()));
        self.attempts()
            .insert(lease.run.to_string(), Arc::clone(&running));
        AttemptGuard {
            heartbeat: self.clone(),
            running,
        }
    }

    /// The attempt of a run in this process.
    pub fn running(&self, run: &str) -> Option<Arc<RunningAttempt>> {
        self.attempts().get(run).cloned()
    }

    /// Every attempt of this process.
    pub fn all(&self) -> Vec<Arc<RunningAttempt>> {
        self.attempts().values().cloned().collect()
    }

    /// Whether the last beat brought the wish that this worker takes no more runs. The claim looks
    /// for itself, so nothing is taken between the wish and the beat.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed)
    }

    fn attempts(&self) -> MutexGuard<'_, BTreeMap<String, Arc<RunningAttempt>>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the thread. It ends when `lifecycle` say that the process is gone.
    pub fn start(
        &self,
        worker: WorkerName,
        heartbeats: Heartbeats,
        timing: &Timing,
        lifecycle: Arc<Lifecycle>,
    ) -> std::io::Result<std::thread::JoinHandle<()>> {
        let heartbeat = self.clone();
        let timing = timing.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("heartbeats".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = heartbeat.beat(&worker, heartbeats, &timing, &lifecycle) => {}
                        () = heartbeat.guard(timing.lease) => {}
                    }
                });
            })
    }

    /// Looks after the leases beside the beats, because a beat that gets no answer may take as long
    /// as a network likes. Two looks find a late one before five sixths of the lease are over; the
    /// rest is for stopping.
    async fn guard(&self, lease: Duration) {
        let mut tick = tokio::time::interval((lease / 12).max(Duration::from_millis(1)));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let now = Instant::now();
            for running in self.all() {
                running.guard(now, lease);
            }
        }
    }

    async fn beat(
        &self,
        worker: &WorkerName,
        mut heartbeats: Heartbeats,
        timing: &Timing,
        lifecycle: &Lifecycle,
    ) {
        let mut tick = tokio::time::interval(timing.heartbeat.min(MOVED) / 2);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let gone = lifecycle.until_gone();
        tokio::pin!(gone);
        let mut beaten: Option<Instant> = None;
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = &mut gone => return,
            }
            if beaten.is_none_or(|at| at.elapsed() >= timing.heartbeat) {
                beaten = Some(Instant::now());
                self.beat_for_worker(worker, &mut heartbeats, clock::now())
                    .await;
            }
            for running in self.all() {
                if running.is_due(timing.heartbeat) {
                    beat_once(&running, &mut heartbeats, clock::now()).await;
                }
            }
        }
    }
}

impl Heartbeat {
    /// Says that this worker lives, and brings back what is wished of it.
    async fn beat_for_worker(
        &self,
        name: &WorkerName,
        heartbeats: &mut Heartbeats,
        now: Timestamp,
    ) {
        match heartbeats.beat_worker(name, now).await {
            Ok(Some(beaten)) => {
                let is_draining = beaten.drain_at.is_some();
                if self.is_draining.swap(is_draining, Ordering::Relaxed) != is_draining {
                    let what = match is_draining {
                        true => "takes no more runs, and finishes those it has",
                        false => "takes runs again",
                    };
                    tracing::info!(worker = %name, "The worker {name} {what}");
                }
            }
            // It has said that it ends; nothing is wished of it any more.
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(error = %lang::chain_of(&error), "Could not beat for this worker");
            }
        }
    }
}

impl RunningAttempt {
    fn is_due(&self, heartbeat: Duration) -> bool {
        let state = self.state();
        let waited = state.tried.elapsed();
        waited >= heartbeat || (state.has_moved && waited >= MOVED.min(heartbeat))
    }
}

/// Keeps the heartbeat of an attempt.
#[derive(Debug)]
pub struct AttemptGuard {
    heartbeat: Heartbeat,
    pub running: Arc<RunningAttempt>,
}

impl Drop for AttemptGuard {
    fn drop(&mut self) {
        let mut attempts = self.heartbeat.attempts();
        // A later attempt of the same run may have replaced this one.
        if attempts
            .get(self.running.lease.run.as_str())
            .is_some_and(|running| running.lease == self.running.lease)
        {
            attempts.remove(self.running.lease.run.as_str());
        }
    }
}

async fn beat_once(running: &RunningAttempt, heartbeats: &mut Heartbeats, now: Timestamp) {
    let (mut beat, has_moved) = {
        let mut state = running.state();
        state.tried = Instant::now();
        (state.beat.clone(), std::mem::take(&mut state.has_moved))
    };
    beat.now = now;
    match heartbeats.beat(&running.lease, beat).await {
        Ok(Some(beaten)) => {
            running.state().confirmed = Instant::now();
            if beaten.cancel_at.is_some() {
                running.stop(Why::Cancelled);
            }
        }
        Ok(None) => running.stop(Why::LeaseLost),
        // The guard knows when that has gone on for too long.
        Err(error) => {
            running.state().has_moved |= has_moved;
            tracing::warn!(run.id = %running.lease.run, error = %lang::chain_of(&error), "Could not beat for run {}", running.lease.run);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    fn lease() -> Lease {
        Lease {
            run: "r".into(),
            worker: "w".into(),
            attempt: 1,
        }
    }

    #[test]
    fn a_run_nobody_confirms_is_stopped_before_its_lease_is_over() {
        let running = RunningAttempt::new(lease());
        let begun = running.state().confirmed;
        let mut seconds = 0;
        while running.why().is_none() {
            seconds += 5;
            running.guard(begun + Duration::from_secs(seconds), LEASE);
        }
        assert_eq!((seconds, running.why()), (45, Some(Why::LeaseLost)));
        assert!(*running.stopping().borrow());
    }

    #[test]
    fn a_process_that_was_frozen_beats_before_it_judges() {
        let running = RunningAttempt::new(lease());
        let awake = running.state().confirmed + LEASE * 10;
        running.guard(awake, LEASE);
        running.state().confirmed = awake;
        running.guard(awake + LEASE / 12, LEASE);
        running.guard(awake + LEASE, LEASE);
        assert_eq!(running.why(), None);
    }
}
