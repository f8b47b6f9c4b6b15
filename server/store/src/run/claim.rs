//! Taking the next run, within every limit.
//!
//! Limits need a serial view of what is running. Every claim first bumps the one row of
//! `claim_gate`, so claims happen one after the other on any database; SQLite's single writer
//! would do the same here, PostgreSQL's many would not. Nothing but a claim makes a run running, so
//! what else happens meanwhile only lowers the counts.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::{Lease, RunRow, event, statements};
use crate::store::{Change, pass_gate};
use crate::values::{Millis, named, whole_millis};
use crate::{Store, StoreError, WorkerName};

/// A run waiting this long for memory is not passed by smaller ones any more: 10 minutes.
pub const RESERVE_AFTER: Duration = Duration::from_secs(600);

/// What a worker may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimLimits {
    /// Memory of this worker for all its runs together, in MB. What its running runs have been
    /// given is subtracted by the statement, not by the caller.
    pub memory_mb: i64,
    /// Runs one user may have running, over all workers.
    pub per_user: i64,
}

/// A claimed run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// What the worker shows with everything it writes about the run.
    pub lease: Lease,
    /// The whole row.
    pub run: RunRow,
}

impl Store {
    /// Takes the next run for a worker, or nothing when none may start now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim(
        &self,
        worker: &WorkerName,
        limits: ClaimLimits,
        now: Timestamp,
    ) -> Result<Option<Claimed>, StoreError> {
        let failed = self.failed("claim a run");
        // An idle worker asks every two seconds; reading first spares the disk a write each time.
        let waiting: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM runs
              WHERE state = 'queued' AND (not_before_ms <= $1 OR fails = 0) LIMIT 1",
        )
        .bind(Millis(now))
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(&failed)?;
        if waiting.is_none() {
            return Ok(None);
        }

        let mut tx = self.begin().await?;
        pass_gate(&mut tx).await.map_err(&failed)?;
        let run: Option<RunRow> = sqlx::query(statements::CLAIM)
            .bind(worker)
            .bind(Millis(now))
            .bind(limits.memory_mb)
            .bind(limits.per_user)
            .bind(whole_millis(RESERVE_AFTER))
            .try_map(named)
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let Some(run) = run else { return Ok(None) };
        let data = json!({ "worker": worker });
        event::add(&mut tx, &run.id, run.attempt, now, "claimed", data)
            .await
            .map_err(&failed)?;
        tx.tell(Change::Run(run.id.clone()));
        tx.commit().await.map_err(failed)?;
        Ok(Some(Claimed {
            lease: Lease {
                run: run.id.clone(),
                worker: worker.clone(),
                attempt: run.attempt,
            },
            run,
        }))
    }
}
