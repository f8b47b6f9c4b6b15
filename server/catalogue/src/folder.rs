//! The queries folder: which files are there, and which of them changed since the last look.

mod links;

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use report::{Problem, ReportId, Severity};

/// Largest report file that is read: far above any report, far below what a mistake could cost.
const LARGEST: u64 = 1024 * 1024;

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
    pub text: Option<Result<String, String>>,
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
            (false, true) => Some(Err("this is a link to something outside the folder of reports, which is not read; copy it here".to_owned())),
            (false, false) => Some(read_below(&root, &full)?),
        };
        Some(File { path, seen, text })
    });
    files.collect()
}

/// The text of a file below a folder, see [`read`]. What was opened has to be there, whatever its path led to a moment
/// ago; `None` for what is moved again and again.
fn read_below(root: &Path, path: &Path) -> Option<Result<String, String>> {
    /// An editor puts a new file in the place of the old one, once.
    const TRIES: usize = 3;
    for _ in 0..TRIES {
        let file = match open(path) {
            Ok(file) => file,
            Err(message) => return Some(Err(message)),
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

/// The text of a report file, or a sentence about why there is none.
pub fn read(path: &Path) -> Result<String, String> {
    text_of(open(path)?)
}

fn open(path: &Path) -> Result<fs::File, String> {
    // Opening a pipe would wait for somebody to write into it.
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err("this is no regular file, and only those are read".to_owned());
    }
    Ok(file)
}

fn unreadable(error: std::io::Error) -> String {
    format!("this file cannot be read: {error}")
}

fn text_of(file: fs::File) -> Result<String, String> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err("this file is larger than 1 MiB, which no report is".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        format!(
            "this file is not UTF-8: byte {} cannot be read",
            error.utf8_error().valid_up_to() + 1
        )
    })
}

/// The id of a path below the queries folder, or a sentence about why it has none.
pub fn id_of(path: &Path) -> Result<ReportId, String> {
    let path = path.with_extension("");
    let text = path
        .iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/");
    text.parse::<ReportId>().map_err(|error| error.to_string())
}

/// A problem of a whole file.
pub fn problem(code: &'static str, message: String) -> Problem {
    Problem {
        code: code.into(),
        severity: Severity::Error,
        message,
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
        assert_eq!(read_below(&root, &path), Some(Ok("SELECT 1".to_owned())));
        // As after a swap between finding and opening, and as after a swap back.
        let other = outside.join("a.sql");
        assert!(!is_below(&root, &path, &open(&other).unwrap()));
        assert_eq!(read_below(&root, &other), None);
    }
}
