//! Tells the outside how far a job is, without flooding it.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::{EngineError, Progress, RunningSession, Step, StepTime, Warning};

/// At most five reports of rows a second; people cannot read faster.
const REPORT_EVERY: Duration = Duration::from_millis(200);

/// The progress of one job.
pub(crate) struct Meter<'a> {
    emit: &'a (dyn Fn(Progress) + Send + Sync),
    state: Mutex<State>,
}

struct State {
    step: Option<(Step, Instant)>,
    spent: Vec<(Step, Duration)>,
    sessions: Vec<RunningSession>,
}

/// What blocking work counts while it runs.
#[derive(Clone, Default)]
pub(crate) struct Counter(Arc<Counts>);

#[derive(Default)]
struct Counts {
    rows: AtomicU64,
    bytes: AtomicU64,
}

impl Counter {
    /// Adds rows and the bytes of their values.
    pub(crate) fn add(&self, rows: u64, bytes: u64) {
        self.0.rows.fetch_add(rows, Ordering::Relaxed);
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Takes rows back that are counted again.
    pub(crate) fn sub(&self, rows: u64) {
        self.0.rows.fetch_sub(rows, Ordering::Relaxed);
    }

    /// Sets the rows counted so far.
    pub(crate) fn set_rows(&self, rows: u64) {
        self.0.rows.store(rows, Ordering::Relaxed);
    }

    /// The rows counted so far.
    pub(crate) fn rows(&self) -> u64 {
        self.0.rows.load(Ordering::Relaxed)
    }

    fn read(&self) -> (u64, u64) {
        (
            self.0.rows.load(Ordering::Relaxed),
            self.0.bytes.load(Ordering::Relaxed),
        )
    }
}

/// What counted rows belong to.
#[derive(Clone, Copy)]
pub(crate) struct Location<'a> {
    pub(crate) step: Step,
    pub(crate) block: Option<&'a str>,
    pub(crate) total: Option<u64>,
}

impl<'a> Meter<'a> {
    /// Reports to `emit`.
    pub(crate) fn new(emit: &'a (dyn Fn(Progress) + Send + Sync)) -> Self {
        Self {
            emit,
            state: Mutex::new(State {
                step: None,
                spent: Vec::new(),
                sessions: Vec::new(),
            }),
        }
    }

    /// Begins a step. Says nothing when it is under way already.
    pub(crate) fn step(&self, step: Step) {
        let mut state = self.state();
        if state.step.is_some_and(|(current, _)| current == step) {
            return;
        }
        state.leave();
        state.step = Some((step, Instant::now()));
        drop(state);
        (self.emit)(Progress::Step { step });
    }

    /// Passes a warning on.
    pub(crate) fn warn(&self, warning: &Warning) {
        (self.emit)(Progress::Warning {
            warning: Box::new(warning.clone()),
        });
    }

    /// Says that a session at a source works for the job from now on.
    pub(crate) fn begin_session(&self, session: &RunningSession) {
        let mut state = self.state();
        state.sessions.push(session.clone());
        self.tell_sessions(&state);
    }

    /// Says that a session has ended. Only for statements that are known to be over: whoever stops
    /// left-over statements trusts this.
    pub(crate) fn end_session(&self, session: &RunningSession) {
        let mut state = self.state();
        if let Some(place) = state.sessions.iter().position(|other| other == session) {
            state.sessions.remove(place);
            self.tell_sessions(&state);
        }
    }

    /// Whether a session works for the job.
    pub(crate) fn has_sessions(&self) -> bool {
        !self.state().sessions.is_empty()
    }

    /// With the state still locked, so that what is said last is true.
    fn tell_sessions(&self, state: &State) {
        let running = state.sessions.clone();
        (self.emit)(Progress::Sessions { running });
    }

    /// Runs CPU-bound or disk-bound work on a thread of its own and reports what it counts.
    ///
    /// When this future is dropped the thread is left behind; it stops when it next looks at
    /// the cancellation token it was given.
    ///
    /// # Errors
    /// The work's own, or [`EngineError::Internal`] when it panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        place: Location<'_>,
        counter: &Counter,
        work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        self.report(place, counter, blocking(work)).await
    }

    /// Waits for work of whatever kind and reports what it counts.
    pub(crate) async fn report<T>(
        &self,
        place: Location<'_>,
        counter: &Counter,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);
        let mut tick = tokio::time::interval(REPORT_EVERY);
        tick.tick().await;
        let mut told = (0, 0);
        let result = loop {
            tokio::select! {
                result = &mut work => break result,
                _ = tick.tick() => self.rows(place, counter, &mut told),
            }
        };
        self.rows(place, counter, &mut told);
        result
    }

    /// How long each step took, in the order of [`Step::ALL`].
    pub(crate) fn times(&self) -> Vec<StepTime> {
        let mut state = self.state();
        state.leave();
        let spent = |step| {
            let mut times = state
                .spent
                .iter()
                .filter(|(other, _)| *other == step)
                .peekable();
            times.peek()?;
            let millis = times.map(|(_, time)| time.as_millis()).sum::<u128>();
            Some(StepTime {
                step,
                millis: u64::try_from(millis).unwrap_or(u64::MAX),
            })
        };
        Step::ALL.into_iter().filter_map(spent).collect()
    }

    fn rows(&self, place: Location<'_>, counter: &Counter, told: &mut (u64, u64)) {
        let now = counter.read();
        if now != *told {
            *told = now;
            let (rows, bytes) = now;
            let block = place.block.map(str::to_owned);
            (self.emit)(Progress::Rows {
                step: place.step,
                block,
                rows,
                bytes,
                total: place.total,
            });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn leave(&mut self) {
        if let Some((step, since)) = self.step.take() {
            self.spent.push((step, since.elapsed()));
        }
    }
}

/// An error when somebody asked blocking work to stop.
pub(crate) fn check(stop: &CancellationToken) -> Result<(), EngineError> {
    if stop.is_cancelled() {
        Err(EngineError::Cancelled)
    } else {
        Ok(())
    }
}

/// Runs CPU-bound or disk-bound work on a thread of its own.
///
/// # Errors
/// The work's own, or [`EngineError::Internal`] when it panicked.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    let result = tokio::task::spawn_blocking(work).await;
    result.unwrap_or_else(|error| {
        Err(EngineError::Internal {
            what: panic_text(error),
        })
    })
}

fn panic_text(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no reason given");
            format!("a part of the engine stopped: {text}")
        }
        Err(_) => "a part of the engine was stopped with the program".to_owned(),
    }
}
