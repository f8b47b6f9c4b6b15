//! The wish to stop a run, or only to have no more to do with it.

use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;

use super::{RunState, event, owner};
use crate::store::{Change, Tx};
use crate::values::{Millis, Word};
use crate::{PersonId, RunId, Store, StoreError};

/// What became of the wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It was waiting and is cancelled now.
    AtOnce,
    /// It is running; its worker has been asked and will stop it.
    Asked,
    /// Others want it: it goes on without whoever asked.
    Left,
    /// It had finished before; nothing changes.
    AlreadyFinished(RunState),
    /// There is no such run.
    Unknown,
}

impl Store {
    /// Asks a run to stop, whoever else wants it. A queued run is cancelled at once; a running one
    /// when its worker has stopped the statement.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn cancel(
        &self,
        id: &RunId,
        by: &PersonId,
        now: Timestamp,
    ) -> Result<CancelOutcome, StoreError> {
        let failed = self.failed("cancel a run");
        let mut tx = self.begin().await?;
        let outcome = stop(&mut tx, id, by, now).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(outcome)
    }

    /// Says that one person does not want a run any more. While others do, it goes on without
    /// them; with the last one it is cancelled, as by [`Store::cancel`].
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn leave(
        &self,
        id: &RunId,
        by: &PersonId,
        now: Timestamp,
    ) -> Result<CancelOutcome, StoreError> {
        let failed = self.failed("leave a run");
        let mut tx = self.begin().await?;
        // First the row: of two who leave at once, the second one finds the first one gone.
        let attempt: Option<i64> = sqlx::query_scalar(
            "UPDATE runs SET cancel_by = cancel_by
              WHERE id = $1 AND state IN ('queued', 'running') AND cancel_ms IS NULL
             RETURNING attempt",
        )
        .bind(id)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        let outcome = match attempt {
            None => why_not(&mut tx, id).await.map_err(&failed)?,
            Some(attempt) => {
                let left = owner::leave(&mut tx, id, attempt, by, now).await;
                if left.map_err(&failed)? {
                    tx.tell(Change::Run(id.clone()));
                    CancelOutcome::Left
                } else {
                    stop(&mut tx, id, by, now).await.map_err(&failed)?
                }
            }
        };
        tx.commit().await.map_err(failed)?;
        Ok(outcome)
    }
}

async fn stop(
    tx: &mut Tx<'_>,
    id: &RunId,
    by: &PersonId,
    now: Timestamp,
) -> Result<CancelOutcome, sqlx::Error> {
    // First the change, which waits for whoever is changing the row; then the question why there
    // was nothing to change.
    let asked: Option<(Word<RunState>, i64)> = sqlx::query_as(
        "UPDATE runs
            SET cancel_ms = $3, cancel_by = $2,
                state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
                finished_ms = CASE WHEN state = 'queued' THEN $3 ELSE finished_ms END
          WHERE id = $1 AND state IN ('queued', 'running') AND cancel_ms IS NULL
         RETURNING state, attempt",
    )
    .bind(id)
    .bind(by)
    .bind(Millis(now))
    .fetch_optional(&mut **tx)
    .await?;
    let Some((Word(state), attempt)) = asked else {
        return why_not(tx, id).await;
    };
    let is_over = state == RunState::Cancelled;
    let kind = if is_over { "cancelled" } else { "cancel_asked" };
    event::add(tx, id, attempt, now, kind, json!({ "by": by })).await?;
    tx.tell(Change::Run(id.clone()));
    Ok(if is_over {
        CancelOutcome::AtOnce
    } else {
        CancelOutcome::Asked
    })
}

/// Why there was nothing to stop.
async fn why_not(connection: &mut AnyConnection, id: &RunId) -> Result<CancelOutcome, sqlx::Error> {
    let state: Option<Word<RunState>> = sqlx::query_scalar("SELECT state FROM runs WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    Ok(match state {
        None => CancelOutcome::Unknown,
        Some(Word(state)) if state.is_finished() => CancelOutcome::AlreadyFinished(state),
        Some(_) => CancelOutcome::Asked,
    })
}
