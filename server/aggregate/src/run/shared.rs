//! The rows of relations that stand in several places, computed once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::*;

use super::Runner;
use crate::expression::Id;
use crate::relation::{Location, Rel, Shared};

/// What is known of the shared relations of a plan.
pub(crate) struct Answers {
    /// In how many places each stands.
    places: HashMap<Location, usize>,
    known: Mutex<HashMap<Location, Known>>,
}

#[derive(Clone)]
struct Known {
    ids: BTreeSet<Id>,
    rows: DataFrame,
}

impl Answers {
    pub(super) fn of(rel: &Rel) -> Self {
        Self {
            places: rel.places(),
            known: Mutex::default(),
        }
    }

    fn known(&self, place: Location) -> Option<Known> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&place).cloned()
    }

    fn learn(&self, place: Location, answer: Known) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(place, answer);
    }
}

impl Runner<'_> {
    /// The rows of a shared relation with at least these columns.
    pub(super) fn shared(
        &self,
        shared: &Arc<Shared>,
        needed: &BTreeSet<Id>,
    ) -> PolarsResult<LazyFrame> {
        let place = shared.place();
        if self
            .shared
            .places
            .get(&place)
            .is_none_or(|places| *places < 2)
        {
            return self.frame(&shared.rel, needed);
        }
        let known = self.shared.known(place);
        // A column nobody asked for is never computed: it could stop the block. One that is asked for later
        // means computing all of them again, which happens at most once for each column.
        let mut ids = needed.clone();
        if let Some(known) = known {
            if needed.is_subset(&known.ids) {
                return Ok(known.rows.lazy());
            }
            ids.extend(known.ids);
        }
        let rows = self.collected(self.kept(&shared.rel, &ids)?)?;
        let answer = Known {
            ids,
            rows: rows.clone(),
        };
        self.shared.learn(place, answer);
        Ok(rows.lazy())
    }
}
