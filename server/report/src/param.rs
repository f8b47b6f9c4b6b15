//! A parameter as the author declares it.

use std::fmt;

use regex::Regex;
use rust_decimal::Decimal;

use crate::period::{Length, When};
use lang::Text;

/// A parameter: one field of the form, or one value from the session.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name in SQL, without the colon: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// What the form calls it. Default: its name.
    pub label: Text,
    /// A sentence under the field.
    pub help: Option<Text>,
    /// What it holds.
    pub kind: ParamKind,
    /// Prefills the form, as typed. Empty: nothing; several only for `choices`.
    pub default: Vec<String>,
    /// Must have a value. Default: true, except for `choices`.
    pub required: bool,
    /// Least value, shortest text, fewest choices, or shortest period; as its kind has it.
    pub min: Option<Bound>,
    /// Greatest value, longest text, most choices, or longest period; as its kind has it.
    pub max: Option<Bound>,
    /// Regular expression the whole text must match.
    pub pattern: Option<String>,
    /// What may be chosen; always present for `choice` and `choices` of the form.
    pub options: Option<Options>,
    /// Finest unit the period picker offers.
    pub grain: Option<Grain>,
    /// Taken from this attribute of the session, never shown, never sent by the browser.
    pub viewer: Option<String>,
    pub(crate) regex: Option<Regex>,
    /// The choices were written as plain values; labels are the values.
    pub(crate) span: std::ops::Range<usize>,
}

impl Param {
    /// True when the form shows it.
    pub fn is_visible(&self) -> bool {
        self.viewer.is_none()
    }
}

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// Free text, at most 10,000 characters.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// An exact decimal of at most 28 digits.
    Decimal,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment, typed as wall time of the report's zone.
    Datetime,
    /// Whole days `[from, until)`.
    Period,
    /// One of the options.
    Choice,
    /// Any number of the options.
    Choices,
}

impl ParamKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Integer,
        Self::Decimal,
        Self::Boolean,
        Self::Date,
        Self::Datetime,
        Self::Period,
        Self::Choice,
        Self::Choices,
    ];

    /// The word the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Period => "period",
            Self::Choice => "choice",
            Self::Choices => "choices",
        }
    }
}

/// Where the choices come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Options {
    /// Written in the file.
    List(Vec<Choice>),
    /// Rows of a block.
    Query {
        /// The block.
        block: String,
        /// Its column with the value that is bound.
        value: String,
        /// Its column with what people read.
        label: String,
    },
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is bound.
    pub value: String,
    /// What people read.
    pub label: Text,
}

/// The finest unit a period picker offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// Any days.
    Day,
    /// Whole weeks from Monday.
    Week,
    /// Whole months.
    Month,
    /// Whole quarters.
    Quarter,
    /// Whole years.
    Year,
}

impl Grain {
    /// The word the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// A least or greatest value, by the parameter's kind. Displays as the author wrote it.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// Of `integer`.
    Integer(i64),
    /// Of `decimal`.
    Decimal(Decimal),
    /// Of `text` (characters) and `choices` (how many).
    Count(u64),
    /// Of `date` and `datetime`: a day, possibly relative; see [`crate::Report::bound_dates`].
    Day(When),
    /// Of `period`: how long it may be.
    Length(Length),
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Decimal(value) => value.fmt(f),
            Self::Count(value) => value.fmt(f),
            Self::Day(value) => value.fmt(f),
            Self::Length(value) => value.fmt(f),
        }
    }
}
