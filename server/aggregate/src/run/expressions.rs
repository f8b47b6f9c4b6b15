//! Expressions as Polars' expressions: each is one column of our own code, which computes every part of it once.
//!
//! Polars moves and repeats what it computes; a part that may stop the block must be computed for the rows that
//! need it and for no others.

mod compare;
mod logic;
mod step;

use std::sync::Arc;

use polars::prelude::{Expr as PolarsExpr, *};

use super::{Runner, frames};
use crate::call::{Answer, Call as Columns};
use crate::expression::{Expr, Id, Node};
use crate::fault::FaultCell;
use crate::refusal::Location;
use crate::types::SqlType;
use step::{Step, Steps};

/// Code that computes a column from columns.
pub(super) type Compute = Arc<dyn Fn(&Columns<'_>) -> Answer + Send + Sync>;

/// What a computed column is, for messages and for Polars.
#[derive(Clone)]
pub(super) struct Described {
    pub(super) what: &'static str,
    pub(super) place: Option<Location>,
    pub(super) types: Vec<SqlType>,
    pub(super) result: SqlType,
}

impl Runner<'_> {
    /// An expression as a column that is as long as the rows, of which the witness is a column.
    pub(super) fn lowered(&self, expr: &Expr, witness: &PolarsExpr) -> PolarsExpr {
        if let Node::Column(id) = expr.node {
            return col(frames::name(id));
        }
        let ids: Vec<Id> = expr.columns().into_iter().collect();
        let step = self.step(expr, &ids);
        let mut arguments = frames::columns(ids);
        arguments.push(witness.clone());
        let dtype = expr.kind.dtype(self.quotient_digits);
        mapped(arguments, dtype.clone(), move |columns| {
            as_long_as(columns, &step, &dtype)
        })
    }

    /// The value of an expression without columns, as a column of one row.
    pub(super) fn constant(&self, expr: &Expr) -> PolarsResult<Series> {
        self.step(expr, &[])(&[], None)
    }

    /// The code that computes an expression from these columns, which are all it reads.
    fn step(&self, expr: &Expr, ids: &[Id]) -> Step {
        let steps = Steps {
            ids,
            faults: &self.faults,
            quotient_digits: self.quotient_digits,
        };
        steps.of(expr)
    }

    /// A column of our own code, computed from columns of one length.
    pub(super) fn computed(
        &self,
        arguments: Vec<PolarsExpr>,
        described: Described,
        compute: Compute,
    ) -> PolarsExpr {
        let faults = self.faults.clone();
        let quotient_digits = self.quotient_digits;
        let dtype = described.result.dtype(quotient_digits);
        let step: Step = Box::new(move |columns, _| {
            called(&described, &compute, columns, quotient_digits, &faults)
        });
        mapped(arguments, dtype.clone(), move |columns| {
            as_long_as(columns, &step, &dtype)
        })
    }
}

/// A column that is computed from columns, and named after the first of them.
fn mapped(
    arguments: Vec<PolarsExpr>,
    dtype: DataType,
    compute: impl Fn(&[Column]) -> PolarsResult<Series> + Send + Sync + 'static,
) -> PolarsExpr {
    map_multiple(
        move |columns: &mut [Column]| {
            let name = columns[0].name().clone();
            Ok(compute(columns)?.with_name(name).into_column())
        },
        arguments,
        move |_, fields| {
            let name = fields
                .first()
                .map_or(PlSmallStr::EMPTY, |field| field.name().clone());
            Ok(Field::new(name, dtype.clone()))
        },
    )
}

/// A step's answer, as long as the last of the columns.
fn as_long_as(columns: &[Column], step: &Step, dtype: &DataType) -> PolarsResult<Series> {
    let rows = columns.last().map_or(0, Column::len);
    if rows == 0 {
        return Ok(Series::full_null(PlSmallStr::EMPTY, 0, dtype));
    }
    let columns: Vec<Series> = columns
        .iter()
        .map(|column| column.as_materialized_series().clone())
        .collect();
    let answer = step(&columns, None)?;
    Ok(match answer.len() {
        1 if rows > 1 => answer.new_from_index(0, rows),
        _ => answer,
    })
}

/// Gives columns to our code, and its faults to the cell. Constants have one row.
fn called(
    described: &Described,
    compute: &Compute,
    columns: &[Series],
    quotient_digits: u8,
    faults: &FaultCell,
) -> PolarsResult<Series> {
    let rows = columns.iter().map(|column| column.len()).max().unwrap_or(1);
    let call = Columns {
        columns,
        types: &described.types,
        result: described.result,
        quotient_digits,
        rows,
    };
    compute(&call).map_err(|fault| faults.raise(fault, described.what, described.place))
}
