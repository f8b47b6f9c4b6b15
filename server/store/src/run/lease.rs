//! What a claim gives a worker, and what every later statement of that worker shows.

use std::fmt;

use sqlx::FromRow;

use crate::{RunId, WorkerName};

/// A worker's hold on a run: every statement about an attempt is fenced by it and by `state = 'running'`, so that
/// whoever holds an older one changes nothing any more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, FromRow)]
pub struct Lease {
    /// The run.
    #[sqlx(rename = "id")]
    pub run: RunId,
    /// The worker that claimed it.
    pub worker: WorkerName,
    /// The fencing token: which claim of the run it was, counted from 1.
    pub attempt: i64,
}

impl fmt::Display for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, attempt, .. } = self;
        write!(f, "attempt {attempt} of run {run}")
    }
}
