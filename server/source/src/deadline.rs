//! When a statement has to stop: at its deadline, or as soon as nobody wants its answer any more.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::SourceError;

/// Why a statement has to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// Somebody asked to, or nobody reads the rows any more.
    Cancelled,
    /// It took longer than this.
    TimedOut(Duration),
}

impl StopReason {
    /// The error the reading ends in.
    pub(crate) fn error(self, source_name: &str) -> SourceError {
        match self {
            Self::Cancelled => SourceError::Cancelled,
            Self::TimedOut(limit) => SourceError::timeout(source_name, limit),
        }
    }
}

/// The deadline of one statement and the token that stops it earlier. Clones share both.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    cancel: CancellationToken,
    /// When it is, and how long the statement was allowed to take. `None` without a limit.
    at: Option<(Instant, Duration)>,
}

impl Deadline {
    /// The time allowed starts now. Without a `limit`, only the token stops the statement.
    pub(crate) fn new(cancel: CancellationToken, limit: Option<Duration>) -> Self {
        let at = limit.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
        Self { cancel, at }
    }

    /// Whether the token was cancelled. Does not look at the clock.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Why the statement has to stop now; `None` while it may go on. Looks at the clock.
    pub(crate) fn reached(&self) -> Option<StopReason> {
        if self.is_cancelled() {
            return Some(StopReason::Cancelled);
        }
        let (at, limit) = self.at?;
        (Instant::now() >= at).then_some(StopReason::TimedOut(limit))
    }

    /// Waits until the statement has to stop; for ever when nothing ever stops it.
    pub(crate) async fn wait(&self) -> StopReason {
        let Some((at, limit)) = self.at else {
            self.cancel.cancelled().await;
            return StopReason::Cancelled;
        };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => StopReason::Cancelled,
            () = tokio::time::sleep_until(at.into()) => StopReason::TimedOut(limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_hears_of_a_cancel_that_came_before_and_of_one_that_comes_later() {
        let cancel = CancellationToken::new();
        let deadline = Deadline::new(cancel.child_token(), Some(Duration::MAX));
        assert_eq!(deadline.reached(), None);
        let waiting = tokio::spawn({
            let deadline = deadline.clone();
            async move { deadline.wait().await }
        });
        tokio::task::yield_now().await;
        cancel.cancel();
        assert_eq!(waiting.await.unwrap(), StopReason::Cancelled);
        assert_eq!(deadline.wait().await, StopReason::Cancelled);
        assert_eq!(deadline.reached(), Some(StopReason::Cancelled));
    }

    #[tokio::test]
    async fn the_end_of_the_time_is_told_with_the_time_allowed() {
        let limit = Duration::ZERO;
        let deadline = Deadline::new(CancellationToken::new(), Some(limit));
        assert_eq!(deadline.wait().await, StopReason::TimedOut(limit));
        assert_eq!(deadline.reached(), Some(StopReason::TimedOut(limit)));
        // Who no longer wants the answer is not told that it took too long.
        deadline.cancel.cancel();
        assert_eq!(deadline.wait().await, StopReason::Cancelled);
    }
}
