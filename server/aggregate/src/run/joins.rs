//! Joins with any condition.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{Runner, frames};
use crate::expression::Id;
use crate::relation::{Join, JoinKind};

/// Numbers the rows of a side.
const LEFT_ROW: &str = "left row";
const RIGHT_ROW: &str = "right row";

impl Runner<'_> {
    pub(super) fn joined(&self, join: &Join, needed: &BTreeSet<Id>) -> PolarsResult<LazyFrame> {
        let mut wanted = needed.clone();
        for (one, other) in &join.on {
            wanted.insert(*one);
            wanted.insert(*other);
        }
        if let Some(condition) = &join.condition {
            condition.add_columns(&mut wanted);
        }
        let of_side = |rel: &crate::relation::Rel| -> BTreeSet<Id> {
            rel.produced().intersection(&wanted).copied().collect()
        };
        let left_ids = of_side(&join.left);
        // A correlated subquery is made of the rows around it, and has their columns, too: those are the
        // left side's.
        let right_ids: BTreeSet<Id> = of_side(&join.right)
            .into_iter()
            .filter(|id| !left_ids.contains(id) || join.on.iter().any(|(_, right)| right == id))
            .collect();
        let left = self.kept(&join.left, &left_ids)?;
        let right = self.kept(&join.right, &right_ids)?;
        let right = if left_ids.is_empty() && right_ids.is_empty() {
            // Both witnesses have one name.
            right.select([col(frames::WITNESS).alias("other row")])
        } else {
            right
        };
        match join.kind {
            JoinKind::Semi | JoinKind::Anti => {
                let how = if join.kind == JoinKind::Semi {
                    JoinType::Semi
                } else {
                    JoinType::Anti
                };
                Ok(self.by_keys(left, right, join, how))
            }
            JoinKind::Inner => Ok(self.matched(left, right, join, &wanted)),
            JoinKind::Left | JoinKind::Full if !join.on.is_empty() && join.condition.is_none() => {
                let how = if join.kind == JoinKind::Left {
                    JoinType::Left
                } else {
                    JoinType::Full
                };
                Ok(self.by_keys(left, right, join, how))
            }
            JoinKind::Left | JoinKind::Full => self.kept_rows(left, right, join, &wanted),
        }
    }

    fn by_keys(&self, left: LazyFrame, right: LazyFrame, join: &Join, how: JoinType) -> LazyFrame {
        let mut on: Vec<(Id, Id)> = Vec::with_capacity(join.on.len());
        for pair in &join.on {
            if !on.contains(pair) {
                on.push(*pair);
            }
        }
        let (left_on, right_on): (Vec<Id>, Vec<Id>) = on.into_iter().unzip();
        left.join_builder()
            .with(right)
            .how(how)
            .left_on(frames::columns(left_on))
            .right_on(frames::columns(right_on))
            .join_nulls(join.is_null_equal)
            .coalesce(JoinCoalesce::KeepColumns)
            .finish()
    }

    /// The pairs for which the condition is true.
    fn matched(
        &self,
        left: LazyFrame,
        right: LazyFrame,
        join: &Join,
        wanted: &BTreeSet<Id>,
    ) -> LazyFrame {
        let pairs = if join.on.is_empty() {
            left.cross_join(right, None)
        } else {
            self.by_keys(left, right, join, JoinType::Inner)
        };
        match &join.condition {
            None => pairs,
            Some(condition) => {
                let witness = self.witness(&crate::relation::Rel::One, wanted);
                pairs.filter(self.lowered(condition, None, &witness))
            }
        }
    }

    /// Pairs, and the rows of one or both sides that are in none.
    fn kept_rows(
        &self,
        left: LazyFrame,
        right: LazyFrame,
        join: &Join,
        wanted: &BTreeSet<Id>,
    ) -> PolarsResult<LazyFrame> {
        let left = self.collected(left.with_row_index(LEFT_ROW, None))?;
        let right = self.collected(right.with_row_index(RIGHT_ROW, None))?;
        let pairs = self.matched(left.clone().lazy(), right.clone().lazy(), join, wanted);
        let pairs = self.collected(pairs)?;
        let columns: Vec<_> = left
            .schema()
            .iter_names()
            .chain(right.schema().iter_names())
            .cloned()
            .map(col)
            .collect();
        // The rows of one side that are in no pair, with NULLs for the other.
        let alone = |side: &DataFrame, other: &DataFrame, row: &str| {
            let nulls: Vec<_> = other
                .schema()
                .iter()
                .map(|(name, dtype)| lit(NULL).cast(dtype.clone()).alias(name.clone()))
                .collect();
            side.clone()
                .lazy()
                .join(
                    pairs.clone().lazy().select([col(row)]),
                    [col(row)],
                    [col(row)],
                    JoinArgs::new(JoinType::Anti),
                )
                .with_columns(nulls)
                .select(columns.clone())
        };
        let mut parts = vec![
            pairs.clone().lazy().select(columns.clone()),
            alone(&left, &right, LEFT_ROW),
        ];
        if join.kind == JoinKind::Full {
            parts.push(alone(&right, &left, RIGHT_ROW));
        }
        concat(parts, UnionArgs::default())
    }
}
