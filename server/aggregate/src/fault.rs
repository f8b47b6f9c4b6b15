//! What can go wrong with a value while a block runs.

use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{PolarsError, polars_err};

use crate::SqlType;
use crate::refusal::Location;

/// Why a value cannot be computed. PostgreSQL stops at the same places, but for [`Fault::Digits`] and
/// [`Fault::NotFinite`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A number leaves its type.
    #[error("a value is out of the range of {0}")]
    Overflow(SqlType),
    /// A number is cast to `smallint`, which has 16 bits.
    #[error("a value is out of the range of smallint")]
    Short,
    /// `x / 0` or `x % 0`.
    #[error("a division by zero")]
    DivisionByZero,
    /// A decimal needs more than 38 digits.
    #[error("a decimal needs more than 38 digits")]
    Digits,
    /// A double without an end becomes a decimal.
    #[error("infinity and NaN are no decimals; leave them out with CASE")]
    NotFinite,
    /// A quotient does not fit beside the others of its column; another number of digits behind the
    /// point may do.
    #[error("a quotient does not fit into 38 digits")]
    Quotient(Misfit),
    /// A text is not of the type it is read as.
    #[error("the text “{text}” is no {wanted}")]
    Text {
        /// The text.
        text: String,
        /// What it should be.
        wanted: SqlType,
    },
    /// A date or time leaves the calendar (years 1 to 9999).
    #[error("a date or time is outside the years 1 to 9999")]
    Calendar,
    /// An argument a function is not defined for, such as the logarithm of 0.
    #[error("{0}")]
    Argument(&'static str),
    /// A subquery that stands for one value found several.
    #[error("a subquery that stands for one value returned several rows")]
    ManyRows,
    /// Polars stopped for a reason of its own.
    #[error("Polars stopped: {0}")]
    Polars(String),
}

/// In which way a quotient does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Too many digits before the point.
    Large,
    /// Too few significant digits behind it.
    Small,
}

/// A fault and the place of what computed the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultAt {
    /// What is wrong.
    pub fault: Fault,
    /// The operator or function, as it is written.
    pub what: String,
    /// Where it stands in the block.
    pub place: Option<Location>,
}

/// Carries the first fault out of Polars, whose own errors are sentences.
#[derive(Clone, Debug, Default)]
pub(crate) struct FaultCell(Arc<Mutex<Option<FaultAt>>>);

impl FaultCell {
    /// Keeps the first fault; the error ends the query.
    pub(crate) fn raise(&self, fault: Fault, what: &str, place: Option<Location>) -> PolarsError {
        let mut cell = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cell.get_or_insert_with(|| FaultAt {
            fault,
            what: what.to_owned(),
            place,
        });
        polars_err!(ComputeError: "a value cannot be computed")
    }

    /// The fault, if one was raised.
    pub(crate) fn take(&self) -> Option<FaultAt> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl From<PolarsError> for Fault {
    fn from(error: PolarsError) -> Self {
        Self::Polars(error.to_string())
    }
}
