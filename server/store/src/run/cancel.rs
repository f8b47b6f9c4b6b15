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
        // First the change, which waits for whoever is changing the row; then the question why there
        // was nothing to change.
        let asked: Option<(RunState, i64)> = sqlx::query_as(
            "UPDATE runs
                SET cancel_ms = $3, cancel_by = $2,
                    state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
                    finished_ms = CASE WHEN state = 'queued' THEN $3 ELSE finished_ms END
              WHERE id = $1 AND state IN ('queued', 'running') AND cancel_ms IS NULL
             RETURNING state, attempt",
        )
        .bind(id)
        .bind(by)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        let Some((state, attempt)) = asked else {
            let state: Option<RunState> =
                sqlx::query_scalar("SELECT state FROM runs WHERE id = $1")
                    .bind(id)
                    .fetch_optional(&mut *tx)
                    .await
                    .map_err(failed)?;
            return Ok(match state {
                None => CancelOutcome::Unknown,
                Some(state) if state.is_finished() => CancelOutcome::AlreadyFinished(state),
                Some(_) => CancelOutcome::Asked,
            });
        };
        let at_once = state == RunState::Cancelled;
        let kind = if at_once { "cancelled" } else { "cancel_asked" };
        event::add(&mut tx, id, attempt, now, kind, json!({ "by": by }))
            .await
            .map_err(&failed)?;
        tx.tell(Change::Run(id.to_owned()));
        tx.commit().await.map_err(failed)?;
        Ok(if at_once {
            CancelOutcome::AtOnce
        } else {
            CancelOutcome::Asked
        })
    }
}
