//! Counters that slow down guessing. Atomic, so that racing requests are all counted.

use std::time::Duration;

use crate::values::{Millis, whole_millis};
use crate::{Store, StoreError};
use jiff::Timestamp;

impl Store {
    /// Counts one hit and returns how many there were in the current window, this one included.
    /// A window begins with its first hit and lasts as long as `window` says.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn hit(
        &self,
        key: &str,
        window: Duration,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let failed = self.failed("count an attempt");
        let mut tx = self.begin().await?;
        let hits = sqlx::query_scalar(
            "INSERT INTO rate_counters AS c (key, since_ms, hits) VALUES ($1, $3, 1)
             ON CONFLICT (key) DO UPDATE SET
               hits     = CASE WHEN c.since_ms + $2 <= $3 THEN 1 ELSE c.hits + 1 END,
               since_ms = CASE WHEN c.since_ms + $2 <= $3 THEN $3 ELSE c.since_ms END
             RETURNING hits",
        )
        .bind(key)
        .bind(whole_millis(window))
        .bind(Millis(now))
        .fetch_one(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(hits)
    }

    /// How many hits there were in the current window, without counting one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn hits(
        &self,
        key: &str,
        window: Duration,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let hits: Option<i64> = sqlx::query_scalar(
            "SELECT hits FROM rate_counters WHERE key = $1 AND since_ms + $2 > $3",
        )
        .bind(key)
        .bind(whole_millis(window))
        .bind(Millis(now))
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read a counter"))?;
        Ok(hits.unwrap_or_default())
    }

    /// Takes one hit back, as when what was counted beforehand did not happen.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_back(&self, key: &str) -> Result<(), StoreError> {
        let failed = self.failed("take back an attempt");
        let mut tx = self.begin().await?;
        for statement in [
            "DELETE FROM rate_counters WHERE key = $1 AND hits = 1",
            "UPDATE rate_counters SET hits = hits - 1 WHERE key = $1 AND hits > 1",
        ] {
            sqlx::query(statement)
                .bind(key)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    /// Forgets a counter, as after a successful sign-in.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn clear(&self, key: &str) -> Result<(), StoreError> {
        let failed = self.failed("clear a counter");
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM rate_counters WHERE key = $1")
            .bind(key)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Forgets every counter whose window began before `before`. For the daily clean-up.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn clear_old_counters(&self, before: Timestamp) -> Result<u64, StoreError> {
        let failed = self.failed("clear old counters");
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM rate_counters WHERE since_ms < $1")
            .bind(Millis(before))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(done.rows_affected())
    }
}
