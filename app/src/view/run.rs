//! One run, live and finished, and the list of runs.

use lang::FailureClass;
pub use lang::{RunState, Step};
use serde::{Deserialize, Serialize};

use super::{Chip, FileView, Moment, ResultView, RunCard};

/// Where one step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not yet.
    #[default]
    Ahead,
    /// Now.
    Active,
    /// Finished.
    Done,
    /// The run ended here with an error or was cancelled here.
    Stopped,
}

/// One line of the step list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// Which step.
    pub step: Step,
    /// Where it stands.
    pub state: StepState,
    /// Rows handled in this step.
    #[serde(default)]
    pub rows: Option<u64>,
    /// Rows there will be; only when really known.
    #[serde(default)]
    pub total: Option<u64>,
    /// Bytes received or written in this step.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// Time spent in this step, milliseconds; so far when active.
    #[serde(default)]
    pub ms: Option<u64>,
}

impl StepView {
    /// All steps with `now` active (or stopped, when the run is over), those before done, those after ahead.
    ///
    /// `None` means every step is done. Fill in rows, bytes and times afterwards.
    pub fn list(now: Option<Step>, is_over: bool) -> Vec<StepView> {
        let place = now
            .and_then(|now| Step::ALL.iter().position(|step| *step == now))
            .unwrap_or(Step::ALL.len());
        let state = |index: usize| match index.cmp(&place) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal if is_over => StepState::Stopped,
            std::cmp::Ordering::Equal => StepState::Active,
            std::cmp::Ordering::Greater => StepState::Ahead,
        };
        let lines = Step::ALL.into_iter().enumerate();
        lines
            .map(|(index, step)| StepView {
                step,
                state: state(index),
                rows: None,
                total: None,
                bytes: None,
                ms: None,
            })
            .collect()
    }
}

/// How past runs of the report were: from the fastest tenth to the slowest tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usual {
    /// Nine of ten runs took longer. Milliseconds.
    pub p10_ms: u64,
    /// The median. Milliseconds.
    pub p50_ms: u64,
    /// Nine of ten runs were faster. Milliseconds.
    pub p90_ms: u64,
    /// How many runs this is based on; at least 1.
    pub runs: u32,
    /// Median rows in the file.
    pub rows: Option<u64>,
}

/// The part of a run that changes while one watches: sent as `data` of the `run` event and by polling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLive {
    /// Number of the newest event; grows.
    pub seq: u64,
    /// Where the run stands.
    pub state: RunState,
    /// All steps in order.
    pub steps: Vec<StepView>,
    /// Since the run started (queued: since it was asked for) until now or its end. Milliseconds.
    pub elapsed_ms: u64,
    /// Runs before this one, counted from 1, while queued.
    #[serde(default)]
    pub queue_place: Option<u32>,
    /// Its place, start and end in one sentence, as far as they are known: "2nd in line for the database shop, starts in
    /// about 6 min, done at about 10:14."
    #[serde(default)]
    pub queue_line: Option<String>,
    /// Why it waits, such as "쇼핑몰 DB는 한 번에 2건씩 실행됩니다.".
    #[serde(default)]
    pub queue_reason: Option<String>,
    /// Rows fetched so far.
    pub rows: u64,
    /// Bytes fetched so far.
    pub bytes: u64,
    /// A cancel was asked for and is under way.
    #[serde(default)]
    pub is_stopping: bool,
    /// The viewer may stop it, or leave it to the others, and it is not finished.
    #[serde(default)]
    pub can_cancel: bool,
    /// Others want it too: when the viewer cancels, it goes on for them.
    #[serde(default)]
    pub can_leave: bool,
    /// Who shares the run with the viewer, in one sentence.
    #[serde(default)]
    pub shared: Option<String>,
    /// A failed attempt will be repeated.
    #[serde(default)]
    pub retry: Option<Retry>,
}

/// An attempt failed for a passing reason; another follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// The failed attempt, from 1.
    pub attempt: u32,
    /// At most this many.
    pub max_attempts: u32,
    /// When the next one may start.
    pub at: Moment,
    /// One sentence about what went wrong.
    pub reason: String,
}

