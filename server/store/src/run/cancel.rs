//! The wish to stop a run.

use serde_json::json;

use super::{RunState, event};
use crate::store::Change;
use crate::{Store, StoreError};

/// What became of the wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It was waiting and is cancelled now.
    AtOnce,
    /// It is running; its worker has been asked and will stop it.
    Asked,
    /// It had finished before; nothing changes.
    AlreadyFinished(RunState),
    /// There is no such run.
    Unknown,
}

impl Store {
    /// Asks a run to stop. A queued run is cancelled at once; a running one when its worker has
    /// stopped the statement.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn cancel(&self, id: &str, by: &str, now: i64) -> Result<CancelOutcome, StoreError> {
        let failed = self.failed("cancel a run");
        let mut tx = self.begin().await?;
        let before: Option<(RunState, i64, Option<i64>)> =
            sqlx::query_as("SELECT state, attempt, cancel_ms FROM runs WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut *tx)
                .await
                .map_err(&failed)?;
        let (attempt, asked_before) = match before {
            None => return Ok(CancelOutcome::Unknown),
            Some((state, ..)) if state.is_finished() => {
                return Ok(CancelOutcome::AlreadyFinished(state));
            }
            Some((_, attempt, cancel_ms)) => (attempt, cancel_ms.is_some()),
        };
        let state: RunState = sqlx::query_scalar(
            "UPDATE runs
                SET cancel_ms = COALESCE(cancel_ms, $3), cancel_by = COALESCE(cancel_by, $2),
                    state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
                    finished_ms = CASE WHEN state = 'queued' THEN $3 ELSE finished_ms END
              WHERE id = $1 AND state IN ('queued', 'running')
             RETURNING state",
        )
        .bind(id)
        .bind(by)
        .bind(now)
        .fetch_one(&mut *tx)
        .await
        .map_err(&failed)?;
        let at_once = state == RunState::Cancelled;
        if at_once || !asked_before {
            let kind = if at_once { "cancelled" } else { "cancel_asked" };
            event::add(&mut tx, id, attempt, now, kind, json!({ "by": by }))
                .await
                .map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)?;
        self.changed(Change::Run(id.to_owned()));
        Ok(if at_once {
            CancelOutcome::AtOnce
        } else {
            CancelOutcome::Asked
        })
    }
}
