//! One-time links. Only the hash of a token is kept, so that reading the tables opens no door.

use crate::store::pass_gate;
use crate::values::Millis;
use crate::{PersonId, Store, StoreError};
use jiff::Timestamp;

impl Store {
    /// Creates a one-time link beside those the person may have: of all of them the first that is used works.
    ///
    /// # Errors
    /// When there is no such person or the database cannot be written.
    pub async fn create_invite(
        &self,
        token_hash: &str,
        person_id: &PersonId,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let failed = self.failed("create an invitation");
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO invites (token_hash, person_id, expires_ms) VALUES ($1, $2, $3)")
            .bind(token_hash)
            .bind(person_id)
            .bind(Millis(expires_at))
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Whom an unused link would let in, without using it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn invited(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<PersonId>, StoreError> {
        sqlx::query_scalar(
            "SELECT person_id FROM invites
              WHERE token_hash = $1 AND taken_ms IS NULL AND expires_ms > $2",
        )
        .bind(token_hash)
        .bind(Millis(now))
        .fetch_optional(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read an invitation"))
    }

    /// Uses a link up, and with it every other link of the person. Of any number of callers one gets the person.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_invite(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<PersonId>, StoreError> {
        let failed = self.failed("use an invitation");
        let mut tx = self.begin().await?;
        // Two links of one person that are used at once would not see each other, and both work.
        pass_gate(&mut tx).await.map_err(&failed)?;
        let person: Option<PersonId> = sqlx::query_scalar(
            "UPDATE invites SET taken_ms = $2
              WHERE token_hash = $1 AND taken_ms IS NULL AND expires_ms > $2
             RETURNING person_id",
        )
        .bind(token_hash)
        .bind(Millis(now))
        .fetch_optional(&mut *tx)
        .await
        .map_err(&failed)?;
        if let Some(person) = &person {
            sqlx::query("DELETE FROM invites WHERE person_id = $1 AND taken_ms IS NULL")
                .bind(person)
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(person)
    }
}
