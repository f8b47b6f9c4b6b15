//! Finished files, in a folder or in a bucket of an S3-compatible store.
//!
//! A file appears under its [`Key`] whole or not at all, and is never replaced: whoever comes second with
//! other bytes is told so, and whoever comes second with the same bytes, because a reply was lost, has succeeded.
//!
//! ```
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # runtime.block_on(async {
//! use files::{Content, Files, Key, Settings};
//!
//! let folder = tempfile::tempdir()?;
//! let files = Files::open(&Settings::Folder(folder.path().to_owned()))?;
//! let book = folder.path().join("book.xlsx");
//! std::fs::write(&book, "cells")?;
//!
//! let key = Key::of_result("run_1", 1, "book.xlsx")?;
//! files.put(&key, &book, &Content::of_file(&book)?).await?;
//! assert_eq!(files.head(&key).await?.unwrap().bytes, 5);
//! assert!(Key::of_result("run_1", 1, "../book.xlsx").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate knows nothing of runs and of our own tables. It reads no environment, and it never logs.
//!
//! | module | holds |
//! | --- | --- |
//! | `settings`, `key`, `content` | where files are, what they are called, what they hold |
//! | `folder` | the form in a folder |
//! | `bucket` | the form in an S3-compatible store |
//! | `reading` | files in pieces |
//! | `health` | the proof that storing works |
//! | `collect` | objects without a row, and rows without an object |
//! | `error` | what failed, and whether trying again can help |

mod bucket;
mod collect;
mod content;
mod error;
mod folder;
mod health;
mod key;
mod reading;
mod settings;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use bucket::Bucket;
use folder::Folder;

pub use collect::{Collected, Findings, Inventory, Row, compare};
pub use content::Content;
pub use error::{FilesError, Kind};
pub use health::Health;
pub use key::{InvalidKey, Key};
pub use reading::{Pieces, Reading};
pub use settings::{BucketSettings, Secret, Settings, Timeouts};

/// What the store says of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its key, without the prefix of the settings.
    pub key: Key,
    /// Its size.
    pub bytes: u64,
    /// When it was stored, by the clock of the store.
    pub modified: Timestamp,
}

/// What became of a file that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is in its place now.
    Stored,
    /// The same bytes were there already: an earlier try had succeeded although its reply was lost.
    AlreadyThere,
}

/// What was left of files that were never finished, and is gone now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Temporary files, or uploads in parts.
    pub removed: u64,
    /// The store cannot list its unfinished uploads. A rule of the bucket has to remove them
    /// (`AbortIncompleteMultipartUpload`).
    pub needs_rule: bool,
}

/// The store of finished files. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Folder(Arc<Folder>),
    Bucket(Arc<Bucket>),
}

