//! Files kept between runs: cached answers, closed partitions, increments.
//!
//! A kept file is a Parquet file and a manifest beside it with its size, rows and SHA-256. A file
//! that does not match its manifest is read again at the source, never trusted.
//!
//! Any number of processes share the folder without asking each other. A Parquet file never changes
//! under its name; only the manifest says which file counts, and it is replaced by one rename. So
//! there is nothing to lock, and no `fsync` either: what a power cut leaves behind does not match.

mod inventory;
mod manifest;
mod tidy;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;

use super::{ClosedPartition, StageFile};
use crate::{EngineError, checksum};

pub use inventory::{Inventory, KeptFile};
pub(crate) use manifest::Key;
pub use manifest::{KeptAs, KeptPartition, Manifest};

/// Below the stage: files kept between runs.
const KEPT: &str = "kept";

/// How the name of a file begins until it is whole.
const PART: &str = ".part-";

/// The kept files of one stage folder.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    folder: PathBuf,
    budget_bytes: u64,
}

/// A file to keep.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) report: String,
    pub(crate) block: String,
    pub(crate) source: String,
    pub(crate) partition: Option<KeptPartition>,
    pub(crate) expires: Option<Timestamp>,
}

impl Kept {
    /// The files kept below a stage folder, at most `budget_bytes` of them together.
    pub(crate) fn below(stage_dir: &Path, budget_bytes: u64) -> Self {
        Self {
            folder: stage_dir.join(KEPT),
            budget_bytes,
        }
    }

    /// What is known about a kept file that is there with its length. Nothing is verified.
    pub(crate) fn peek(&self, key: &Key) -> Option<Manifest> {
        Manifest::read(&self.manifest_path(key)).filter(|manifest| manifest.has_file(&self.folder))
    }

    /// A kept file read at `not_before` or later, linked to `path`, when there is a sound one.
    pub(crate) fn find(
        &self,
        key: &Key,
        not_before: Option<Timestamp>,
        path: &Path,
    ) -> Option<StageFile> {
        let mut tried: Option<Manifest> = None;
        loop {
            let manifest = Manifest::read(&self.manifest_path(key))?;
            if not_before.is_some_and(|moment| manifest.read_at < moment) {
                return None;
            }
            if tried.as_ref() == Some(&manifest) {
                tracing::warn!(
                    fingerprint = key.fingerprint,
                    block = manifest.block,
                    "A kept file is damaged and is read again"
                );
                self.forget(key, &manifest);
                return None;
            }
            match self.verified(&manifest, path) {
                Ok(file) => {
                    self.touch(key);
                    return Some(StageFile {
                        closed_partition: manifest.closed_partition(key),
                        ..file
                    });
                }
                Err(error) => {
                    tracing::debug!(fingerprint = key.fingerprint, chain = %error.chain(), "A kept file does not match");
                    let _ = fs::remove_file(path);
                    // Another process may just have replaced it; the same manifest twice is damage.
                    tried = Some(manifest);
                }
            }
        }
    }

    /// Keeps a finished file, in place of an older one, and says what a closed partition is known by.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the folder cannot be written.
    pub(crate) fn add(
        &self,
        entry: Entry,
        file: &StageFile,
    ) -> Result<Option<Arc<ClosedPartition>>, EngineError> {
        fs::create_dir_all(&self.folder)
            .map_err(|error| EngineError::disk("create", &self.folder, error))?;
        let (sha256, bytes) = checksum::of_file(&file.path)?;
        let old = Manifest::read(&self.manifest_path(&entry.key));
        let manifest = Manifest {
            report: entry.report,
            block: entry.block,
            source: entry.source,
            partition: entry.partition,
            file: self.place(&entry.key, &file.path)?,
            rows: file.rows,
            bytes,
            sha256,
            read_at: file.read_at,
            expires: entry.expires,
        };
        if let Err(error) = self.write(&entry.key, &manifest) {
            let _ = fs::remove_file(self.folder.join(&manifest.file));
            return Err(error);
        }
        // Whoever uses the old file has linked it, or reads the new manifest at the second try.
        if let Some(old) = old {
            let _ = fs::remove_file(self.folder.join(old.file));
        }
        Ok(manifest.closed_partition(&entry.key))
    }

