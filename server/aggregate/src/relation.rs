//! Relations: what produces rows, with every column named by its id.

mod shared;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::SqlType;
use crate::expression::{Expr, Id};
pub(crate) use shared::{Location, Shared};

/// Something that produces rows.
#[derive(Clone, Debug)]
pub(crate) enum Rel {
    /// One row without columns.
    One,
    /// The rows of a block; columns by their place in it.
    Scan {
        table: usize,
        columns: Vec<(usize, Id)>,
    },
    /// The rows for which the condition is true.
    Filter {
        input: Box<Rel>,
        condition: Expr,
    },
    /// The rows with further columns.
    Compute {
        input: Box<Rel>,
        items: Vec<(Id, Expr)>,
    },
    Join(Box<Join>),
    /// One row per group; without keys, one row in all.
    Aggregate {
        input: Box<Rel>,
        keys: Vec<Id>,
        calls: Vec<(Id, Aggregate)>,
    },
    /// The rows with columns computed over rows around them.
    Window {
        input: Box<Rel>,
        calls: Vec<(Id, Window)>,
    },
    /// The first row of each combination of values.
    Distinct {
        input: Box<Rel>,
        keys: Vec<Id>,
    },
    Sort {
        input: Box<Rel>,
        by: Vec<SortKey>,
    },
    Limit {
        input: Box<Rel>,
        offset: u64,
        most: Option<u64>,
    },
    /// The rows of all, one after the other; each says which of its columns become `ids`.
    Append {
        inputs: Vec<(Rel, Vec<Id>)>,
        ids: Vec<Id>,
    },
    /// Exactly one row: NULLs where there is none, a fault where there are several.
    Single {
        input: Box<Rel>,
        place: Option<crate::Location>,
    },
    /// The combinations of values a correlated subquery is computed for; replaced when it is joined.
    Given {
        copies: Vec<Id>,
    },
    /// How often the same values came before, from 0.
    Occurrence {
        input: Box<Rel>,
        keys: Vec<Id>,
        id: Id,
    },
    /// The rows of a relation that stands in several places.
    Shared(Arc<Shared>),
}

#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) kind: JoinKind,
    pub(crate) left: Rel,
    pub(crate) right: Rel,
    /// Columns that must be equal.
    pub(crate) on: Vec<(Id, Id)>,
    /// What else must be true.
    pub(crate) condition: Option<Expr>,
    /// Whether NULL equals NULL.
    pub(crate) is_null_equal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Inner,
    Left,
    Full,
    /// Rows of the left with a partner.
    Semi,
    /// Rows of the left without a partner.
    Anti,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SortKey {
    pub(crate) id: Id,
    pub(crate) is_descending: bool,
    pub(crate) nulls_first: bool,
}

/// An aggregate over the rows of a group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Aggregate {
    pub(crate) by: By,
    /// Columns it reads.
    pub(crate) arguments: Vec<Id>,
    /// Their types.
    pub(crate) kinds: Vec<SqlType>,
    /// The type of its answer.
    pub(crate) result: SqlType,
    /// Whether equal values count once.
    pub(crate) is_distinct: bool,
    /// In which order it sees its rows.
    pub(crate) order: Vec<SortKey>,
    pub(crate) place: Option<crate::Location>,
}

/// What an aggregate computes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum By {
    /// Rows.
    Rows,
    /// Values that are not NULL.
    Count,
    Sum,
    Average,
    Least,
    Greatest,
    /// Variance or standard deviation; of the sample or of all.
    Spread {
        is_sample: bool,
        is_root: bool,
    },
    And,
    Or,
    /// Texts with a separator between them.
    Texts(String),
    /// The value at a fraction of the sorted values, between neighbours.
    Quantile(Fraction),
    /// The first value at or behind a fraction of the sorted values.
    QuantileValue(Fraction),
    /// The most frequent value.
    Mode,
    /// Covariance, of the sample or of all.
    Covariance {
        is_sample: bool,
    },
    Correlation,
    /// Of a straight line through points: the first argument is the height.
    Regression(Regression),
    /// Bits of whole numbers, put together.
    Bits(Bits),
    /// Any value: for columns that are the same in the whole group.
    First,
}

