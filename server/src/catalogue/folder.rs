//! The queries folder: which files are there, and which of them changed since the last look.

mod links;

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use report::{Problem, ReportId, Severity};

/// Largest report file that is read: far above any report, far below what a mistake could cost.
const LARGEST: u64 = 1024 * 1024;

/// What tells whether a file changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    modified: Option<SystemTime>,
    bytes: u64,
}

/// One file of the folder.
pub(crate) struct File {
    /// Below the folder.
    pub(crate) path: PathBuf,
    pub(crate) seen: Seen,
    /// Its text, or why it cannot be read; `None` when it did not change.
    pub(crate) text: Option<Result<String, String>>,
}

/// Every report file below `folder`, read when it is not as it was `known`.
///
/// Each file is there once, under its own path if it has one below the folder and else under that of a link to it.
/// What a link shows that stands outside the folder is not read.
pub(crate) fn scan(folder: &Path, known: &HashMap<PathBuf, Seen>) -> Vec<File> {
    let found = links::below(folder);
    let files = found.into_iter().filter_map(|(path, is_outside)| {
        let full = folder.join(&path);
        let metadata = fs::metadata(&full).ok()?;
        let seen = Seen {
            modified: metadata.modified().ok(),
            bytes: metadata.len(),
        };
        let text = (known.get(&path) != Some(&seen)).then(|| match is_outside {
            true => Err("this is a link to something outside the folder of reports, which is not read; copy it here".to_owned()),
            false => read(&full),
        });
        Some(File { path, seen, text })
    });
    files.collect()
}

/// The text of a report file, or a sentence about why there is none.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let unreadable = |error| format!("this file cannot be read: {error}");
    // Opening a pipe would wait for somebody to write into it.
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err("this is no regular file, and only those are read".to_owned());
    }
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
pub(crate) fn id_of(path: &Path) -> Result<ReportId, String> {
    let path = path.with_extension("");
    let text = path
        .iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/");
    text.parse::<ReportId>().map_err(|error| error.to_string())
}

/// A problem of a whole file.
pub(crate) fn problem(code: &'static str, message: String) -> Problem {
    Problem {
        code,
        severity: Severity::Error,
        message,
        help: None,
        label: None,
        span: None,
        line: 1,
        column: 1,
    }
}
