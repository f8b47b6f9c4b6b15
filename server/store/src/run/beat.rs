//! Heartbeats: proof of life, progress, and the way the wish to cancel comes back.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;

use super::event;
use crate::store::Change;
use crate::values::Millis;
use crate::worker::{self, WorkerBeaten};
use crate::{Lease, Step, Store, StoreError, WorkerName};

/// A beat that takes longer is given up and the next one begins on a new connection: a network that
/// swallows packets says nothing for a quarter of an hour. Longer than the database waits for a lock.
const LONGEST: Duration = Duration::from_secs(15);

/// Progress of a run. `None` leaves what is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// The step it is in. A new step writes an event.
    pub step: Option<Step>,
    /// Rows so far.
    pub rows_done: i64,
    /// Rows there will be, where known.
    pub rows_total: Option<i64>,
    /// Bytes so far.
    pub bytes_done: i64,
    /// The session at the source database.
    pub db_session: Option<String>,
    /// More about the progress, as JSON.
    pub detail_json: Option<String>,
    /// Now.
    pub now: Timestamp,
}

/// What a heartbeat brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beaten {
    /// The counter after this beat.
    pub heartbeat: i64,
    /// When somebody asked to stop the run.
    pub cancel_at: Option<Timestamp>,
}

/// Heartbeats have their own connection and may live on their own thread and runtime: a busy
/// runtime or an exhausted pool must not look like death.
#[derive(Debug)]
pub struct Heartbeats {
    /// `None` before the first beat and after an error: the next one opens a fresh one, whatever the
    /// old one is stuck in.
    connection: Option<AnyConnection>,
    /// Keeps the directory locked as long as somebody can write.
    store: Store,
    /// The step last written per attempt.
    steps: HashMap<Lease, Step>,
}

impl Store {
    /// The connection heartbeats use. On PostgreSQL it is opened by the first beat, because it
    /// belongs to the runtime that opens it, and that is to be the heartbeat's own.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn heartbeat_connection(&self) -> Result<Heartbeats, StoreError> {
        let connection = match self.place().is_shared() {
            true => None,
            false => Some(self.connection().await?),
        };
        Ok(Heartbeats {
            connection,
            store: self.clone(),
            steps: HashMap::new(),
        })
    }
}

impl Heartbeats {
    /// Says that the run's worker lives and how far it is. `None`: the lease is lost; stop, delete
    /// temporary files, never mail.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn beat(&mut self, lease: &Lease, beat: Beat) -> Result<Option<Beaten>, StoreError> {
        // Taken, so that a beat that fails or is given up leaves none behind.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.store.connection().await?,
        };
        let store = self.store.clone();
        let beating = self.beat_on(&mut connection, lease, &beat);
        let beaten = in_time(&store, beating).await?;
        self.connection = Some(connection);
        Ok(beaten)
    }

    async fn beat_on(
        &mut self,
        connection: &mut AnyConnection,
        lease: &Lease,
        beat: &Beat,
    ) -> Result<Option<Beaten>, StoreError> {
        let failed = self.store.failed("write a heartbeat");
        let new_step = beat.step.filter(|step| self.steps.get(lease) != Some(step));
        let mut tx = self.store.begin_on(connection).await.map_err(&failed)?;
        let beaten: Option<(i64, Option<Millis>)> = sqlx::query_as(
            "UPDATE runs
                SET heartbeat = heartbeat + 1, heartbeat_ms = $4, step = COALESCE($5, step),
                    rows_done = $6, rows_total = COALESCE($7, rows_total), bytes_done = $8,
                    db_session = COALESCE($9, db_session), detail_json = COALESCE($10, detail_json)
              WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3
             RETURNING heartbeat, cancel_ms",
        )
        .bind(&lease.run)
        .bind(&lease.worker)
        .bind(lease.attempt)
        .bind(Millis(beat.now))
        .bind(beat.step.map(Step::as_str))
        .bind(beat.rows_done)
        .bind(beat.rows_total)
        .bind(beat.bytes_done)
        .bind(&beat.db_session)
        .bind(&beat.detail_json)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        let Some((heartbeat, cancel)) = beaten else {
            self.steps.remove(lease);
            return Ok(None);
        };
        if let Some(step) = new_step {
            event::add(
                &mut tx,
                &lease.run,
                lease.attempt,
                beat.now,
                "step",
                json!({ "step": step }),
            )
            .await
            .map_err(&failed)?;
        }
        tx.tell(Change::Run(lease.run.clone()));
        tx.commit().await.map_err(failed)?;
        if let Some(step) = new_step {
            self.steps.insert(lease.clone(), step);
        }
        Ok(Some(Beaten {
            heartbeat,
            cancel_at: cancel.map(Timestamp::from),
        }))
    }

    /// Says that a worker lives, and brings back what is wished of it. One that was declared lost is
    /// back. `None`: it has never registered, or has said that it ends.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn beat_worker(
        &mut self,
        name: &WorkerName,
        now: Timestamp,
    ) -> Result<Option<WorkerBeaten>, StoreError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.store.connection().await?,
        };
        let store = self.store.clone();
        let beating = async {
            let failed = store.failed("write a worker's heartbeat");
            let mut tx = store.begin_on(&mut connection).await.map_err(&failed)?;
            let beaten = worker::beat(&mut tx, name, now).await.map_err(&failed)?;
            tx.commit().await.map_err(failed)?;
            Ok(beaten)
        };
        let beaten = in_time(&store, beating).await?;
        self.connection = Some(connection);
        Ok(beaten)
    }

    /// Forgets what is remembered about an attempt that has ended.
    pub fn forget(&mut self, lease: &Lease) {
        self.steps.remove(lease);
    }
}

/// The beat, unless it takes too long: the runs behind it in line need theirs.
async fn in_time<T>(
    store: &Store,
    beating: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(LONGEST, beating).await {
        Ok(beaten) => beaten,
        Err(_) => {
            let silent = io::Error::new(io::ErrorKind::TimedOut, "no answer to a heartbeat");
            Err(store.failed("write a heartbeat")(silent.into()))
        }
    }
}
