//! What people are called, for pages that name many of them.

use std::collections::{BTreeSet, HashMap};

use app::AppError;
use store::PersonId;

use super::{BackendService, OrUnavailable};

/// What people are called.
pub(super) struct Names(HashMap<PersonId, String>);

impl Names {
    /// What a person is called; their id when they are gone.
    pub(super) fn of(&self, person: &PersonId) -> String {
        let name = self.0.get(person).cloned();
        name.unwrap_or_else(|| person.to_string())
    }
}

impl BackendService {
    /// What these people are called, asked at once.
    pub(super) async fn names_of<'a>(
        &self,
        people: impl Iterator<Item = &'a PersonId>,
    ) -> Result<Names, AppError> {
        let people: BTreeSet<&PersonId> = people.collect();
        Ok(Names(self.store.names_of(&people).await.or_unavailable()?))
    }

    /// What a person is called; their id when they are gone.
    pub(super) async fn name_of(&self, id: &str) -> Result<String, AppError> {
        let person = self.store.person(&id.into()).await.or_unavailable()?;
        Ok(person.map_or_else(|| id.to_owned(), |person| person.name))
    }
}
