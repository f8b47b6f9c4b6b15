//! One named query of a report.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use jiff::{Span, Timestamp};

use crate::binding::Bind;
use crate::condition::Piece;
use crate::scan::Rules;

/// One named query ("block"): an extraction from a source, or an aggregation by Polars.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its name, unique in the report: `[a-z][a-z0-9_]*`, at most 63 characters.
    pub name: String,
    /// The comment under its keys, shown in the UI and the log.
    pub description: Option<String>,
    /// Where it runs.
    pub kind: BlockKind,
    /// Set when the block must return no rows.
    pub check: Option<Check>,
    /// Blocks it reads; empty for extractions.
    pub reads: Vec<String>,
    /// Names of its result's columns in order, when the statement of an aggregation gives them all.
    pub columns: Option<Vec<String>>,
    /// Parameters it uses, in statement or conditions, and its partition's parameter.
    pub params: BTreeSet<String>,
    /// The statement as written, without a closing `;`.
    pub sql: String,
    /// Where `sql` stands in the report's text.
    pub span: Range<usize>,
    pub(crate) pieces: Vec<Piece>,
    /// Where databases disagree about what is a string and what a comment: what each of them reads,
    /// or why it cannot. Empty where all read `pieces`.
    pub(crate) readings: Readings,
    /// Where the block's name stands, for messages.
    pub(crate) name_span: Range<usize>,
}

/// What is read by which rules, or why nothing is.
pub(crate) type Readings = Vec<(Rules, Result<Reading, ReadingError>)>;

/// Why a database cannot read a statement by its rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReadingError {
    /// A problem of the statement, as these rules read it.
    #[error("{message}{}", .help.as_ref().map_or_else(String::new, |help| format!("; {help}")))]
    Problem {
        /// What is wrong.
        message: String,
        /// What to write instead.
        help: Option<String>,
    },
    /// Text of a string looks like a parameter.
    #[error("there is no parameter `:{0}`")]
    UnknownParam(String),
    /// A parameter that other rules find is no parameter here.
    #[error("`:{name}` stands in a string or comment there, as {} read it", .rules.owners())]
    LostParam {
        /// The parameter.
        name: String,
        /// By which rules it is lost.
        rules: Rules,
    },
}

/// A statement as some databases read it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Where it stands in the report's text.
    pub span: Range<usize>,
    /// Its pieces; ranges are bytes from the beginning of `span`.
    pub pieces: Vec<Piece>,
}

/// Where a block runs.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a report has a handful of blocks"
)]
pub enum BlockKind {
    /// Sent to a database.
    Extract {
        /// Name of the configured source.
        source: String,
        /// One query per partition of a period.
        partition: Option<Partitioning>,
        /// Kept between runs and only added to.
        incremental: Option<Incremental>,
        /// One query per range of a key, side by side.
        split: Option<Split>,
        /// A staged answer for the same values is used again for so long. Default: never.
        cache: Option<Duration>,
        /// Per query. Default: the source's.
        timeout: Option<Duration>,
    },
    /// Run by Polars over blocks above it.
    Polars,
}

/// What a row in a checking block means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The run fails.
    Fail,
    /// The run carries a warning.
    Warn,
}

/// One query per hour, day, week or month of a period.
#[derive(Clone, Debug)]
pub struct Partitioning {
    /// Column the partitions divide, for the log.
    pub column: String,
    /// How long a partition is.
    pub unit: PartitionUnit,
    /// Name of the period parameter that is divided.
    pub over: String,
    /// Partitions that ended before `now - lookback` are read once and kept. Default: none are kept.
    pub lookback: Option<Span>,
}

/// How long one partition of a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartitionUnit {
    /// An hour.
    Hour,
    /// A day of the report's zone.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl PartitionUnit {
    /// The word the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// A result that is kept between runs; each run adds the newer rows.
#[derive(Clone, Debug)]
pub struct Incremental {
    /// Column whose greatest value is `:incremental.since`.
    pub column: String,
    /// Columns that name a row; the newest row per key wins. Never empty.
    pub keys: Vec<String>,
    /// How far before the newest value the next run begins. Default: nothing.
    pub lookback: Option<Span>,
}

/// One query per range of a whole-number key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The key: a column without absent values, best the primary key.
    pub column: String,
    /// The table whose smallest and greatest key are asked for; may have a schema.
    pub table: String,
    /// How many ranges; 2 to 16.
    pub into: u32,
}

/// The bounds `:split.from` and `:split.until` stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRange {
    /// Included.
    pub from: i128,
    /// Excluded.
    pub until: i128,
}

impl KeyRange {
    /// Less than every key: a range that begins here has no lower end.
    pub const BEFORE_ALL: i128 = -Self::BEHIND_ALL;
    /// Greater than every key: a range that ends here has no upper end. A decimal that every
    /// database binds.
    pub const BEHIND_ALL: i128 = 10i128.pow(28);
}

/// What stands for the parameters a block's own keys declare; what is not there is missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds<'a> {
    /// `:partition.from` and `:partition.until`.
    pub partition: Option<&'a PartitionBounds>,
    /// `:incremental.since`.
    pub since: Option<&'a Bind>,
    /// `:split.from` and `:split.until`.
    pub range: Option<KeyRange>,
}

/// The bounds `:partition.from` and `:partition.until` stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionBounds {
    /// Included.
    pub from: Timestamp,
    /// Excluded.
    pub until: Timestamp,
}

impl Block {
    /// The source it reads; `None` for aggregations.
    pub fn source(&self) -> Option<&str> {
        match &self.kind {
            BlockKind::Extract { source, .. } => Some(source),
            BlockKind::Polars => None,
        }
    }

    /// True when Polars runs it.
    pub fn is_polars(&self) -> bool {
        matches!(self.kind, BlockKind::Polars)
    }
}
