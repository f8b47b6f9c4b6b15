//! The processes that execute runs, as all of them see each other.
//!
//! A worker's counter rises while it lives. Others watch it on their own clocks; `beat_at` is for people only.

use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

use crate::store::Change;
use crate::values::{Millis, OptionalMillis};
use crate::{Store, StoreError, WorkerName};

/// A worker that starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWorker {
    /// New at every start; `runs.worker` of the runs it claims.
    pub name: WorkerName,
    /// The machine, as it calls itself.
    pub host: String,
    /// Process id on that machine.
    pub pid: u32,
    /// The version of Digger it is.
    pub version: String,
    /// Memory it may give to its runs, in MB. At least 1.
    pub memory_mb: i64,
}

/// A worker.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct WorkerRow {
    /// New at every start.
    pub name: WorkerName,
    /// The machine.
    pub host: String,
    /// Process id there.
    pub pid: i64,
    /// The version of Digger it is.
    pub version: String,
    /// Memory it may give to its runs, in MB.
    pub memory_mb: i64,
    /// Memory it has given to the runs it works on, in MB, counted as the claim counts it.
    pub memory_given_mb: i64,
    /// When it started.
    #[sqlx(rename = "started_ms", try_from = "Millis")]
    pub started_at: Timestamp,
    /// When it last beat, by its own clock; for people, no decision uses it.
    #[sqlx(rename = "beat_ms", try_from = "Millis")]
    pub beat_at: Timestamp,
    /// Since when it is to take no more runs.
    #[sqlx(rename = "drain_ms", try_from = "OptionalMillis")]
    pub drain_at: Option<Timestamp>,
    /// When it ended.
    #[sqlx(rename = "ended_ms", try_from = "OptionalMillis")]
    pub ended_at: Option<Timestamp>,
    /// When it was declared lost: it never said that it ended.
    #[sqlx(rename = "lost_ms", try_from = "OptionalMillis")]
    pub lost_at: Option<Timestamp>,
}

/// A living worker's counter, to watch.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct WorkerBeat {
    /// Which worker.
    pub name: WorkerName,
    /// Its counter.
    pub beat: i64,
}

/// What a worker's heartbeat brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct WorkerBeaten {
    /// The counter after this beat.
    pub beat: i64,
    /// Since when it is to take no more runs.
    #[sqlx(rename = "drain_ms", try_from = "OptionalMillis")]
    pub drain_at: Option<Timestamp>,
}

/// What is selected of a worker, with the memory of its runs beside it.
macro_rules! select_worker {
    ($condition:literal) => {
        concat!(
            "SELECT w.name, w.host, w.pid, w.version, w.memory_mb, w.started_ms, w.beat_ms, w.drain_ms,
                    w.ended_ms, w.lost_ms,
                    CAST(COALESCE((SELECT SUM(CASE WHEN r.memory_mb > w.memory_mb THEN w.memory_mb
                                                   ELSE r.memory_mb END)
                                     FROM runs r
                                    WHERE r.state = 'running' AND r.worker = w.name), 0) AS BIGINT)
                      AS memory_given_mb
               FROM workers w
              WHERE ",
            $condition
        )
    };
}

