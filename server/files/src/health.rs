//! The proof that storing works.

use futures::TryStreamExt;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Files, FilesError, Key, Kind, Put};

/// The folder of the small objects that prove it.
pub(crate) const FOLDER: &str = "health";

/// What a proof found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Now, by the clock of the store: what its objects' ages are measured with.
    pub now: Timestamp,
}

pub(crate) async fn check(files: &Files) -> Result<Health, FilesError> {
    let name = Uuid::now_v7().simple().to_string();
    let Ok(key) = Key::new(format!("{FOLDER}/{name}")) else {
        return Err(FilesError::new(Kind::Unexpected, "check", FOLDER));
    };
    let proven = prove(files, &key, name.into_bytes()).await;
    let deleted = files.delete(&key).await;
    // What went wrong first says more.
    let health = proven?;
    deleted?;
    Ok(health)
}

async fn prove(files: &Files, key: &Key, bytes: Vec<u8>) -> Result<Health, FilesError> {
    let failed = |kind| FilesError::new(kind, "check", &files.place());
    let mut other = bytes.clone();
    other.reverse();
    files.put_bytes(key, bytes.clone()).await?;
    match files.put_bytes(key, other).await {
        Err(error) if *error.kind() == Kind::Taken => {}
        Err(error) => return Err(error),
        Ok(Put::Stored | Put::AlreadyThere) => return Err(failed(Kind::Unsupported)),
    }
    let reading = files.read(key, 0..u64::MAX).await?;
    let read: Vec<u8> = reading
        .pieces
        .map_ok(|piece| piece.to_vec())
        .try_concat()
        .await?;
    if read != bytes {
        return Err(failed(Kind::Changed));
    }
    let object = files
        .head(key)
        .await?
        .ok_or_else(|| failed(Kind::Missing))?;
    Ok(Health {
        now: object.modified,
    })
}
