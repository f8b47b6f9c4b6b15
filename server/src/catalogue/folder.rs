//! The queries folder: which files are there, and which of them changed since the last look.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use report::{Problem, ReportId, Severity};

/// Largest report file that is read: far above any report, far below what a mistake could cost.
const LARGEST: u64 = 1024 * 1024;
/// Folders inside folders; a link that leads back to its parent ends here.
const DEEPEST: usize = 8;

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
pub(crate) fn scan(folder: &Path, known: &HashMap<PathBuf, Seen>) -> Vec<File> {
    let mut paths = Vec::new();
    collect(folder, DEEPEST, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|full| {
            let path = full.strip_prefix(folder).ok()?.to_owned();
            let metadata = fs::metadata(&full).ok()?;
            let seen = Seen {
                modified: metadata.modified().ok(),
                bytes: metadata.len(),
            };
            let text = (known.get(&path) != Some(&seen)).then(|| read(&full));
            Some(File { path, seen, text })
        })
        .collect()
}

fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        // Editors and version control keep their own files beside ours, with a dot in front.
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
        {
            continue;
        }
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, paths);
            }
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            paths.push(path);
        }
    }
}

/// The text of a report file, or a sentence about why there is none.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("this file cannot be read: {error}"))?;
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
