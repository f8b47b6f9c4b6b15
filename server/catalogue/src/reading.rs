//! From the text of a file to a report: first in a process of its own, then here.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use child::{CheckOrder, NotChecked, Unchecked};
use report::{Problem, Report, ReportId};

use super::folder::{self, File, Seen, Unreadable};
use super::{Catalogue, Entry};

/// Memory a check may use, MiB: the largest statements that may be written take a quarter of it.
const CHECK_MEMORY_MB: u32 = 512;

/// For one report. The slowest of many hundreds takes a hundredth of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// For one report of several that are checked together; what takes longer is read again, alone and after the others.
const PATIENCE_TOGETHER: Duration = Duration::from_secs(3);

/// Bytes of texts that are checked together. The largest report has a megabyte.
const PORTION_BYTES: usize = 1024 * 1024;

/// What could not be checked is tried again after so long: the machine may have been busy.
const AGAIN: Duration = Duration::from_secs(600);

/// What checking a report found.
pub(super) type Checked = Result<Vec<Problem>, NotChecked>;

impl Catalogue {
    /// The entries of files that have a text, or a reason why they have none; and the files that have to be read alone,
    /// because they take longer than others should wait.
    pub(super) async fn read(&self, mut portion: Vec<File>) -> (Vec<Entry>, Vec<File>) {
        let patience = match portion.len() {
            0 | 1 => PATIENCE,
            _ => PATIENCE_TOGETHER,
        };
        let (paths, reports): (Vec<_>, Vec<_>) = portion
            .iter()
            .filter_map(|file| {
                let text = file.text.as_ref()?.as_ref().ok()?.clone();
                let report = folder::id_of(&file.path).ok()?;
                Some((file.path.clone(), Unchecked { report, text }))
            })
            .unzip();
        let checked = self.check(reports, patience).await;
        let mut checked: HashMap<PathBuf, Checked> = paths.into_iter().zip(checked).collect();
        let is_slow = |file: &mut File| {
            let checked = checked.get(&file.path);
            matches!(checked, Some(Err(NotChecked::TooLong(_))))
        };
        let slow: Vec<File> = match portion.len() {
            0 | 1 => Vec::new(),
            _ => portion.extract_if(.., is_slow).collect(),
        };
        // What a child could read in time may still take a while.
        let reading = tokio::task::spawn_blocking(move || {
            let entries = portion.into_iter().filter_map(|file| {
                let checked = checked.remove(&file.path);
                Some(entry(file.path, file.seen, file.text?, checked))
            });
            entries.collect()
        });
        (reading.await.unwrap_or_default(), slow)
    }

    async fn check(&self, reports: Vec<Unchecked>, patience: Duration) -> Vec<Checked> {
        let order = CheckOrder {
            reports,
            sources: self.sources.clone(),
            stage_dir: self.stage_dir.clone(),
            memory_mb: CHECK_MEMORY_MB,
        };
        child::check(order, patience).await
    }

    /// A kept text as a report, if it can still be read.
    pub(super) async fn readable(&self, id: ReportId, text: String) -> Option<Arc<Report>> {
        let unchecked = Unchecked {
            report: id.clone(),
            text: text.clone(),
        };
        let checked = self.check(vec![unchecked], PATIENCE).await;
        checked.iter().all(Result::is_ok).then_some(())?;
        let reading = tokio::task::spawn_blocking(move || report::parse(id, &text).0);
        reading.await.ok().flatten().map(Arc::new)
    }
}

/// The files that have to be read, in portions: a child is told so much at once, and a portion that is read is put into
/// use before the next one. Small files come first, and those that could not be checked before come last.
pub(super) fn portions(files: Vec<File>, before: &BTreeMap<PathBuf, Entry>) -> Vec<Vec<File>> {
    let mut changed: Vec<File> = files
        .into_iter()
        .filter(|file| file.text.is_some())
        .collect();
    let bytes = |file: &File| match &file.text {
        Some(Ok(text)) => text.len(),
        _ => 0,
    };
    let failed = |file: &File| {
        before
            .get(&file.path)
            .is_some_and(|entry| entry.again.is_some())
    };
    changed.sort_by_key(|file| (failed(file), bytes(file)));
    let mut portions: Vec<Vec<File>> = Vec::new();
    let mut room = 0;
    for file in changed {
        let own = bytes(&file).max(1);
        match portions.last_mut() {
            Some(portion) if own <= room && !failed(&file) => {
                room -= own;
                portion.push(file);
            }
            _ => {
                room = PORTION_BYTES.saturating_sub(own);
                portions.push(vec![file]);
            }
        }
    }
    portions
}

/// An entry of a file's text, and of what checking it found.
fn entry(
    path: PathBuf,
    seen: Seen,
    text: Result<String, Unreadable>,
    checked: Option<Checked>,
) -> Entry {
    let mut entry = Entry {
        id: None,
        report: None,
        is_outdated: false,
        problems: Vec::new(),
        text: Arc::default(),
        seen: Some(seen),
        again: None,
        path,
    };
    match (folder::id_of(&entry.path), text) {
        (Err(error), text) => {
            entry.text = text.unwrap_or_default().into();
            entry.problems = vec![folder::problem("report::bad_id", error)];
        }
        (Ok(id), Err(error)) => {
            entry.id = Some(id);
            entry.problems = vec![folder::problem("report::unreadable", error)];
        }
        (Ok(id), Ok(text)) => {
            match checked {
                Some(Ok(problems)) => {
                    entry.report = report::parse(id.clone(), &text).0.map(Arc::new);
                    entry.problems = problems;
                }
                Some(Err(why)) => {
                    match why {
                        NotChecked::NotStarted(_) => entry.seen = None,
                        _ => entry.again = Some(Instant::now() + AGAIN),
                    }
                    entry.problems = vec![not_checked(&why)];
                }
                None => entry.seen = None,
            }
            entry.id = Some(id);
            entry.text = text.into();
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
