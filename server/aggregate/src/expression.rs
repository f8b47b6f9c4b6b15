//! Expressions whose every part has a type and whose every name is a column.

use crate::SqlType;
use crate::function::{Function, Shape};
use crate::refusal::Location;
use crate::value::Value;

/// A column, unique in a plan.
pub(crate) type Id = u32;

/// An expression and its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: SqlType,
    pub(crate) node: Node,
}

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Column(Id),
    Constant(Value),
    Call(Call),
    /// To the type of the expression.
    Cast {
        value: Box<Expr>,
        limit: Limit,
        place: Option<Location>,
    },
    /// The first branch whose condition is true.
    Case {
        branches: Vec<(Expr, Expr)>,
        otherwise: Box<Expr>,
    },
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    /// Two values of one type, or two numbers that are no doubles.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    IsNull(Box<Expr>),
    /// One of many constants of the same type, none of them NULL.
    In(Box<Expr>, Vec<Value>),
    /// The first that is not NULL.
    Coalesce(Vec<Expr>),
    /// Of values of one type the greatest or the least that is not NULL.
    Furthest(Comparison, Vec<Expr>),
    /// The first, or NULL where both are equal; what [`Node::Compare`] takes.
    NullIf(Box<Expr>, Box<Expr>),
    /// Months, days and microseconds, each a whole number.
    Interval(Box<[Expr; 3]>),
    /// A timestamp and an interval's parts.
    AddInterval {
        value: Box<Expr>,
        interval: Box<[Expr; 3]>,
        place: Option<Location>,
    },
    /// The value, unless the count is above one: the answer of a subquery that stands for one value.
    Single {
        count: Box<Expr>,
        value: Box<Expr>,
        place: Option<Location>,
    },
}

/// A call of a function of the table.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) function: &'static Function,
    pub(crate) arguments: Vec<Expr>,
    pub(crate) place: Option<Location>,
}

/// What a cast's type says beyond its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The digits a decimal may have before its point: `numeric(p, s)` allows p - s.
    pub(crate) whole_digits: Option<u8>,
    /// The characters a text is cut to.
    pub(crate) characters: Option<u32>,
    /// Whether a whole number must fit into 16 bits: `smallint`.
    pub(crate) is_short: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// `IS DISTINCT FROM`: never NULL.
    Distinct,
}

impl Comparison {
    /// What is true where this is false, and NULL where it is NULL.
    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual | Self::Distinct => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{:?}", self.function.name, self.arguments)
    }
}

/// Places do not make expressions differ: `GROUP BY a + b` is what `SELECT a + b` shows.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column(one), Self::Column(other)) => one == other,
            (Self::Constant(one), Self::Constant(other)) => one == other,
            (Self::Call(one), Self::Call(other)) => {
                std::ptr::eq(one.function, other.function) && one.arguments == other.arguments
            }
            (
                Self::Cast { value, limit, .. },
                Self::Cast {
                    value: other,
                    limit: other_limit,
                    ..
                },
            ) => value == other && limit == other_limit,
            (
                Self::Case {
                    branches,
                    otherwise,
                },
                Self::Case {
                    branches: other,
                    otherwise: last,
                },
            ) => branches == other && otherwise == last,
            (Self::Not(one), Self::Not(other)) | (Self::IsNull(one), Self::IsNull(other)) => {
                one == other
            }
            (Self::And(one), Self::And(other))
            | (Self::Or(one), Self::Or(other))
            | (Self::Coalesce(one), Self::Coalesce(other)) => one == other,
            (Self::Compare(how, a, b), Self::Compare(other, c, d)) => {
                how == other && a == c && b == d
            }
            (Self::Furthest(how, one), Self::Furthest(other, others)) => {
                how == other && one == others
            }
            (Self::NullIf(a, b), Self::NullIf(c, d)) => a == c && b == d,
            (Self::In(one, values), Self::In(other, others)) => one == other && values == others,
            (Self::Interval(one), Self::Interval(other)) => one == other,
            (
                Self::AddInterval {
                    value, interval, ..
                },
                Self::AddInterval {
                    value: other,
                    interval: others,
                    ..
                },
            ) => value == other && interval == others,
            (
                Self::Single { count, value, .. },
                Self::Single {
                    count: others,
                    value: other,
                    ..
                },
            ) => count == others && value == other,
            _ => false,
        }
    }
}

impl Expr {
    pub(crate) fn new(kind: SqlType, node: Node) -> Self {
        Self { kind, node }
    }

    pub(crate) fn column(id: Id, kind: SqlType) -> Self {
        Self::new(kind, Node::Column(id))
    }

    pub(crate) fn constant(value: Value, kind: SqlType) -> Self {
        Self::new(kind, Node::Constant(value))
    }

    pub(crate) fn whole(value: i64) -> Self {
        Self::constant(Value::Whole(value), SqlType::BigInt)
    }

