//! Runs whose worker is gone, and runs whose time is over.

use jiff::Timestamp;
use serde_json::json;
use sqlx::{AnyConnection, FromRow};

use super::{Lease, RunState, event, failure};
use crate::store::{Change, Tx};
use crate::values::{Millis, Word};
use crate::{RunId, Store, StoreError, outbox, worker};

/// A running run, as a sweeper watches it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Running {
    /// Whose it is.
    #[sqlx(flatten)]
    pub lease: Lease,
    /// The counter to watch.
    pub heartbeat: i64,
}

/// A run whose heartbeat stood still for the whole lease, on the watcher's own monotonic clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The run.
    pub id: RunId,
    /// The attempt that was watched.
    pub attempt: i64,
    /// The counter that stood still.
    pub heartbeat: i64,
}

/// A run that was taken from its worker.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Swept {
    /// The run.
    pub id: RunId,
    /// The attempt that ended.
    pub attempt: i64,
    /// Where it is now: queued again, failed, or cancelled when that was asked.
    #[sqlx(try_from = "Word<RunState>")]
    pub state: RunState,
    /// The session at the source database that may still be working and should be stopped.
    pub db_session: Option<String>,
}

/// Put into order afterwards: told to, SQLite walks through every run there ever was in the order of
/// the ids, instead of sorting the few that run.
const RUNNING: &str = "SELECT id, attempt, worker, heartbeat FROM runs WHERE state = 'running'";

impl Store {
    /// The running runs with their heartbeats.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn running(&self) -> Result<Vec<Running>, StoreError> {
        let mut running: Vec<Running> = sqlx::query_as(RUNNING)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read the running runs"))?;
        running.sort_by(|one, other| one.lease.run.cmp(&other.lease.run));
        Ok(running)
    }

    /// Takes runs from workers that stopped beating. A run that has beaten since it was observed
    /// is left alone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn lost(
        &self,
        observed: &[Observed],
        now: Timestamp,
    ) -> Result<Vec<Swept>, StoreError> {
        let failed = self.failed("take over lost runs");
        let mut swept = Vec::new();
        if observed.is_empty() {
            return Ok(swept);
        }
        // In one order, so that two sweepers do not wait for each other.
        let mut observed: Vec<&Observed> = observed.iter().collect();
        observed.sort_by(|one, other| one.id.cmp(&other.id));
        let mut tx = self.begin().await?;
        for run in observed {
            let taken = take(&mut tx, run, now).await.map_err(&failed)?;
            swept.extend(taken);
        }
        tell(&mut tx, &swept);
        tx.commit().await.map_err(failed)?;
        Ok(swept)
    }

    /// Takes every run that is still marked as running. For the start of a process: it holds the
    /// directory's lock, so whoever had these runs is dead. Messages that were on their way become
    /// `unsure`.
    ///
    /// On PostgreSQL nothing is taken, because others may be working: there what stands still is
    /// found by watching, see [`Store::lost`] and [`Store::give_up_messages`].
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn own_leftovers(&self, now: Timestamp) -> Result<Vec<Swept>, StoreError> {
        if self.place().is_shared() {
            return Ok(Vec::new());
        }
        let failed = self.failed("take over runs of the last process");
        let mut tx = self.begin().await?;
        let left: Vec<Running> = sqlx::query_as(RUNNING)
            .fetch_all(&mut *tx)
            .await
            .map_err(&failed)?;
        let mut swept = Vec::new();
        for run in left {
            let run = Observed {
                id: run.lease.run,
                attempt: run.lease.attempt,
                heartbeat: run.heartbeat,
            };
            swept.extend(take(&mut tx, &run, now).await.map_err(&failed)?);
        }
        worker::lose_leftovers(&mut tx, now)
            .await
            .map_err(&failed)?;
        outbox::unsure_leftovers(&mut tx).await.map_err(&failed)?;
        tell(&mut tx, &swept);
        tx.commit().await.map_err(failed)?;
        Ok(swept)
    }

    /// Fails queued runs whose time is over and returns their ids.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn expire(&self, now: Timestamp) -> Result<Vec<RunId>, StoreError> {
        let failed = self.failed("expire old runs");
        let mut due: Vec<RunId> =
            sqlx::query_scalar("SELECT id FROM runs WHERE state = 'queued' AND expires_ms <= $1")
                .bind(Millis(now))
                .fetch_all(&mut *self.reader().await?)
                .await
                .map_err(&failed)?;
        let mut expired = Vec::new();
        if due.is_empty() {
            return Ok(expired);
        }
        let told = failure::told_json(&failure::expired()).map_err(&failed)?;
        let mut tx = self.begin().await?;
        due.sort_unstable();
        // One by one in one order: two sweepers that update them all at once could stop each other.
        for id in due {
            let attempt: Option<i64> = sqlx::query_scalar(
                "UPDATE runs
                    SET state = 'failed', finished_ms = $2, error_code = 'expired', error_text = $3
                  WHERE id = $1 AND state = 'queued' AND expires_ms <= $2
                 RETURNING attempt",
            )
            .bind(&id)
            .bind(Millis(now))
            .bind(&told)
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
            let Some(attempt) = attempt else { continue };
            let data = json!({ "code": "expired" });
            event::add(&mut tx, &id, attempt, now, "failed", data)
                .await
                .map_err(&failed)?;
            tx.tell(Change::Run(id.clone()));
            expired.push(id);
        }
        tx.commit().await.map_err(failed)?;
        Ok(expired)
    }
}

fn tell(tx: &mut Tx<'_>, swept: &[Swept]) {
    for run in swept {
        tx.tell(Change::Run(run.id.clone()));
    }
    if !swept.is_empty() {
        tx.tell(Change::Queued);
    }
}

async fn take(
    connection: &mut AnyConnection,
    run: &Observed,
    now: Timestamp,
) -> Result<Option<Swept>, sqlx::Error> {
    let swept: Option<Swept> = sqlx::query_as(
        "UPDATE runs
            SET state = CASE WHEN cancel_ms IS NOT NULL THEN 'cancelled'
                             WHEN crashes + 1 >= max_crashes THEN 'failed'
                             ELSE 'queued' END,
                finished_ms = CASE WHEN cancel_ms IS NOT NULL OR crashes + 1 >= max_crashes
                                   THEN $4 ELSE NULL END,
                crashes = crashes + 1, worker = NULL, not_before_ms = $4,
                error_code = 'worker_lost', error_text = $5,
                error_chain = 'the worker stopped beating'
          WHERE id = $1 AND state = 'running' AND attempt = $2 AND heartbeat = $3
         RETURNING id, attempt, state, db_session",
    )
    .bind(&run.id)
    .bind(run.attempt)
    .bind(run.heartbeat)
    .bind(Millis(now))
    .bind(failure::told_json(&failure::worker_lost())?)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(swept) = &swept {
        let kind = match swept.state {
            RunState::Queued => "worker_lost",
            RunState::Cancelled => "cancelled",
            _ => "failed",
        };
        let data = json!({ "code": "worker_lost", "source_confirmed": false });
        event::add(connection, &swept.id, swept.attempt, now, kind, data).await?;
    }
    Ok(swept)
}