/// A part of sorted values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fraction {
    /// 0 to 1.
    pub(crate) share: f64,
    /// Whether the greatest value is the first.
    pub(crate) is_descending: bool,
}

/// What is known of the straight line through points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Regression {
    Count,
    Slope,
    Intercept,
    /// The square of the correlation.
    Determination,
    AverageX,
    AverageY,
    /// Squares of the distances from the average, added up.
    SquaresX,
    SquaresY,
    /// Their products.
    Products,
}

/// How bits are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bits {
    And,
    Or,
    Xor,
}

/// A column computed over rows around each row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) by: WindowBy,
    pub(crate) arguments: Vec<Id>,
    pub(crate) kinds: Vec<SqlType>,
    pub(crate) result: SqlType,
    pub(crate) partition: Vec<Id>,
    pub(crate) order: Vec<SortKey>,
    /// The types of the columns in the order.
    pub(crate) order_kinds: Vec<SqlType>,
    pub(crate) frame: Frame,
    pub(crate) place: Option<crate::Location>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum WindowBy {
    RowNumber,
    Rank,
    DenseRank,
    PercentRank,
    CumulativeShare,
    /// Parts; the argument is how many.
    Parts,
    /// A row before (negative: behind) this one: value, steps, default.
    Shift {
        is_back: bool,
    },
    FirstValue,
    LastValue,
    /// Value and place.
    NthValue,
    Aggregate(By),
}

