//! What people are called, for lists that name many.

use std::collections::{BTreeSet, HashMap};

use sqlx::AssertSqlSafe;

use crate::{PersonId, Store, StoreError};

/// People one statement asks about.
const AT_ONCE: usize = 500;

impl Store {
    /// What each of these people is called; those that are gone are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn names_of(
        &self,
        people: &BTreeSet<&PersonId>,
    ) -> Result<HashMap<PersonId, String>, StoreError> {
        let people: Vec<&PersonId> = people.iter().copied().collect();
        let mut names = HashMap::new();
        for people in people.chunks(AT_ONCE) {
            let numbers: Vec<String> = (1..=people.len())
                .map(|number| format!("${number}"))
                .collect();
            let sql = format!(
                "SELECT id, name FROM people WHERE id IN ({})",
                numbers.join(", ")
            );
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for person in people {
                query = query.bind(*person);
            }
            let read: Vec<(PersonId, String)> =
                query
                    .fetch_all(&mut *self.reader().await?)
                    .await
                    .map_err(self.failed("read what people are called"))?;
            names.extend(read);
        }
        Ok(names)
    }
}
