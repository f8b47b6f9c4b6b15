//! Plans on Polars.
//!
//! | module | holds |
//! | --- | --- |
//! | `frames` | relations as lazy frames |
//! | `expressions` | expressions as Polars' expressions, computed only for rows that need them |
//! | `groups` | aggregates |
//! | `distinct` | values of keys, numbered |
//! | `hashed` | groups added up while rows come by |
//! | `joins` | joins with any condition |
//! | `shared` | relations that stand in several places |
//! | `rows` | the rows of tables, in pieces where they are in files |
//! | `piped` | groups of pieces that threads read side by side |
//! | `windows` | window functions over sorted rows |

mod allocator;
mod distinct;
mod expressions;
mod frames;
mod groups;
mod hashed;
mod joins;
mod piped;
mod rows;
mod shared;
mod windows;

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;

use polars::prelude::*;

use crate::expression::Expr;
use crate::fault::{Fault, FaultAt, FaultCell, Misfit};
use crate::plan::Plan;
use crate::relation::Rel;
use crate::value::Value;
pub use rows::Rows;

/// Digits quotients keep behind the point at first: as many as PostgreSQL gives numbers around 1.
const QUOTIENT_DIGITS: u8 = 20;
/// More do not fit into 128 bits.
const PRECISION_DIGITS: u8 = 38;

/// Batches of rows that may wait.
const BATCHES: usize = 2;

/// What computing a plan needs.
pub(crate) struct Runner<'a> {
    /// The tables in the plan's order.
    pub(crate) tables: Vec<&'a Rows>,
    pub(crate) quotient_digits: u8,
    pub(crate) faults: FaultCell,
    shared: shared::Answers,
    /// Asked between parts of the plan; true ends it.
    pub(crate) is_stopped: &'a (dyn Fn() -> bool + Send + Sync),
}

impl Plan {
    /// The rows of the plan over these tables, by name; columns have the plan's types.
    ///
    /// # Errors
    /// The first value that cannot be computed, or [`Fault::Polars`].
    pub fn run(&self, tables: &BTreeMap<String, LazyFrame>) -> Result<DataFrame, FaultAt> {
        let tables = tables
            .iter()
            .map(|(name, frame)| (name.clone(), Rows::from(frame.clone())))
            .collect();
        self.run_until(&tables, &|| false)
    }

    /// As [`Plan::run`]; `is_stopped` is asked between its parts, and ends it when true.
    ///
    /// # Errors
    /// As [`Plan::run`].
    pub fn run_until(
        &self,
        tables: &BTreeMap<String, Rows>,
        is_stopped: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<DataFrame, FaultAt> {
        allocator::keep_freed();
        let empty = Rows::from(LazyFrame::default());
        let tables: Vec<&Rows> = self
            .tables
            .iter()
            .map(|name| tables.get(name).unwrap_or(&empty))
            .collect();
        let run = |quotient_digits| {
            let runner = Runner {
                tables: tables.clone(),
                quotient_digits,
                faults: FaultCell::default(),
                shared: shared::Answers::of(&self.rel),
                is_stopped,
            };
            crate::deep::deep(|| runner.answer(self))
        };
        // Quotients that are too large or too small beside the others of their column get less or more
        // room behind the point, as long as there is a number of digits that was not tried.
        let (mut least, mut most) = (0, PRECISION_DIGITS);
        let mut digits = QUOTIENT_DIGITS;
        loop {
            match run(digits) {
                Err(FaultAt {
                    fault: Fault::Quotient(misfit),
                    what,
                    place,
                }) => {
                    match misfit {
                        Misfit::Large => most = digits,
                        Misfit::Small => least = digits,
                    }
                    if most - least < 2 {
                        let fault = Fault::Quotient(misfit);
                        return Err(FaultAt { fault, what, place });
                    }
                    digits = least + (most - least) / 2;
                }
                answer => return answer,
            }
        }
    }
}

impl Runner<'_> {
    fn answer(&self, plan: &Plan) -> Result<DataFrame, FaultAt> {
        let needed = plan.ids.iter().copied().collect();
        let frame = self
            .frame(&plan.rel, &needed)
            .map_err(|error| self.fault(error))?;
        let shown: Vec<_> = plan
            .ids
            .iter()
            .zip(plan.columns())
            .map(|(id, column)| col(frames::name(*id)).alias(column.name.as_str()))
            .collect();
        self.collected(frame.select(shown))
            .map_err(|error| self.fault(error))
    }

    /// Runs what was put together so far.
    pub(crate) fn collected(&self, frame: LazyFrame) -> PolarsResult<DataFrame> {
        if (self.is_stopped)() {
            polars_bail!(ComputeError: "the query was stopped");
        }
        // Conditions stand where their values may be computed; Polars must not move them.
        frame.with_predicate_pushdown(false).collect()
    }

    /// Runs what was put together so far; every column stands in one piece.
    pub(crate) fn gathered(&self, frame: LazyFrame, is_streamed: bool) -> PolarsResult<DataFrame> {
        if !is_streamed {
            let mut rows = self.collected(frame)?;
            rows.rechunk_mut();
            return Ok(rows);
        }
        let schema = frame.clone().collect_schema()?;
        let none = DataFrame::empty_with_schema(&schema);
        let (mut height, mut columns) = (0, none.into_columns());
        // Polars' `extend` would save this, and takes the bits of booleans and of NULLs from the wrong place
        // where a batch is a part of a row group.
        self.each_batch(frame, |batch| {
            height += batch.height();
            let more = batch.into_columns();
            columns.iter_mut().zip(more).try_for_each(|(column, more)| {
                column.append_owned(more)?;
                Ok(())
            })
        })?;
        // One column after the other, so that never all are there twice.
        let columns = columns.into_iter().map(|column| column.rechunk());
        DataFrame::new(height, columns.collect())
    }

    /// Runs what was put together so far and shows its rows in batches, in their order; there are never
    /// more than a few.
    pub(crate) fn each_batch(
        &self,
        frame: LazyFrame,
        mut visit: impl FnMut(DataFrame) -> PolarsResult<()>,
    ) -> PolarsResult<()> {
        let (send, batches) = sync_channel(BATCHES);
        let running = frame.with_predicate_pushdown(false).sink_batches(
            // True ends it: nobody asks for more.
            PlanCallback::new(move |batch: DataFrame| Ok(send.send(batch).is_err())),
            true,
            None,
        )?;
        crate::deep::beside(
            || running.collect_with_engine(Engine::Streaming).map(drop),
            || {
                for batch in batches {
                    if (self.is_stopped)() {
                        polars_bail!(ComputeError: "the query was stopped");
                    }
                    visit(batch)?;
                }
                Ok(())
            },
        )
    }

    /// The fault behind an error of Polars.
    fn fault(&self, error: PolarsError) -> FaultAt {
        self.faults.take().unwrap_or_else(|| FaultAt {
            fault: Fault::Polars(error.to_string()),
            what: String::new(),
            place: None,
        })
    }
}

/// The value of an expression without columns.
///
/// # Errors
/// The fault its computation ends in.
pub(crate) fn constant(expr: &Expr) -> Result<Value, FaultAt> {
    let runner = Runner {
        tables: Vec::new(),
        quotient_digits: QUOTIENT_DIGITS,
        faults: FaultCell::default(),
        shared: shared::Answers::of(&Rel::One),
        is_stopped: &|| false,
    };
    let column = runner.constant(expr).map_err(|error| runner.fault(error))?;
    Value::of(&column, expr.kind).map_err(|error| runner.fault(error))
}
