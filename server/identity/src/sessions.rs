//! Sessions of `tower-sessions`, kept in our own tables by the hash of their id: whoever reads the tables, or a copy of
//! them, can take over none.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use runtime::clock;
use store::Store;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

/// Sessions in our own tables.
#[derive(Clone, Debug)]
pub struct Sessions(Store);

impl Sessions {
    pub(crate) fn new(store: Store) -> Self {
        Self(store)
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let (id, data, expires_at) = pack(record)?;
            if self
                .0
                .create_session(&id, &data, expires_at)
                .await
                .map_err(backend)?
            {
                return Ok(());
            }
            // 128 random bits never collide by chance; a collision is somebody trying.
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let (id, data, expires_at) = pack(record)?;
        self.0
            .save_session(&id, &data, expires_at)
            .await
            .map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((data, expires_at)) = self.0.load_session(&stored(id)).await.map_err(backend)?
        else {
            return Ok(None);
        };
        // The library asks for a session without saying when, and reckons with the clock of this host, which may be off.
        let left = expires_at.duration_since(clock::now());
        if !left.is_positive() {
            return Ok(None);
        }
        let left_ms = i64::try_from(left.as_millis()).unwrap_or(i64::MAX);
        let expiry_date = OffsetDateTime::now_utc() + time::Duration::milliseconds(left_ms);
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.delete_session(&stored(id)).await.map_err(backend)
    }
}

fn pack(record: &Record) -> Result<(String, String, Timestamp)> {
    let data =
        serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
    // As in `load`: the library's clock is that of this host.
    let left = record.expiry_date - OffsetDateTime::now_utc();
    let left_ms = i64::try_from(left.whole_milliseconds()).unwrap_or(i64::MAX);
    let expires_at = clock::now()
        .checked_add(SignedDuration::from_millis(left_ms))
        .unwrap_or(Timestamp::MAX);
    Ok((stored(&record.id), data, expires_at))
}

/// What is stored of an id. Ids are random, so a plain hash is enough.
fn stored(id: &Id) -> String {
    crate::password::token_hash(&id.to_string())
}

fn backend(error: store::StoreError) -> Error {
    Error::Backend(lang::chain_of(&error))
}
