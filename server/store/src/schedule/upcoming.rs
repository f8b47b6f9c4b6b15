//! What schedules will start soon, for people. Nothing fires from here.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::values::Millis;
use crate::{PersonId, Store, StoreError};

/// Fires that are listed: more than anybody reads.
const MOST: i64 = 200;

/// A schedule's next fire.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct UpcomingFire {
    /// The schedule.
    pub schedule: String,
    /// The report it runs.
    pub report_id: String,
    /// Whose it is.
    pub owner_id: PersonId,
    /// Its zone, as an IANA name.
    pub zone: String,
    /// When it fires.
    #[sqlx(rename = "at_ms", try_from = "Millis")]
    pub at: Timestamp,
    /// Host of the process that fired it last; `None` before its first fire.
    pub last_host: Option<String>,
    /// That process's id.
    pub last_pid: Option<i64>,
}

impl Store {
    /// Next fires before `until` of schedules that are switched on, soonest first; at most 200.
    /// One that is overdue is among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn upcoming_fires(&self, until: Timestamp) -> Result<Vec<UpcomingFire>, StoreError> {
        sqlx::query_as(
            "SELECT s.id AS schedule, s.report_id, s.owner_id, s.zone, s.next_fire_ms AS at_ms,
                    w.host AS last_host, w.pid AS last_pid
               FROM schedules s
               LEFT JOIN workers w ON w.name = s.last_fire_by
              WHERE s.enabled AND s.next_fire_ms < $1
              ORDER BY s.next_fire_ms, s.id
              LIMIT $2",
        )
        .bind(Millis(until))
        .bind(MOST)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read the next fires"))
    }
}
