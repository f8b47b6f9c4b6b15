//! The two things that end a job early: somebody's request, and the report's time limit.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::EngineError;

/// How long one job may take and how it is cancelled. When it is dropped, whatever still works for the
/// job is told to stop.
pub(crate) struct Deadline {
    cancel: CancellationToken,
    stop: CancellationToken,
    _stop_on_drop: DropGuard,
    started: Instant,
    limit: Option<Duration>,
}

impl Deadline {
    /// The time allowed starts now; `cancel` ends the job earlier. Without a `limit` it may take for ever.
    pub(crate) fn new(cancel: CancellationToken, limit: Option<Duration>) -> Self {
        // No child of `cancel`: work that stopped by itself would be told as a failure of that work,
        // before the job as a whole says that it was cancelled.
        let stop = CancellationToken::new();
        Self {
            cancel,
            _stop_on_drop: stop.clone().drop_guard(),
            stop,
            started: Instant::now(),
            limit,
        }
    }

    /// The token for sources and blocking work: cancelled when the job ends for whatever reason.
    pub(crate) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Tells everything that works for the job to stop.
    pub(crate) fn stop_all(&self) {
        self.stop.cancel();
    }

    /// What is left of the time limit; `None` without one.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.limit
            .map(|limit| limit.saturating_sub(self.started.elapsed()))
    }

    /// Looks now, before something that cannot be taken back.
    ///
    /// # Errors
    /// The reason why the job must end.
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        if self.cancel.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        match self.limit {
            Some(limit) if self.started.elapsed() >= limit => Err(EngineError::Runtime { limit }),
            _ => Ok(()),
        }
    }

    /// Returns when the job must end, with the reason.
    pub(crate) async fn ended(&self) -> EngineError {
        let Some(limit) = self.limit else {
            self.cancel.cancelled().await;
            return EngineError::Cancelled;
        };
        let left = limit.saturating_sub(self.started.elapsed());
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => EngineError::Cancelled,
            () = tokio::time::sleep(left) => EngineError::Runtime { limit },
        }
    }
}