    pub(crate) fn truth(value: bool) -> Self {
        Self::constant(Value::Boolean(value), SqlType::Boolean)
    }

    pub(crate) fn null(kind: SqlType) -> Self {
        Self::constant(Value::Null, kind)
    }

    pub(crate) fn as_constant(&self) -> Option<&Value> {
        match &self.node {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn shape(&self) -> Shape<'_> {
        Shape {
            kind: self.kind,
            constant: self.as_constant(),
        }
    }

    pub(crate) fn not(self) -> Self {
        Self::new(SqlType::Boolean, Node::Not(Box::new(self)))
    }

    #[expect(
        clippy::wrong_self_convention,
        reason = "it makes a larger expression, as `not` does"
    )]
    pub(crate) fn is_null(self) -> Self {
        Self::new(SqlType::Boolean, Node::IsNull(Box::new(self)))
    }

    pub(crate) fn compare(how: Comparison, one: Self, other: Self) -> Self {
        let node = Node::Compare(how, Box::new(one), Box::new(other));
        Self::new(SqlType::Boolean, node)
    }

    /// All of them; true for none.
    pub(crate) fn all(mut conditions: Vec<Self>) -> Self {
        match conditions.len() {
            0 => Self::truth(true),
            1 => conditions.remove(0),
            _ => Self::new(SqlType::Boolean, Node::And(conditions)),
        }
    }

    /// The parts that all must be true.
    pub(crate) fn conjuncts(self) -> Vec<Self> {
        match self.node {
            Node::And(parts) => parts.into_iter().flat_map(Self::conjuncts).collect(),
            _ => vec![self],
        }
    }

    /// Shows every part below this one.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match &self.node {
            Node::Column(_) | Node::Constant(_) => Vec::new(),
            Node::Call(call) => call.arguments.iter().collect(),
            Node::Cast { value, .. } | Node::Not(value) | Node::IsNull(value) => vec![value],
            Node::In(value, _) => vec![value],
            Node::Case {
                branches,
                otherwise,
            } => branches
                .iter()
                .flat_map(|(condition, value)| [condition, value])
                .chain([&**otherwise])
                .collect(),
            Node::And(parts)
            | Node::Or(parts)
            | Node::Coalesce(parts)
            | Node::Furthest(_, parts) => parts.iter().collect(),
            Node::Compare(_, one, other) | Node::NullIf(one, other) => vec![one, other],
            Node::Interval(parts) => parts.iter().collect(),
            Node::AddInterval {
                value, interval, ..
            } => std::iter::once(&**value).chain(interval.iter()).collect(),
            Node::Single { count, value, .. } => vec![count, value],
        }
    }

    /// Whether it has more parts than this, itself counted.
    pub(crate) fn is_larger_than(&self, most: usize) -> bool {
        let (mut count, mut open) = (0, vec![self]);
        while let Some(part) = open.pop() {
            count += 1;
            if count > most {
                return true;
            }
            open.extend(part.children());
        }
        false
    }

    /// Adds every column it reads.
    pub(crate) fn add_columns(&self, ids: &mut std::collections::BTreeSet<Id>) {
        if let Node::Column(id) = self.node {
            ids.insert(id);
        }
        for child in self.children() {
            child.add_columns(ids);
        }
    }

    /// Every column it reads.
    pub(crate) fn columns(&self) -> std::collections::BTreeSet<Id> {
        let mut ids = std::collections::BTreeSet::new();
        self.add_columns(&mut ids);
        ids
    }

    /// Whether some rows could stop the block.
    pub(crate) fn can_fail(&self) -> bool {
        let own = match &self.node {
            Node::Call(call) => call.function.can_fail,
            Node::Cast { value, limit, .. } => cast_can_fail(value.kind, self.kind, *limit),
            Node::AddInterval { .. } | Node::Single { .. } => true,
            _ => false,
        };
        own || self.children().into_iter().any(Self::can_fail)
    }

    /// Whether it is the same for every row.
    pub(crate) fn is_constant(&self) -> bool {
        !matches!(self.node, Node::Column(_)) && self.children().into_iter().all(Self::is_constant)
    }
}

/// Whether a cast stops at some values.
fn cast_can_fail(from: SqlType, to: SqlType, limit: Limit) -> bool {
    use SqlType as T;
    match (from, to) {
        _ if limit.whole_digits.is_some() || limit.is_short => true,
        (_, T::Text) | (T::Integer | T::BigInt, T::BigInt | T::Double) => false,
        (
            T::Integer | T::BigInt,
            T::Numeric(crate::Scale::Fixed(scale) | crate::Scale::UpTo(scale)),
        ) => scale > 18,
        (T::Date, T::Timestamp) | (T::Timestamp, T::Date | T::Time) => false,
        (T::Numeric(_), T::Double) | (T::Boolean, _) | (_, T::Boolean) => from == T::Text,
        _ => true,
    }
}