/// One run with its own page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunView {
    /// The run's id.
    pub id: String,
    /// The report it runs.
    pub report_id: String,
    /// The report's title when it was asked for.
    pub title: String,
    /// Who asked first.
    pub person: String,
    /// The viewer asked first.
    pub is_mine: bool,
    /// Resolved values.
    pub chips: Vec<Chip>,
    /// When it was asked for.
    pub created: Moment,
    /// When the last attempt started.
    pub started: Option<Moment>,
    /// When it ended.
    pub finished: Option<Moment>,
    /// What changes while one watches.
    pub live: RunLive,
    /// How past runs were.
    pub usual: Option<Usual>,
    /// The viewer may run the report.
    pub can_run_again: bool,
    /// Neighbouring periods, when the report has a period.
    pub shift: Option<ShiftView>,
    /// Hash of the report's text it ran with; the page shows the first 12 characters.
    pub revision: String,
    /// Which host and process executes or executed it: `reports-1 · reports-1-4711-9f86d0`. Absent before it begins.
    #[serde(default)]
    pub executed_by: Option<String>,
    /// Filled when the state is failed.
    pub error: Option<RunError>,
    /// For a run that was stopped while it ran: whether the databases confirmed that its statements have stopped.
    #[serde(default)]
    pub stop_confirmed: Option<bool>,
    /// Filled when the state is succeeded.
    pub result: Option<ResultView>,
}

impl RunView {
    /// The workbook, first of the result's files.
    pub fn file(&self) -> Option<&FileView> {
        self.result.as_ref().and_then(|result| result.files.first())
    }
}

/// The periods before and after the one of a run, as text: `2026-07-01 ~ 2026-07-31`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    /// Period by −1.
    pub previous: String,
    /// Period by +1; absent when it lies in the future entirely.
    pub next: Option<String>,
}

/// Why a run failed, in four parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    /// `source_down`, `user_sql`, … of the run contract.
    pub class: FailureClass,
    /// What happened, one sentence.
    pub what: String,
    /// Whether data is affected. Empty: the page says that nothing was changed and no file was made.
    pub affected: String,
    /// What the reader can do. Empty: the page proposes to try again or to ask the owner.
    pub advice: String,
    /// What to quote when asking for help; the run's id.
    pub reference: String,
    /// First rows of a failed check: titles, then rows.
    pub rows: Vec<Vec<String>>,
    /// The whole chain with SQL states; only for administrators.
    pub chain: Option<String>,
}

/// Answer to a wish to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelView {
    /// It was queued and is cancelled now.
    AtOnce,
    /// The worker was asked to stop.
    Asked,
    /// Others want it: it goes on without the viewer.
    Left,
    /// It had finished before.
    AlreadyFinished,
}

/// A run that was queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Its id; the page is `/runs/{id}`.
    pub run_id: String,
}

/// Which runs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunsFilter {
    /// Only this state.
    #[serde(default)]
    pub state: Option<RunState>,
    /// Only this report.
    #[serde(default)]
    pub report: Option<String>,
    /// Everybody's runs; ignored unless the viewer is an administrator.
    #[serde(default)]
    pub everyone: bool,
    /// Cursor of the page, from [`RunsView::older`]. Absent: newest.
    #[serde(default)]
    pub before: Option<String>,
}

/// One page of runs, newest first; 25 a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunsView {
    /// At most 25.
    pub runs: Vec<RunCard>,
    /// Cursor of the next, older page.
    pub older: Option<String>,
    /// Reports that occur in the viewer's history: (id, title).
    pub reports: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_before_the_active_one_are_done() {
        let steps = StepView::list(Some(Step::FetchingRows), false);
        assert_eq!(steps.len(), 8);
        assert_eq!(steps[2].state, StepState::Done);
        assert_eq!(steps[3].state, StepState::Active);
        assert_eq!(steps[4].state, StepState::Ahead);
    }

    #[test]
    fn a_run_that_is_over_stops_at_its_step() {
        let steps = StepView::list(Some(Step::Connecting), true);
        assert_eq!(steps[1].state, StepState::Stopped);
        assert!(
            StepView::list(None, true)
                .iter()
                .all(|line| line.state == StepState::Done)
        );
    }
}
