//! Opening the database: lock, schema, connections.

mod connection;
mod moving;
mod notify;
mod schema;
mod tx;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};
use tokio::sync::broadcast;

use crate::lock::DirectoryLock;
use crate::values::Millis;
use crate::{Location, RunId, StoreError};
use connection::{Pools, Use};
pub use moving::MovedTable;
use notify::Listening;
pub use schema::Schema;
pub(crate) use tx::Tx;

/// Something changed that others may be waiting for. A hint: polling is the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A run may be ready to be claimed.
    Queued,
    /// This run's row or events changed.
    Run(RunId),
}

/// Our own tables. Clones share the connections.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    place: Location,
    /// Of this handle, so that it knows its own notifications.
    id: String,
    pools: Pools,
    changes: broadcast::Sender<Change>,
    listening: OnceLock<Listening>,
    /// Last, so that the connections are gone before somebody else may come.
    _lock: Option<DirectoryLock>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.inner.place)
    }
}

impl Store {
    /// Opens the SQLite database in a data directory, creating both when missing, and brings its
    /// schema up to date.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn open(data_dir: &Path) -> Result<Self, StoreError> {
        Self::connect(&Location::directory(data_dir)).await
    }

    /// Opens the database at a place.
    ///
    /// SQLite belongs to one process, which brings its schema up to date by itself. PostgreSQL is
    /// shared with processes that may be of an older version and still work: an empty database is
    /// given its tables, an older one is left as it is until somebody runs [`Location::migrate`].
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process works in the data directory, naming it;
    /// [`StoreError::Older`] and [`StoreError::Newer`] when the schema does not fit;
    /// [`StoreError::Unreachable`], [`StoreError::Login`], [`StoreError::NoDatabase`],
    /// [`StoreError::Permission`], [`StoreError::Directory`], [`StoreError::ReadOnly`],
    /// [`StoreError::Full`] and [`StoreError::Corrupt`] for what they say.
    pub async fn connect(place: &Location) -> Result<Self, StoreError> {
        let lock = place.data_dir().map(DirectoryLock::prepare).transpose()?;
        if !place.is_shared() {
            place.migrate_locked().await?;
        } else {
            let schema = place.settled_schema().await?;
            if schema.current == 0 {
                place.migrate_locked().await?;
            } else {
                place.check_schema(&schema)?;
            }
        }
        let pools = Pools::open(place)
            .await
            .map_err(|source| StoreError::from_sqlx("open the database", place, source))?;
        let (changes, _) = broadcast::channel(256);
        Ok(Self {
            inner: Arc::new(Inner {
                place: place.clone(),
                id: uuid::Uuid::now_v7().simple().to_string(),
                pools,
                changes,
                listening: OnceLock::new(),
                _lock: lock,
            }),
        })
    }

    /// Closes the connections. Anything still running finishes first.
    pub async fn close(&self) {
        self.inner.pools.readers.close().await;
        self.inner.pools.writer.close().await;
    }

    /// Where the tables are.
    pub fn place(&self) -> &Location {
        &self.inner.place
    }

    /// The newest migration that has been applied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations WHERE success")
            .fetch_one(&mut *self.reader().await?)
            .await
            .map_err(self.failed("read the schema version"))
    }

    /// The clock of the database, to the millisecond; `None` when it is that of this host.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clock(&self) -> Result<Option<Timestamp>, StoreError> {
        if !self.place().is_shared() {
            return Ok(None);
        }
        sqlx::query_scalar("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)")
            .fetch_one(&mut *self.reader().await?)
            .await
            .map(|Millis(now)| Some(now))
            .map_err(self.failed("read the clock"))
    }

    /// One small write, to prove that writing works. For health checks.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check_writing(&self) -> Result<(), StoreError> {
        let failed = self.failed("write to the database");
        let mut tx = self.begin().await?;
        pass_gate(&mut tx).await.map_err(&failed)?;
        tx.commit().await.map_err(failed)
    }

    /// Hints that something changed, here or, on PostgreSQL, in another process. A slow listener
    /// misses some; polling is the truth. On PostgreSQL it is called inside a Tokio runtime.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        let changes = self.inner.changes.subscribe();
        self.listen();
        changes
    }

    pub(crate) fn changed(&self, change: Change) {
        // Nobody listening is fine: the hint is only a hint.
        let _ = self.inner.changes.send(change);
    }

    /// A connection to read on.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Any>, StoreError> {
        match self.inner.pools.readers.acquire().await {
            Ok(connection) => Ok(connection),
            Err(error) => Err(self.not_connected("read from the database", error).await),
        }
    }

    /// A writing connection outside the pool.
    pub(crate) async fn connection(&self) -> Result<AnyConnection, StoreError> {
        connection::connect(self.place(), Use::Write, false)
            .await
            .map_err(self.failed("open the database"))
    }

    pub(crate) fn failed(&self, doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError + use<> {
        let place = self.place().clone();
        move |source| StoreError::from_sqlx(doing, &place, source)
    }

    /// Why the pool had no connection in time: all in use, or the server does not answer. The pool
    /// says the same in both cases, one connection outside it tells.
    async fn not_connected(&self, doing: &'static str, error: sqlx::Error) -> StoreError {
        if self.place().is_shared()
            && matches!(error, sqlx::Error::PoolTimedOut)
            && let Err(reason) = connection::connect(self.place(), Use::Write, false).await
        {
            return StoreError::from_sqlx(doing, self.place(), reason);
        }
        StoreError::from_sqlx(doing, self.place(), error)
    }
}

/// Bumps the one row of `claim_gate`: whoever has done so is alone with those who do, until its
/// transaction ends. For decisions that look at many rows and would race on PostgreSQL.
pub(crate) async fn pass_gate(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE claim_gate SET n = n + 1 WHERE id = 1")
        .execute(connection)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests;
