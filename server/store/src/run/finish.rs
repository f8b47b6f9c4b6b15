//! The one effective completion of a run.

use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;

use super::{Lease, RunState, event};
use crate::outbox::{self, NewMessage};
use crate::store::Change;
use crate::values::{Millis, Word};
use crate::{Store, StoreError, WorkerName};

/// How often a finish whose outcome is unknown is tried again. The busy time-out of each try is
/// long already.
const TRIES: u32 = 3;

/// A file a run made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewArtifact {
    /// The name people download it under.
    pub name: String,
    /// What it is, such as `workbook`.
    pub kind: String,
    /// Its media type.
    pub content_type: String,
    /// Where it is stored: `results/<run>/<attempt>/<name>`, so that no attempt overwrites another.
    pub storage_key: String,
    /// Its size.
    pub bytes: i64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Rows in it, where that means something.
    pub rows: Option<i64>,
}

/// A successful end. The files are in their place already.
#[derive(Clone, Debug, Default)]
pub struct Finish {
    /// Whose the attempt is.
    pub lease: Lease,
    /// Now.
    pub now: Timestamp,
    /// Rows in all sheets.
    pub rows: i64,
    /// Its files.
    pub artifacts: Vec<NewArtifact>,
    /// What the run page shows, as JSON.
    pub outcome_json: String,
    /// The control totals, as JSON.
    pub totals_json: String,
    /// Messages to send.
    pub outbox: Vec<NewMessage>,
}

/// What became of a finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The run has succeeded, with its files and messages.
    Done,
    /// The run belongs to somebody else by now: delete the files, mail nothing.
    LeaseLost,
    /// Somebody asked to stop it before: it is cancelled. Delete the files, mail nothing.
    Cancelled,
}

impl Store {
    /// Finishes a run: state, files, outcome, messages and event in one transaction, or nothing.
    ///
    /// Finishing again with the same attempt answers the same, so a lost reply does no harm.
    ///
    /// # Errors
    /// When the database still cannot be written after trying again. The run is then as it was,
    /// or finished; trying again later tells.
    pub async fn finish(&self, finish: Finish) -> Result<Finished, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.finish_once(&finish).await {
                Ok(finished) => return Ok(finished),
                // An update may have been committed although we saw an error: read it back.
                Err(error) => match self.read_back(&finish).await {
                    Ok(Some(finished)) => {
                        // The transaction told the others when it was committed, but not us.
                        self.changed(Change::Run(finish.lease.run));
                        self.changed(Change::Queued);
                        return Ok(finished);
                    }
                    Ok(None) if tries < TRIES => {}
                    _ => return Err(error),
                },
            }
        }
    }

    async fn finish_once(&self, finish: &Finish) -> Result<Finished, StoreError> {
        let failed = self.failed("finish a run");
        let mut tx = self.begin().await?;
        let finished = transition(&mut tx, finish).await.map_err(&failed)?;
        tx.tell(Change::Run(finish.lease.run.clone()));
        tx.tell(Change::Queued);
        tx.commit().await.map_err(failed)?;
        Ok(finished)
    }

    async fn read_back(&self, finish: &Finish) -> Result<Option<Finished>, StoreError> {
        let failed = self.failed("read a finished run back");
        let mut tx = self.begin().await?;
        // A write that changes nothing, so that whatever was on its way has happened or never will.
        sqlx::query(
            "UPDATE runs SET heartbeat = heartbeat
              WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3",
        )
        .bind(&finish.lease.run)
        .bind(&finish.lease.worker)
        .bind(finish.lease.attempt)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        outcome_of(&mut tx, finish).await.map_err(failed)
    }
}