impl Files {
    /// Prepares the store. A folder is made when it is missing; a bucket is not asked yet, which
    /// [`check`](Self::check) does.
    ///
    /// # Errors
    /// [`Kind::Settings`] names everything that is wrong with the settings; the kinds of a disk for a folder.
    pub fn open(settings: &Settings) -> Result<Self, FilesError> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(FilesError::settings(&problems));
        }
        let form = match settings {
            Settings::Folder(root) => Form::Folder(Arc::new(Folder::open(root)?)),
            Settings::Bucket(settings) => Form::Bucket(Arc::new(Bucket::open(settings)?)),
        };
        Ok(Self { form })
    }

    /// Stores a finished file. The file itself stays where it is; the caller removes it.
    ///
    /// In a folder of the same file system the file gets a second name (a hard link), so that nothing is copied:
    /// never write to it afterwards.
    ///
    /// # Errors
    /// [`Kind::Changed`] when the file is not what `content` says, [`Kind::Taken`] when other bytes have this key.
    /// After every other error the object may be missing, but is never partly there.
    pub async fn put(&self, key: &Key, file: &Path, content: &Content) -> Result<Put, FilesError> {
        match &self.form {
            Form::Folder(folder) => folder.put(key, file, content).await,
            Form::Bucket(bucket) => bucket.put(key, file, content).await,
        }
    }

    /// Size and age of an object, `None` when there is none.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn head(&self, key: &Key) -> Result<Option<Object>, FilesError> {
        match self.store().head(&self.location(key)).await {
            Ok(meta) => Ok(self.object(&meta)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(FilesError::of_store("look at", key.as_str(), error)),
        }
    }

    /// Some bytes of an object, in pieces as the reader takes them. The range is cut to the object.
    ///
    /// # Errors
    /// [`Kind::Missing`] when there is no such object. Errors of the store on the way are items of the stream.
    pub async fn read(&self, key: &Key, range: Range<u64>) -> Result<Reading, FilesError> {
        reading::open(self.store(), &self.location(key), key, range).await
    }

    /// Removes an object. That there is none is as good.
    ///
    /// # Errors
    /// When the store cannot be asked or refuses.
    pub async fn delete(&self, key: &Key) -> Result<(), FilesError> {
        match &self.form {
            Form::Folder(folder) => folder.delete(key).await,
            Form::Bucket(bucket) => bucket.delete(key).await,
        }
    }

    /// Every object below a folder such as `results`, in no particular order, as the reader takes them.
    ///
    /// Objects whose names are no [`Key`] were not stored by us and are left out.
    pub fn list(&self, folder: &Key) -> BoxStream<'static, Result<Object, FilesError>> {
        let files = self.clone();
        let named = folder.as_str().to_owned();
        self.store()
            .list(Some(&self.location(folder)))
            .map_err(move |error| FilesError::of_store("list", &named, error))
            .try_filter_map(move |meta| std::future::ready(Ok(files.object(&meta))))
            .boxed()
    }

    /// Proves that storing works: writes a small object below `health`, sees that it cannot be replaced, reads it
    /// back and removes it. That is five requests, so keep the answer for half a minute.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] when the store replaces objects although it was told not to; otherwise what hindered.
    pub async fn check(&self) -> Result<Health, FilesError> {
        health::check(self).await
    }

    /// Removes what is left of files begun before a moment and never finished.
    ///
    /// # Errors
    /// When the store cannot be asked or refuses. What was removed before stays removed.
    pub async fn remove_unfinished(&self, before: Timestamp) -> Result<Unfinished, FilesError> {
        match &self.form {
            Form::Folder(folder) => folder.remove_unfinished(before).await,
            Form::Bucket(bucket) => bucket.remove_unfinished(before).await,
        }
    }

    /// Where files are, for people: a folder, or bucket and endpoint.
    pub fn place(&self) -> String {
        match &self.form {
            Form::Folder(folder) => folder.root().display().to_string(),
            Form::Bucket(bucket) => bucket.place().to_owned(),
        }
    }

    /// Stores a few bytes unless the key is taken.
    async fn put_bytes(&self, key: &Key, bytes: Vec<u8>) -> Result<Put, FilesError> {
        match &self.form {
            Form::Folder(folder) => folder.put_bytes(key, bytes).await,
            Form::Bucket(bucket) => bucket.put_bytes(key, bytes).await,
        }
    }

    fn store(&self) -> &dyn ObjectStore {
        match &self.form {
            Form::Folder(folder) => folder.store(),
            Form::Bucket(bucket) => bucket.store(),
        }
    }

    fn location(&self, key: &Key) -> object_store::path::Path {
        match &self.form {
            Form::Folder(_) => key.location(None),
            Form::Bucket(bucket) => key.location(bucket.prefix()),
        }
    }

    fn object(&self, meta: &ObjectMeta) -> Option<Object> {
        let prefix = match &self.form {
            Form::Folder(_) => None,
            Form::Bucket(bucket) => bucket.prefix(),
        };
        Some(Object {
            key: Key::of_location(&meta.location, prefix)?,
            bytes: meta.size,
            modified: Timestamp::from_millisecond(meta.last_modified.timestamp_millis()).ok()?,
        })
    }
}
