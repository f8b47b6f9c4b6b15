//! Relations that stand in several places of a plan.
//!
//! A correlated subquery is made of the rows around it, a query of WITH is read wherever it is named, and
//! grouping sets are made of the same rows. What is put together like that again and again, each time in
//! several places, would be computed as often as the places multiply; it is computed once instead.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Rel;
use crate::expression::Id;

/// Relations of fewer tables are computed in every place: there their rows come by in batches, and
/// are never all in memory.
const MANY_TABLES: usize = 8;

/// A relation that is the same in all its places.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) rel: Rel,
    pub(super) produced: BTreeSet<Id>,
    pub(super) free: BTreeSet<Id>,
    /// Whether combinations are still to be put into their place in it.
    has_given: bool,
}

/// Shared relations with their combinations in place, by those without.
pub(super) type Given = HashMap<Location, (Arc<Shared>, Arc<Shared>)>;

/// Tells shared relations apart.
pub(crate) type Location = usize;

impl Shared {
    fn new(rel: Rel) -> Arc<Self> {
        Arc::new(Self {
            produced: rel.produced(),
            free: rel.free(),
            has_given: rel.has_given(),
            rel,
        })
    }

    /// Where it is kept: the same for all its places as long as one of them is there.
    pub(crate) fn place(self: &Arc<Self>) -> Location {
        Arc::as_ptr(self).addr()
    }

    pub(super) fn with_given(self: Arc<Self>, given: &Rel, done: &mut Given) -> Arc<Self> {
        if !self.has_given {
            return self;
        }
        if let Some((_, new)) = done.get(&self.place()) {
            return new.clone();
        }
        let new = Self::new(self.rel.clone().given(given, done));
        // The old one stays, so that no other is ever kept where it is.
        done.insert(self.place(), (self, new.clone()));
        new
    }
}

impl Rel {
    /// The relation for several places.
    pub(crate) fn shared(self) -> Self {
        if self.tables() < MANY_TABLES {
            return self;
        }
        Self::Shared(Shared::new(self))
    }

    /// How many tables are read for it; a shared relation is one.
    fn tables(&self) -> usize {
        match self {
            Self::Shared(_) => 1,
            other => {
                let inputs = other.inputs();
                inputs.into_iter().map(Self::tables).sum::<usize>().max(1)
            }
        }
    }

    fn has_given(&self) -> bool {
        match self {
            Self::Given { .. } => true,
            Self::Shared(shared) => shared.has_given,
            other => other.inputs().into_iter().any(Self::has_given),
        }
    }

    /// In how many places each shared relation stands, places within a shared relation counted once.
    pub(crate) fn places(&self) -> HashMap<Location, usize> {
        fn count(rel: &Rel, places: &mut HashMap<Location, usize>) {
            if let Rel::Shared(shared) = rel {
                let known = places.entry(shared.place()).or_default();
                *known += 1;
                if *known == 1 {
                    count(&shared.rel, places);
                }
            }
            rel.inputs().into_iter().for_each(|rel| count(rel, places));
        }
        let mut places = HashMap::new();
        count(self, &mut places);
        places
    }
}
