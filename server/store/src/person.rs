//! People, their groups and what parameters take from them.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sqlx::FromRow;

use crate::store::{Tx, pass_gate};
use crate::values::{Flag, Millis};
use crate::{PersonId, Store, StoreError};

/// A person to create.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// What they sign in with; kept in lower case, unique.
    pub login: String,
    /// What they are called on pages and in files.
    pub name: String,
    /// A hash of their password. `None` until they follow an invitation.
    pub password_hash: Option<String>,
    /// Whether they may do everything.
    pub is_admin: bool,
    /// Groups, created when missing.
    pub groups: Vec<String>,
    /// Values for parameters with `from = "viewer.x"`.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// `ko` or `en`. `None`: as the browser asks.
    pub lang: Option<String>,
    /// Now.
    pub now: Timestamp,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// What they sign in with, in lower case.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// A hash of their password, once they have one.
    pub password_hash: Option<String>,
    /// Whether they may do everything.
    pub is_admin: bool,
    /// Whether they may not sign in any more.
    pub is_disabled: bool,
    /// `ko` or `en`, once chosen.
    pub lang: Option<String>,
    /// Groups, by name.
    pub groups: Vec<String>,
    /// Values for parameters with `from = "viewer.x"`.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// When they were created.
    pub created_at: Timestamp,
}

#[derive(FromRow)]
struct PersonRow {
    id: PersonId,
    login: String,
    name: String,
    password_hash: Option<String>,
    #[sqlx(try_from = "Flag")]
    is_admin: bool,
    #[sqlx(try_from = "Flag")]
    is_disabled: bool,
    lang: Option<String>,
    attributes: String,
    #[sqlx(rename = "created_ms", try_from = "Millis")]
    created_at: Timestamp,
}

macro_rules! person_columns {
    () => {
        "SELECT id, login, name, password_hash, CASE WHEN is_admin THEN 1 ELSE 0 END AS is_admin,
                CASE WHEN is_disabled THEN 1 ELSE 0 END AS is_disabled, lang, attributes, created_ms
           FROM people "
    };
}

impl Store {
    /// Creates a person with their groups.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the login belongs to somebody already.
    pub async fn create_person(&self, person: NewPerson) -> Result<PersonId, StoreError> {
        let mut tx = self.begin().await?;
        let id = self.insert_person(&mut tx, &person).await?;
        tx.commit().await.map_err(self.failed("create a person"))?;
        Ok(id)
    }

