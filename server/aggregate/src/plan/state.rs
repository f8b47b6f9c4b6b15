//! What the clauses of one SELECT ask for besides their expressions.

use crate::expression::{Expr, Id};
use crate::refusal::Location;
use crate::relation::{By, Frame, JoinKind, Rel, SortKey, WindowBy};
use crate::types::SqlType;

/// Collected while expressions are planned.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) aggregates: Vec<PendingAggregate>,
    pub(super) windows: Vec<PendingWindow>,
    /// Subqueries below the aggregates.
    pub(super) rows: Vec<Attached>,
    /// Subqueries beside or above them.
    pub(super) late: Vec<Attached>,
    /// Calls of GROUPING: the column each becomes, and what it asks about.
    pub(super) groupings: Vec<(Id, Vec<Expr>)>,
}

/// An aggregate whose arguments are not computed yet.
#[derive(Clone, Debug)]
pub(super) struct PendingAggregate {
    pub(super) id: Id,
    pub(super) by: By,
    pub(super) arguments: Vec<Expr>,
    pub(super) result: SqlType,
    pub(super) is_distinct: bool,
    pub(super) order: Vec<Ordered>,
    pub(super) place: Option<Location>,
}

/// A window function whose arguments are not computed yet.
#[derive(Clone, Debug)]
pub(super) struct PendingWindow {
    pub(super) id: Id,
    pub(super) by: WindowBy,
    pub(super) arguments: Vec<Expr>,
    pub(super) result: SqlType,
    pub(super) partition: Vec<Expr>,
    pub(super) order: Vec<Ordered>,
    pub(super) frame: Frame,
    pub(super) place: Option<Location>,
}

/// An expression of an ORDER BY.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ordered {
    pub(super) expr: Expr,
    pub(super) is_descending: bool,
    pub(super) nulls_first: bool,
}

impl Ordered {
    pub(super) fn by(&self, id: Id) -> SortKey {
        SortKey {
            id,
            is_descending: self.is_descending,
            nulls_first: self.nulls_first,
        }
    }
}

/// Rows of a subquery to be joined.
#[derive(Debug)]
pub(super) struct Attached {
    pub(super) kind: JoinKind,
    pub(super) right: Rel,
    /// Expressions of this query and the columns of the subquery they must equal.
    pub(super) on: Vec<(Expr, Id)>,
    pub(super) is_null_equal: bool,
    /// Values of this query the subquery is computed for: its rows begin with their combinations.
    pub(super) given: Vec<(Expr, Id)>,
}
