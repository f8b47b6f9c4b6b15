//! Joins with any condition.

mod lookup;

use std::collections::BTreeSet;

use polars::prelude::*;

use super::groups::has_join;
use super::piped::Piped;
use super::{Runner, frames};
use crate::expression::Id;
use crate::relation::{Join, JoinKind, Rel};
use lookup::Lookup;
pub(super) use lookup::Probe;

/// Numbers the rows of a side.
const LEFT_ROW: &str = "left row";
const RIGHT_ROW: &str = "right row";

/// Which columns a join needs of its sides.
struct Sides {
    wanted: BTreeSet<Id>,
    /// Those of them that are needed when the keys were compared.
    shown: BTreeSet<Id>,
    left_ids: BTreeSet<Id>,
    right_ids: BTreeSet<Id>,
}

impl Sides {
    fn of(join: &Join, needed: &BTreeSet<Id>) -> Self {
        let mut shown = needed.clone();
        if let Some(condition) = &join.condition {
            condition.add_columns(&mut shown);
        }
        let mut wanted = shown.clone();
        for (one, other) in &join.on {
            wanted.insert(*one);
            wanted.insert(*other);
        }
        let of_side =
            |rel: &Rel| -> BTreeSet<Id> { rel.produced().intersection(&wanted).copied().collect() };
        let left_ids = of_side(&join.left);
        // A correlated subquery is made of the rows around it, and has their columns, too: those are the
        // left side's.
        let right_ids: BTreeSet<Id> = of_side(&join.right)
            .into_iter()
            .filter(|id| !left_ids.contains(id) || join.on.iter().any(|(_, right)| right == id))
            .collect();
        Self {
            wanted,
            shown,
            left_ids,
            right_ids,
        }
    }
}

/// The pairs of columns that are equal, each once, by side.
fn keys(join: &Join) -> (Vec<Id>, Vec<Id>) {
    let mut on: Vec<(Id, Id)> = Vec::with_capacity(join.on.len());
    for pair in &join.on {
        if !on.contains(pair) {
            on.push(*pair);
        }
    }
    on.into_iter().unzip()
}

/// A column the pairs certainly have: keys are gone when they were compared.
fn witness(shown: &BTreeSet<Id>) -> Expr {
    match shown.first() {
        Some(id) => col(frames::name(*id)),
        None => first().as_expr(),
    }
}

