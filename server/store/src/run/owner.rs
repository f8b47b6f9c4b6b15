//! Who wants a run: the one who asked first, and everybody who asked for the same while it was
//! under way.
//!
//! Joining, leaving and cancelling all change the run's row first, so that they happen one after
//! the other and each sees what the one before has left.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use sqlx::{AnyConnection, FromRow};

use super::event;
use crate::store::Change;
use crate::values::{Millis, OptionalMillis};
use crate::{PersonId, RunId, Store, StoreError};

/// Somebody who wants or wanted a run.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OwnerRow {
    /// Who.
    pub user_id: PersonId,
    /// What they are called; their id when they are gone.
    pub name: String,
    /// Since when; of somebody who came back, since then.
    #[sqlx(rename = "since_ms", try_from = "Millis")]
    pub since: Timestamp,
    /// Since when they do not want it any more; the run went on without them.
    #[sqlx(rename = "left_ms", try_from = "OptionalMillis")]
    pub left_at: Option<Timestamp>,
}

/// Takes the row of the run with this key, if it may be shared: id and attempt.
pub(super) async fn take_open(
    connection: &mut AnyConnection,
    key: Option<&str>,
) -> Result<Option<(RunId, i64)>, sqlx::Error> {
    sqlx::query_as(
        "UPDATE runs SET dedup_key = dedup_key
          WHERE dedup_key = $1 AND cancel_ms IS NULL AND state IN ('queued', 'running')
         RETURNING id, attempt",
    )
    .bind(key)
    .fetch_optional(connection)
    .await
}

/// Makes a person an owner, also one who had left; `false` when they are one already.
pub(super) async fn add(
    connection: &mut AnyConnection,
    run: &RunId,
    user: &PersonId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let added = sqlx::query(
        "INSERT INTO run_owners (run_id, user_id, since_ms) VALUES ($1, $2, $3)
         ON CONFLICT (run_id, user_id) DO UPDATE
            SET since_ms = excluded.since_ms, left_ms = NULL
          WHERE run_owners.left_ms IS NOT NULL",
    )
    .bind(run)
    .bind(user)
    .bind(Millis(now))
    .execute(connection)
    .await?;
    Ok(added.rows_affected() > 0)
}

/// Makes a person an owner of a run whose row is taken, with its event; `false` as above.
pub(super) async fn join(
    connection: &mut AnyConnection,
    run: &RunId,
    attempt: i64,
    user: &PersonId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let is_new = add(connection, run, user, now).await?;
    if is_new {
        event::add(
            connection,
            run,
            attempt,
            now,
            "shared",
            json!({ "by": user }),
        )
        .await?;
    }
    Ok(is_new)
}

/// Marks a person as gone from a run whose row is taken, with its event, when others still want
/// it; `false` when nobody else does, and nothing has changed then.
pub(super) async fn leave(
    connection: &mut AnyConnection,
    run: &RunId,
    attempt: i64,
    user: &PersonId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let others: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM run_owners
          WHERE run_id = $1 AND user_id <> $2 AND left_ms IS NULL",
    )
    .bind(run)
    .bind(user)
    .fetch_one(&mut *connection)
    .await?;
    if others == 0 {
        return Ok(false);
    }
    let left = sqlx::query(
        "UPDATE run_owners SET left_ms = $3
          WHERE run_id = $1 AND user_id = $2 AND left_ms IS NULL",
    )
    .bind(run)
    .bind(user)
    .bind(Millis(now))
    .execute(&mut *connection)
    .await?;
    if left.rows_affected() > 0 {
        event::add(connection, run, attempt, now, "left", json!({ "by": user })).await?;
    }
    Ok(true)
}

impl Store {
    /// Everybody who wants or wanted a run, in the order they came.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owners(&self, run: &RunId) -> Result<Vec<OwnerRow>, StoreError> {
        sqlx::query_as(
            "SELECT o.user_id, COALESCE(p.name, o.user_id) AS name, o.since_ms, o.left_ms
               FROM run_owners o
               LEFT JOIN people p ON p.id = o.user_id
              WHERE o.run_id = $1
              ORDER BY o.since_ms, o.user_id",
        )
        .bind(run)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read who shares a run"))
    }

    /// Whether somebody wants a run, or wanted it once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_owner(&self, run: &RunId, user: &PersonId) -> Result<bool, StoreError> {
        let found: Option<i64> =
            sqlx::query_scalar("SELECT 1 FROM run_owners WHERE run_id = $1 AND user_id = $2")
                .bind(run)
                .bind(user)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(self.failed("look up who shares a run"))?;
        Ok(found.is_some())
    }

    /// The runs somebody has left.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn left_runs(&self, user: &PersonId) -> Result<BTreeSet<RunId>, StoreError> {
        let left: Vec<RunId> = sqlx::query_scalar(
            "SELECT run_id FROM run_owners WHERE user_id = $1 AND left_ms IS NOT NULL",
        )
        .bind(user)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("list the runs somebody left"))?;
        Ok(left.into_iter().collect())
    }

    /// Everybody who wants a run that has not finished: (run, person), in the order they came.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owners_of_open_runs(&self) -> Result<Vec<(RunId, PersonId)>, StoreError> {
        sqlx::query_as(include_str!("owners_of_open_runs.sql"))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read who shares the runs"))
    }

    /// Makes somebody an owner of the succeeded run with this id and key, whose result they use
    /// instead of a run of their own; `false` when there is none. The run itself never changes any
    /// more, so this leaves no event.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn share_result(
        &self,
        run: &RunId,
        key: &str,
        user: &PersonId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let failed = self.failed("share a finished run");
        let mut tx = self.begin().await?;
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM runs WHERE id = $1 AND dedup_key = $2 AND state = 'succeeded'",
        )
        .bind(run)
        .bind(key)
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        if found.is_none() {
            return Ok(false);
        }
        add(&mut tx, run, user, now).await.map_err(&failed)?;
        tx.tell(Change::Run(run.clone()));
        tx.commit().await.map_err(failed)?;
        Ok(true)
    }
}
