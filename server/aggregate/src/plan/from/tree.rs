//! Tables joined in the order in which conditions connect them.

use sqlparser::tokenizer::Span;

use super::Parts;
use crate::expression::{Comparison, Expr, Id, Node};
use crate::plan::planner::Planner;
use crate::relation::{Join, JoinKind, Rel};

impl Planner<'_> {
    /// Inner joins stay loose until all conditions are known; others are joined at once.
    pub(super) fn connected(
        &mut self,
        kind: JoinKind,
        is_mirrored: bool,
        left: Parts,
        right: Parts,
        conditions: Vec<Expr>,
    ) -> Parts {
        if kind == JoinKind::Inner {
            let mut parts = left.with(right);
            parts.conditions.extend(conditions);
            return parts;
        }
        let (left, right) = (self.tree(left), self.tree(right));
        let (left, right) = if is_mirrored {
            (right, left)
        } else {
            (left, right)
        };
        Parts::of(self.outer_join(kind, left, right, conditions))
    }

    /// A join that keeps rows without partner.
    pub(super) fn outer_join(
        &mut self,
        kind: JoinKind,
        left: Rel,
        right: Rel,
        conditions: Vec<Expr>,
    ) -> Rel {
        let (has_left, has_right) = (left.produced(), right.produced());
        let mut left_items = Vec::new();
        let mut right_items = Vec::new();
        let mut on = Vec::new();
        let mut rest = Vec::new();
        let mut right_only = Vec::new();
        for condition in conditions {
            match sides(&condition, &has_left, &has_right) {
                Some((one, other)) => on.push((
                    self.id_of(&one, &mut left_items),
                    self.id_of(&other, &mut right_items),
                )),
                None => {
                    let columns = condition.columns();
                    // Rows of the right that cannot be partners are gone before the join.
                    if kind == JoinKind::Left
                        && columns.is_subset(&has_right)
                        && !condition.can_fail()
                    {
                        right_only.push(condition);
                    } else {
                        rest.push(condition);
                    }
                }
            }
        }
        let mut right = right;
        if !right_only.is_empty() {
            right = right.filtered(Expr::all(right_only));
        }
        Rel::Join(Box::new(Join {
            kind,
            left: left.computed(left_items),
            right: right.computed(right_items),
            on,
            condition: (!rest.is_empty()).then(|| Expr::all(rest)),
            is_null_equal: false,
        }))
    }

    /// The tables joined in the order in which conditions connect them.
    pub(in crate::plan) fn tree(&mut self, parts: Parts) -> Rel {
        let Parts {
            rels,
            conditions: mut waiting,
            attached,
        } = parts;
        let mut rest: Vec<Rel> = rels
            .into_iter()
            .map(|rel| apply_ready(rel, &mut waiting, false))
            .collect();
        let mut tree = rest.remove(0);
        while !rest.is_empty() {
            let produced = tree.produced();
            let next = rest.iter().position(|rel| {
                let other = rel.produced();
                waiting
                    .iter()
                    .any(|condition| sides(condition, &produced, &other).is_some())
            });
            let right = rest.remove(next.unwrap_or(0));
            let other = right.produced();
            let mut left_items = Vec::new();
            let mut right_items = Vec::new();
            let mut on = Vec::new();
            waiting.retain(|condition| match sides(condition, &produced, &other) {
                Some((one, two)) => {
                    on.push((
                        self.id_of(&one, &mut left_items),
                        self.id_of(&two, &mut right_items),
                    ));
                    false
                }
                None => true,
            });
            let both: std::collections::BTreeSet<Id> = produced.union(&other).copied().collect();
            let (ready, later): (Vec<Expr>, Vec<Expr>) =
                waiting.into_iter().partition(|condition| {
                    condition.columns().is_subset(&both) && !condition.can_fail()
                });
            waiting = later;
            tree = Rel::Join(Box::new(Join {
                kind: JoinKind::Inner,
                left: tree.computed(left_items),
                right: right.computed(right_items),
                on,
                condition: (!ready.is_empty()).then(|| Expr::all(ready)),
                is_null_equal: false,
            }));
        }
        let tree = crate::plan::subquery::joined(self, tree, attached);
        // What may stop at some rows is looked at last, and never for rows that others leave out.
        if waiting.is_empty() {
            tree
        } else {
            tree.filtered(Expr::all(waiting))
        }
    }
}

/// Adds the conditions that read this relation alone.
fn apply_ready(rel: Rel, waiting: &mut Vec<Expr>, may_fail: bool) -> Rel {
    let produced = rel.produced();
    let (ready, later): (Vec<Expr>, Vec<Expr>) =
        std::mem::take(waiting).into_iter().partition(|one| {
            let columns = one.columns();
            !columns.is_empty() && columns.is_subset(&produced) && (may_fail || !one.can_fail())
        });
    *waiting = later;
    if ready.is_empty() {
        rel
    } else {
        rel.filtered(Expr::all(ready))
    }
}

/// Both sides of an equation between two relations, the left one first.
pub(in crate::plan) fn sides(
    condition: &Expr,
    left: &std::collections::BTreeSet<Id>,
    right: &std::collections::BTreeSet<Id>,
) -> Option<(Expr, Expr)> {
    let Node::Compare(Comparison::Equal, one, other) = &condition.node else {
        return None;
    };
    let (one, other) = (one.as_ref(), other.as_ref());
    // What may stop at some rows is not computed for all of them.
    if one.can_fail() || other.can_fail() {
        return None;
    }
    let (ones, others) = (one.columns(), other.columns());
    if ones.is_empty() || others.is_empty() {
        return None;
    }
    let (first, second) = if ones.is_subset(left) && others.is_subset(right) {
        (one, other)
    } else if ones.is_subset(right) && others.is_subset(left) {
        (other, one)
    } else {
        return None;
    };
    Some(same_type(first.clone(), second.clone()))
}

/// Keys of a join have one type in Polars, too: decimals of one scale.
fn same_type(one: Expr, other: Expr) -> (Expr, Expr) {
    if one.kind == other.kind || one.kind.is_whole() && other.kind.is_whole() {
        return (one, other);
    }
    let Some(kind) = crate::plan::conversion::unified([one.kind, other.kind]) else {
        return (one, other);
    };
    let to = |expr: Expr| {
        if expr.kind == kind {
            expr
        } else {
            crate::plan::conversion::cast_to(expr, kind, Default::default(), Span::empty())
        }
    };
    (to(one), to(other))
}
