//! Runs: the queue and the history are the same table.
//!
//! Every transition is one statement fenced by the state it leaves, and writes its event in the
//! same transaction. A worker's statements are fenced by its [`Lease`] as well, so a
//! worker that was declared dead changes nothing any more.

mod beat;
mod cancel;
mod claim;
mod ending;
mod enqueue;
mod event;
mod failure;
mod finish;
mod lease;
mod list;
mod owner;
mod progress;
mod queue;
mod row;
mod statements;
mod sweep;

pub use beat::{Beat, Beaten, Heartbeats};
pub use cancel::CancelOutcome;
pub use claim::{ClaimLimits, Claimed, RESERVE_AFTER};
pub use ending::{Ending, retry_wait};
pub(crate) use enqueue::insert;
pub use enqueue::{Enqueued, NewRun};
pub use event::EventRow;
pub use finish::{Finish, Finished, NewArtifact};
pub use lang::{RunState, Step};
pub use lease::Lease;
pub use list::{Page, RunFilter};
pub use owner::OwnerRow;
pub use progress::{Artifact, Outcome, QueuePlace, Usual};
pub use queue::{OpenRow, QueuedRow};
pub use row::{RunRow, RunSummary};
pub use sweep::{Observed, Running, Swept};
