//! A proven file gets its place, whole or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::Finish;
use crate::meter::{Counter, Place};
use crate::{EngineError, Step, checksum};

/// The file where it stays.
pub(super) struct Stored {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Moves the proven file into the output folder under its final name.
///
/// Everything slow happens under a temporary name on another thread. The last step is one rename
/// on this task, so a job that is cancelled meanwhile leaves nothing.
///
/// # Errors
/// [`EngineError::Disk`] when the folder cannot be written.
pub(super) async fn store(
    step: &Finish<'_>,
    proven: PathBuf,
    name: &str,
) -> Result<Stored, EngineError> {
    let folder = step.job.output_dir.clone();
    let place = Place {
        step: Step::Storing,
        block: None,
        total: None,
    };
    let work = {
        let folder = folder.clone();
        move || {
            let part = bring(&proven, &folder)?;
            let (sha256, bytes) = checksum::of_file(&part)?;
            Ok((part, sha256, bytes))
        }
    };
    let (part, sha256, bytes) = step.meter.run(place, &Counter::default(), work).await?;
    let path = folder.join(name);
    step.watch.check()?;
    part.persist(&path)
        .map_err(|error| EngineError::disk("store", &path, error.error))?;
    // The name must survive a power cut as well as the bytes do.
    File::open(&folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| EngineError::disk("store", &path, error))?;
    Ok(Stored {
        path,
        bytes,
        sha256,
    })
}

/// Puts the file into the folder under a temporary name, safe on the disk. It is removed again
/// unless it is given its final name.
fn bring(proven: &Path, folder: &Path) -> Result<TempPath, EngineError> {
    let failed = |error: io::Error| EngineError::disk("store the finished file in", folder, error);
    fs::create_dir_all(folder).map_err(failed)?;
    let part = tempfile::Builder::new()
        .prefix(".part-")
        .tempfile_in(folder)
        .map_err(failed)?
        .into_temp_path();
    match fs::rename(proven, &part) {
        // The stage may be on another disk than the results.
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            fs::copy(proven, &part).map(drop).map_err(failed)?
        }
        result => result.map_err(failed)?,
    }
    File::open(&part)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_its_final_name_disappears() {
        let folder = tempfile::tempdir().unwrap();
        let proven = folder.path().join("book.xlsx");
        fs::write(&proven, "cells").unwrap();
        let results = folder.path().join("results").join("1");
        let part = bring(&proven, &results).unwrap();
        assert_eq!(fs::read(&part).unwrap(), b"cells");
        drop(part);
        assert_eq!(fs::read_dir(&results).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_a_disk_error() {
        let folder = tempfile::tempdir().unwrap();
        let proven = folder.path().join("book.xlsx");
        fs::write(&proven, "cells").unwrap();
        let error = bring(&proven, &proven.join("results")).unwrap_err();
        assert_eq!(error.class(), "disk");
        assert!(error.message(report::Lang::Ko).contains("디스크"));
    }
}
