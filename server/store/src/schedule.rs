//! The firing of schedules. Choosing times, calendars and catch-up belong to whoever calls.

mod upcoming;

use crate::run::{NewRun, insert};
use crate::store::Change;
use crate::values::Millis;
use crate::{PersonId, Store, StoreError, WorkerName};
use jiff::Timestamp;

pub use upcoming::UpcomingFire;

/// A schedule to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSchedule {
    /// Its id.
    pub id: String,
    /// The report it runs.
    pub report_id: String,
    /// Whose it is.
    pub owner_id: PersonId,
    /// Kind and settings, values, recipients, as JSON.
    pub spec: String,
    /// Its zone, as an IANA name.
    pub zone: String,
    /// When it fires first.
    pub next_fire_at: Option<Timestamp>,
}

/// What became of a fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fired {
    /// This call fired it: the run is queued.
    Queued,
    /// Somebody else fired it, or it is switched off or changed by now.
    NotOurs,
}

impl Store {
    /// Creates a schedule, switched on.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_schedule(&self, schedule: &NewSchedule) -> Result<(), StoreError> {
        let failed = self.failed("create a schedule");
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO schedules (id, report_id, owner_id, spec, zone, next_fire_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&schedule.id)
        .bind(&schedule.report_id)
        .bind(&schedule.owner_id)
        .bind(&schedule.spec)
        .bind(&schedule.zone)
        .bind(schedule.next_fire_at.map(Millis))
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Fires a schedule once: moves it from `fire_at` to `next_fire_at` and queues its run, both
    /// or neither. Of any number of callers one succeeds, and the schedule remembers its worker `by`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn fire(
        &self,
        schedule: &str,
        fire_at: Timestamp,
        next_fire_at: Option<Timestamp>,
        run: NewRun,
        by: &WorkerName,
    ) -> Result<Fired, StoreError> {
        let failed = self.failed("fire a schedule");
        let mut tx = self.begin().await?;
        let moved = sqlx::query(
            "UPDATE schedules
                SET last_fire_ms = next_fire_ms, last_fire_by = $4, next_fire_ms = $3,
                    revision = revision + 1
              WHERE id = $1 AND enabled AND next_fire_ms = $2",
        )
        .bind(schedule)
        .bind(Millis(fire_at))
        .bind(next_fire_at.map(Millis))
        .bind(by)
        .execute(&mut *tx)
        .await
        .map_err(&failed)?;
        if moved.rows_affected() == 0 {
            return Ok(Fired::NotOurs);
        }
        // The unique (schedule, fire time) makes this harmless even if the move was undone once.
        let queued = insert(&mut tx, &run, Some((schedule, fire_at)))
            .await
            .map_err(&failed)?;
        if queued {
            tx.tell(Change::Run(run.id));
            tx.tell(Change::Queued);
        }
        tx.commit().await.map_err(failed)?;
        Ok(if queued {
            Fired::Queued
        } else {
            Fired::NotOurs
        })
    }
}
