//! What happens now, for administrators: runs, the queue, sources, workers, the next fires.

use crate::port::moment::Moment;
use crate::port::runs::live::{Step, Usual};

/// Everything under way in this installation, over all its processes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NowView {
    /// When this was read.
    pub at: Moment,
    /// Running runs, longest first.
    pub running: Vec<ActiveRun>,
    /// The head of the queue, in the order of the claim; at most 50.
    pub queue: Vec<QueuedRun>,
    /// How many runs wait in all.
    pub queued: u32,
    /// Every configured source, by name.
    pub sources: Vec<Lane>,
    /// Workers that live, then those that vanished within the last day; each by its start.
    pub workers: Vec<WorkerView>,
    /// Fires of schedules within the next 24 hours, soonest first.
    pub fires: Vec<FireView>,
}

/// A run somebody works on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActiveRun {
    /// Its id; the page is `/runs/{id}`.
    pub id: String,
    /// The report's title when it was asked for.
    pub title: String,
    /// Who wants it, whoever asked first first.
    pub person: String,
    /// The sources it reads: its lanes.
    pub sources: Vec<String>,
    /// What it does now.
    pub step: Option<Step>,
    /// Rows fetched so far.
    pub rows: u64,
    /// Rows there will be in this step; only when really known.
    pub total: Option<u64>,
    /// Since the attempt began, milliseconds.
    pub elapsed_ms: u64,
    /// How past runs of the report were.
    pub usual: Option<Usual>,
    /// How often it was begun, from 1.
    pub attempt: u32,
    /// Who executes it: name and host of the worker.
    pub worker: Option<WorkerName>,
    /// A cancel was asked for and is under way.
    pub is_stopping: bool,
}

/// A run in the queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueuedRun {
    /// Its id.
    pub id: String,
    /// The report's title when it was asked for.
    pub title: String,
    /// Who wants it, whoever asked first first.
    pub person: String,
    /// The sources it will read.
    pub sources: Vec<String>,
    /// Its place among the runs that share a source with it, from 1; what its own page says too.
    pub place: u32,
    /// What keeps it, one sentence; absent when nothing but its turn does.
    pub reason: Option<String>,
    /// When it starts and ends, one sentence; absent where nobody can know.
    pub expected: Option<String>,
    /// Since it was asked for, milliseconds.
    pub waited_ms: u64,
}

/// A source as a road with so many lanes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// The source's name.
    pub name: String,
    /// Runs on it now.
    pub running: u32,
    /// Runs it may carry.
    pub max_running: u32,
    /// Runs that wait for it.
    pub queued: u32,
    /// An administrator paused it: what runs goes on, nothing new begins.
    pub is_paused: bool,
}

/// Which process, where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkerName {
    /// New at every start.
    pub name: String,
    /// The machine.
    pub host: String,
}

/// A process that executes runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkerView {
    /// Name and host.
    pub worker: WorkerName,
    /// Process id on its host.
    pub pid: u32,
    /// The version of Digger it is.
    pub version: String,
    /// When it started.
    pub since: Moment,
    /// Since its last heartbeat, milliseconds. For people: no decision is made by it.
    pub beat_age_ms: u64,
    /// Memory given to the runs it works on, MiB.
    pub memory_used_mb: u32,
    /// Memory it may give, MiB.
    pub memory_mb: u32,
    /// What it works on: id and title.
    pub runs: Vec<(String, String)>,
    /// What it does.
    pub state: WorkerState,
}

/// What a worker does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkerState {
    /// Takes runs.
    #[default]
    Working,
    /// Takes no more runs; some are still to finish.
    Draining,
    /// Takes no more runs and has none.
    Drained,
    /// Its heartbeat stood still for a whole lease; its runs were taken from it.
    Lost,
}

/// A schedule that will fire.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FireView {
    /// The report it runs.
    pub report_id: String,
    /// The report's title, or its id when there is no such report any more.
    pub title: String,
    /// Whose schedule it is.
    pub owner: String,
    /// When, in the schedule's zone.
    pub at: Moment,
    /// The zone, as an IANA name.
    pub zone: String,
    /// Which process on which host fired it last; absent before its first fire.
    pub fired_by: Option<String>,
}

/// A button of the page, as it is posted: `action` and `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NowAction {
    /// No run that reads this source begins any more.
    PauseSource,
    /// Runs may begin again.
    ResumeSource,
    /// The worker finishes what it has and takes nothing new.
    DrainWorker,
    /// The worker takes runs again.
    ResumeWorker,
    /// The run stops.
    CancelRun,
}

impl NowAction {
    /// Every action.
    pub const ALL: [NowAction; 5] = [
        NowAction::PauseSource,
        NowAction::ResumeSource,
        NowAction::DrainWorker,
        NowAction::ResumeWorker,
        NowAction::CancelRun,
    ];

    /// The word in forms, addresses and the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            NowAction::PauseSource => "pause_source",
            NowAction::ResumeSource => "resume_source",
            NowAction::DrainWorker => "drain_worker",
            NowAction::ResumeWorker => "resume_worker",
            NowAction::CancelRun => "cancel_run",
        }
    }

    /// Reads [`NowAction::as_str`].
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }
}

/// What was just done, carried in the address: `?done=pause_source&of=shop`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NowDone {
    /// Which button.
    pub action: NowAction,
    /// Of which source, worker or run.
    pub of: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_read_back() {
        assert!(
            NowAction::ALL
                .into_iter()
                .all(|action| NowAction::from_word(action.as_str()) == Some(action))
        );
        assert_eq!(NowAction::from_word("drop_source"), None);
    }
}