impl Store {
    /// Says that a worker starts.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn register_worker(
        &self,
        worker: &NewWorker,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed("register a worker");
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO workers (name, host, pid, version, memory_mb, started_ms, beat_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(&worker.name)
        .bind(&worker.host)
        .bind(i64::from(worker.pid))
        .bind(&worker.version)
        .bind(worker.memory_mb)
        .bind(Millis(now))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Says that a worker has ended. One that never registered is none of our business.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_worker(&self, name: &WorkerName, now: Timestamp) -> Result<(), StoreError> {
        let failed = self.failed("end a worker");
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE workers SET ended_ms = $2, lost_ms = NULL WHERE name = $1")
            .bind(name)
            .bind(Millis(now))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// The counters of all workers that have not ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn living_workers(&self) -> Result<Vec<WorkerBeat>, StoreError> {
        sqlx::query_as("SELECT name, beat FROM workers WHERE ended_ms IS NULL ORDER BY name")
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read the workers' heartbeats"))
    }

    /// Declares workers lost whose counters stood still for a whole lease on the watcher's own
    /// clock, and returns their names. One that has beaten since it was observed is left alone;
    /// one that beats later is back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn lose_workers(
        &self,
        observed: &[WorkerBeat],
        now: Timestamp,
    ) -> Result<Vec<WorkerName>, StoreError> {
        let failed = self.failed("declare workers lost");
        let mut lost = Vec::new();
        if observed.is_empty() {
            return Ok(lost);
        }
        // In one order, so that two sweepers do not wait for each other.
        let mut observed: Vec<&WorkerBeat> = observed.iter().collect();
        observed.sort_by(|one, other| one.name.cmp(&other.name));
        let mut tx = self.begin().await?;
        for worker in observed {
            let done = sqlx::query(
                "UPDATE workers SET ended_ms = $3, lost_ms = $3
                  WHERE name = $1 AND beat = $2 AND ended_ms IS NULL",
            )
            .bind(&worker.name)
            .bind(worker.beat)
            .bind(Millis(now))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
            if done.rows_affected() > 0 {
                lost.push(worker.name.clone());
            }
        }
        tx.commit().await.map_err(failed)?;
        Ok(lost)
    }

    /// Wishes that a worker takes no more runs, or that it takes runs again. Its next heartbeat
    /// tells it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such worker, or it has ended.
    pub async fn drain_worker(
        &self,
        name: &WorkerName,
        is_draining: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed("drain a worker");
        let mut tx = self.begin().await?;
        let statement = if is_draining {
            "UPDATE workers SET drain_ms = COALESCE(drain_ms, $2) WHERE name = $1 AND ended_ms IS NULL"
        } else {
            "UPDATE workers SET drain_ms = NULL WHERE name = $1 AND ended_ms IS NULL AND $2 > 0"
        };
        let done = sqlx::query(statement)
            .bind(name)
            .bind(Millis(now))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        // Whoever works again has something to look for.
        tx.tell(Change::Queued);
        tx.commit().await.map_err(failed)?;
        match done.rows_affected() {
            0 => Err(StoreError::Missing {
                what: "worker",
                value: name.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// Workers that live, and those lost since then, each group by its start.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn workers(&self, lost_since: Timestamp) -> Result<Vec<WorkerRow>, StoreError> {
        sqlx::query_as(select_worker!(
            "w.ended_ms IS NULL OR w.lost_ms >= $1
              ORDER BY CASE WHEN w.ended_ms IS NULL THEN 0 ELSE 1 END, w.started_ms, w.name"
        ))
        .bind(Millis(lost_since))
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read the workers"))
    }

    /// One worker, also one that has ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn worker(&self, name: &WorkerName) -> Result<Option<WorkerRow>, StoreError> {
        sqlx::query_as(select_worker!("w.name = $1"))
            .bind(name)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read a worker"))
    }
}

/// Counts up, unless the worker has said that it ends. See
/// [`Heartbeats::beat_worker`](crate::Heartbeats::beat_worker).
pub(crate) async fn beat(
    connection: &mut AnyConnection,
    name: &WorkerName,
    now: Timestamp,
) -> Result<Option<WorkerBeaten>, sqlx::Error> {
    sqlx::query_as(
        "UPDATE workers
            SET beat = beat + 1, beat_ms = $2, ended_ms = NULL, lost_ms = NULL
          WHERE name = $1 AND (ended_ms IS NULL OR lost_ms IS NOT NULL)
         RETURNING beat, drain_ms",
    )
    .bind(name)
    .bind(Millis(now))
    .fetch_optional(connection)
    .await
}

/// Declares every worker lost that has not ended. For the holder of the data directory's lock: all of
/// them are dead.
pub(crate) async fn lose_leftovers(
    connection: &mut AnyConnection,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE workers SET ended_ms = $1, lost_ms = $1 WHERE ended_ms IS NULL")
        .bind(Millis(now))
        .execute(connection)
        .await
        .map(|_| ())
}
