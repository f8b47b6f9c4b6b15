//! The queries folder: which files are there, and which of them changed since the last look.

mod links;

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use report::{IdError, Problem, ReportId, Severity};

/// Largest report file that is read: far above any report, far below what a mistake could cost.
const LARGEST: u64 = 1024 * 1024;

/// Why a file of the folder has no text.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It leads out of the folder.
    #[error(
        "this is a link to something outside the folder of reports, which is not read; copy it here"
    )]
    Outside,
    /// A pipe, a device, a folder.
    #[error("this is no regular file, and only those are read")]
    NotRegular,
    /// Larger than any report.
    #[error("this file is larger than 1 MiB, which no report is")]
    TooLarge,
    /// Not text.
    #[error("this file is not UTF-8: byte {byte} cannot be read")]
    NotUtf8 {
        /// The first byte that cannot be read, from 1.
        byte: usize,
    },
    /// The system refuses.
    #[error("this file cannot be read: {0}")]
    Refused(#[from] std::io::Error),
}

/// What tells whether a file changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    modified: Option<SystemTime>,
    bytes: u64,
}

/// One file of the folder.
pub struct File {
    /// Below the folder.
    pub path: PathBuf,
    pub seen: Seen,
    /// Its text, or why it cannot be read; `None` when it did not change.
    pub text: Option<Result<String, Unreadable>>,
}

/// Every report file below `folder`, read when it is not as it was `known`.
///
/// Each file is there once, under its own path if it has one below the folder and else under that of a link to it.
/// What a link shows that stands outside the folder is not read.
pub fn scan(folder: &Path, known: &HashMap<PathBuf, Seen>) -> Vec<File> {
    let Ok(root) = folder.canonicalize() else {
        return Vec::new();
    };
    let found = links::below(folder);
    let files = found.into_iter().filter_map(|(path, is_outside)| {
        let full = folder.join(&path);
        let metadata = fs::metadata(&full).ok()?;
        let seen = Seen {
            modified: metadata.modified().ok(),
            bytes: metadata.len(),
        };
        let text = match (known.get(&path) == Some(&seen), is_outside) {
            (true, _) => None,
            (false, true) => Some(Err(Unreadable::Outside)),
            (false, false) => Some(read_below(&root, &full)?),
        };
        Some(File { path, seen, text })
    });
    files.collect()
}

/// The text of a file below a folder, see [`read`]. What was opened has to be there, whatever its path led to a moment
/// ago; `None` for what is moved again and again.
fn read_below(root: &Path, path: &Path) -> Option<Result<String, Unreadable>> {
    /// An editor puts a new file in the place of the old one, once.
    const TRIES: usize = 3;
    for _ in 0..TRIES {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) => return Some(Err(error)),
        };
        if is_below(root, path, &file) {
            return Some(text_of(file));
        }
    }
    None
}

fn is_below(root: &Path, path: &Path, file: &fs::File) -> bool {
    let place = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let real = path.canonicalize().ok();
    let real = real.filter(|real| real.starts_with(root));
    let there = real.and_then(|real| fs::metadata(real).ok()).map(place);
    there.is_some() && there == file.metadata().ok().map(place)
}

/// The text of a report file.
///
/// # Errors
/// [`Unreadable`].
pub fn read(path: &Path) -> Result<String, Unreadable> {
    text_of(open(path)?)
}

fn open(path: &Path) -> Result<fs::File, Unreadable> {
    // Opening a pipe would wait for somebody to write into it.
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(Unreadable::NotRegular);
    }
    Ok(file)
}

fn text_of(file: fs::File) -> Result<String, Unreadable> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    String::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8 {
        byte: error.utf8_error().valid_up_to() + 1,
    })
}

/// The id of a path below the queries folder.
///
/// # Errors
/// [`IdError`], when the path cannot be one.
pub fn id_of(path: &Path) -> Result<ReportId, IdError> {
    let path = path.with_extension("");
    let text = path
        .iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/");
    text.parse()
}

/// A problem of a whole file.
pub fn problem(code: &'static str, message: impl ToString) -> Problem {
    Problem {
        code: code.into(),
        severity: Severity::Error,
        message: message.to_string(),
        help: None,
        label: None,
        span: None,
        line: 1,
        column: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_opened_has_to_be_where_its_path_leads() {
        let place = tempfile::tempdir().unwrap();
        let (inside, outside) = (place.path().join("queries"), place.path().join("outside"));
        for folder in [&inside, &outside] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("a.sql"), "SELECT 1").unwrap();
        }
        let root = inside.canonicalize().unwrap();
        let path = inside.join("a.sql");
        assert!(matches!(read_below(&root, &path), Some(Ok(text)) if text == "SELECT 1"));
        // As after a swap between finding and opening, and as after a swap back.
        let other = outside.join("a.sql");
        assert!(!is_below(&root, &path, &open(&other).unwrap()));
        assert!(read_below(&root, &other).is_none());
    }
}
