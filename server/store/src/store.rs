//! Opening the database: lock, connections, schema.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Sqlite, SqliteConnection, Transaction};
use tokio::sync::broadcast;

use crate::StoreError;
use crate::lock::DirectoryLock;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

const FILE: &str = "digger.sqlite";

/// Pages and live streams read beside each other; more readers only cost memory.
const READERS: u32 = 4;

/// Longer than any transaction of ours takes, also on a slow disk.
const BUSY: Duration = Duration::from_secs(10);

/// Longer than `BUSY`, so that the database's own message comes first.
const ACQUIRE: Duration = Duration::from_secs(15);

/// Something changed that others may be waiting for. A hint: polling is the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A run may be ready to be claimed.
    Queued,
    /// This run's row or events changed.
    Run(String),
}

/// Our own tables. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// One connection: SQLite has one writer anyway, and here the waiting is fair.
    writer: SqlitePool,
    readers: SqlitePool,
    changes: broadcast::Sender<Change>,
    /// Last, so that the connections are gone before somebody else may come.
    _lock: DirectoryLock,
}

impl Store {
    /// Opens the database in a data directory, creating both when missing, and brings its schema
    /// up to date.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process works there, naming it; [`StoreError::Newer`]
    /// when a later version wrote the file; [`StoreError::Directory`], [`StoreError::ReadOnly`],
    /// [`StoreError::Full`] and [`StoreError::Corrupt`] for what they say.
    pub async fn open(data_dir: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(data_dir).map_err(|source| StoreError::Directory {
            path: data_dir.to_owned(),
            source,
        })?;
        let lock = DirectoryLock::take(data_dir)?;
        let path = data_dir.join(FILE);
        let failed = |source| StoreError::from_sqlx("open the database", &path, source);
        let writer = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE)
            .after_release(|connection, _| Box::pin(is_usable(connection)))
            .connect_with(options(&path).create_if_missing(true))
            .await
            .map_err(failed)?;
        migrate(&path, &writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE)
            .connect_with(options(&path).pragma("query_only", "ON"))
            .await
            .map_err(failed)?;
        let (changes, _) = broadcast::channel(256);
        Ok(Self {
            inner: Arc::new(Inner {
                path,
                writer,
                readers,
                changes,
                _lock: lock,
            }),
        })
    }

    /// Closes the connections. Anything still running finishes first.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The newest migration that has been applied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations WHERE success")
            .fetch_one(self.readers())
            .await
            .map_err(self.failed("read the schema version"))
    }

    /// One small write, to prove that writing works. For health checks.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check_writing(&self) -> Result<(), StoreError> {
        let failed = self.failed("write to the database");
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE claim_gate SET n = n + 1 WHERE id = 1")
            .execute(&mut *tx)
            .await
            .map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Hints that something changed. A slow listener misses some; polling is the truth.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    pub(crate) fn changed(&self, change: Change) {
        // Nobody listening is fine: the hint is only a hint.
        let _ = self.inner.changes.send(change);
    }

    /// A writing transaction. `BEGIN IMMEDIATE`, because a transaction that begins by reading and
    /// then writes is refused instead of made to wait.
    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.inner
            .writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(self.failed("begin a transaction"))
    }

    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.inner.readers
    }

    /// A writing connection outside the pool.
    pub(crate) async fn connect(&self) -> Result<SqliteConnection, StoreError> {
        options(&self.inner.path)
            .connect()
            .await
            .map_err(self.failed("open the database"))
    }

    pub(crate) fn failed(&self, doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError + use<> {
        let store = self.clone();
        move |source| StoreError::from_sqlx(doing, &store.inner.path, source)
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
}

/// Whether a connection may be used again. After some errors, such as a full disk, SQLite undoes the
/// whole transaction by itself; the driver then believes for ever that it is still inside one.
async fn is_usable(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // Waits for a roll-back that is on its way.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

async fn migrate(path: &Path, pool: &SqlitePool) -> Result<(), StoreError> {
    let known = MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default();
    match MIGRATIONS.run(pool).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) => Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        }),
        Err(MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) => Err(
            StoreError::from_sqlx("bring the schema up to date", path, source),
        ),
        Err(source) => Err(StoreError::Migrate {
            path: path.to_owned(),
            source: Box::new(source),
        }),
    }
}

#[cfg(test)]
mod tests;
