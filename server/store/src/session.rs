//! Sessions as the web layer keeps them: an id, a text and an end.

use crate::values::Millis;
use crate::{Store, StoreError};
use jiff::Timestamp;

impl Store {
    /// The data and end of a session. Sessions past their end are still returned; the caller knows
    /// the time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load_session(&self, id: &str) -> Result<Option<(String, Timestamp)>, StoreError> {
        let session: Option<(String, Millis)> =
            sqlx::query_as("SELECT data, expires_ms FROM sessions WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut *self.reader().await?)
                .await
                .map_err(self.failed("read a session"))?;
        Ok(session.map(|(data, Millis(expires_at))| (data, expires_at)))
    }

    /// Creates a session, unless the id is taken: then `false`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_session(
        &self,
        id: &str,
        data: &str,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write_session(
            "INSERT INTO sessions (id, data, expires_ms) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO NOTHING",
            id,
            data,
            expires_at,
        )
        .await
    }

    /// Keeps a session's new data and end, creating the session when it is gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn save_session(
        &self,
        id: &str,
        data: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_session(
            "INSERT INTO sessions (id, data, expires_ms) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET
               data = excluded.data, expires_ms = excluded.expires_ms",
            id,
            data,
            expires_at,
        )
        .await
        .map(|_| ())
    }

    async fn write_session(
        &self,
        statement: &'static str,
        id: &str,
        data: &str,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let failed = self.failed("write a session");
        let mut tx = self.begin().await?;
        let done = sqlx::query(statement)
            .bind(id)
            .bind(data)
            .bind(Millis(expires_at))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(done.rows_affected() == 1)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_session(&self, id: &str) -> Result<(), StoreError> {
        let failed = self.failed("end a session");
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM sessions WHERE id = $1")
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Forgets sessions past their end and says how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let failed = self.failed("forget old sessions");
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM sessions WHERE expires_ms <= $1")
            .bind(Millis(now))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(done.rows_affected())
    }
}
