//! The queue as a whole, for those who look after it. The order is the one of the claim.

use jiff::Timestamp;
use sqlx::FromRow;

use super::{QueuePlace, RunState, statements};
use crate::values::{Millis, OptionalMillis, Word, named};
use crate::{PersonId, RunId, Store, StoreError};

/// A queued run and what keeps it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct QueuedRow {
    /// The run.
    pub id: RunId,
    /// Which report.
    pub report_id: String,
    /// The report's title in the run's language.
    pub title: String,
    /// Who asked for it first.
    pub user_id: PersonId,
    /// When.
    #[sqlx(rename = "created_ms", try_from = "Millis")]
    pub created_at: Timestamp,
    /// Where it stands, as [`Store::queue_place`] says it.
    #[sqlx(flatten)]
    pub place: QueuePlace,
}

/// A run that has not finished, with what decides when it is its turn.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OpenRow {
    /// The run.
    pub id: RunId,
    /// Which report.
    pub report_id: String,
    /// Who asked for it first.
    pub user_id: PersonId,
    /// Queued or running.
    #[sqlx(try_from = "Word<RunState>")]
    pub state: RunState,
    /// Higher goes first among equally loaded users.
    pub priority: i64,
    /// When it was asked for.
    #[sqlx(rename = "created_ms", try_from = "Millis")]
    pub created_at: Timestamp,
    /// Not claimed before.
    #[sqlx(rename = "not_before_ms", try_from = "Millis")]
    pub not_before: Timestamp,
    /// When it was claimed last.
    #[sqlx(rename = "claimed_ms", try_from = "OptionalMillis")]
    pub claimed_at: Option<Timestamp>,
    /// When a run of the same user was claimed last; 0 when none ever was.
    #[sqlx(rename = "served_ms", try_from = "Millis")]
    pub served_at: Timestamp,
}

impl Store {
    /// Every run that has not finished, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_runs(&self) -> Result<Vec<OpenRow>, StoreError> {
        sqlx::query(include_str!("open_runs.sql"))
            .try_map(named)
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read what runs and what waits"))
    }

    /// The head of the queue: at most `limit` runs, next first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn queue(&self, limit: u32) -> Result<Vec<QueuedRow>, StoreError> {
        sqlx::query_as(statements::QUEUE)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read the queue"))
    }

    /// How many runs wait.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn queued(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT COUNT(*) FROM runs WHERE state = 'queued'")
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(self.failed("count the queue"))
    }

    /// Every source of every run that has not finished: (run, source), by both.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sources_of_open_runs(&self) -> Result<Vec<(RunId, String)>, StoreError> {
        sqlx::query_as(include_str!("sources_of_open_runs.sql"))
            .fetch_all(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read what runs read"))
    }
}
