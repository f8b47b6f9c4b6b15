//! Answers kept between runs for `cache`, each verified before it is used again.
//!
//! An entry is a Parquet file under its fingerprint and a note beside it with its size, rows and
//! SHA-256. A file that does not match its note is read again at the source, never trusted.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::StageFile;
use crate::{EngineError, checksum};

/// Below the stage: answers kept between runs.
const KEPT: &str = "kept";

/// The kept answers of one stage folder.
#[derive(Clone)]
pub(crate) struct Kept {
    folder: PathBuf,
}

/// What is known about a kept file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    source: String,
    block: String,
    read_at: Timestamp,
    expires: Timestamp,
    rows: u64,
    bytes: u64,
    sha256: String,
}

/// What a kept answer is the answer to.
pub(crate) struct Entry {
    pub(crate) fingerprint: String,
    pub(crate) source: String,
    pub(crate) block: String,
}

impl Kept {
    /// The answers kept below a stage folder.
    pub(crate) fn below(stage_dir: &Path) -> Self {
        Self {
            folder: stage_dir.join(KEPT),
        }
    }

    /// A kept answer read after `not_before`, linked to `path`, when there is a sound one.
    pub(crate) fn find(
        &self,
        fingerprint: &str,
        not_before: Timestamp,
        path: &Path,
    ) -> Option<StageFile> {
        let note = self.note(fingerprint)?;
        if note.read_at < not_before {
            return None;
        }
        match self.verified(fingerprint, &note, path) {
            Ok(file) => Some(file),
            Err(error) => {
                tracing::warn!(fingerprint, chain = %error.chain(), "A kept answer is damaged and is read again");
                let _ = fs::remove_file(path);
                None
            }
        }
    }

    /// Keeps a finished file under its fingerprint, in place of an older one.
    ///
    /// # Errors
    /// [`EngineError::Disk`] when the folder cannot be written.
    pub(crate) fn add(
        &self,
        entry: &Entry,
        file: &StageFile,
        cache: SignedDuration,
    ) -> Result<(), EngineError> {
        fs::create_dir_all(&self.folder)
            .map_err(|error| EngineError::disk("create", &self.folder, error))?;
        let (sha256, bytes) = checksum::of_file(&file.path)?;
        let note = Note {
            source: entry.source.clone(),
            block: entry.block.clone(),
            read_at: file.read_at,
            expires: file.read_at.checked_add(cache).unwrap_or(Timestamp::MAX),
            rows: file.rows,
            bytes,
            sha256,
        };
        let text = serde_json::to_vec(&note).map_err(|error| EngineError::Internal {
            what: format!("cannot write a note: {error}"),
        })?;
        // Rows before note: a note without its rows does not match and is ignored.
        self.place(&self.rows_path(&entry.fingerprint), |temporary| {
            link(&file.path, temporary)
        })?;
        self.place(&self.note_path(&entry.fingerprint), |temporary| {
            fs::write(temporary, &text)
        })
    }

    /// Removes answers nobody may use any more.
    pub(crate) fn sweep(&self, now: Timestamp) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
                && let Some(fingerprint) = path.file_stem().and_then(|stem| stem.to_str())
                && self.note(fingerprint).is_none_or(|note| note.expires < now)
            {
                let _ = fs::remove_file(self.rows_path(fingerprint));
                let _ = fs::remove_file(&path);
            }
        }
    }

    fn verified(
        &self,
        fingerprint: &str,
        note: &Note,
        path: &Path,
    ) -> Result<StageFile, EngineError> {
        // The link holds the very bytes that are verified, whatever another run puts in their place.
        link(&self.rows_path(fingerprint), path)
            .map_err(|error| EngineError::disk("link", path, error))?;
        let (sha256, bytes) = checksum::of_file(path)?;
        let file = StageFile::open(path, note.read_at)?;
        if (sha256.as_str(), bytes, file.rows) == (note.sha256.as_str(), note.bytes, note.rows) {
            Ok(file)
        } else {
            Err(EngineError::Proof {
                what: note.block.clone(),
                expected: note.rows,
                found: file.rows,
                place: "in a kept file that is not what was written",
            })
        }
    }

    fn place(
        &self,
        path: &Path,
        make: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<(), EngineError> {
        let failed = |error| EngineError::disk("write", path, error);
        let temporary = tempfile::Builder::new()
            .prefix(".part-")
            .tempfile_in(&self.folder)
            .map_err(failed)?
            .into_temp_path();
        fs::remove_file(&temporary).map_err(failed)?;
        make(&temporary).map_err(failed)?;
        File::open(&temporary)
            .and_then(|file| file.sync_all())
            .map_err(failed)?;
        temporary.persist(path).map_err(|error| failed(error.error))
    }

    fn note(&self, fingerprint: &str) -> Option<Note> {
        serde_json::from_slice(&fs::read(self.note_path(fingerprint)).ok()?).ok()
    }

    fn rows_path(&self, fingerprint: &str) -> PathBuf {
        self.folder.join(fingerprint).with_extension("parquet")
    }

    fn note_path(&self, fingerprint: &str) -> PathBuf {
        self.folder.join(fingerprint).with_extension("json")
    }
}

/// A second name for a file, or a copy where the file system has no second names.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => fs::copy(from, to).map(drop),
        result => result,
    }
}