async fn transition(
    connection: &mut AnyConnection,
    finish: &Finish,
) -> Result<Finished, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE runs
            SET state = 'succeeded', worker = NULL, finished_ms = $4, rows_done = $5,
                error_code = NULL, error_text = NULL, error_chain = NULL
          WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3
            AND cancel_ms IS NULL",
    )
    .bind(&finish.lease.run)
    .bind(&finish.lease.worker)
    .bind(finish.lease.attempt)
    .bind(Millis(finish.now))
    .bind(finish.rows)
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return not_ours(connection, finish).await;
    }
    for artifact in &finish.artifacts {
        insert_artifact(connection, finish, artifact).await?;
    }
    sqlx::query(
        "INSERT INTO run_outcomes (run_id, rows, outcome_json, totals_json) VALUES ($1, $2, $3, $4)",
    )
    .bind(&finish.lease.run)
    .bind(finish.rows)
    .bind(&finish.outcome_json)
    .bind(if finish.totals_json.is_empty() { "[]" } else { &finish.totals_json })
    .execute(&mut *connection)
    .await?;
    for message in &finish.outbox {
        outbox::insert(connection, &finish.lease.run, message, finish.now).await?;
    }
    let data = json!({ "worker": finish.lease.worker, "rows": finish.rows });
    event::add(
        connection,
        &finish.lease.run,
        finish.lease.attempt,
        finish.now,
        "succeeded",
        data,
    )
    .await?;
    Ok(Finished::Done)
}

/// The update found no row: somebody asked to stop, or the run is not ours any more, or this very
/// finish was committed before and its reply was lost.
async fn not_ours(
    connection: &mut AnyConnection,
    finish: &Finish,
) -> Result<Finished, sqlx::Error> {
    let stopped = sqlx::query(
        "UPDATE runs SET state = 'cancelled', worker = NULL, finished_ms = $4
          WHERE id = $1 AND state = 'running' AND worker = $2 AND attempt = $3
            AND cancel_ms IS NOT NULL",
    )
    .bind(&finish.lease.run)
    .bind(&finish.lease.worker)
    .bind(finish.lease.attempt)
    .bind(Millis(finish.now))
    .execute(&mut *connection)
    .await?;
    if stopped.rows_affected() == 0 {
        let finished = outcome_of(connection, finish).await?;
        return Ok(finished.unwrap_or(Finished::LeaseLost));
    }
    let data = json!({ "worker": finish.lease.worker, "source_confirmed": true });
    event::add(
        connection,
        &finish.lease.run,
        finish.lease.attempt,
        finish.now,
        "cancelled",
        data,
    )
    .await?;
    Ok(Finished::Cancelled)
}

/// What has become of this attempt; `None` while it is running and ours.
async fn outcome_of(
    connection: &mut AnyConnection,
    finish: &Finish,
) -> Result<Option<Finished>, sqlx::Error> {
    let row: Option<(Word<RunState>, i64, Option<WorkerName>)> =
        sqlx::query_as("SELECT state, attempt, worker FROM runs WHERE id = $1")
            .bind(&finish.lease.run)
            .fetch_optional(connection)
            .await?;
    Ok(match row {
        Some((Word(state), attempt, worker)) if attempt == finish.lease.attempt => match state {
            RunState::Running if worker.as_ref() == Some(&finish.lease.worker) => None,
            RunState::Succeeded => Some(Finished::Done),
            RunState::Cancelled => Some(Finished::Cancelled),
            _ => Some(Finished::LeaseLost),
        },
        _ => Some(Finished::LeaseLost),
    })
}

async fn insert_artifact(
    connection: &mut AnyConnection,
    finish: &Finish,
    artifact: &NewArtifact,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO artifacts
           (run_id, name, kind, content_type, storage_key, bytes, sha256, rows, created_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&finish.lease.run)
    .bind(&artifact.name)
    .bind(&artifact.kind)
    .bind(&artifact.content_type)
    .bind(&artifact.storage_key)
    .bind(artifact.bytes)
    .bind(&artifact.sha256)
    .bind(artifact.rows)
    .bind(Millis(finish.now))
    .execute(connection)
    .await
    .map(|_| ())
}
