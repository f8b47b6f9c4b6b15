//! Attempts without a result: failed, crashed, interrupted, stopped. One statement ends them all.

use std::time::Duration;

use jiff::Timestamp;
use lang::{Failure, FailureClass};
use serde::Serialize;
use serde_json::json;

use super::{Lease, RunState, event};
use crate::store::Change;
use crate::values::{Millis, Word};
use crate::{Store, StoreError, WorkerName};

/// How long to wait before trying again: 5 s × 2^fails, up to a quarter more by chance, at most
/// 15 minutes.
///
/// `fails` counts the failures before this one; `jitter` is a random number from 0 to 1, so that
/// runs that failed together do not come back together.
pub fn retry_wait(fails: i64, jitter: f64) -> Duration {
    const FIRST: Duration = Duration::from_secs(5);
    const LONGEST: Duration = Duration::from_mins(15);
    // 2^8 × 5 s is past the longest already.
    let base = FIRST * (1 << fails.clamp(0, 8));
    let more = base.mul_f64(0.25 * jitter.clamp(0.0, 1.0));
    (base + more).min(LONGEST)
}

/// How an attempt ends that made no result. Whatever it is, a run that was asked to stop is cancelled.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It failed: back to the queue after a wait when that may help and the budget allows, else failed.
    Failed {
        /// Why.
        failure: Failure,
        /// A random number from 0 to 1, see [`retry_wait`].
        jitter: f64,
    },
    /// Its child process died: back to the queue at once, or failed for this reason when it happened too often.
    Crashed {
        /// Why, if it is given up.
        failure: Failure,
    },
    /// Its worker goes away: back to the queue at once, neither a failure nor a crash.
    Interrupted,
    /// It was asked to stop and has stopped.
    Cancelled {
        /// Whether the database confirmed that its statement is gone.
        source_confirmed: bool,
    },
}

impl Ending {
    fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed { failure, .. } | Self::Crashed { failure } => Some(failure),
            Self::Interrupted | Self::Cancelled { .. } => None,
        }
    }

    /// After how many failures the run is given up, whatever its own budget is.
    fn most_fails(&self) -> i64 {
        match self.failure() {
            Some(failure) if !failure.is_transient => 0,
            Some(failure) if failure.class == FailureClass::SourceTimeout => 2,
            _ => i64::MAX,
        }
    }

    /// The event of it, when the run is in this state afterwards.
    fn event(&self, state: RunState) -> &'static str {
        match (state, self) {
            (RunState::Cancelled, _) => "cancelled",
            (RunState::Queued, Self::Failed { .. }) => "retry",
            (RunState::Queued, Self::Crashed { .. }) => "worker_lost",
            (RunState::Queued, _) => "interrupted",
            _ => "failed",
        }
    }
}

impl Store {
    /// Ends an attempt that made no result, and says where the run is now: queued again, failed or cancelled. `None`:
    /// the lease is lost, and nothing has changed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_attempt(
        &self,
        lease: &Lease,
        ending: &Ending,
        now: Timestamp,
    ) -> Result<Option<RunState>, StoreError> {
        let failed = self.failed("record the end of an attempt");
        let mut tx = self.begin().await?;
        let wait = match ending {
            // Nobody but the holder of the lease counts it up.
            Ending::Failed { jitter, .. } => {
                let fails: Option<i64> = sqlx::query_scalar("SELECT fails FROM runs WHERE id = $1")
                    .bind(&lease.run)
                    .fetch_optional(&mut *tx)
                    .await
                    .map_err(&failed)?;
                retry_wait(fails.unwrap_or_default(), *jitter)
            }
            _ => Duration::ZERO,
        };
        let not_before = now + wait;
        let failure = ending.failure();
        let told = failure
            .map(|failure| super::failure::told_json(&failure.told))
            .transpose();
        let state: Option<Word<RunState>> = sqlx::query_scalar(include_str!("end_attempt.sql"))
            .bind(&lease.run)
            .bind(&lease.worker)
            .bind(lease.attempt)
            .bind(Millis(now))
            .bind(Millis(not_before))
            .bind(i64::from(matches!(ending, Ending::Failed { .. })))
            .bind(i64::from(matches!(ending, Ending::Crashed { .. })))
            .bind(matches!(ending, Ending::Cancelled { .. }))
            .bind(ending.most_fails())
            .bind(failure.map(|failure| failure.class.as_str()))
            .bind(told.map_err(&failed)?)
            .bind(failure.map(|failure| failure.chain.as_str()))
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let Some(Word(state)) = state else {
            return Ok(None);
        };
        let data = EndData {
            worker: &lease.worker,
            code: failure
                .map(|failure| failure.class)
                .filter(|_| state != RunState::Cancelled),
            not_before: (!wait.is_zero() && state == RunState::Queued).then_some(not_before),
            source_confirmed: match ending {
                Ending::Cancelled { source_confirmed } => Some(*source_confirmed),
                _ => None,
            },
        };
        let kind = ending.event(state);
        event::add(&mut tx, &lease.run, lease.attempt, now, kind, json!(data))
            .await
            .map_err(&failed)?;
        // Limits have become free, and the run's page has news.
        tx.tell(Change::Run(lease.run.clone()));
        tx.tell(Change::Queued);
        tx.commit().await.map_err(failed)?;
        Ok(Some(state))
    }
}

/// What the event of an end says.
#[derive(Serialize)]
struct EndData<'a> {
    worker: &'a WorkerName,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<FailureClass>,
    #[serde(
        rename = "not_before_ms",
        with = "jiff::fmt::serde::timestamp::millisecond::optional",
        skip_serializing_if = "Option::is_none"
    )]
    not_before: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_confirmed: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::retry_wait;

    #[test]
    fn waits_double_up_to_fifteen_minutes() {
        let waits: Vec<u64> = (0..10)
            .map(|fails| retry_wait(fails, 0.0).as_secs())
            .collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    }

    #[test]
    fn chance_adds_at_most_a_quarter() {
        assert_eq!(retry_wait(0, 1.0).as_millis(), 6_250);
        assert_eq!(retry_wait(0, 7.0).as_millis(), 6_250);
        assert_eq!(retry_wait(60, 1.0).as_secs(), 900);
    }
}
