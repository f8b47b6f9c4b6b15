//! What a person typed, what it means, and what is wrong with it.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use lang::{Lang, Text};

/// A form as typed: parameter name to the values sent for it.
///
/// * `text`, `integer`, `decimal`, `date`, `datetime`: one value, empty meaning absent.
/// * `choice`, `choices`: the chosen values as [`to_field`](crate::to_field) writes them, empty meaning
///   that nothing is chosen; an option that is empty has a value of its own.
/// * `boolean`: `true`, `on`, `1` or `yes`; absent or empty means false.
/// * `period`: an expression (`previous month`, `2026-01-01 .. 2026-02-01`), or `custom` with
///   `NAME.from` and `NAME.last_day` (both included).
pub type Input = BTreeMap<String, Vec<String>>;

/// One value, checked and absolute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// Free text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Yes or no.
    Boolean(bool),
    /// A day in the report's zone.
    Date(Date),
    /// A moment.
    Datetime(Timestamp),
    /// Days `[from, until)` in the report's zone; never empty.
    Period {
        /// First day, included.
        from: Date,
        /// Day after the last, excluded.
        until: Date,
    },
    /// One of the parameter's options.
    Choice(String),
    /// Several of the parameter's options, in the order given, without repetition.
    Choices(Vec<String>),
}

impl Value {
    /// False for an empty text or an empty list: such a value drops its `/*if*/` body. An option that is
    /// empty is chosen all the same.
    pub fn is_present(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Choices(list) => !list.is_empty(),
            _ => true,
        }
    }
}

/// Checked values by parameter name, in the report's order. Absent optional parameters are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(pub IndexMap<String, Value>);

impl Values {
    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

/// What is wrong with one field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The parameter, or `NAME.from` / `NAME.last_day` for one end of a custom period.
    pub field: String,
    /// What people know the parameter by; `None` for a field no parameter has.
    pub label: Option<Box<Text>>,
    /// Stable code, for example `run::invalid_value`.
    pub code: &'static str,
    /// What to change, in both languages, to be read beside the field.
    pub message: Text,
}

impl FieldError {
    /// The message where no field stands beside it: after the label.
    pub fn told(&self, lang: Lang) -> String {
        let message = self.message.get(lang);
        match &self.label {
            Some(label) => format!("{}: {message}", label.get(lang)),
            None => message.to_owned(),
        }
    }
}
