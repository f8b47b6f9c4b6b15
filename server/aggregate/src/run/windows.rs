//! Window functions.
//!
//! Aggregates over a whole partition are groups shown on their rows. All others are computed over the
//! rows sorted by partition and order: there every partition, every group of equal rows and every frame
//! is a range.

mod frame;
mod joined;
mod order;
mod packed;
mod running;
mod values;
mod whole;

use std::collections::BTreeSet;

use polars::prelude::*;

use super::groups::is_streamed;
use super::{Runner, frames};
use crate::expression::Id;
use crate::fault::Fault;
use crate::relation::{Aggregate, Rel, Window};

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
        let mut rows = self.gathered(rows, is_streamed(input))?;
        let mut added: Vec<Option<Column>> = vec![None; wanted.len()];
        self.whole_partitions(&rows, &wanted, &mut added)?;
        for next in 0..wanted.len() {
            if added[next].is_some() {
                continue;
            }
            // All calls over the same sorted rows, so that only one order is there at once.
            let sorted = Sorted::of(&rows, &wanted[next].1)?;
            for (place, (id, call)) in wanted.iter().enumerate().skip(next) {
                if added[place].is_some() || !sorted.is_of(call) {
                    continue;
                }
                if (self.is_stopped)() {
                    polars_bail!(ComputeError: "the query was stopped");
                }
                let answer = values::answer(&rows, &sorted, call, self.quotient_digits)
                    .map_err(|fault| self.window_fault(fault, call))?;
                added[place] = Some(answer.with_name(frames::name(*id)).into_column());
            }
        }
        for column in added.into_iter().flatten() {
            rows.with_column(column)?;
        }
        Ok(rows.lazy())
    }

    /// Computes what is the same on all rows of a partition.
    fn whole_partitions(
        &self,
        rows: &DataFrame,
        wanted: &[&(Id, Window)],
        added: &mut [Option<Column>],
    ) -> PolarsResult<()> {
        let mut partitions: Vec<&[Id]> = Vec::new();
        for (_, call) in wanted {
            if whole::aggregate(call).is_some() && !partitions.contains(&&*call.partition) {
                partitions.push(&call.partition);
            }
        }
        for partition in partitions {
            let (places, calls): (Vec<usize>, Vec<(Id, Aggregate)>) = wanted
                .iter()
                .enumerate()
                .filter(|(_, (_, call))| call.partition == partition)
                .filter_map(|(place, (id, call))| Some((place, (*id, whole::aggregate(call)?))))
                .unzip();
            let answers = whole::answers(rows, partition, &calls, self.quotient_digits)?;
            for (place, answer) in places.into_iter().zip(answers.into_iter().flatten()) {
                let (id, call) = wanted[place];
                let answer = answer.map_err(|fault| self.window_fault(fault, call))?;
                added[place] = Some(answer.with_name(frames::name(*id)).into_column());
            }
        }
        Ok(())
    }

    fn window_fault(&self, fault: Fault, call: &Window) -> PolarsError {
        match fault {
            Fault::Polars(text) => polars_err!(ComputeError: "{text}"),
            fault => self.faults.raise(fault, values::what(&call.by), call.place),
        }
    }
}
