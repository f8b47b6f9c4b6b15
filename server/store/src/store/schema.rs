//! The schema: its version, and how it is brought up to date.
//!
//! The tables are one text for both databases. What cannot be, such as triggers, has a text for
//! each under the same number, so a version means the same on both.

use sqlx::AnyConnection;
use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};

use super::connection::{Use, connect};
use crate::lock::DirectoryLock;
use crate::{Location, StoreError};

static COMMON: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// The state of the tables in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Version of the tables; 0 when there are none yet.
    pub current: i64,
    /// Newest version this program knows.
    pub known: i64,
    /// What would be applied: version and name, in order. Empty when there is nothing to do.
    pub pending: Vec<(i64, String)>,
}

impl Location {
    /// The state of the tables there, without changing anything. A newer schema is no error here:
    /// `current` is then higher than `known`.
    ///
    /// # Errors
    /// When the database is there but cannot be read.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        if self.file().is_some_and(|file| !file.exists()) {
            return Ok(self.describe(0));
        }
        let purpose = if self.is_shared() {
            Use::Patient
        } else {
            Use::Read
        };
        let doing = "read the schema version";
        let mut connection = self.open(doing, purpose).await?;
        self.schema_on(&mut connection).await
    }

    /// Brings the tables there up to date, creating them when there are none, and returns their
    /// state before. Of several processes doing this at once, one does it and the others wait.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when a process works in the data directory; [`StoreError::Newer`] when
    /// a later version wrote the tables; [`StoreError::Permission`] when the login may not create
    /// tables. Every migration is applied whole or not at all.
    pub async fn migrate(&self) -> Result<Schema, StoreError> {
        let _lock = self.data_dir().map(DirectoryLock::prepare).transpose()?;
        self.migrate_locked().await
    }

    /// The same for whoever holds the directory's lock.
    pub(super) async fn migrate_locked(&self) -> Result<Schema, StoreError> {
        let doing = "bring the schema up to date";
        // A connection of its own: the lock that keeps others waiting goes with it.
        let mut connection = self.open(doing, Use::Patient).await?;
        let before = self.schema_on(&mut connection).await?;
        if before.current > before.known {
            return Err(self.newer(&before));
        }
        let migrated = self
            .migrator()
            .run_direct(None, &mut connection, false)
            .await;
        match migrated {
            Ok(()) => Ok(before),
            Err(MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) => {
                Err(StoreError::from_sqlx(doing, self, source))
            }
            // Somebody newer was faster.
            Err(MigrateError::VersionMissing(found)) => Err(self.newer(&self.describe(found))),
            Err(source) => Err(StoreError::Migrate {
                place: self.clone(),
                source: Box::new(source),
            }),
        }
    }

    /// The state once nobody migrates any more: another process may be half way.
    pub(super) async fn settled_schema(&self) -> Result<Schema, StoreError> {
        let schema = self.schema().await?;
        if schema.current == 0 || schema.pending.is_empty() {
            return Ok(schema);
        }
        let doing = "wait until the schema is up to date";
        let failed = |error| match error {
            MigrateError::Execute(source) => StoreError::from_sqlx(doing, self, source),
            source => StoreError::Migrate {
                place: self.clone(),
                source: Box::new(source),
            },
        };
        // The lock goes with its connection.
        let mut connection = self.open(doing, Use::Patient).await?;
        connection.lock().await.map_err(failed)?;
        self.schema_on(&mut connection).await
    }

    /// Refuses a schema this program cannot work with.
    pub(super) fn check_schema(&self, schema: &Schema) -> Result<(), StoreError> {
        if schema.current > schema.known {
            return Err(self.newer(schema));
        }
        if !schema.pending.is_empty() {
            return Err(StoreError::Older {
                place: self.clone(),
                found: schema.current,
                known: schema.known,
            });
        }
        Ok(())
    }

    fn newer(&self, schema: &Schema) -> StoreError {
        StoreError::Newer {
            place: self.clone(),
            found: schema.current,
            known: schema.known,
        }
    }

    async fn open(&self, doing: &'static str, purpose: Use) -> Result<AnyConnection, StoreError> {
        connect(self, purpose, purpose == Use::Patient)
            .await
            .map_err(|source| StoreError::from_sqlx(doing, self, source))
    }

    async fn schema_on(&self, connection: &mut AnyConnection) -> Result<Schema, StoreError> {
        let current = current_version(self, connection)
            .await
            .map_err(|source| StoreError::from_sqlx("read the schema version", self, source))?;
        Ok(self.describe(current))
    }

    fn describe(&self, current: i64) -> Schema {
        let migrator = self.migrator();
        let known = migrator.iter().map(|migration| migration.version).max();
        Schema {
            current,
            known: known.unwrap_or_default(),
            pending: migrator
                .iter()
                .filter(|migration| migration.version > current)
                .map(|migration| (migration.version, migration.description.to_string()))
                .collect(),
        }
    }

    fn migrator(&self) -> Migrator {
        together(if self.is_shared() { &POSTGRES } else { &SQLITE })
    }
}

/// The common migrations and a database's own, in order.
fn together(own: &Migrator) -> Migrator {
    let all: Vec<Migration> = COMMON.iter().chain(own.iter()).cloned().collect();
    Migrator::with_migrations(all)
}

/// Makes the tables in an empty SQLite database.
pub(super) async fn make(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    together(&SQLITE)
        .run_direct(None, connection, false)
        .await
        .map_err(|error| sqlx::Error::Migrate(Box::new(error)))
}

async fn current_version(
    place: &Location,
    connection: &mut AnyConnection,
) -> Result<i64, sqlx::Error> {
    let table = if place.is_shared() {
        "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')"
    } else {
        "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'"
    };
    let tables: i64 = sqlx::query_scalar(table)
        .fetch_one(&mut *connection)
        .await?;
    if tables == 0 {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_versions() {
        let versions = |own: &Migrator| {
            let mut versions: Vec<_> = own
                .iter()
                .map(|migration| (migration.version, migration.description.clone()))
                .collect();
            versions.sort();
            versions
        };
        assert_eq!(versions(&SQLITE), versions(&POSTGRES));
        let mut common: Vec<_> = COMMON.iter().map(|one| one.version).collect();
        common.extend(SQLITE.iter().map(|one| one.version));
        common.sort_unstable();
        assert_eq!(common, (1..=common.len() as i64).collect::<Vec<_>>());
    }
}
