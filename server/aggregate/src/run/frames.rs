//! Relations as lazy frames.

use std::collections::BTreeSet;

use polars::prelude::*;

use super::Runner;
use crate::expression::{Expr, Id};
use crate::fault::Fault;
use crate::relation::{Rel, SortKey, Window, WindowBy};
use crate::types::SqlType;

/// The name of a placeholder column: rows without any column of their own keep their number by it.
pub(super) const WITNESS: &str = "row";

/// The name of a column in Polars.
pub(super) fn name(id: Id) -> PlSmallStr {
    PlSmallStr::from(format!("c{id}"))
}

/// One row.
pub(super) fn one_row() -> DataFrame {
    let row = BooleanChunked::full(PlSmallStr::from_static(WITNESS), true, 1).into_column();
    DataFrame::new(1, vec![row]).unwrap_or_default()
}

/// Columns as expressions.
pub(super) fn columns(ids: impl IntoIterator<Item = Id>) -> Vec<polars::prelude::Expr> {
    ids.into_iter().map(|id| col(name(id))).collect()
}

impl Runner<'_> {
    /// The rows of a relation with at least these columns, and at least one.
    pub(super) fn frame(&self, rel: &Rel, needed: &BTreeSet<Id>) -> PolarsResult<LazyFrame> {
        match rel {
            Rel::One => Ok(one_row().lazy()),
            Rel::Given { .. } => {
                polars_bail!(ComputeError: "a correlated subquery was not joined")
            }
            Rel::Scan { table, columns } => Ok(self.scan(*table, columns, needed)),
            Rel::Filter { input, condition } => {
                let mut below = needed.clone();
                condition.add_columns(&mut below);
                let (frame, witness) = self.witnessed(input, &below)?;
                Ok(frame.filter(self.lowered(condition, &witness)))
            }
            Rel::Compute { input, items } => {
                let (below, wanted) = computing(items, needed);
                let (frame, witness) = self.witnessed(input, &below)?;
                let computed = self.computed_items(&wanted, &witness);
                Ok(if computed.is_empty() {
                    frame
                } else {
                    frame.with_columns(computed)
                })
            }
            Rel::Join(join) => self.joined(join, needed),
            Rel::Aggregate { input, keys, calls } => self.grouped(input, keys, calls, needed),
            Rel::Window { input, calls } => self.windowed(input, calls, needed),
            // Nothing but the values themselves: groups without aggregates.
            Rel::Distinct { input, keys }
                if !keys.is_empty()
                    && !matches!(**input, Rel::Sort { .. })
                    && needed.iter().all(|id| keys.contains(id)) =>
            {
                self.grouped(input, keys, &[], needed)
            }
            Rel::Distinct { input, keys } => {
                let mut below = needed.clone();
                below.extend(keys);
                let frame = self.frame(input, &below)?;
                let subset = if keys.is_empty() {
                    // All rows are equal in no column.
                    return Ok(frame.limit(1));
                } else {
                    Some(self::columns(keys.iter().copied()))
                };
                Ok(if matches!(**input, Rel::Sort { .. }) {
                    frame.unique_stable_generic(subset, UniqueKeepStrategy::First)
                } else {
                    frame.unique_generic(subset, UniqueKeepStrategy::Any)
                })
            }
            Rel::Sort { input, by } => {
                let mut below = needed.clone();
                below.extend(by.iter().map(|key| key.id));
                let frame = self.frame(input, &below)?;
                Ok(sorted(frame, by))
            }
            Rel::Limit {
                input,
                offset,
                most,
            } => {
                let frame = self.frame(input, needed)?;
                let offset = i64::try_from(*offset).unwrap_or(i64::MAX);
                let most = most.map_or(IdxSize::MAX, |most| {
                    IdxSize::try_from(most).unwrap_or(IdxSize::MAX)
                });
                Ok(frame.slice(offset, most))
            }
            Rel::Append { inputs, ids } => {
                let wanted: Vec<usize> = (0..ids.len())
                    .filter(|place| needed.contains(&ids[*place]))
                    .collect();
                // Rows without columns would be lost.
                let wanted = if wanted.is_empty() && !ids.is_empty() {
                    vec![0]
                } else {
                    wanted
                };
                let frames = inputs
                    .iter()
                    .map(|(rel, own)| {
                        let below: BTreeSet<Id> = wanted.iter().map(|place| own[*place]).collect();
                        let frame = self.frame(rel, &below)?;
                        let shown: Vec<_> = wanted
                            .iter()
                            .map(|place| col(name(own[*place])).alias(name(ids[*place])))
                            .collect();
                        Ok(if shown.is_empty() {
                            frame
                        } else {
                            frame.select(shown)
                        })
                    })
                    .collect::<PolarsResult<Vec<_>>>()?;
                concat(
                    frames,
                    UnionArgs {
                        rechunk: false,
                        ..UnionArgs::default()
                    },
                )
            }
            Rel::Single { input, place } => {
                let frame = self.collected(self.kept(input, needed)?)?;
                match frame.height() {
                    1 => Ok(frame.lazy()),
                    0 => Ok(DataFrame::full_null(frame.schema(), 1).lazy()),
                    _ => Err(self.faults.raise(Fault::ManyRows, "(SELECT …)", *place)),
                }
            }
            Rel::Occurrence { input, keys, id } => {
                let number = Window {
                    by: WindowBy::RowNumber,
                    arguments: Vec::new(),
                    kinds: Vec::new(),
                    result: SqlType::BigInt,
                    partition: keys.clone(),
                    order: Vec::new(),
                    order_kinds: Vec::new(),
                    frame: crate::relation::Frame::usual(false),
                    place: None,
                };
                self.windowed(input, &[(*id, number)], needed)
            }
            Rel::Shared(shared) => self.shared(shared, needed),
        }
    }

    /// Items as columns of rows that have the witness.
    pub(super) fn computed_items(
        &self,
        items: &[&(Id, Expr)],
        witness: &polars::prelude::Expr,
    ) -> Vec<polars::prelude::Expr> {
        let items = items.iter();
        items
            .map(|(id, expr)| self.lowered(expr, witness).alias(name(*id)))
            .collect()
    }

    /// The rows with at least these columns, and a column they certainly have.
    fn witnessed(
        &self,
        rel: &Rel,
        ids: &BTreeSet<Id>,
    ) -> PolarsResult<(LazyFrame, polars::prelude::Expr)> {
        Ok(if ids.is_empty() {
            (self.counted(rel)?, col(WITNESS))
        } else {
            (self.frame(rel, ids)?, self.witness(rel, ids))
        })
    }

    /// Rows of which no column is needed: nothing but their number counts, and that is found out now. Polars leaves out
    /// columns it takes for unneeded, and has lost the last one there was below joins.
    pub(super) fn counted(&self, rel: &Rel) -> PolarsResult<LazyFrame> {
        Ok(self.collected(self.kept(rel, &BTreeSet::new())?)?.lazy())
    }

    /// The rows with these columns and no others; with none of them, with one that says nothing.
    pub(super) fn kept(&self, rel: &Rel, ids: &BTreeSet<Id>) -> PolarsResult<LazyFrame> {
        let frame = self.frame(rel, ids)?;
        if ids.is_empty() {
            let witness = self.witness(rel, ids);
            return Ok(frame.select([witness.is_null().alias(WITNESS)]));
        }
        Ok(frame.select(self::columns(ids.iter().copied())))
    }

    /// A column the rows certainly have, as long as they are.
    pub(super) fn witness(&self, rel: &Rel, needed: &BTreeSet<Id>) -> polars::prelude::Expr {
        match needed.iter().next() {
            Some(id) => col(name(*id)),
            None => match rel {
                Rel::One => col(WITNESS),
                Rel::Scan { columns, .. } => match columns.first() {
                    Some((_, id)) => col(name(*id)),
                    None => first().as_expr(),
                },
                _ => first().as_expr(),
            },
        }
    }

    fn scan(&self, table: usize, columns: &[(usize, Id)], needed: &BTreeSet<Id>) -> LazyFrame {
        let frame = self.tables[table].frame.clone();
        let wanted: Vec<_> = columns
            .iter()
            .filter(|(_, id)| needed.contains(id))
            .collect();
        let wanted = if wanted.is_empty() {
            columns.first().into_iter().collect()
        } else {
            wanted
        };
        let shown: Vec<_> = wanted
            .into_iter()
            .map(|(place, id)| {
                nth(i64::try_from(*place).unwrap_or(0))
                    .as_expr()
                    .alias(name(*id))
            })
            .collect();
        frame.select(shown)
    }
}

/// The items that are needed, and the columns below that they and everything else need.
pub(super) fn computing<'a>(
    items: &'a [(Id, Expr)],
    needed: &BTreeSet<Id>,
) -> (BTreeSet<Id>, Vec<&'a (Id, Expr)>) {
    let wanted: Vec<&(Id, Expr)> = items.iter().filter(|(id, _)| needed.contains(id)).collect();
    let mut below: BTreeSet<Id> = needed
        .iter()
        .copied()
        .filter(|id| !items.iter().any(|(own, _)| own == id))
        .collect();
    for (_, expr) in &wanted {
        expr.add_columns(&mut below);
    }
    (below, wanted)
}

/// Rows in an order; rows that are equal in it stay as they are.
pub(super) fn sorted(frame: LazyFrame, by: &[SortKey]) -> LazyFrame {
    frame.sort_by_exprs(
        columns(by.iter().map(|key| key.id)),
        SortMultipleOptions {
            descending: by.iter().map(|key| key.is_descending).collect(),
            nulls_last: by.iter().map(|key| !key.nulls_first).collect(),
            multithreaded: true,
            maintain_order: true,
            limit: None,
        },
    )
}
