//! The load of each source: statements that run there, runs that wait for it, its limit, and whether it is paused.

use sqlx::FromRow;

use crate::values::Flag;
use crate::{Store, StoreError};

/// A source with its runs.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct LaneRow {
    /// Its name.
    pub id: String,
    /// Runs that may read it at the same time.
    pub max_running: i64,
    /// Whether runs that read it wait.
    #[sqlx(try_from = "Flag")]
    pub paused: bool,
    /// Runs that read it now.
    pub running: i64,
    /// Runs that wait for it, whatever keeps them.
    pub queued: i64,
}

impl Store {
    /// All sources by name, with their runs; also sources that are not configured any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lanes(&self) -> Result<Vec<LaneRow>, StoreError> {
        sqlx::query_as(
            "SELECT s.id, s.max_running, CASE WHEN s.paused THEN 1 ELSE 0 END AS paused,
                    (SELECT COUNT(*) FROM run_sources x JOIN runs r ON r.id = x.run_id
                      WHERE x.source_id = s.id AND r.state = 'running') AS running,
                    (SELECT COUNT(*) FROM run_sources x JOIN runs r ON r.id = x.run_id
                      WHERE x.source_id = s.id AND r.state = 'queued') AS queued
               FROM sources s
              ORDER BY s.id",
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read what is on the sources"))
    }
}
