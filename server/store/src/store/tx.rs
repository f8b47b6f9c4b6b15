//! Writing transactions that tell others what they changed.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, Connection, Transaction};

use super::{Change, Store};
use crate::{Location, StoreError};

/// A writing transaction. Dropped without a commit, it is undone.
pub(crate) struct Tx<'c> {
    inner: Transaction<'c, Any>,
    store: Store,
    news: Vec<Change>,
}

impl Store {
    /// A writing transaction on a connection of the pool.
    pub(crate) async fn begin(&self) -> Result<Tx<'static>, StoreError> {
        match self
            .inner
            .pools
            .writer
            .begin_with(beginning(self.place()))
            .await
        {
            Ok(inner) => Ok(self.transaction(inner)),
            Err(error) => Err(self.not_connected("begin a transaction", error).await),
        }
    }

    /// A writing transaction on this connection.
    pub(crate) async fn begin_on<'c>(
        &self,
        connection: &'c mut AnyConnection,
    ) -> Result<Tx<'c>, sqlx::Error> {
        let inner = connection.begin_with(beginning(self.place())).await?;
        Ok(self.transaction(inner))
    }

    fn transaction<'c>(&self, inner: Transaction<'c, Any>) -> Tx<'c> {
        Tx {
            inner,
            store: self.clone(),
            news: Vec::new(),
        }
    }
}

impl Tx<'_> {
    /// Says what changed, once it is committed: to this process, and on PostgreSQL to the others.
    pub(crate) fn tell(&mut self, change: Change) {
        if !self.news.contains(&change) {
            self.news.push(change);
        }
    }

    /// Commits, and then notifies whoever listens for the changes made.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.store.notify(&mut self.inner, &self.news).await?;
        self.inner.commit().await?;
        for change in self.news {
            self.store.changed(change);
        }
        Ok(())
    }
}

impl Deref for Tx<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.inner
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }
}

/// `BEGIN IMMEDIATE` on SQLite, because there a transaction that begins by reading and then writes
/// is refused instead of made to wait.
fn beginning(place: &Location) -> &'static str {
    if place.is_shared() {
        "BEGIN"
    } else {
        "BEGIN IMMEDIATE"
    }
}
