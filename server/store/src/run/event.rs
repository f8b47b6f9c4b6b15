//! The history of one run, written with each transition and never changed.

use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

use crate::values::Millis;
use crate::{RunId, Store, StoreError};

/// One event of a run.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EventRow {
    /// Counts from 1 within the run.
    pub seq: i64,
    /// The attempt it belongs to; 0 before the first claim.
    pub attempt: i64,
    /// When.
    #[sqlx(rename = "at_ms", try_from = "Millis")]
    pub at: Timestamp,
    /// `queued`, `shared`, `left`, `claimed`, `step` (once `stage`), `retry`, `interrupted`, `worker_lost`,
    /// `cancel_asked`, `succeeded`, `failed` or `cancelled`.
    pub kind: String,
    /// More about it, as JSON.
    pub data: String,
}

/// Adds an event. The caller has changed the run's row in the same transaction, which keeps the
/// numbers of one run from racing.
pub(super) async fn add(
    connection: &mut AnyConnection,
    run: &RunId,
    attempt: i64,
    now: Timestamp,
    kind: &'static str,
    data: serde_json::Value,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO run_events (run_id, seq, attempt, at_ms, kind, data)
         SELECT $1, COALESCE(MAX(seq), 0) + 1, $2, $3, $4, $5 FROM run_events WHERE run_id = $1",
    )
    .bind(run)
    .bind(attempt)
    .bind(Millis(now))
    .bind(kind)
    .bind(data.to_string())
    .execute(connection)
    .await
    .map(|_| ())
}

impl Store {
    /// The events of a run after a number, in order. 0 for all of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn events(&self, run: &RunId, after_seq: i64) -> Result<Vec<EventRow>, StoreError> {
        sqlx::query_as(
            "SELECT seq, attempt, at_ms, kind, data FROM run_events
              WHERE run_id = $1 AND seq > $2 ORDER BY seq",
        )
        .bind(run)
        .bind(after_seq)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read a run's events"))
    }
}
