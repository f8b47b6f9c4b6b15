//! The folder on this machine in which the attempts of one worker work.
//!
//! Any number of workers may share a data directory when our own tables are on a server. Each has a
//! folder of its own and holds a lock beside it as long as its process lives, so that the next start
//! knows which folders nobody needs any more.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use store::Claimed;

const ATTEMPTS: &str = "attempts";

/// A worker's folder. Dropped, it is removed.
#[derive(Debug)]
pub(super) struct WorkDir {
    folder: PathBuf,
    lock_path: PathBuf,
    /// Held until the process is gone, killed or not.
    _lock: File,
}

impl WorkDir {
    /// Makes the folder of a worker, whose name is new.
    pub(super) fn take(data_dir: &Path, worker: &str) -> io::Result<Self> {
        let attempts = data_dir.join(ATTEMPTS);
        fs::create_dir_all(&attempts)?;
        let lock_path = lock_of(&attempts, worker);
        let lock = File::create(&lock_path)?;
        // First the lock, then the folder: whoever sees the folder can tell whether it is in use.
        lock.lock()?;
        let folder = attempts.join(worker);
        fs::create_dir(&folder)?;
        Ok(Self {
            folder,
            lock_path,
            _lock: lock,
        })
    }

    /// The folder in which an attempt works: nobody else does, and it never outlives the attempt.
    pub(super) fn of(&self, claimed: &Claimed) -> PathBuf {
        self.folder
            .join(&claimed.lease.run)
            .join(claimed.lease.attempt.to_string())
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        // What cannot be removed now, the next start removes.
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(&self.lock_path);
    }
}

/// Removes the folders of workers that are gone. What cannot be removed is only logged.
pub(super) fn remove_abandoned(data_dir: &Path) {
    let attempts = data_dir.join(ATTEMPTS);
    let Ok(entries) = fs::read_dir(&attempts) else {
        return;
    };
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let lock_path = lock_of(&attempts, &entry.file_name().to_string_lossy());
        // Without a lock it was made before workers had folders of their own.
        let lock = File::open(&lock_path).ok();
        if lock.as_ref().is_some_and(|lock| lock.try_lock().is_err()) {
            continue;
        }
        let folder = entry.path();
        match fs::remove_dir_all(&folder)
            .and_then(|()| lock.map_or(Ok(()), |_| fs::remove_file(&lock_path)))
        {
            Ok(()) => tracing::info!(
                "Removed {}, which a worker that is gone left behind",
                folder.display()
            ),
            Err(error) => {
                tracing::warn!(error = %error, "Could not remove {}", folder.display());
            }
        }
    }
}

fn lock_of(attempts: &Path, worker: &str) -> PathBuf {
    attempts.join(format!("{worker}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_workers_that_are_gone_are_removed() {
        let data = tempfile::tempdir().unwrap();
        let living = WorkDir::take(data.path(), "living").unwrap();
        let gone = WorkDir::take(data.path(), "gone").unwrap();
        let (here, there) = (living.folder.join("run"), gone.folder.join("run"));
        fs::create_dir(&here).unwrap();
        fs::create_dir(&there).unwrap();
        let attempts = data.path().join(ATTEMPTS);
        fs::create_dir(attempts.join("of-an-older-version")).unwrap();
        // As when its process is killed: the lock goes, the folder stays.
        let WorkDir { _lock, .. } = &gone;
        _lock.unlock().unwrap();
        remove_abandoned(data.path());
        assert!(here.exists());
        assert!(!there.exists());
        let left = fs::read_dir(&attempts).unwrap().count();
        assert_eq!(left, 2, "the living worker's folder and lock");
        drop(living);
        assert_eq!(fs::read_dir(&attempts).unwrap().count(), 0);
    }
}
