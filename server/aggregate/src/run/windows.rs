//! Window functions.
//!
//! Functions over a whole partition are Polars'. All others are computed over the rows sorted by
//! partition and order: there every partition, every group of equal rows and every frame is a range.

mod frame;
mod order;
mod values;

use std::collections::BTreeSet;

use polars::prelude::*;

use super::{Runner, frames};
use crate::expression::Id;
use crate::fault::Fault;
use crate::relation::{Rel, Window};

use order::Sorted;

impl Runner<'_> {
    pub(super) fn windowed(
        &self,
        input: &Rel,
        calls: &[(Id, Window)],
        needed: &BTreeSet<Id>,
    ) -> PolarsResult<LazyFrame> {
        let wanted: Vec<&(Id, Window)> =
            calls.iter().filter(|(id, _)| needed.contains(id)).collect();
        let mut below: BTreeSet<Id> = needed
            .iter()
            .copied()
            .filter(|id| !calls.iter().any(|(own, _)| own == id))
            .collect();
        for (_, call) in &wanted {
            below.extend(&call.arguments);
            below.extend(&call.partition);
            below.extend(call.order.iter().map(|key| key.id));
        }
        let rows = self.kept(input, &below)?;
        if wanted.is_empty() {
            return Ok(rows);
        }
        let mut rows = self.collected(rows)?;
        rows.rechunk_mut();
        let mut sorted: Vec<Sorted> = Vec::new();
        let mut added = Vec::with_capacity(wanted.len());
        for (id, call) in wanted {
            if (self.is_stopped)() {
                polars_bail!(ComputeError: "the query was stopped");
            }
            let place = match sorted.iter().position(|one| one.is_of(call)) {
                Some(place) => place,
                None => {
                    sorted.push(Sorted::of(&rows, call)?);
                    sorted.len() - 1
                }
            };
            let answer = values::answer(&rows, &sorted[place], call, self.quotient_digits)
                .map_err(|fault| match fault {
                    Fault::Polars(text) => polars_err!(ComputeError: "{text}"),
                    fault => self.faults.raise(fault, values::what(&call.by), call.place),
                })?;
            added.push(answer.with_name(frames::name(*id)).into_column());
        }
        for column in added {
            rows.with_column(column)?;
        }
        Ok(rows.lazy())
    }
}
