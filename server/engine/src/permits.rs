//! A semaphore over processes, made of file locks: never more statements at a source than it allows.
//!
//! The limit counts statements, not runs, and runs live in processes of their own. A permit is a lock
//! on one of so many files below the stage; the system gives it back when a process dies. Nobody
//! takes more than a fair share: who reads says so with a lock of its own, and shares are counted
//! anew before every statement.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::EngineError;

/// Below the stage: a folder per source. The name is that of earlier versions, which may still be at work beside this one
/// and have to see the same locks.
const FOLDER: &str = "turns";

/// How the name of a reader's lock begins, and until it is locked.
const READER: &str = "reader-";
const NEW: &str = ".new-";

/// Between two looks for a free permit: not felt by people, not felt by the disk.
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// The permits of one reader at one source.
#[derive(Debug)]
pub(crate) struct Permits {
    folder: PathBuf,
    limit: u32,
    taken: AtomicU32,
    has_read: AtomicU32,
    reader: PathBuf,
    _lock: File,
}

/// One statement's permit; dropped when the statement is over.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    permits: &'a Permits,
    _lock: File,
}

impl Permits {
    /// Announces a reader of a source that allows `limit` statements at the same time.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the folder cannot be written.
    pub(crate) fn join(stage_dir: &Path, source: &str, limit: u32) -> Result<Self, EngineError> {
        let folder = stage_dir.join(FOLDER).join(source);
        let failed = |error| EngineError::disk("write into", &folder, error);
        fs::create_dir_all(&folder).map_err(failed)?;
        // Under this name nobody looks for its lock: once it is a reader's, it is locked.
        let new = tempfile::Builder::new()
            .prefix(NEW)
            .tempfile_in(&folder)
            .map_err(failed)?;
        new.as_file().lock().map_err(failed)?;
        let name = new.path().file_name().unwrap_or_default().to_string_lossy();
        let reader = folder.join(name.replace(NEW, READER));
        let lock = new
            .persist(&reader)
            .map_err(|error| EngineError::disk("write into", &folder, error.error))?;
        Ok(Self {
            folder,
            limit: limit.max(1),
            taken: AtomicU32::new(0),
            has_read: AtomicU32::new(0),
            reader,
            _lock: lock,
        })
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the folder cannot be written.
    pub(crate) async fn take(&self) -> Result<Permit<'_>, EngineError> {
        let failed = |error| EngineError::disk("lock a file in", &self.folder, error);
        if self.has_read.load(Ordering::Relaxed) > 0 && self.readers().map_err(failed)? > self.limit
        {
            // Others wait who have looked in vain; whoever just had a permit looks after them.
            tokio::time::sleep(LOOK_EVERY * 2).await;
        }
        loop {
            if let Some(permit) = self.try_take().map_err(failed)? {
                return Ok(permit);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn try_take(&self) -> io::Result<Option<Permit<'_>>> {
        let share = self.limit.div_ceil(self.readers()?);
        if self.taken.load(Ordering::Relaxed) >= share {
            return Ok(None);
        }
        for place in 0..self.limit {
            let lock = File::create(self.folder.join(format!("permit-{place}")))?;
            match lock.try_lock() {
                Ok(()) => {
                    self.taken.fetch_add(1, Ordering::Relaxed);
                    self.has_read.store(1, Ordering::Relaxed);
                    return Ok(Some(Permit {
                        permits: self,
                        _lock: lock,
                    }));
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    /// How many read this source now, this one included. Forgets those that died.
    fn readers(&self) -> io::Result<u32> {
        let mut readers = 1;
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let path = entry.path();
            if path == self.reader || !entry.file_name().to_string_lossy().starts_with(READER) {
                continue;
            }
            let Ok(lock) = File::open(&path) else {
                continue;
            };
            match lock.try_lock_shared() {
                Ok(()) => drop(fs::remove_file(&path)),
                Err(TryLockError::WouldBlock) => readers += 1,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(readers)
    }
}

impl Drop for Permits {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.reader);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.permits.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(stage: &Path, limit: u32) -> Permits {
        Permits::join(stage, "shop", limit).unwrap()
    }

    #[test]
    fn a_single_reader_may_have_every_turn_and_never_one_more() {
        let stage = tempfile::tempdir().unwrap();
        let reader = join(stage.path(), 3);
        let permits: Vec<_> = (0..3)
            .map(|_| reader.try_take().unwrap().unwrap())
            .collect();
        assert!(reader.try_take().unwrap().is_none());
        drop(permits);
        assert!(reader.try_take().unwrap().is_some());
    }

    #[test]
    fn two_readers_share_and_a_third_gets_the_next_turn() {
        let stage = tempfile::tempdir().unwrap();
        let first = join(stage.path(), 2);
        let mut held = vec![
            first.try_take().unwrap().unwrap(),
            first.try_take().unwrap().unwrap(),
        ];
        let second = join(stage.path(), 2);
        assert!(second.try_take().unwrap().is_none(), "both are taken");
        held.pop();
        assert!(first.try_take().unwrap().is_none(), "half is its share now");
        let permit = second.try_take().unwrap();
        assert!(permit.is_some());
        assert!(second.try_take().unwrap().is_none());
    }

    #[test]
    fn whoever_leaves_or_dies_is_not_counted() {
        let stage = tempfile::tempdir().unwrap();
        let reader = join(stage.path(), 2);
        let other = join(stage.path(), 2);
        assert_eq!(reader.readers().unwrap(), 2);
        drop(other);
        fs::write(reader.folder.join("reader-dead"), "").unwrap();
        assert_eq!(reader.readers().unwrap(), 1);
        assert!(!reader.folder.join("reader-dead").exists());
    }

    #[tokio::test]
    async fn who_waits_gets_the_turn_that_is_given_back() {
        let stage = tempfile::tempdir().unwrap();
        let first = join(stage.path(), 1);
        let second = join(stage.path(), 1);
        let permit = first.take().await.unwrap();
        let waiting = second.take();
        tokio::pin!(waiting);
        let early = tokio::time::timeout(LOOK_EVERY * 3, &mut waiting).await;
        assert!(early.is_err(), "there is only one permit");
        drop(permit);
        waiting.await.unwrap();
    }
}
