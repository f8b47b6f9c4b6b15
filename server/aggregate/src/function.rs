//! A function, an operator or a cast, as data.
//!
//! Every row of the table says how it is written, what it takes and gives, how it is computed, what it
//! means in both languages, and an example that the tests compare with PostgreSQL's answer.

use crate::SqlType;
use crate::call::{Answer, Call};
use crate::value::Value;

/// One row of the table. Several rows of one name differ in their arguments.
pub struct Function {
    /// Lower case; operators as they are written.
    pub name: &'static str,
    /// What it takes, in order.
    pub arguments: &'static [Argument],
    /// What any number of further arguments are.
    pub more: Option<Argument>,
    /// What it gives.
    pub result: Gives,
    /// How it is computed, column by column.
    pub(crate) apply: fn(&Call<'_>) -> Answer,
    /// Whether some values stop the block, such as a divisor of 0. Such a function is never computed
    /// for rows a CASE or a condition leaves out.
    pub can_fail: bool,
    /// One sentence in Korean and in English.
    pub meaning: [&'static str; 2],
    /// An expression without columns.
    pub example: &'static str,
    /// The same for PostgreSQL, where it writes it in another way.
    pub postgres: Option<&'static str>,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    Boolean,
    /// `integer` or `bigint`.
    Whole,
    /// `integer`, `bigint` or `numeric`.
    Number,
    /// `double precision`; other numbers are converted.
    Double,
    /// `double precision` and nothing else.
    OnlyDouble,
    Text,
    Date,
    /// `timestamp`; dates are converted.
    Timestamp,
    Time,
    /// Any type that all arguments of this kind can be brought to.
    Same,
    /// A text in quotes.
    ConstantText,
    /// A whole number that is written out.
    ConstantWhole,
}

/// What a function gives.
#[derive(Clone, Copy)]
pub enum Gives {
    /// Always this.
    Is(SqlType),
    /// Depends on what it takes; `None` when there is no such function for these arguments.
    By(fn(&[Shape<'_>]) -> Option<SqlType>),
}

/// What the planner knows of an argument.
#[derive(Clone, Copy)]
pub struct Shape<'a> {
    /// Its type.
    pub kind: SqlType,
    /// Its value, when it is written out.
    pub(crate) constant: Option<&'a Value>,
}

impl Shape<'_> {
    /// The whole number that is written out.
    pub(crate) fn whole(&self) -> Option<i64> {
        match self.constant? {
            Value::Whole(value) => Some(*value),
            _ => None,
        }
    }

    /// The text that is written out.
    pub(crate) fn text(&self) -> Option<&str> {
        match self.constant? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Argument {
    /// How far a type is from what the argument may be; `None` when it cannot be given.
    pub(crate) fn distance(self, shape: Shape<'_>) -> Option<u32> {
        use SqlType as T;
        if shape.kind == T::Any {
            return Some(0);
        }
        match self {
            Self::Boolean => near(shape.kind, &[T::Boolean]),
            Self::Whole => {
                near(shape.kind, &[T::BigInt, T::Integer]).map(|far| far.min(1) * far / 2)
            }
            Self::Number => match shape.kind {
                T::Numeric(_) => Some(0),
                T::Integer | T::BigInt => Some(2),
                T::Unknown => Some(5),
                _ => None,
            },
            Self::Double => match shape.kind {
                T::Double => Some(0),
                // Where there is a choice, whole numbers become doubles rather than decimals.
                T::Integer | T::BigInt => Some(1),
                T::Numeric(_) => Some(4),
                T::Unknown => Some(6),
                _ => None,
            },
            Self::OnlyDouble => near(shape.kind, &[T::Double]),
            Self::Text => near(shape.kind, &[T::Text]).map(|far| far.min(1)),
            Self::Date => near(shape.kind, &[T::Date]),
            Self::Timestamp => near(shape.kind, &[T::Timestamp, T::Date]),
            Self::Time => near(shape.kind, &[T::Time]),
            Self::Same => Some(0),
            Self::ConstantText => (shape.text().is_some()).then_some(0),
            Self::ConstantWhole => (shape.whole().is_some()).then_some(0),
        }
    }

    /// The type a value is converted to before it is given; `None` when it is given as it is.
    pub(crate) fn converted(self, kind: SqlType) -> Option<SqlType> {
        let wanted = match self {
            Self::Boolean => SqlType::Boolean,
            Self::Whole if !kind.is_whole() => SqlType::BigInt,
            Self::Number if kind.scale().is_none() => SqlType::WHOLE,
            Self::Double | Self::OnlyDouble => SqlType::Double,
            Self::Text | Self::ConstantText => SqlType::Text,
            Self::Date => SqlType::Date,
            Self::Timestamp => SqlType::Timestamp,
            Self::Time => SqlType::Time,
            Self::Whole | Self::Number | Self::Same | Self::ConstantWhole => return None,
        };
        (wanted != kind).then_some(wanted)
    }

    /// The word of the documentation.
    pub fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Whole | Self::ConstantWhole => "bigint",
            Self::Number => "numeric",
            Self::Double | Self::OnlyDouble => "double precision",
            Self::Text | Self::ConstantText => "text",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Time => "time",
            Self::Same => "any",
        }
    }
}

/// The place of a type in a list of what is accepted; texts in quotes and NULL become the first.
fn near(kind: SqlType, accepted: &[SqlType]) -> Option<u32> {
    if kind == SqlType::Unknown {
        return Some(4);
    }
    let place = accepted.iter().position(|one| *one == kind)?;
    u32::try_from(place).ok()
}
