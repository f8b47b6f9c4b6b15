//! Expressions as Polars' expressions.
//!
//! A function that may stop the block is computed only for the rows that need it: inside CASE,
//! COALESCE, AND and OR its first argument is NULL elsewhere.

mod compare;
mod logic;

use std::sync::Arc;

use polars::prelude::{Expr as PolarsExpr, *};

use super::{Runner, frames};
use crate::call::{Answer, Call as Columns};
use crate::expression::{Expr, Node};
use crate::fault::{Fault, FaultCell};
use crate::kernel::{calendar, cast};
use crate::refusal::Place;
use crate::types::SqlType;
use crate::value::Value;
use logic::guarded;

/// Code that computes a column from columns.
type Compute = Arc<dyn Fn(&Columns<'_>) -> Answer + Send + Sync>;

/// What a computed column is, for messages and for Polars.
#[derive(Clone)]
pub(super) struct Described {
    pub(super) what: &'static str,
    pub(super) place: Option<Place>,
    pub(super) types: Vec<SqlType>,
    pub(super) result: SqlType,
}

impl Runner<'_> {
    /// An expression; where `guard` is not true its value does not matter.
    pub(super) fn lowered(
        &self,
        expr: &Expr,
        guard: Option<&PolarsExpr>,
        witness: &PolarsExpr,
    ) -> PolarsExpr {
        let low = |part: &Expr| self.lowered(part, guard, witness);
        match &expr.node {
            Node::Column(id) => col(frames::name(*id)),
            Node::Constant(value) => self.constant(value, expr.kind),
            Node::Call(call) => {
                let mut arguments: Vec<PolarsExpr> = call.arguments.iter().map(low).collect();
                if let Some(guard) = guard.filter(|_| call.function.can_fail) {
                    // What is written out says how to compute, not what.
                    let place = call
                        .arguments
                        .iter()
                        .position(|one| one.as_constant().is_none())
                        .unwrap_or(0);
                    if let Some(argument) = arguments.get_mut(place) {
                        *argument = guarded(argument.clone(), guard);
                    }
                }
                let described = Described {
                    what: call.function.name,
                    place: call.place,
                    types: call.arguments.iter().map(|one| one.kind).collect(),
                    result: expr.kind,
                };
                self.computed(arguments, described, witness, Arc::new(call.function.apply))
            }
            Node::Cast {
                value,
                limit,
                place,
            } => {
                let mut argument = low(value);
                if expr.can_fail()
                    && let Some(guard) = guard
                {
                    argument = guarded(argument, guard);
                }
                let described = Described {
                    what: "CAST",
                    place: *place,
                    types: vec![value.kind],
                    result: expr.kind,
                };
                let limit = *limit;
                self.computed(
                    vec![argument],
                    described,
                    witness,
                    Arc::new(move |call| cast::cast(call, limit)),
                )
            }
            Node::Case {
                branches,
                otherwise,
            } => self.case(branches, otherwise, guard, witness),
            Node::Not(value) => low(value).not(),
            Node::And(parts) => self.logic(parts, guard, witness, true),
            Node::Or(parts) => self.logic(parts, guard, witness, false),
            Node::IsNull(value) => low(value).is_null(),
            Node::Compare(how, one, other) => self.comparison(*how, one, other, guard, witness),
            Node::In(value, list) => self.among(low(value), value.kind, list, witness),
            Node::Coalesce(parts) => self.coalesced(parts, guard, witness),
            // Intervals are only shown to what takes them apart.
            Node::Interval(parts) => low(&parts[2]),
            Node::AddInterval {
                value,
                interval,
                place,
            } => {
                let mut arguments = vec![low(value)];
                arguments.extend(interval.iter().map(low));
                if let Some(guard) = guard {
                    arguments[0] = guarded(arguments[0].clone(), guard);
                }
                let described = Described {
                    what: "INTERVAL",
                    place: *place,
                    types: vec![
                        value.kind,
                        SqlType::BigInt,
                        SqlType::BigInt,
                        SqlType::BigInt,
                    ],
                    result: SqlType::Timestamp,
                };
                self.computed(arguments, described, witness, Arc::new(add_interval))
            }
            Node::Single {
                count,
                value,
                place,
            } => {
                let mut counted = low(count);
                if let Some(guard) = guard {
                    counted = guarded(counted, guard);
                }
                let described = Described {
                    what: "(SELECT …)",
                    place: *place,
                    types: vec![SqlType::BigInt, value.kind],
                    result: value.kind,
                };
                let single = |call: &Columns<'_>| {
                    let counts = call.whole(0)?;
                    if (0..call.rows).any(|row| counts.at(row).is_some_and(|count| count > 1)) {
                        return Err(Fault::ManyRows);
                    }
                    Ok(call.columns[1].clone())
                };
                self.computed(
                    vec![counted, low(value)],
                    described,
                    witness,
                    Arc::new(single),
                )
            }
        }
    }

    /// An expression as a column that is as long as the rows: Polars keeps one value for a constant,
    /// and does not always take it for as many.
    pub(super) fn column(&self, expr: &Expr, witness: &PolarsExpr) -> PolarsExpr {
        let lowered = self.lowered(expr, None, witness);
        if !expr.is_constant() {
            return lowered;
        }
        let described = Described {
            what: "constant",
            place: None,
            types: vec![expr.kind],
            result: expr.kind,
        };
        let all = |call: &Columns<'_>| Ok(call.columns[0].new_from_index(0, call.rows));
        self.computed(vec![lowered], described, witness, Arc::new(all))
    }

    fn constant(&self, value: &Value, kind: SqlType) -> PolarsExpr {
        let series = value.series(kind, self.quotient_digits);
        let dtype = series.dtype().clone();
        match series.get(0) {
            Ok(any) => lit(Scalar::new(dtype, any.into_static())),
            Err(_) => lit(NULL).cast(dtype),
        }
    }

    /// A column of our own code. The witness gives it as many rows as there are.
    pub(super) fn computed(
        &self,
        mut arguments: Vec<PolarsExpr>,
        described: Described,
        witness: &PolarsExpr,
        compute: Compute,
    ) -> PolarsExpr {
        let count = arguments.len();
        arguments.push(witness.clone());
        let faults = self.faults.clone();
        let quotient_digits = self.quotient_digits;
        let dtype = described.result.dtype(quotient_digits);
        let output = dtype.clone();
        map_multiple(
            move |columns: &mut [Column]| {
                answer(
                    columns,
                    count,
                    &described,
                    quotient_digits,
                    &faults,
                    &compute,
                    &output,
                )
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
}

/// Gives the columns to our code, and its faults to the cell.
fn answer(
    columns: &[Column],
    count: usize,
    described: &Described,
    quotient_digits: u8,
    faults: &FaultCell,
    compute: &Compute,
    dtype: &DataType,
) -> PolarsResult<Column> {
    let name = columns
        .first()
        .map_or(PlSmallStr::EMPTY, |one| one.name().clone());
    // Constants have one row; the witness has as many as there are.
    let rows = columns[count].len();
    let series: Vec<Series> = columns[..count]
        .iter()
        .map(|column| column.as_materialized_series().clone())
        .collect();
    let rows = if series.iter().any(|one| one.len() > 1) {
        series.iter().map(|one| one.len()).max().unwrap_or(rows)
    } else {
        rows
    };
    if rows == 0 {
        return Ok(Column::full_null(name, 0, dtype));
    }
    let call = Columns {
        columns: &series,
        types: &described.types,
        result: described.result,
        quotient_digits,
        rows,
    };
    let answer =
        compute(&call).map_err(|fault| faults.raise(fault, described.what, described.place))?;
    let answer = if answer.len() == 1 && rows > 1 {
        answer.new_from_index(0, rows)
    } else {
        answer
    };
    Ok(answer.with_name(name).into_column())
}

fn add_interval(call: &Columns<'_>) -> Answer {
    let at = call.timestamps(0)?;
    let (months, days, micros) = (call.whole(1)?, call.whole(2)?, call.whole(3)?);
    call.to_timestamps(
        |row| match (at.at(row), months.at(row), days.at(row), micros.at(row)) {
            (Some(at), Some(months), Some(days), Some(micros)) => {
                calendar::add_interval(at, months, days, micros).map(Some)
            }
            _ => Ok(None),
        },
    )
}
