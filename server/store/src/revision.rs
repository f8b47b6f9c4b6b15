//! Every text a report ever had, so that a run can always show what it ran.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::values::Millis;
use crate::{Store, StoreError};

/// One text of a report.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Revision {
    /// Which report.
    pub report_id: String,
    /// SHA-256 of the text, in hexadecimal.
    pub hash: String,
    /// The text, byte for byte.
    pub text: String,
    /// When it was first loaded.
    #[sqlx(rename = "first_seen_ms", try_from = "Millis")]
    pub first_seen_at: Timestamp,
    /// When it was last loaded.
    #[sqlx(rename = "last_seen_ms", try_from = "Millis")]
    pub last_seen_at: Timestamp,
}

impl Store {
    /// Remembers a text that was loaded without mistakes.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_revision(
        &self,
        report_id: &str,
        hash: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed("keep a report's text");
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO report_revisions (report_id, hash, text, first_seen_ms, last_seen_ms)
             VALUES ($1, $2, $3, $4, $4)
             ON CONFLICT (report_id, hash) DO UPDATE SET last_seen_ms = excluded.last_seen_ms",
        )
        .bind(report_id)
        .bind(hash)
        .bind(text)
        .bind(Millis(now))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// The text of a report that was last loaded without mistakes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_good(&self, report_id: &str) -> Result<Option<Revision>, StoreError> {
        sqlx::query_as(
            "SELECT * FROM report_revisions WHERE report_id = $1
              ORDER BY last_seen_ms DESC, first_seen_ms DESC LIMIT 1",
        )
        .bind(report_id)
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read a report's text"))
    }

    /// The text with this hash.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn revision(&self, hash: &str) -> Result<Option<Revision>, StoreError> {
        sqlx::query_as("SELECT * FROM report_revisions WHERE hash = $1 LIMIT 1")
            .bind(hash)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read a report's text"))
    }
}
