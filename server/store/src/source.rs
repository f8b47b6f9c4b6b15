//! The sources as the queue sees them: how many runs each may carry, and whether it is paused.

mod lane;

use std::collections::BTreeMap;

use sqlx::FromRow;

use crate::store::Change;
use crate::values::Flag;
use crate::{Store, StoreError};

pub use lane::LaneRow;

/// A source and its limit.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SourceRow {
    /// Its name.
    pub id: String,
    /// Runs that may read it at the same time.
    pub max_running: i64,
    /// Whether runs that read it wait.
    #[sqlx(try_from = "Flag")]
    pub paused: bool,
}

impl Store {
    /// Takes over the limits of the configuration. Sources that are not configured any more keep
    /// their rows, because old runs name them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sync_sources(&self, sources: &[(String, u32)]) -> Result<(), StoreError> {
        let failed = self.failed("keep the sources' limits");
        // In one order, so that two starting processes do not wait for each other.
        let sources: BTreeMap<&String, &u32> =
            sources.iter().map(|(id, most)| (id, most)).collect();
        let mut tx = self.begin().await?;
        for (id, max_running) in sources {
            sqlx::query(
                "INSERT INTO sources (id, max_running) VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET max_running = excluded.max_running",
            )
            .bind(id)
            .bind(i64::from(*max_running))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// The first of these sources that is paused.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn paused_of(&self, names: Vec<&str>) -> Result<Option<String>, StoreError> {
        let paused: Vec<String> =
            sqlx::query_scalar("SELECT id FROM sources WHERE paused ORDER BY id")
                .fetch_all(&mut *self.reader().await?)
                .await
                .map_err(self.failed("read which sources are paused"))?;
        Ok(paused.into_iter().find(|id| names.contains(&id.as_str())))
    }

    /// Pauses a source or lets it go on. Running runs are left alone.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such source.
    pub async fn pause_source(&self, id: &str, paused: bool) -> Result<(), StoreError> {
        let failed = self.failed("pause a source");
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE sources SET paused = $2 WHERE id = $1")
            .bind(id)
            .bind(paused)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        // Whoever lets it go on has something for the workers to do.
        tx.tell(Change::Queued);
        tx.commit().await.map_err(failed)?;
        match done.rows_affected() {
            0 => Err(StoreError::Missing {
                what: "source",
                value: id.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// All sources by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        sqlx::query_as(
            "SELECT id, max_running, CASE WHEN paused THEN 1 ELSE 0 END AS paused
               FROM sources ORDER BY id",
        )
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read the sources"))
    }
}
