//! The run form: one field per visible parameter, with everything that was typed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::port::moment::Moment;
use crate::port::runs::card::RunCard;
use crate::port::runs::live::Usual;

/// Posted or linked values by field name without the `params[…]` around it.
///
/// A period `p` has `p` (an expression such as `previous month`, or `custom`) and, for `custom`, `p.from` and
/// `p.last_day` (inclusive, `2026-09-03`). Choices have one entry per value; a boolean is `true` or absent.
pub type FormInput = BTreeMap<String, Vec<String>>;

/// What the form starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prefill {
    /// Values of this earlier run.
    #[serde(default)]
    pub from_run: Option<String>,
    /// Moves every period of `from_run` by this many of its own length. Default 0.
    #[serde(default)]
    pub shift: i32,
    /// Values from the address (`?params[region]=seoul`); they win over `from_run`.
    #[serde(default)]
    pub input: FormInput,
}

/// What was posted and not taken as it was, for the form that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedForm {
    /// Exactly as posted, unknown fields included.
    pub input: FormInput,
    /// Every field that needs attention.
    pub errors: Vec<FieldMessage>,
    /// A problem of the form as a whole, such as a full queue.
    pub problem: Option<String>,
    /// Nothing is wrong: a result is there already, and nothing was started yet.
    #[serde(default)]
    pub offer: Option<OfferView>,
}

/// A result of today with the same values, offered before they are run anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    /// The finished run; its page is `/runs/{run_id}`.
    pub run_id: String,
    /// When and by whom, one sentence.
    pub message: String,
    /// The viewer may open its page already. Otherwise the form is posted with `use`, which proves the right.
    pub is_visible: bool,
}

/// What is wrong with one field, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMessage {
    /// Field name as in [`FormInput`].
    pub field: String,
    /// `run::invalid_value` and so on.
    pub code: String,
    /// One sentence that says what to enter.
    pub message: String,
}

/// The run form of one report.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormView {
    /// `sales/daily_sales`.
    pub report_id: String,
    /// In the reader's language.
    pub title: String,
    /// Purpose of the report.
    pub description: Option<String>,
    /// Whom to ask.
    pub owner: Option<String>,
    /// Zone of all dates on the form, such as `Asia/Seoul`.
    pub zone: String,
    /// Parameters in file order; the page shows periods first. Viewer-bound parameters are left out.
    pub fields: Vec<FieldView>,
    /// How long and how large past runs were.
    pub usual: Option<Usual>,
    /// What of the data is here already for the values on the form; `None` when the report keeps nothing.
    #[serde(default)]
    pub staged: Option<StagedView>,
    /// Runs waiting for the same sources.
    pub queue_ahead: u32,
    /// The viewer's latest run of this report.
    pub last_run: Option<RunCard>,
    /// Sheet by sheet, the columns the file will have: (sheet, column titles).
    pub sample: Vec<(String, Vec<String>)>,
    /// The values come from this earlier run, started at that moment.
    pub prefilled_from: Option<Moment>,
    /// From [`PostedForm::problem`], or a prefill that could not be used.
    pub problem: Option<String>,
    /// From [`PostedForm::offer`].
    #[serde(default)]
    pub offer: Option<OfferView>,
    /// The report file on disk is broken; the last good version is in use since that moment.
    pub last_good_since: Option<Moment>,
    /// The viewer may run the report; otherwise the form is shown without its button.
    pub can_run: bool,
}

/// The partitions a run needs, such as the months of its period, and how many of them are here already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedView {
    /// What a partition is.
    pub unit: PartitionWord,
    /// All of them; 0 while the values on the form are not complete.
    pub all: u32,
    /// Those that need not be read.
    pub kept: u32,
    /// Rows that have to be read, judged by the partitions that are here; `None` when there are none to judge by.
    pub rows: Option<u64>,
}

/// What a partition is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionWord {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// Several queries have partitions of different lengths.
    #[default]
    Part,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// A decimal number.
    Decimal,
    /// Yes or no.
    Boolean,
    /// `2026-09-03`.
    Date,
    /// `2026-09-03T14:05` in the report's zone.
    Datetime,
    /// A range of days, by expression or by two dates.
    Period,
    /// One of a list.
    Choice,
    /// Any number out of a list.
    Choices,
}

/// What a period is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// Any days.
    #[default]
    Day,
    /// Whole weeks, Monday first.
    Week,
    /// Whole months.
    Month,
    /// Whole quarters.
    Quarter,
    /// Whole years.
    Year,
}

/// One field with what stands in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FieldView {
    /// Parameter name; the input is called `params[name]`.
    pub name: String,
    /// In the reader's language.
    pub label: String,
    /// One sentence below the field.
    pub help: Option<String>,
    /// Which control to show.
    pub kind: FieldKind,
    /// Said in words beside the label.
    pub required: bool,
    /// What stands in the field: as posted, else prefilled, else the default. One entry except for choices.
    /// A period holds the expression of a preset, or `custom`.
    pub values: Vec<String>,
    /// Period only: first day, `2026-09-01`; filled for presets too.
    pub from: String,
    /// Period only: last day, inclusive.
    pub last_day: String,
    /// Choice and choices only, in order.
    pub options: Vec<Choice>,
    /// Why the options could not be loaded, in one sentence. The field then takes typed text.
    pub options_problem: Option<String>,
    /// Period only; never empty there.
    pub presets: Vec<PeriodPreset>,
    /// Period only.
    pub grain: Grain,
    /// Smallest value, as the HTML attribute wants it.
    pub min: Option<String>,
    /// Largest value.
    pub max: Option<String>,
    /// Regular expression of an HTML `pattern`.
    pub pattern: Option<String>,
    /// Names of the fields whose values decide the options of this one.
    pub depends_on: Vec<String>,
    /// Labels of values that were chosen but are no longer offered.
    pub dropped: Vec<String>,
    /// What is wrong, from [`PostedForm::errors`]. For `p.from` and `p.last_day` it is put on `p`.
    pub error: Option<String>,
}

/// One option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What people read.
    pub label: String,
}

/// A period button with the days it means today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodPreset {
    /// `previous month`; posted as the field's value.
    pub expression: String,
    /// "지난달".
    pub label: String,
    /// First day, `2026-08-01`.
    pub from: String,
    /// Last day, inclusive.
    pub last_day: String,
}

/// Options of one field after another field changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoicesView {
    /// In order; at most 5,000.
    pub options: Vec<Choice>,
}
