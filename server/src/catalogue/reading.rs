//! From the text of a file to a report: first in a process of its own, then here.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use report::{Problem, Report, ReportId};

use super::folder::{self, Seen};
use super::{Catalogue, Entry};
use crate::worker::{CheckOrder, NotChecked, Unchecked, check_reports};

/// Memory a check may use, MiB: the largest statements that may be written take a quarter of it.
const CHECK_MEMORY_MB: u32 = 512;

/// What checking a report found.
pub(super) type Checked = Result<Vec<Problem>, NotChecked>;

impl Catalogue {
    /// What is wrong with each of the files that have a text to read.
    pub(super) async fn checked(&self, files: &[folder::File]) -> HashMap<PathBuf, Checked> {
        let (paths, reports): (Vec<_>, Vec<_>) = files
            .iter()
            .filter_map(|file| {
                let text = file.text.as_ref()?.as_ref().ok()?.clone();
                let report = folder::id_of(&file.path).ok()?;
                Some((file.path.clone(), Unchecked { report, text }))
            })
            .unzip();
        paths.into_iter().zip(self.check(reports).await).collect()
    }

    async fn check(&self, reports: Vec<Unchecked>) -> Vec<Checked> {
        check_reports(CheckOrder {
            reports,
            sources: self.sources.clone(),
            stage_dir: self.stage_dir.clone(),
            memory_mb: CHECK_MEMORY_MB,
        })
        .await
    }

    /// A kept text as a report, if it can still be read.
    pub(super) async fn readable(&self, id: ReportId, text: String) -> Option<Arc<Report>> {
        let unchecked = Unchecked {
            report: id.clone(),
            text: text.clone(),
        };
        let checked = self.check(vec![unchecked]).await;
        checked.iter().all(Result::is_ok).then_some(())?;
        report::parse(id, &text).0.map(Arc::new)
    }
}

/// An entry of a file's text, and of what checking it found.
pub(super) fn read(
    path: PathBuf,
    seen: Seen,
    text: Result<String, String>,
    checked: Option<Checked>,
) -> Entry {
    let mut entry = Entry {
        id: None,
        report: None,
        is_outdated: false,
        problems: Vec::new(),
        text: String::new(),
        seen: Some(seen),
        path,
    };
    match (folder::id_of(&entry.path), text) {
        (Err(message), text) => {
            entry.text = text.unwrap_or_default();
            entry.problems = vec![folder::problem("report::bad_id", message)];
        }
        (Ok(id), Err(message)) => {
            entry.id = Some(id);
            entry.problems = vec![folder::problem("report::unreadable", message)];
        }
        (Ok(id), Ok(text)) => {
            match checked {
                Some(Ok(problems)) => {
                    entry.report = report::parse(id.clone(), &text).0.map(Arc::new);
                    entry.problems = problems;
                }
                Some(Err(why)) => {
                    if matches!(why, NotChecked::NotStarted(_)) {
                        entry.seen = None;
                    }
                    entry.problems = vec![not_checked(&why)];
                }
                None => entry.seen = None,
            }
            entry.id = Some(id);
            entry.text = text;
        }
    }
    entry
}

/// The problem of a report that could not be checked.
fn not_checked(why: &NotChecked) -> Problem {
    let (message, help) = match why {
        NotChecked::TooLong(patience) => (
            format!(
                "reading this report took longer than {} seconds and was stopped",
                patience.as_secs()
            ),
            "look for expressions that stand in each other again and again, and split its queries",
        ),
        NotChecked::TooLarge(memory_mb) => (
            format!("reading this report needs more than {memory_mb} MiB of memory"),
            "look for expressions that stand in each other again and again, and split its queries",
        ),
        NotChecked::Lost(chain) => (
            format!("reading this report ended unexpectedly: {chain}"),
            "this is a mistake of Digger; tell its makers, with the file",
        ),
        NotChecked::NotStarted(chain) => (
            format!("no process could be started to read this report: {chain}"),
            "nothing is wrong with the file; it is read again in a moment",
        ),
    };
    Problem {
        help: Some(help.to_owned()),
        ..folder::problem("report::not_checked", message)
    }
}
