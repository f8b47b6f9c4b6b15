//! One run with its own page, and the answers to what one does with it.

use lang::FailureClass;
use serde::{Deserialize, Serialize};

use super::card::{Chip, FileView};
use super::live::{RunLive, Usual};
use super::result::ResultView;
use crate::port::moment::Moment;
use crate::port::reports::form::OfferView;

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

/// What somebody who posts a form wants, should there be a result of today with the same values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// To be offered it first.
    OfferResult,
    /// A new run all the same.
    Anew,
    /// That result: the run with this id. That the form asks for the same is what proves the right to it.
    UseResult(String),
}

/// What a posted form leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// To this run, new or shared.
    Go(Started),
    /// There is a result already.
    Offer(OfferView),
    /// There was one, and it cannot be used any more, or it has other values.
    Gone,
}

/// A run that was queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Its id; the page is `/runs/{id}`.
    pub run_id: String,
}
