//! Where a run stands: its state, and the step of a running one.

use serde::{Deserialize, Serialize};

use crate::words;

/// Where a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waiting for a worker, or for its time.
    #[default]
    Queued,
    /// A worker has it.
    Running,
    /// Finished with its files.
    Succeeded,
    /// Finished without.
    Failed,
    /// Stopped because somebody asked.
    Cancelled,
}

words!(RunState, 5, "state of a run",
    /// A word that is no state of a run.
    UnknownState,
    {
        Queued => "queued",
        Running => "running",
        Succeeded => "succeeded",
        Failed => "failed",
        Cancelled => "cancelled",
    }
);

impl RunState {
    /// Whether nothing will change any more.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// What is being done about a run, in the usual order. A running attempt may return to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing yet: it is in the queue. No attempt is ever in this step.
    Waiting,
    /// A session with the source is being opened.
    Connecting,
    /// The statement was sent; no row has come yet.
    DatabaseWorking,
    /// Rows are arriving and are staged.
    FetchingRows,
    /// Aggregations run over the stage.
    Summarising,
    /// Sheets are being written.
    WritingWorkbook,
    /// The finished file is inflated and counted again.
    CheckingCounts,
    /// The proven file goes to its place.
    Storing,
}

words!(Step, 8, "step of a run",
    /// A word that is no step of a run.
    UnknownStep,
    {
        Waiting => "waiting",
        Connecting => "connecting",
        DatabaseWorking => "database_working",
        FetchingRows => "fetching_rows",
        Summarising => "summarising",
        WritingWorkbook => "writing_workbook",
        CheckingCounts => "checking_counts",
        Storing => "storing",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_json_have_one_word_for_a_state() {
        for state in RunState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        let unknown = "gone".parse::<RunState>().unwrap_err();
        assert_eq!(unknown.to_string(), "`gone` is no state of a run");
    }

    #[test]
    fn tables_and_json_have_one_word_for_a_step() {
        for step in Step::ALL {
            assert_eq!(serde_json::to_value(step).unwrap(), step.as_str());
            assert_eq!(step.as_str().parse(), Ok(step));
        }
        let unknown = "fetching".parse::<Step>().unwrap_err();
        assert_eq!(unknown.to_string(), "`fetching` is no step of a run");
        assert!(Step::ALL.is_sorted());
    }
}
