//! From a person, a report and what was typed to a run that can be queued.
//!
//! The form asks here, and schedules and calls over HTTP will: the right is checked, every value is made
//! absolute, choices are compared with what their query offers, and everything a run needs is frozen. Nothing here knows
//! a page, and what is wrong with a value is data in both languages.

mod choices;
mod request;

use std::collections::BTreeMap;
use std::sync::Arc;

use settings::Settings;
use source::Source;
use store::Store;

pub use choices::{NoOptions, Pairs};
pub use request::{Asked, RequestError, ask};

/// Makes runs of what people ask for.
pub struct Requests {
    store: Store,
    settings: Arc<Settings>,
    sources: BTreeMap<String, Arc<dyn Source>>,
    choices: choices::Cache,
}

impl Requests {
    /// With the sources of this process, by the name reports use.
    pub fn new(
        store: Store,
        settings: Arc<Settings>,
        sources: BTreeMap<String, Arc<dyn Source>>,
    ) -> Self {
        Self {
            store,
            settings,
            sources,
            choices: choices::Cache::default(),
        }
    }
}
