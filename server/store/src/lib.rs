//! Digger's own tables: runs, reports, people, sessions, artifacts, outbox.
//!
//! One SQLite file in the data directory, one process at a time. The table `runs` is the queue;
//! every promise of docs/run-lifecycle.md is a statement in here. The statements are written so
//! that PostgreSQL takes the same text. No decision looks at a clock: callers pass `now` in
//! milliseconds since 1970 in UTC.

mod audit;
mod error;
mod invite;
mod lock;
mod outbox;
mod person;
mod rate;
mod revision;
mod run;
mod schedule;
mod session;
mod source;
mod store;

pub use error::StoreError;
pub use lock::Holder;
pub use outbox::{Message, MessageState, NewMessage};
pub use person::{NewPerson, Person, PersonId};
pub use revision::Revision;
pub use run::{
    Artifact, Beat, Beaten, CancelOutcome, ClaimLimits, Claimed, Enqueued, EventRow, Failure,
    Finish, Finished, Heartbeats, NewArtifact, NewRun, Observed, Outcome, Page, QueuePlace,
    RESERVE_AFTER_MS, RunFilter, RunRow, RunState, Running, Swept, Usual, retry_wait_ms,
};
pub use schedule::{Fired, NewSchedule};
pub use source::SourceRow;
pub use store::{Change, Store};