    /// Removes a manifest, and then the file it named.
    fn forget(&self, key: &Key, manifest: &Manifest) {
        let _ = fs::remove_file(self.manifest_path(key));
        let _ = fs::remove_file(self.folder.join(&manifest.file));
    }

    fn verified(&self, manifest: &Manifest, path: &Path) -> Result<StageFile, EngineError> {
        // The link holds the very bytes that are verified, whatever another run puts in their place.
        link(&self.folder.join(&manifest.file), path)
            .map_err(|error| EngineError::disk("link", path, error))?;
        manifest.check(path)
    }

    /// Puts a file into the folder under a name nobody else uses, and returns the name.
    fn place(&self, key: &Key, from: &Path) -> Result<String, EngineError> {
        let name = tempfile::Builder::new()
            .prefix(&format!("{}-", key.fingerprint))
            .suffix(".parquet")
            .rand_bytes(8)
            .make_in(&self.folder, |to| link(from, to))
            .map_err(|error| EngineError::disk("write into", &self.folder, error))?;
        let path = name
            .into_temp_path()
            .keep()
            .map_err(|error| EngineError::disk("write into", &self.folder, error.error))?;
        let name = path.file_name().unwrap_or_default();
        Ok(name.to_string_lossy().into_owned())
    }

    fn write(&self, key: &Key, manifest: &Manifest) -> Result<(), EngineError> {
        let path = self.manifest_path(key);
        let failed = |error| EngineError::disk("write", &path, error);
        let text = serde_json::to_vec(manifest).map_err(|error| EngineError::Internal {
            what: format!("cannot write a manifest: {error}"),
        })?;
        let temporary = tempfile::Builder::new()
            .prefix(PART)
            .tempfile_in(&self.folder)
            .map_err(failed)?;
        fs::write(temporary.path(), text).map_err(failed)?;
        temporary
            .persist(&path)
            .map(drop)
            .map_err(|error| failed(error.error))
    }

    /// The time of a manifest says when its file was used last.
    fn touch(&self, key: &Key) {
        let touched = File::options()
            .write(true)
            .open(self.manifest_path(key))
            .and_then(|manifest| manifest.set_modified(SystemTime::now()));
        if let Err(error) = touched {
            tracing::debug!(%error, "Cannot note the use of a kept file");
        }
    }

    fn manifest_path(&self, key: &Key) -> PathBuf {
        self.folder.join(key.file_name())
    }
}

impl Manifest {
    /// What a closed partition is known by.
    fn closed_partition(&self, key: &Key) -> Option<Arc<ClosedPartition>> {
        (key.kept_as == KeptAs::Partition).then(|| {
            Arc::new(ClosedPartition {
                sha256: self.sha256.clone(),
                source: self.source.clone(),
                partition: self.partition.clone(),
            })
        })
    }

    /// Opens a file and compares it with everything that is known about it.
    fn check(&self, path: &Path) -> Result<StageFile, EngineError> {
        let (sha256, bytes) = checksum::of_file(path)?;
        let file = StageFile::open(path, self.read_at)?;
        if (sha256.as_str(), bytes, file.rows) == (self.sha256.as_str(), self.bytes, self.rows) {
            Ok(file)
        } else {
            Err(EngineError::Proof {
                what: self.block.clone(),
                expected: self.rows,
                found: file.rows,
                place: "in a kept file that is not what was written",
            })
        }
    }
}

/// A second name for a file, or a copy where the file system has no second names.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists
            ) =>
        {
            fs::copy(from, to).map(drop)
        }
        result => result,
    }
}
