//! The two things that end a job early: somebody's wish, and the report's time limit.

use std::time::Duration;

use source::CancelFlag;
use tokio::time::{Instant, MissedTickBehavior};

use crate::EngineError;

/// How often the wish is looked at: well inside the two seconds a cancel may take.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Watches over one job. When it is dropped, whatever still works for the job is told to stop.
pub(crate) struct Watch {
    wish: CancelFlag,
    stop: CancelFlag,
    started: Instant,
    limit: Option<Duration>,
}

impl Watch {
    /// Watches from now on.
    pub(crate) fn new(wish: CancelFlag, limit: Option<Duration>) -> Self {
        Self {
            wish,
            stop: CancelFlag::new(),
            started: Instant::now(),
            limit,
        }
    }

    /// The flag for sources and blocking work: raised when the job ends for whatever reason.
    pub(crate) fn stop(&self) -> &CancelFlag {
        &self.stop
    }

    /// Tells everything that works for the job to stop.
    pub(crate) fn stop_all(&self) {
        self.stop.cancel();
    }

    /// What is left of the time limit.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.limit
            .map(|limit| limit.saturating_sub(self.started.elapsed()))
    }

    /// Looks now, before something that cannot be taken back.
    ///
    /// # Errors
    /// The reason why the job must end.
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        if self.wish.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        match self.limit {
            Some(limit) if self.started.elapsed() >= limit => Err(EngineError::Runtime { limit }),
            _ => Ok(()),
        }
    }

    /// Returns when the job must end, with the reason.
    pub(crate) async fn ended(&self) -> EngineError {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if let Err(reason) = self.check() {
                return reason;
            }
            look.tick().await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
