//! Digger's own tables: runs, reports, people, sessions, artifacts, outbox.
//!
//! One SQLite file in the data directory for one process, or a PostgreSQL database for any number.
//! The table `runs` is the queue; every promise of docs/run-lifecycle.md is a statement in here, and
//! both databases take the same text. No decision looks at a clock: callers pass `now`. Columns hold
//! milliseconds since 1970 in UTC; what is finer is cut off when it is written.
//!
//! On SQLite one writer follows the other. On PostgreSQL writers run beside each other, each
//! statement seeing what was committed before it began (READ COMMITTED). So a transaction first
//! changes the row that everything else depends on, fenced by what it expects there, and only then
//! reads and adds: whoever comes second waits at that row and finds it changed. What depends on many
//! rows first updates the one row of `claim_gate`, behind which others wait; rows of several kinds are touched in the order of their keys.

mod audit;
mod error;
mod id;
mod invite;
mod location;
mod lock;
mod outbox;
mod person;
mod purpose;
mod rate;
mod revision;
mod run;
mod schedule;
mod session;
mod source;
mod store;
mod url_error;
mod values;
mod worker;

pub use error::StoreError;
pub use id::{PersonId, RunId, WorkerName};
pub use location::Location;
pub use lock::Holder;
pub use outbox::{Message, MessageState, NewMessage};
pub use person::{NewPerson, Person};
pub use purpose::Purpose;
pub use revision::Revision;
pub use run::{
    Artifact, Beat, Beaten, CancelOutcome, ClaimLimits, Claimed, Ending, Enqueued, EventRow,
    Finish, Finished, Heartbeats, Lease, NewArtifact, NewRun, Observed, OpenRow, Outcome, OwnerRow,
    Page, QueuePlace, QueuedRow, RESERVE_AFTER, RunFilter, RunRow, RunState, RunSummary, Running,
    Step, Swept, Usual, retry_wait,
};
pub use schedule::{Fired, NewSchedule, UpcomingFire};
pub use source::{LaneRow, SourceRow};
pub use store::{Change, MovedTable, Schema, Store};
pub use url_error::UrlError;
pub use worker::{NewWorker, WorkerBeat, WorkerBeaten, WorkerRow};
