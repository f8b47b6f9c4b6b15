//! The kept files as an operator sees them: listed, verified, dropped.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::Kept;
use super::manifest::{KeptAs, Key, Manifest};
use crate::EngineError;

/// The kept files of one stage folder. Safe while runs use it.
#[derive(Clone, Debug)]
pub struct Inventory {
    kept: Kept,
}

/// One kept file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptFile {
    /// Why it is kept.
    pub kept_as: KeptAs,
    /// What it is the answer to.
    pub fingerprint: String,
    /// What is known about it; `None` when its manifest cannot be read.
    pub manifest: Option<Manifest>,
    /// When a run last used it.
    pub used_at: Timestamp,
}

impl KeptFile {
    fn key(&self) -> Key {
        Key {
            kept_as: self.kept_as,
            fingerprint: self.fingerprint.clone(),
        }
    }
}

impl Inventory {
    /// The files kept below a stage folder. A folder that does not exist holds none.
    pub fn below(stage_dir: &Path) -> Self {
        Self {
            kept: Kept::below(stage_dir, u64::MAX),
        }
    }

    /// Every kept file, by report, query and partition.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the folder cannot be read.
    pub fn files(&self) -> Result<Vec<KeptFile>, EngineError> {
        let folder = &self.kept.folder;
        let failed = |error| EngineError::disk("read", folder, error);
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let Some(key) = Key::of_file_name(&entry.file_name().to_string_lossy()) else {
                continue;
            };
            let used = entry.metadata().and_then(|metadata| metadata.modified());
            files.push(KeptFile {
                kept_as: key.kept_as,
                manifest: Manifest::read(&entry.path()),
                fingerprint: key.fingerprint,
                used_at: used
                    .ok()
                    .and_then(|used| Timestamp::try_from(used).ok())
                    .unwrap_or(Timestamp::UNIX_EPOCH),
            });
        }
        files.sort_by_cached_key(|file| {
            let words = file.manifest.as_ref().map(|manifest| {
                let from = manifest.partition.as_ref().map(|partition| partition.from);
                (manifest.report.clone(), manifest.block.clone(), from)
            });
            (words, file.fingerprint.clone())
        });
        Ok(files)
    }

    /// Reads every byte of a kept file and compares it with its manifest. `None`: it is sound;
    /// else what is wrong, in one sentence. Nothing is removed: the next run reads it again anyway.
    pub fn verify(&self, file: &KeptFile) -> Option<String> {
        let Some(manifest) = &file.manifest else {
            return Some("its manifest cannot be read".to_owned());
        };
        let path: PathBuf = self.kept.folder.join(&manifest.file);
        let Ok(found) = fs::metadata(&path) else {
            return Some(format!("its file {} is missing", manifest.file));
        };
        if found.len() != manifest.bytes {
            return Some(format!(
                "its file has {} bytes instead of {}",
                found.len(),
                manifest.bytes
            ));
        }
        let checked = manifest.check(&path).and_then(|file| {
            let mut rows = 0;
            for chunk in file.chunks()? {
                rows += chunk?.rows as u64;
            }
            Ok(rows)
        });
        match checked {
            Ok(rows) if rows == manifest.rows => None,
            Ok(rows) => Some(format!("it holds {rows} rows instead of {}", manifest.rows)),
            Err(error) => Some(error.chain().replace('\n', ";")),
        }
    }

    /// Removes a kept file. A run that uses it at this moment goes on with it.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when it cannot be removed.
    pub fn drop(&self, file: &KeptFile) -> Result<(), EngineError> {
        let folder = &self.kept.folder;
        let key = file.key();
        let mut paths = vec![self.kept.manifest_path(&key)];
        match &file.manifest {
            Some(manifest) => paths.push(folder.join(&manifest.file)),
            None => paths.extend(self.files_named_after(&key)?),
        }
        for path in paths {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(EngineError::disk("remove", &path, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The Parquet files of a key whose manifest cannot be read.
    fn files_named_after(&self, key: &Key) -> Result<Vec<PathBuf>, EngineError> {
        let folder = &self.kept.folder;
        let prefix = format!("{}-", key.fingerprint);
        let entries =
            fs::read_dir(folder).map_err(|error| EngineError::disk("read", folder, error))?;
        Ok(entries
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
            .map(|entry| entry.path())
            .collect())
    }
}
