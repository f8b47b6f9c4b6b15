//! Where a run stands and what changes while one watches it.

pub use lang::{RunState, Step};
use serde::{Deserialize, Serialize};

use crate::port::moment::Moment;

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
