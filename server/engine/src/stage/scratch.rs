//! A folder for the files of one job, emptied at its end in every case.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::EngineError;

/// Below the stage: folders of jobs that run now, or that died.
const RUNS: &str = "runs";

/// Held by the process a folder belongs to, so that others see when it died.
const LOCK: &str = "lock";

/// How the name of a folder begins until it is locked.
const NEW: &str = ".new-";

/// A folder without a lock belongs to a job in its first moment; older ones are left-overs.
const UNLOCKED_MAY_LIVE: Duration = Duration::from_secs(60);

/// The folder of one job.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    _lock: File,
}

impl Scratch {
    /// Makes a folder below the stage, and removes those of jobs that died.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the folder cannot be made.
    pub(crate) fn create(stage_dir: &Path) -> Result<Self, EngineError> {
        let runs = stage_dir.join(RUNS);
        fs::create_dir_all(&runs).map_err(|error| EngineError::disk("create", &runs, error))?;
        sweep(&runs, SystemTime::now());
        // Under this name nobody looks for its lock: once it is a job's folder, it is locked.
        let new = tempfile::Builder::new()
            .prefix(NEW)
            .tempdir_in(&runs)
            .map_err(|error| EngineError::disk("create a folder in", &runs, error))?;
        let lock_path = new.path().join(LOCK);
        let lock = File::create(&lock_path)
            .and_then(|lock| lock.lock().map(|()| lock))
            .map_err(|error| EngineError::disk("lock", &lock_path, error))?;
        let name = new.path().file_name().unwrap_or_default().to_string_lossy();
        let path = runs.join(name.replace(NEW, "run-"));
        fs::rename(new.path(), &path).map_err(|error| EngineError::disk("create", &path, error))?;
        let _ = new.keep();
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes a folder although a thread that was left behind may still create files in it: under
/// its new name nothing finds it any more.
fn remove(path: &Path) {
    let gone = path.with_extension("gone");
    let target = if fs::rename(path, &gone).is_ok() {
        gone.as_path()
    } else {
        path
    };
    if let Err(error) = fs::remove_dir_all(target)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %target.display(), %error, "Cannot remove the folder of a finished job");
    }
}

fn sweep(runs: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(runs) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let lock = match entry.file_name().to_string_lossy().starts_with(NEW) {
            true => None,
            false => File::open(path.join(LOCK)).ok(),
        };
        let is_dead = match lock {
            Some(lock) => lock.try_lock().is_ok(),
            // Not locked yet, or its removal was interrupted.
            None => is_old(&entry, now),
        };
        if is_dead {
            tracing::info!(path = %path.display(), "Removing the folder of a job that died");
            remove(&path);
        }
    }
}

fn is_old(entry: &fs::DirEntry, now: SystemTime) -> bool {
    let modified = entry.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| {
        now.duration_since(modified)
            .is_ok_and(|age| age > UNLOCKED_MAY_LIVE)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_when_a_job_ends() {
        let stage = tempfile::tempdir().unwrap();
        let scratch = Scratch::create(stage.path()).unwrap();
        fs::write(scratch.path().join("orders.parquet"), "rows").unwrap();
        drop(scratch);
        assert_eq!(fs::read_dir(stage.path().join(RUNS)).unwrap().count(), 0);
    }

    #[test]
    fn the_folder_of_a_dead_job_is_removed_and_a_living_one_stays() {
        let stage = tempfile::tempdir().unwrap();
        let living = Scratch::create(stage.path()).unwrap();
        let dead = stage.path().join(RUNS).join("run-dead");
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join(LOCK), "").unwrap();
        let fresh = stage.path().join(RUNS).join(".new-fresh");
        fs::create_dir(&fresh).unwrap();
        let next = Scratch::create(stage.path()).unwrap();
        assert!(!dead.exists());
        assert!(fresh.exists());
        assert!(living.path().exists() && next.path().exists());
        let later = SystemTime::now() + UNLOCKED_MAY_LIVE * 2;
        sweep(&stage.path().join(RUNS), later);
        assert!(!fresh.exists());
        assert!(living.path().exists());
    }

    #[test]
    fn a_stage_that_is_a_file_is_a_disk_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("stage");
        fs::write(&file, "").unwrap();
        assert_eq!(
            Scratch::create(&file).unwrap_err().class(),
            lang::FailureClass::Disk
        );
    }
}
