//! A run as the table has it: what lists show of it, and all of it.

use std::ops::Deref;

use jiff::Timestamp;
use sqlx::FromRow;

use super::{RunState, Step};
use crate::values::{Millis, OptionalMillis, OptionalWord, Word};
use crate::{PersonId, RunId, WorkerName};

/// What lists show of a run. The statements of lists select these columns and no others (`statements/summary.sql`).
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RunSummary {
    /// Its id.
    pub id: RunId,
    /// Which report.
    pub report_id: String,
    /// SHA-256 of the report's text; see [`Store::revision`](crate::Store::revision).
    pub report_revision: String,
    /// Who asked for it first; limits per person count it there. Its owners are more.
    pub user_id: PersonId,
    /// The report's title in the run's language.
    pub title: String,
    /// The values, relative dates resolved.
    pub values_json: String,
    /// The values for people: label and text.
    pub chips_json: String,
    /// Where it is.
    #[sqlx(try_from = "Word<RunState>")]
    pub state: RunState,
    /// When it was asked for.
    #[sqlx(rename = "created_ms", try_from = "Millis")]
    pub created_at: Timestamp,
    /// How often it was claimed; the fencing token.
    pub attempt: i64,
    /// The worker that has it.
    pub worker: Option<WorkerName>,
    /// When somebody asked to stop it.
    #[sqlx(rename = "cancel_ms", try_from = "OptionalMillis")]
    pub cancel_at: Option<Timestamp>,
    /// The step it is in.
    #[sqlx(try_from = "OptionalWord<Step>")]
    pub step: Option<Step>,
    /// Rows so far; of a succeeded run, rows in all.
    pub rows_done: i64,
    /// More about the progress, as the worker says it.
    pub detail_json: Option<String>,
    /// Last claimed.
    #[sqlx(rename = "claimed_ms", try_from = "OptionalMillis")]
    pub claimed_at: Option<Timestamp>,
    /// When it finished.
    #[sqlx(rename = "finished_ms", try_from = "OptionalMillis")]
    pub finished_at: Option<Timestamp>,
    /// The last error for people, see [`RunSummary::told`].
    pub error_text: Option<String>,
}

/// All of one run. Its summary is read as if it stood here.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RunRow {
    /// What lists show of it.
    #[sqlx(flatten)]
    pub summary: RunSummary,
    /// The first source it reads.
    pub source_id: String,
    /// `ko` or `en`.
    pub lang: String,
    /// The input as it was typed.
    pub input_json: String,
    /// The schedule that fired it.
    pub schedule_id: Option<String>,
    /// The fire time it stands for.
    #[sqlx(rename = "fire_ms", try_from = "OptionalMillis")]
    pub fire_at: Option<Timestamp>,
    /// What would make the same result has the same. While it is queued or running and nobody
    /// asked to stop it, no second run has it.
    pub dedup_key: Option<String>,
    /// The run it repeats.
    pub retry_of: Option<RunId>,
    /// Higher goes first. Default: 0.
    pub priority: i64,
    /// Memory it is given.
    pub memory_mb: i64,
    /// Not claimed before.
    #[sqlx(rename = "not_before_ms", try_from = "Millis")]
    pub not_before: Timestamp,
    /// Fails when it is still queued then.
    #[sqlx(rename = "expires_ms", try_from = "OptionalMillis")]
    pub expires_at: Option<Timestamp>,
    /// Transient failures so far.
    pub fails: i64,
    /// Failed for good after this many failures.
    pub max_attempts: i64,
    /// How often its worker vanished.
    pub crashes: i64,
    /// Failed for good after this many vanished workers.
    pub max_crashes: i64,
    /// The worker that had it last, also when it is over.
    pub last_worker: Option<WorkerName>,
    /// Counts up while the worker lives.
    pub heartbeat: i64,
    /// When it last did, for people; no decision uses it.
    #[sqlx(rename = "heartbeat_ms", try_from = "OptionalMillis")]
    pub heartbeat_at: Option<Timestamp>,
    /// Who did.
    pub cancel_by: Option<PersonId>,
    /// Rows there will be, where known.
    pub rows_total: Option<i64>,
    /// Bytes so far.
    pub bytes_done: i64,
    /// The session at the source database.
    pub db_session: Option<String>,
    /// First claimed.
    #[sqlx(rename = "started_ms", try_from = "OptionalMillis")]
    pub started_at: Option<Timestamp>,
    /// Class of the last error, see [`RunRow::failure_class`].
    pub error_code: Option<String>,
    /// The last error for administrators.
    pub error_chain: Option<String>,
}

impl Deref for RunRow {
    type Target = RunSummary;

    fn deref(&self) -> &RunSummary {
        &self.summary
    }
}
