//! The store of finished files, in a folder and in a bucket of a real S3-compatible server.

mod contract;
mod faults;
mod folder;
mod unfinished;

use std::path::PathBuf;
use std::time::Duration;

use bucket::{Bucket, Manners};
use bytes::Bytes;
use files::{BucketSettings, Content, Files, FilesError, Key, Secret, Settings, Timeouts};
use futures::TryStreamExt;
use tempfile::TempDir;

/// A day: younger objects without a row are on their way.
const DAY: Duration = Duration::from_secs(86_400);

/// A store with everything that has to live as long.
struct Room {
    files: Files,
    desk: TempDir,
    bucket: Option<Bucket>,
}

impl Room {
    fn in_folder() -> Self {
        let desk = tempfile::tempdir().unwrap();
        let files = Files::open(&Settings::Folder(desk.path().join("store"))).unwrap();
        Self {
            files,
            desk,
            bucket: None,
        }
    }

    async fn in_bucket() -> Self {
        Self::with(Manners::default(), |_| ()).await
    }

    async fn with(manners: Manners, change: impl FnOnce(&mut BucketSettings)) -> Self {
        let bucket = Bucket::with(manners).await.unwrap();
        let mut settings = settings(&bucket);
        change(&mut settings);
        Self {
            files: Files::open(&Settings::Bucket(Box::new(settings))).unwrap(),
            desk: tempfile::tempdir().unwrap(),
            bucket: Some(bucket),
        }
    }

    /// With a client that soon gives up waiting. A busy machine may be late with any answer, so it tries often.
    async fn in_a_hurry(answer: Duration) -> Self {
        let change = |settings: &mut BucketSettings| {
            settings.timeouts.answer = answer;
            settings.timeouts.tries = 6;
        };
        Self::with(Manners::default(), change).await
    }

    fn bucket(&self) -> &Bucket {
        self.bucket.as_ref().unwrap()
    }

    /// A finished file, as an attempt leaves it.
    fn finished(&self, name: &str, bytes: &[u8]) -> (PathBuf, Content) {
        let path = self.desk.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let content = Content::of_file(&path).unwrap();
        assert_eq!(content, Content::of_bytes(bytes));
        (path, content)
    }

    async fn put(&self, key: &Key, bytes: &[u8]) -> Result<files::Put, FilesError> {
        let (path, content) = self.finished("finished", bytes);
        let put = self.files.put(key, &path, &content).await;
        assert_eq!(
            std::fs::read(&path).unwrap(),
            bytes,
            "the file itself stays"
        );
        std::fs::remove_file(path).unwrap();
        put
    }

    async fn whole(&self, key: &Key) -> Result<Vec<u8>, FilesError> {
        let reading = self.files.read(key, 0..u64::MAX).await?;
        let pieces: Vec<Bytes> = reading.pieces.try_collect().await?;
        Ok(pieces.concat())
    }
}

fn settings(bucket: &Bucket) -> BucketSettings {
    BucketSettings {
        endpoint: Some(bucket.endpoint()),
        timeouts: Timeouts {
            tries: 3,
            first_wait: Duration::from_millis(1),
            longest_wait: Duration::from_millis(5),
            ..Timeouts::default()
        },
        ..BucketSettings::new(
            bucket.name(),
            Secret::new(bucket.access_key_id()),
            Secret::new(bucket.secret_access_key()),
        )
    }
}

fn key(name: &str) -> Key {
    Key::of_result("run_1", 1, name).unwrap()
}

/// Bytes that are the same nowhere else in the file.
fn counted(bytes: usize) -> Vec<u8> {
    (0_u64..).flat_map(u64::to_le_bytes).take(bytes).collect()
}

/// Parts of uploads that the server of the bucket still keeps.
fn parts_left(room: &Room) -> usize {
    let left = std::fs::read_dir(room.bucket().root()).unwrap();
    left.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().contains(".part-")
    })
    .count()
}

/// Large enough for three parts.
const LARGE: usize = 20 * 1024 * 1024 + 5;
