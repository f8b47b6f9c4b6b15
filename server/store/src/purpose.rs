//! What an installation was made for.

use crate::store::pass_gate;
use crate::{Store, StoreError};

/// What an installation was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Showing Digger, with invented people whose password everybody knows.
    Demo,
    /// Everything else.
    Work,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Work => "work",
        }
    }
}

impl Store {
    /// Makes this installation one for `wanted`, as long as it is for nothing yet and has no people, and returns
    /// what it is for. One that has people was made for work. Atomic, so that of two first starts one decides.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_purpose(&self, wanted: Purpose) -> Result<Purpose, StoreError> {
        let failed = self.failed("read what this installation is for");
        let mut tx = self.begin().await?;
        pass_gate(&mut tx).await.map_err(&failed)?;
        let known: Option<String> = sqlx::query_scalar("SELECT purpose FROM installation")
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        if let Some(known) = known {
            return Ok(match known.as_str() {
                "demo" => Purpose::Demo,
                _ => Purpose::Work,
            });
        }
        let people: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM people")
            .fetch_one(&mut *tx)
            .await
            .map_err(&failed)?;
        let purpose = if people == 0 { wanted } else { Purpose::Work };
        sqlx::query("INSERT INTO installation (id, purpose) VALUES (1, $1)")
            .bind(purpose.word())
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(purpose)
    }
}
