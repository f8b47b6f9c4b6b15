//! Attempts that did not work: failed, crashed, interrupted, stopped.

use lang::FailureClass;
use serde_json::json;

use super::{Failure, Lease, RunState, event};
use crate::store::{Change, Tx};
use crate::values::Word;
use crate::{Store, StoreError};

/// How long to wait before trying again: 5 s × 2^fails, up to a quarter more by chance, at most
/// 15 minutes.
///
/// `fails` counts the failures before this one; `jitter` is a random number from 0 to 1, so that
/// runs that failed together do not come back together.
pub fn retry_wait_ms(fails: i64, jitter: f64) -> i64 {
    const FIRST: i64 = 5_000;
    const LONGEST: i64 = 900_000;
    // 2^8 × 5 s is past the longest already.
    let base = FIRST << fails.clamp(0, 8);
    let more = (base as f64 * 0.25 * jitter.clamp(0.0, 1.0)) as i64;
    (base + more).min(LONGEST)
}

impl Store {
    /// Ends an attempt that failed: back to the queue when that may help and the budget allows,
    /// else failed. A run that was asked to stop is cancelled. `None`: the lease is lost.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn fail(
        &self,
        lease: &Lease,
        failure: Failure,
        now: i64,
        jitter: f64,
    ) -> Result<Option<RunState>, StoreError> {
        let failed = self.failed("record a failure");
        let mut tx = self.begin().await?;
        let fails: Option<i64> = sqlx::query_scalar(
            "SELECT fails FROM runs
              WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3",
        )
        .bind(&lease.run)
        .bind(&lease.worker)
        .bind(lease.attempt)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        let Some(fails) = fails else { return Ok(None) };
        let most_fails = match (failure.is_transient, failure.class) {
            (false, _) => 0,
            (true, FailureClass::SourceTimeout) => 2,
            (true, _) => i64::MAX,
        };
        let told = failure.told.json().map_err(&failed)?;
        let not_before_ms = now + retry_wait_ms(fails, jitter);
        let state: Option<Word<RunState>> = sqlx::query_scalar(include_str!("fail.sql"))
            .bind(&lease.run)
            .bind(&lease.worker)
            .bind(lease.attempt)
            .bind(now)
            .bind(not_before_ms)
            .bind(most_fails)
            .bind(failure.class.as_str())
            .bind(&told)
            .bind(&failure.chain)
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let Some(Word(state)) = state else {
            return Ok(None);
        };
        let (kind, data) = match state {
            RunState::Queued => (
                "retry",
                json!({ "worker": lease.worker, "code": failure.class, "not_before_ms": not_before_ms }),
            ),
            RunState::Cancelled => ("cancelled", json!({ "worker": lease.worker })),
            _ => (
                "failed",
                json!({ "worker": lease.worker, "code": failure.class }),
            ),
        };
        end(tx, lease, now, kind, data).await.map_err(failed)?;
        Ok(Some(state))
    }

    /// Ends an attempt whose child process died: back to the queue at once, or failed with the
    /// given class when it happened too often. `None`: the lease is lost.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn crashed(
        &self,
        lease: &Lease,
        failure: Failure,
        now: i64,
    ) -> Result<Option<RunState>, StoreError> {
        let failed = self.failed("record a crash");
        let told = failure.told.json().map_err(&failed)?;
        let mut tx = self.begin().await?;
        let state: Option<Word<RunState>> = sqlx::query_scalar(
            "UPDATE runs
                SET state = CASE WHEN cancel_ms IS NOT NULL THEN 'cancelled'
                                 WHEN crashes + 1 >= max_crashes THEN 'failed'
                                 ELSE 'queued' END,
                    finished_ms = CASE WHEN cancel_ms IS NOT NULL OR crashes + 1 >= max_crashes
                                       THEN $4 ELSE NULL END,
                    crashes = crashes + 1, worker = NULL, not_before_ms = $4,
                    error_code = $5, error_text = $6, error_chain = $7
              WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3
             RETURNING state",
        )
        .bind(&lease.run)
        .bind(&lease.worker)
        .bind(lease.attempt)
        .bind(now)
        .bind(failure.class.as_str())
        .bind(&told)
        .bind(&failure.chain)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        let Some(Word(state)) = state else {
            return Ok(None);
        };
        let kind = match state {
            RunState::Queued => "worker_lost",
            RunState::Cancelled => "cancelled",
            _ => "failed",
        };
        let data = json!({ "worker": lease.worker, "code": failure.class });
        end(tx, lease, now, kind, data).await.map_err(failed)?;
        Ok(Some(state))
    }

    /// Puts a run back because its worker goes away: neither a failure nor a crash. A run that was
    /// asked to stop is cancelled. `None`: the lease is lost.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn drain(&self, lease: &Lease, now: i64) -> Result<Option<RunState>, StoreError> {
        let failed = self.failed("put a run back");
        let mut tx = self.begin().await?;
        let state: Option<Word<RunState>> = sqlx::query_scalar(
            "UPDATE runs
                SET state = CASE WHEN cancel_ms IS NOT NULL THEN 'cancelled' ELSE 'queued' END,
                    finished_ms = CASE WHEN cancel_ms IS NOT NULL THEN $4 ELSE NULL END,
                    worker = NULL, step = NULL, not_before_ms = $4
              WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3
             RETURNING state",
        )
        .bind(&lease.run)
        .bind(&lease.worker)
        .bind(lease.attempt)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        let Some(Word(state)) = state else {
            return Ok(None);
        };
        let kind = if state == RunState::Cancelled {
            "cancelled"
        } else {
            "interrupted"
        };
        let data = json!({ "worker": lease.worker });
        end(tx, lease, now, kind, data).await.map_err(failed)?;
        Ok(Some(state))
    }

    /// Ends an attempt that was asked to stop and has stopped. `source_confirmed` says whether the
    /// database confirmed that its statement is gone. `false`: the lease is lost.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn cancelled(
        &self,
        lease: &Lease,
        source_confirmed: bool,
        now: i64,
    ) -> Result<bool, StoreError> {
        let failed = self.failed("record that a run has stopped");
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE runs
                SET state = 'cancelled', worker = NULL, finished_ms = $4,
                    cancel_ms = COALESCE(cancel_ms, $4)
              WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3",
        )
        .bind(&lease.run)
        .bind(&lease.worker)
        .bind(lease.attempt)
        .bind(now)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let data = json!({ "worker": lease.worker, "source_confirmed": source_confirmed });
        end(tx, lease, now, "cancelled", data)
            .await
            .map_err(failed)?;
        Ok(true)
    }
}

/// Commits the end of an attempt with its event: limits have become free, and the run's page
/// has news.
async fn end(
    mut tx: Tx<'_>,
    lease: &Lease,
    now: i64,
    kind: &'static str,
    data: serde_json::Value,
) -> Result<(), sqlx::Error> {
    event::add(&mut tx, &lease.run, lease.attempt, now, kind, data).await?;
    tx.tell(Change::Run(lease.run.clone()));
    tx.tell(Change::Queued);
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::retry_wait_ms;

    #[test]
    fn waits_double_up_to_fifteen_minutes() {
        let waits: Vec<i64> = (0..10)
            .map(|fails| retry_wait_ms(fails, 0.0) / 1000)
            .collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    }

    #[test]
    fn chance_adds_at_most_a_quarter() {
        assert_eq!(retry_wait_ms(0, 1.0), 6_250);
        assert_eq!(retry_wait_ms(0, 7.0), 6_250);
        assert_eq!(retry_wait_ms(60, 1.0), 900_000);
    }
}
