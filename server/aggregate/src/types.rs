//! What a value of a block is, as PostgreSQL would say it.

use std::fmt;

use polars::prelude::{DataType, TimeUnit};

/// Digits of every decimal: the most 128 bits hold.
pub const PRECISION: usize = 38;

/// The type of a column or an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// A text in quotes, or NULL, whose type its surroundings decide.
    Unknown,
    /// A column whose type is not known yet: only when a report is checked before its source was seen.
    Any,
    /// `boolean`.
    Boolean,
    /// `integer`. It is counted in 64 bits, so that nothing overflows at 32; the type decides what
    /// sums and quotients of it are.
    Integer,
    /// `bigint`.
    BigInt,
    /// `numeric`.
    Numeric(Scale),
    /// `double precision`.
    Double,
    /// `text`, compared byte by byte.
    Text,
    /// `date`.
    Date,
    /// `timestamp` without a zone: wall time of the report's zone.
    Timestamp,
    /// `time` of day.
    Time,
    /// `interval`: only between dates and times. A column that holds lengths of time at its source has
    /// this type, so that whoever names it is refused.
    Interval,
    /// `bytea`.
    Bytea,
}

/// How many digits a decimal has behind its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// As many in every value. 0 to 38.
    Fixed(u8),
    /// At most so many, and different in every value: what CASE and the like choose between.
    UpTo(u8),
    /// As many as a division needed, different in every value.
    Quotient,
}

impl SqlType {
    /// A whole number as a decimal.
    pub const WHOLE: Self = Self::Numeric(Scale::Fixed(0));
    /// What a division of decimals gives.
    pub const QUOTIENT: Self = Self::Numeric(Scale::Quotient);

    /// Whole numbers, decimals and doubles.
    pub fn is_number(self) -> bool {
        self.is_whole() || matches!(self, Self::Numeric(_) | Self::Double)
    }

    /// `integer` and `bigint`.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Integer | Self::BigInt)
    }

    /// Types that are not decided yet.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Unknown | Self::Any)
    }

    /// The scale this type has beside decimals: whole numbers have none.
    pub fn scale(self) -> Option<Scale> {
        match self {
            Self::Integer | Self::BigInt => Some(Scale::Fixed(0)),
            Self::Numeric(scale) => Some(scale),
            _ => None,
        }
    }

    /// The column type in Polars; quotients keep `quotient_digits` behind the point.
    pub(crate) fn dtype(self, quotient_digits: u8) -> DataType {
        match self {
            Self::Boolean => DataType::Boolean,
            Self::Integer | Self::BigInt => DataType::Int64,
            Self::Numeric(scale) => {
                DataType::Decimal(PRECISION, usize::from(scale.digits(quotient_digits)))
            }
            Self::Double => DataType::Float64,
            Self::Unknown | Self::Any | Self::Text => DataType::String,
            Self::Date => DataType::Date,
            Self::Timestamp => DataType::Datetime(TimeUnit::Microseconds, None),
            Self::Time => DataType::Time,
            Self::Interval => DataType::Int64,
            Self::Bytea => DataType::Binary,
        }
    }
}

impl Scale {
    /// Digits behind the point of a column of this scale.
    pub(crate) fn digits(self, quotient_digits: u8) -> u8 {
        match self {
            Self::Fixed(digits) | Self::UpTo(digits) => digits,
            Self::Quotient => quotient_digits,
        }
    }

    /// The scale of what is computed of both: the longer one.
    pub(crate) fn max(self, other: Self) -> Self {
        match (self, other) {
            (Self::Quotient, _) | (_, Self::Quotient) => Self::Quotient,
            (Self::Fixed(one), Self::Fixed(other)) => Self::Fixed(one.max(other)),
            // The longer one decides, whatever the shorter one has.
            (Self::Fixed(fixed), Self::UpTo(most)) | (Self::UpTo(most), Self::Fixed(fixed))
                if fixed >= most =>
            {
                Self::Fixed(fixed)
            }
            (one, other) => Self::UpTo(one.digits(0).max(other.digits(0))),
        }
    }

    /// The scale of a column that holds values of both.
    pub(crate) fn either(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Quotient, _) | (_, Self::Quotient) => Self::Quotient,
            (one, other) => Self::UpTo(one.digits(0).max(other.digits(0))),
        }
    }
}

impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "text",
            Self::Any => "unknown",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::BigInt => "bigint",
            Self::Numeric(_) => "numeric",
            Self::Double => "double precision",
            Self::Text => "text",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Time => "time",
            Self::Interval => "interval",
            Self::Bytea => "bytea",
        })
    }
}