    /// Creates the very first person, or nobody when there is one already. Atomic, so that two
    /// set-up pages make one administrator.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn create_first_person(
        &self,
        person: NewPerson,
    ) -> Result<Option<PersonId>, StoreError> {
        let failed = self.failed("create a person");
        let mut tx = self.begin().await?;
        pass_gate(&mut tx).await.map_err(&failed)?;
        let people: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM people")
            .fetch_one(&mut *tx)
            .await
            .map_err(&failed)?;
        if people > 0 {
            return Ok(None);
        }
        let id = self.insert_person(&mut tx, &person).await?;
        tx.commit().await.map_err(failed)?;
        Ok(Some(id))
    }

    /// Creates a person of the demo, or brings the one with this login back to what is given.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn upsert_demo_person(&self, person: NewPerson) -> Result<PersonId, StoreError> {
        let failed = self.failed("create a person");
        let mut tx = self.begin().await?;
        pass_gate(&mut tx).await.map_err(&failed)?;
        let known: Option<PersonId> = sqlx::query_scalar("SELECT id FROM people WHERE login = $1")
            .bind(person.login.to_lowercase())
            .fetch_optional(&mut *tx)
            .await
            .map_err(&failed)?;
        let id = match known {
            None => self.insert_person(&mut tx, &person).await?,
            Some(id) => {
                sqlx::query(
                    "UPDATE people SET name = $2, password_hash = $3, is_admin = $4, attributes = $5
                      WHERE id = $1",
                )
                .bind(&id)
                .bind(&person.name)
                .bind(&person.password_hash)
                .bind(person.is_admin)
                .bind(attributes_json(&person))
                .execute(&mut *tx)
                .await
                .map_err(&failed)?;
                sqlx::query("DELETE FROM person_groups WHERE person_id = $1")
                    .bind(&id)
                    .execute(&mut *tx)
                    .await
                    .map_err(&failed)?;
                self.insert_groups(&mut tx, &id, &person).await?;
                id
            }
        };
        tx.commit().await.map_err(failed)?;
        Ok(id)
    }

    async fn insert_person(
        &self,
        tx: &mut Tx<'_>,
        person: &NewPerson,
    ) -> Result<PersonId, StoreError> {
        let id = PersonId::from(uuid::Uuid::now_v7().simple().to_string());
        let login = person.login.to_lowercase();
        let inserted = sqlx::query(
            "INSERT INTO people
               (id, login, name, password_hash, is_admin, attributes, lang, created_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (login) DO NOTHING",
        )
        .bind(&id)
        .bind(&login)
        .bind(&person.name)
        .bind(&person.password_hash)
        .bind(person.is_admin)
        .bind(attributes_json(person))
        .bind(&person.lang)
        .bind(Millis(person.now))
        .execute(&mut **tx)
        .await
        .map_err(self.failed("create a person"))?;
        if inserted.rows_affected() == 0 {
            return Err(StoreError::Taken {
                what: "the login",
                value: login,
            });
        }
        self.insert_groups(tx, &id, person).await?;
        Ok(id)
    }

    async fn insert_groups(
        &self,
        tx: &mut Tx<'_>,
        id: &PersonId,
        person: &NewPerson,
    ) -> Result<(), StoreError> {
        // In one order, so that two people with the same new groups do not wait for each other.
        let groups: BTreeSet<&String> = person.groups.iter().collect();
        for group in groups {
            sqlx::query(
                "INSERT INTO groups (name, created_ms) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            )
            .bind(group)
            .bind(Millis(person.now))
            .execute(&mut **tx)
            .await
            .map_err(self.failed("create a group"))?;
            sqlx::query(
                "INSERT INTO person_groups (person_id, group_name) VALUES ($1, $2)
                 ON CONFLICT (person_id, group_name) DO NOTHING",
            )
            .bind(id)
            .bind(group)
            .execute(&mut **tx)
            .await
            .map_err(self.failed("add a person to a group"))?;
        }
        Ok(())
    }

    /// The person with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>, StoreError> {
        let row = sqlx::query_as(concat!(person_columns!(), "WHERE id = $1"))
            .bind(id)
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read a person"))?;
        self.with_groups(row).await
    }

    /// The person who signs in with this, in whatever case it is typed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<Person>, StoreError> {
        let row = sqlx::query_as(concat!(person_columns!(), "WHERE login = $1"))
            .bind(login.to_lowercase())
            .fetch_optional(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read a person"))?;
        self.with_groups(row).await
    }

    async fn with_groups(&self, row: Option<PersonRow>) -> Result<Option<Person>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let groups = sqlx::query_scalar(
            "SELECT group_name FROM person_groups WHERE person_id = $1 ORDER BY group_name",
        )
        .bind(&row.id)
        .fetch_all(&mut *self.reader().await?)
        .await
        .map_err(self.failed("read a person's groups"))?;
        let attributes = serde_json::from_str(&row.attributes)
            .map_err(|error| self.failed("read a person")(sqlx::Error::Decode(error.into())))?;
        Ok(Some(Person {
            id: row.id,
            login: row.login,
            name: row.name,
            password_hash: row.password_hash,
            is_admin: row.is_admin,
            is_disabled: row.is_disabled,
            lang: row.lang,
            groups,
            attributes,
            created_at: row.created_at,
        }))
    }

    /// How many people there are.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people_count(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT COUNT(*) FROM people")
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(self.failed("count people"))
    }

    /// Gives a person a new password.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person.
    pub async fn set_password(&self, id: &PersonId, hash: &str) -> Result<(), StoreError> {
        self.update_person(
            "UPDATE people SET password_hash = $2 WHERE id = $1",
            id,
            hash,
        )
        .await
    }

    /// Gives a person another name.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person.
    pub async fn set_name(&self, id: &PersonId, name: &str) -> Result<(), StoreError> {
        self.update_person("UPDATE people SET name = $2 WHERE id = $1", id, name)
            .await
    }

    /// Remembers the language a person chose: `ko` or `en`.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person.
    pub async fn set_lang(&self, id: &PersonId, lang: &str) -> Result<(), StoreError> {
        self.update_person("UPDATE people SET lang = $2 WHERE id = $1", id, lang)
            .await
    }

    async fn update_person(
        &self,
        statement: &'static str,
        id: &PersonId,
        value: &str,
    ) -> Result<(), StoreError> {
        let failed = self.failed("change a person");
        let mut tx = self.begin().await?;
        let done = sqlx::query(statement)
            .bind(id)
            .bind(value)
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)?;
        match done.rows_affected() {
            0 => Err(StoreError::Missing {
                what: "person",
                value: id.to_string(),
            }),
            _ => Ok(()),
        }
    }
}

/// The attributes as they are stored.
fn attributes_json(person: &NewPerson) -> String {
    serde_json::json!(person.attributes).to_string()
}