/// The rows around a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) unit: FrameUnit,
    pub(crate) from: Bound,
    pub(crate) until: Bound,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameUnit {
    Rows,
    Groups,
    /// By the value of the one column in the order.
    Range,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bound {
    Unbounded,
    Current,
    /// So many rows or groups before (negative) or behind.
    Steps(i64),
    /// So much before (negative) or behind: mantissa at the scale of the order's column, days or
    /// microseconds.
    Distance(i128),
    /// So many months, days and microseconds before or behind.
    Interval([i64; 3]),
}

impl Frame {
    /// What stands for no frame: with an order up to the last row that is equal in it, else all rows.
    pub(crate) fn usual(is_ordered: bool) -> Self {
        Self {
            unit: FrameUnit::Range,
            from: Bound::Unbounded,
            until: if is_ordered {
                Bound::Current
            } else {
                Bound::Unbounded
            },
        }
    }
}

impl Rel {
    pub(crate) fn filtered(self, condition: Expr) -> Self {
        Self::Filter {
            input: Box::new(self),
            condition,
        }
    }

    pub(crate) fn computed(self, items: Vec<(Id, Expr)>) -> Self {
        if items.is_empty() {
            return self;
        }
        Self::Compute {
            input: Box::new(self),
            items,
        }
    }

    pub(crate) fn distinct(self, keys: Vec<Id>) -> Self {
        Self::Distinct {
            input: Box::new(self),
            keys,
        }
    }

    /// Every column it produces.
    pub(crate) fn produced(&self) -> BTreeSet<Id> {
        match self {
            Self::One => Default::default(),
            Self::Given { copies } => copies.iter().copied().collect(),
            Self::Scan { columns, .. } => columns.iter().map(|(_, id)| *id).collect(),
            Self::Filter { input, .. }
            | Self::Distinct { input, .. }
            | Self::Sort { input, .. }
            | Self::Limit { input, .. }
            | Self::Single { input, .. } => input.produced(),
            Self::Compute { input, items } => {
                let mut ids = input.produced();
                ids.extend(items.iter().map(|(id, _)| *id));
                ids
            }
            Self::Join(join) => {
                let mut ids = join.left.produced();
                if !matches!(join.kind, JoinKind::Semi | JoinKind::Anti) {
                    ids.extend(join.right.produced());
                }
                ids
            }
            Self::Aggregate { keys, calls, .. } => keys
                .iter()
                .copied()
                .chain(calls.iter().map(|(id, _)| *id))
                .collect(),
            Self::Window { input, calls } => {
                let mut ids = input.produced();
                ids.extend(calls.iter().map(|(id, _)| *id));
                ids
            }
            Self::Append { ids, .. } => ids.iter().copied().collect(),
            Self::Occurrence { input, id, .. } => {
                let mut ids = input.produced();
                ids.insert(*id);
                ids
            }
            Self::Shared(shared) => shared.produced.clone(),
        }
    }

    /// The relations it is made of; none for a shared one.
    fn inputs(&self) -> Vec<&Self> {
        match self {
            Self::One | Self::Scan { .. } | Self::Given { .. } | Self::Shared(_) => Vec::new(),
            Self::Filter { input, .. }
            | Self::Compute { input, .. }
            | Self::Aggregate { input, .. }
            | Self::Window { input, .. }
            | Self::Distinct { input, .. }
            | Self::Sort { input, .. }
            | Self::Limit { input, .. }
            | Self::Single { input, .. }
            | Self::Occurrence { input, .. } => vec![input],
            Self::Join(join) => vec![&join.left, &join.right],
            Self::Append { inputs, .. } => inputs.iter().map(|(rel, _)| rel).collect(),
        }
    }

    fn inputs_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::One | Self::Scan { .. } | Self::Given { .. } | Self::Shared(_) => Vec::new(),
            Self::Filter { input, .. }
            | Self::Compute { input, .. }
            | Self::Aggregate { input, .. }
            | Self::Window { input, .. }
            | Self::Distinct { input, .. }
            | Self::Sort { input, .. }
            | Self::Limit { input, .. }
            | Self::Single { input, .. }
            | Self::Occurrence { input, .. } => vec![input],
            Self::Join(join) => {
                let Join { left, right, .. } = join.as_mut();
                vec![left, right]
            }
            Self::Append { inputs, .. } => inputs.iter_mut().map(|(rel, _)| rel).collect(),
        }
    }

    /// Puts the combinations in their place.
    pub(crate) fn with_given(self, given: &Self) -> Self {
        self.given(given, &mut Default::default())
    }

    fn given(mut self, given: &Self, done: &mut shared::Given) -> Self {
        match self {
            Self::Given { .. } => return given.clone(),
            Self::Shared(shared) => return Self::Shared(shared.with_given(given, done)),
            _ => {}
        }
        for input in self.inputs_mut() {
            let inner = std::mem::replace(input, Self::One);
            *input = inner.given(given, done);
        }
        self
    }

    /// Columns it reads and does not produce: those of a query around it.
    pub(crate) fn free(&self) -> BTreeSet<Id> {
        if let Self::Shared(shared) = self {
            return shared.free.clone();
        }
        let mut below = BTreeSet::new();
        let mut free = BTreeSet::new();
        for input in self.inputs() {
            below.extend(input.produced());
            free.extend(input.free());
        }
        let mut read = BTreeSet::new();
        match self {
            Self::Filter { condition, .. } => condition.add_columns(&mut read),
            Self::Compute { items, .. } => {
                // Later items may read earlier ones.
                below.extend(items.iter().map(|(id, _)| *id));
                items
                    .iter()
                    .for_each(|(_, expr)| expr.add_columns(&mut read));
            }
            Self::Join(join) => {
                if let Some(condition) = &join.condition {
                    condition.add_columns(&mut read);
                }
                read.extend(join.on.iter().flat_map(|(one, other)| [*one, *other]));
            }
            Self::Aggregate { keys, calls, .. } => {
                read.extend(keys);
                for (_, call) in calls {
                    read.extend(&call.arguments);
                    read.extend(call.order.iter().map(|key| key.id));
                }
            }
            Self::Window { calls, .. } => {
                for (_, call) in calls {
                    read.extend(&call.arguments);
                    read.extend(&call.partition);
                    read.extend(call.order.iter().map(|key| key.id));
                }
            }
            Self::Distinct { keys, .. } | Self::Occurrence { keys, .. } => read.extend(keys),
            Self::Sort { by, .. } => read.extend(by.iter().map(|key| key.id)),
            Self::Append { inputs, .. } => {
                read.extend(inputs.iter().flat_map(|(_, ids)| ids));
            }
            Self::One
            | Self::Scan { .. }
            | Self::Given { .. }
            | Self::Limit { .. }
            | Self::Single { .. }
            | Self::Shared(_) => {}
        }
        free.extend(read.difference(&below));
        free
    }
}
