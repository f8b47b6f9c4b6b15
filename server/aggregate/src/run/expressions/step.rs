//! An expression as code that computes it from columns, a part after the other and each once.

use std::sync::Arc;

use polars::prelude::*;

use super::{Compute, Described, called};
use crate::call::{Answer, Call as Columns};
use crate::expression::{Expr, Id, Node};
use crate::fault::{Fault, FaultCell};
use crate::kernel::{calendar, cast};
use crate::types::SqlType;

/// Computes one value, or as many as the columns have rows; where the mask is not true, no value is needed.
pub(super) type Step =
    Box<dyn Fn(&[Series], Option<&BooleanChunked>) -> PolarsResult<Series> + Send + Sync>;

/// What steps are made with.
pub(super) struct Steps<'a> {
    /// The columns they are given, in ascending order.
    pub(super) ids: &'a [Id],
    pub(super) faults: &'a FaultCell,
    pub(super) quotient_digits: u8,
}

impl Steps<'_> {
    /// The code of an expression.
    pub(super) fn of(&self, expr: &Expr) -> Step {
        match &expr.node {
            Node::Column(id) => self.column(*id),
            Node::Constant(value) => {
                let series = value.series(expr.kind, self.quotient_digits);
                Box::new(move |_, _| Ok(series.clone()))
            }
            Node::Call(call) => {
                let described = Described {
                    what: call.function.name,
                    place: call.place,
                    types: call.arguments.iter().map(|one| one.kind).collect(),
                    result: expr.kind,
                };
                // What is written out says how to compute, not what.
                let place = call
                    .arguments
                    .iter()
                    .position(|one| one.as_constant().is_none())
                    .unwrap_or(0);
                self.computed(
                    &call.arguments,
                    call.function.can_fail.then_some(place),
                    described,
                    Arc::new(call.function.apply),
                )
            }
            Node::Cast {
                value,
                limit,
                place,
            } => {
                let described = Described {
                    what: "CAST",
                    place: *place,
                    types: vec![value.kind],
                    result: expr.kind,
                };
                let limit = *limit;
                self.computed(
                    [&**value],
                    expr.can_fail().then_some(0),
                    described,
                    Arc::new(move |call| cast::cast(call, limit)),
                )
            }
            Node::Case {
                branches,
                otherwise,
            } => self.case(branches, otherwise),
            Node::Not(value) => {
                let value = self.of(value);
                Box::new(move |columns, mask| Ok((!value(columns, mask)?.bool()?).into_series()))
            }
            Node::And(parts) => self.logic(parts, true),
            Node::Or(parts) => self.logic(parts, false),
            Node::IsNull(value) => {
                let value = self.of(value);
                Box::new(move |columns, mask| Ok(value(columns, mask)?.is_null().into_series()))
            }
            Node::Compare(how, one, other) => self.comparison(*how, one, other),
            Node::In(value, list) => self.among(value, list),
            Node::Coalesce(parts) => self.coalesced(parts),
            Node::Furthest(how, values) => self.furthest(*how, values),
            Node::NullIf(value, other) => self.null_if(value, other),
            // Intervals are only shown to what takes them apart.
            Node::Interval(parts) => self.of(&parts[2]),
            Node::AddInterval {
                value,
                interval,
                place,
            } => {
                let whole = SqlType::BigInt;
                let described = Described {
                    what: "INTERVAL",
                    place: *place,
                    types: vec![value.kind, whole, whole, whole],
                    result: SqlType::Timestamp,
                };
                let arguments = std::iter::once(&**value).chain(interval.iter());
                self.computed(arguments, Some(0), described, Arc::new(add_interval))
            }
            Node::Single {
                count,
                value,
                place,
            } => {
                let described = Described {
                    what: "(SELECT …)",
                    place: *place,
                    types: vec![SqlType::BigInt, value.kind],
                    result: value.kind,
                };
                self.computed([&**count, value], Some(0), described, Arc::new(single))
            }
        }
    }

    fn column(&self, id: Id) -> Step {
        let place = self.ids.binary_search(&id);
        Box::new(move |columns, _| {
            let column = place.ok().and_then(|place| columns.get(place));
            column
                .cloned()
                .ok_or_else(|| polars_err!(ColumnNotFound: "no column {id} was given"))
        })
    }

    /// Our own code over arguments. The one at `guarded`, where values may stop the block, is NULL for the rows that
    /// are not needed: no function stops at NULL.
    pub(super) fn computed<'e>(
        &self,
        arguments: impl IntoIterator<Item = &'e Expr>,
        guarded: Option<usize>,
        described: Described,
        compute: Compute,
    ) -> Step {
        let arguments: Vec<Step> = arguments.into_iter().map(|one| self.of(one)).collect();
        let faults = self.faults.clone();
        let quotient_digits = self.quotient_digits;
        Box::new(move |columns, mask| {
            let mut values = Vec::with_capacity(arguments.len());
            for (place, argument) in arguments.iter().enumerate() {
                let value = argument(columns, mask)?;
                values.push(match mask {
                    Some(mask) if guarded == Some(place) => only_where(mask, &value)?,
                    _ => value,
                });
            }
            called(&described, &compute, &values, quotient_digits, &faults)
        })
    }
}

/// The values where the mask is true, and NULL elsewhere.
fn only_where(mask: &BooleanChunked, values: &Series) -> PolarsResult<Series> {
    if mask.all() {
        return Ok(values.clone());
    }
    let null = Series::full_null(PlSmallStr::EMPTY, 1, values.dtype());
    values.zip_with(mask, &null)
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

/// The value, unless it was found several times.
fn single(call: &Columns<'_>) -> Answer {
    let counts = call.whole(0)?;
    if (0..call.rows).any(|row| counts.at(row).is_some_and(|count| count > 1)) {
        return Err(Fault::ManyRows);
    }
    Ok(call.columns[1].clone())
}
