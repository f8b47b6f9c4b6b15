//! A proven file gets its place, whole or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::Finish;
use crate::meter::{Counter, Location};
use crate::{EngineError, Step, checksum};

/// The file where it stays.
pub(super) struct Stored {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

const PLACE: Location<'_> = Location {
    step: Step::Storing,
    block: None,
    total: None,
};

/// A file whose bytes are safe on the disk.
pub(super) struct Sealed {
    bytes: u64,
    sha256: String,
}

/// Brings the bytes of a file safely to the disk and takes their checksum.
///
/// # Errors
/// [`EngineError::Disk`] when the disk fails.
pub(super) fn seal(path: &Path) -> Result<Sealed, EngineError> {
    sync(path)?;
    let (sha256, bytes) = checksum::of_file(path)?;
    Ok(Sealed { bytes, sha256 })
}

/// Moves the proven file into the output folder under its final name.
///
/// Everything slow happens to the file in the job's own folder. The last step is one rename on this
/// task, so a job that is cancelled meanwhile leaves nothing.
///
/// # Errors
/// [`EngineError::Disk`] when the folder cannot be written.
pub(super) async fn store(
    step: &Finish<'_>,
    proven: PathBuf,
    sealed: Sealed,
    name: &str,
) -> Result<Stored, EngineError> {
    let folder = step.job.output_dir.clone();
    let Sealed { bytes, sha256 } = sealed;
    let path = folder.join(name);
    let failed = |error| EngineError::disk("store", &path, error);
    step.deadline.check()?;
    fs::create_dir_all(&folder).map_err(failed)?;
    match fs::rename(&proven, &path) {
        // The stage may be on another disk than the results.
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            let work = {
                let folder = folder.clone();
                move || copy(&proven, &folder)
            };
            let part = step.meter.run(PLACE, &Counter::default(), work).await?;
            step.deadline.check()?;
            part.persist(&path).map_err(|error| failed(error.error))?;
        }
        result => result.map_err(failed)?,
    }
    // The name must survive a power cut as well as the bytes do.
    sync(&folder)?;
    Ok(Stored {
        path,
        bytes,
        sha256,
    })
}

/// A copy in the folder under a temporary name, safe on the disk. It is removed again unless it is
/// given its final name.
fn copy(proven: &Path, folder: &Path) -> Result<TempPath, EngineError> {
    let failed = |error: io::Error| EngineError::disk("store the finished file in", folder, error);
    let part = tempfile::Builder::new()
        .prefix(".part-")
        .tempfile_in(folder)
        .map_err(failed)?
        .into_temp_path();
    fs::copy(proven, &part).map_err(failed)?;
    sync(&part)?;
    Ok(part)
}

fn sync(path: &Path) -> Result<(), EngineError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| EngineError::disk("store", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_without_its_final_name_disappears() {
        let folder = tempfile::tempdir().unwrap();
        let proven = folder.path().join("book.xlsx");
        fs::write(&proven, "cells").unwrap();
        let results = folder.path().join("results");
        fs::create_dir(&results).unwrap();
        let part = copy(&proven, &results).unwrap();
        assert_eq!(fs::read(&part).unwrap(), b"cells");
        drop(part);
        assert_eq!(fs::read_dir(&results).unwrap().count(), 0);
        assert!(proven.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_a_disk_error() {
        let folder = tempfile::tempdir().unwrap();
        let proven = folder.path().join("book.xlsx");
        fs::write(&proven, "cells").unwrap();
        let error = copy(&proven, &proven.join("results")).unwrap_err();
        assert_eq!(error.class(), lang::FailureClass::Disk);
        assert!(error.message().get(lang::Lang::Ko).contains("디스크"));
    }
}