impl Runner<'_> {
    pub(super) fn joined(&self, join: &Join, needed: &BTreeSet<Id>) -> PolarsResult<LazyFrame> {
        let Sides {
            wanted,
            shown,
            left_ids,
            right_ids,
        } = Sides::of(join, needed);
        let left = self.side(&join.left, &left_ids)?;
        let right = self.side(&join.right, &right_ids)?;
        let right = if left_ids.is_empty() && right_ids.is_empty() {
            // Both witnesses have one name.
            right.select([col(frames::WITNESS).alias("other row")])
        } else {
            right
        };
        match join.kind {
            JoinKind::Semi | JoinKind::Anti => {
                self.by_keys(left, right, join, join.kind, Some(&shown))
            }
            JoinKind::Inner => self.matched(left, right, join, &wanted, Some(&shown)),
            JoinKind::Left | JoinKind::Full if !join.on.is_empty() && join.condition.is_none() => {
                self.by_keys(left, right, join, join.kind, Some(&shown))
            }
            JoinKind::Left | JoinKind::Full => self.kept_rows(left, right, join, &wanted),
        }
    }

    /// A side of a join with these columns.
    fn side(&self, rel: &Rel, ids: &BTreeSet<Id>) -> PolarsResult<LazyFrame> {
        if ids.is_empty() {
            self.counted(rel)
        } else {
            self.kept(rel, ids)
        }
    }

    fn by_keys(
        &self,
        left: LazyFrame,
        right: LazyFrame,
        join: &Join,
        kind: JoinKind,
        shown: Option<&BTreeSet<Id>>,
    ) -> PolarsResult<LazyFrame> {
        let (left_on, right_on) = keys(join);
        let (how, is_left_kept) = match kind {
            JoinKind::Inner => (JoinType::Inner, self.is_left_smaller(join)?),
            JoinKind::Left => (JoinType::Left, false),
            JoinKind::Semi => (JoinType::Semi, false),
            JoinKind::Anti => (JoinType::Anti, false),
            JoinKind::Full => (JoinType::Full, false),
        };
        let (mut left, mut right) = (left, right);
        if how != JoinType::Full {
            let (kept, keys) = if is_left_kept {
                (left.clone(), &left_on)
            } else {
                (right.clone(), &right_on)
            };
            match Lookup::of(self.collected(kept)?, keys, join.is_null_equal, shown)? {
                Ok(lookup) if is_left_kept => {
                    return Ok(Probe::of(lookup, right_on, kind).over(right));
                }
                Ok(lookup) => return Ok(Probe::of(lookup, left_on, kind).over(left)),
                Err(rows) if is_left_kept => left = rows.lazy(),
                Err(rows) => right = rows.lazy(),
            }
        }
        Ok(left
            .join_builder()
            .with(right)
            .how(how)
            .left_on(frames::columns(left_on))
            .right_on(frames::columns(right_on))
            .join_nulls(join.is_null_equal)
            .coalesce(JoinCoalesce::KeepColumns)
            .finish())
    }

    /// A join whose one side comes by in pieces; `None` where it cannot, or where the other side's rows
    /// cannot be looked up.
    pub(super) fn piped_join(
        &self,
        join: &Join,
        needed: &BTreeSet<Id>,
    ) -> PolarsResult<Option<Piped>> {
        let is_known = match join.kind {
            JoinKind::Full => false,
            JoinKind::Left => join.condition.is_none(),
            JoinKind::Inner | JoinKind::Semi | JoinKind::Anti => true,
        };
        if join.on.is_empty() || !is_known {
            return Ok(None);
        }
        let sides = Sides::of(join, needed);
        let (left_on, right_on) = keys(join);
        let is_left_kept = join.kind == JoinKind::Inner && self.is_left_smaller(join)?;
        let (left, right) = (
            (&join.left, &sides.left_ids, left_on),
            (&join.right, &sides.right_ids, right_on),
        );
        let ((kept, kept_ids, kept_on), (others, ids, on)) = if is_left_kept {
            (left, right)
        } else {
            (right, left)
        };
        let Some(piped) = self.piped(others, ids)? else {
            return Ok(None);
        };
        let kept = self.collected(self.kept(kept, kept_ids)?)?;
        let Ok(lookup) = Lookup::of(kept, &kept_on, join.is_null_equal, Some(&sides.shown))? else {
            return Ok(None);
        };
        let piped = piped.probed(ids, Probe::of(lookup, on, join.kind));
        Ok(Some(match &join.condition {
            None => piped,
            Some(condition) => {
                let witness = witness(&sides.shown);
                let condition = self.lowered(condition, &witness);
                piped.then(move |rows| rows.filter(condition.clone()))
            }
        }))
    }

    /// Whether the left side certainly has fewer rows than the right one may have.
    fn is_left_smaller(&self, join: &Join) -> PolarsResult<bool> {
        Ok(match self.most_rows(&join.left)? {
            Some(left) => self
                .most_rows(&join.right)?
                .is_some_and(|right| left < right),
            None => false,
        })
    }

    /// How many rows a relation has at most; `None` when its tables do not tell.
    fn most_rows(&self, rel: &Rel) -> PolarsResult<Option<usize>> {
        Ok(match rel {
            Rel::One | Rel::Single { .. } => Some(1),
            Rel::Scan { table, .. } => {
                let counted = self.tables[*table].frame.clone().select([len()]);
                let counted = self.collected(counted)?;
                counted.columns()[0].get(0)?.extract::<usize>()
            }
            Rel::Filter { input, .. }
            | Rel::Compute { input, .. }
            | Rel::Window { input, .. }
            | Rel::Distinct { input, .. }
            | Rel::Sort { input, .. }
            | Rel::Occurrence { input, .. } => self.most_rows(input)?,
            Rel::Aggregate { input, keys, .. } if !keys.is_empty() => self.most_rows(input)?,
            Rel::Aggregate { .. } => Some(1),
            Rel::Limit { most, .. } => most.and_then(|most| usize::try_from(most).ok()),
            Rel::Shared(shared) => self.most_rows(&shared.rel)?,
            Rel::Join(_) | Rel::Append { .. } | Rel::Given { .. } => None,
        })
    }

    /// The pairs for which the condition is true.
    fn matched(
        &self,
        left: LazyFrame,
        right: LazyFrame,
        join: &Join,
        wanted: &BTreeSet<Id>,
        shown: Option<&BTreeSet<Id>>,
    ) -> PolarsResult<LazyFrame> {
        let pairs = if join.on.is_empty() {
            // Polars' leaving out of columns stumbles over joins below this one: their rows are put together first.
            // The right side's are held in memory by every such join.
            let left = match has_join(&join.left) {
                true => self.collected(left)?.lazy(),
                false => left,
            };
            left.cross_join(self.collected(right)?.lazy(), None)
        } else {
            self.by_keys(left, right, join, JoinKind::Inner, shown)?
        };
        Ok(match &join.condition {
            None => pairs,
            Some(condition) => {
                let witness = witness(shown.unwrap_or(wanted));
                pairs.filter(self.lowered(condition, &witness))
            }
        })
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
        let pairs = self.matched(
            left.clone().lazy(),
            right.clone().lazy(),
            join,
            wanted,
            None,
        )?;
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
