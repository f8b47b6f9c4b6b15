//! Who did what to what. Append-only.

use crate::values::Millis;
use crate::{Store, StoreError};
use jiff::Timestamp;

impl Store {
    /// Writes one line. `detail` is JSON and never holds passwords or rows.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn audit(
        &self,
        actor: &str,
        action: &str,
        subject: &str,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed("write the audit log");
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO audit (at_ms, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(Millis(now))
        .bind(actor)
        .bind(action)
        .bind(subject)
        .bind(detail)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }
}
