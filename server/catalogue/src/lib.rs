//! The saved reports in use.
//!
//! The folder is read at the start and again whenever a file changes. A file with a mistake keeps
//! its last good version in use, also after a restart, and is shown to administrators with
//! everything that is wrong with it. A text is read here only after a process of its own has read it.

pub mod folder;
mod reading;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use report::{Problem, Report, ReportId, Severity};
use runtime::clock;
use store::{Store, StoreError};

use folder::{Seen, scan};

/// Between two looks at the folder. Polling works on every file system, network shares included,
/// and a thousand files cost a few milliseconds.
const LOOK: Duration = Duration::from_secs(2);

/// How long a start waits for the folder. Files that take longer come later; pages are there before.
const FIRST_LOOK: Duration = Duration::from_secs(10);

/// One file of the folder.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Path below the queries folder.
    pub path: PathBuf,
    /// Its id, unless the path cannot be one.
    pub id: Option<ReportId>,
    /// The version in use: the file's, or the last good one when the file has mistakes.
    pub report: Option<Arc<Report>>,
    /// Whether the version in use is older than the file.
    pub is_outdated: bool,
    /// What is wrong with the file, in file order.
    pub problems: Vec<Problem>,
    /// The file as it is now.
    pub text: Arc<str>,
    /// `None` when it is read again at the next look, whether it changed or not.
    seen: Option<Seen>,
    /// When it is read again although it did not change: it could not be checked.
    again: Option<Instant>,
}

impl Entry {
    /// Whether the file cannot be used as it is.
    pub fn is_broken(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }
}

#[derive(Debug, Default)]
struct Snapshot {
    read_at: Timestamp,
    entries: BTreeMap<PathBuf, Entry>,
    reports: BTreeMap<ReportId, Arc<Report>>,
    former: HashMap<ReportId, ReportId>,
}

/// What a report id leads to.
#[derive(Clone, Debug)]
pub enum Found {
    /// The report in use.
    Report(Arc<Report>),
    /// The id is a former one; this is the present one.
    Moved(ReportId),
    /// Nothing has this id.
    Nothing,
}

/// The saved reports in use. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Catalogue {
    folder: PathBuf,
    sources: Vec<String>,
    stage_dir: PathBuf,
    snapshot: Arc<RwLock<Arc<Snapshot>>>,
    /// Held while the folder is read: a look waits for the one before.
    reading: Arc<tokio::sync::Mutex<()>>,
}

impl Catalogue {
    /// Reads the folder for the first time. `stage_dir` is where runs keep rows, and the columns they had.
    ///
    /// # Errors
    /// When our own tables cannot be read; files with mistakes are not errors.
    pub async fn load(
        folder: PathBuf,
        sources: Vec<String>,
        stage_dir: PathBuf,
        store: &Store,
    ) -> Result<Self, StoreError> {
        let catalogue = Self {
            folder,
            sources,
            stage_dir,
            snapshot: Arc::default(),
            reading: Arc::default(),
        };
        let (first, tables) = (catalogue.clone(), store.clone());
        let mut reading = tokio::spawn(async move { first.refresh(&tables).await });
        match tokio::time::timeout(FIRST_LOOK, &mut reading).await {
            Ok(Ok(read)) => {
                read?;
            }
            Ok(Err(error)) => {
                tracing::error!(error = %error, "Could not read the folder of reports")
            }
            Err(_) => tracing::warn!(
                "Some reports are still being read; they are there as soon as they are"
            ),
        }
        Ok(catalogue)
    }

    /// Looks for changes until the process goes away.
    pub async fn watch(self, store: Store, lifecycle: Arc<runtime::Lifecycle>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = lifecycle.until_draining() => return,
            }
            if let Err(error) = self.refresh(&store).await {
                tracing::warn!(error = %lang::chain_of(&error), "Could not keep a changed report");
            }
        }
    }

    /// The report with this id.
    pub fn find(&self, id: &ReportId) -> Found {
        let snapshot = self.snapshot();
        if let Some(report) = snapshot.reports.get(id) {
            return Found::Report(Arc::clone(report));
        }
        snapshot
            .former
            .get(id)
            .map_or(Found::Nothing, |id| Found::Moved(id.clone()))
    }

    /// Every report in use, by id.
    pub fn reports(&self) -> Vec<Arc<Report>> {
        self.snapshot().reports.values().cloned().collect()
    }

    /// Every file, by path.
    pub fn entries(&self) -> Vec<Entry> {
        self.snapshot().entries.values().cloned().collect()
    }

    /// When a change was last found and read.
    pub fn read_at(&self) -> Timestamp {
        self.snapshot().read_at
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads what changed since the last look. Returns whether anything did.
    ///
    /// # Errors
    /// When our own tables cannot be read or written.
    pub async fn refresh(&self, store: &Store) -> Result<bool, StoreError> {
        let _one_at_a_time = self.reading.lock().await;
        let before = self.snapshot();
        let folder = self.folder.clone();
        let now = Instant::now();
        let known: HashMap<PathBuf, Seen> = before
            .entries
            .iter()
            .filter(|(_, entry)| entry.again.is_none_or(|again| again > now))
            .filter_map(|(path, entry)| Some((path.clone(), entry.seen.clone()?)))
            .collect();
        let files = tokio::task::spawn_blocking(move || scan(&folder, &known))
            .await
            .unwrap_or_default();
        let is_same =
            files.len() == before.entries.len() && files.iter().all(|file| file.text.is_none());
        if is_same {
            return Ok(false);
        }
        let mut entries: BTreeMap<PathBuf, Entry> = files
            .iter()
            .filter_map(|file| before.entries.get_key_value(&file.path))
            .map(|(path, entry)| (path.clone(), entry.clone()))
            .collect();
        let mut portions = VecDeque::from(reading::portions(files, &before.entries));
        // Files that went away are news, too.
        if portions.is_empty() {
            portions.push_back(Vec::new());
        }
        while let Some(portion) = portions.pop_front() {
            let (read, slow) = self.read(portion).await;
            portions.extend(slow.into_iter().map(|file| vec![file]));
            let news: Vec<PathBuf> = read.iter().map(|entry| entry.path.clone()).collect();
            entries.extend(read.into_iter().map(|entry| (entry.path.clone(), entry)));
            self.publish(&mut entries, &news, &before, store, clock::now())
                .await?;
        }
        Ok(true)
    }

    /// Puts into use what was read so far. `news` are the files that were just read.
    async fn publish(
        &self,
        entries: &mut BTreeMap<PathBuf, Entry>,
        news: &[PathBuf],
        before: &Snapshot,
        store: &Store,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let was_broken: Vec<bool> = entries.values().map(Entry::is_broken).collect();
        mark_taken_ids(entries);
        for (entry, was_broken) in entries.values_mut().zip(was_broken) {
            if news.contains(&entry.path) || entry.is_broken() != was_broken {
                let earlier = before.entries.get(&entry.path);
                let earlier = earlier.and_then(|entry| entry.report.clone());
                self.settle(entry, earlier, store, now).await?;
            }
        }
        let snapshot = Arc::new(arrange(entries.clone(), now));
        *self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(())
    }

    /// Decides which version of a file is in use.
    async fn settle(
        &self,
        entry: &mut Entry,
        earlier: Option<Arc<Report>>,
        store: &Store,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(id) = entry.id.clone() else {
            return Ok(());
        };
        if !entry.is_broken() {
            if let Some(report) = &entry.report
                && earlier
                    .as_ref()
                    .is_none_or(|earlier| earlier.hash != report.hash)
            {
                store
                    .keep_revision(id.as_str(), &report.hash, &report.text, now)
                    .await?;
                if earlier.is_some() {
                    tracing::info!(report.id = %id, "Loaded a new version of the report {id}");
                }
            }
            entry.is_outdated = false;
            return Ok(());
        }
        tracing::warn!(report.id = %id, problems = entry.problems.len(), "The report {id} has problems; its last good version stays in use");
        let kept = match earlier {
            Some(report) => Some(report),
            None => match store.last_good(id.as_str()).await? {
                Some(revision) => self.readable(id, revision.text).await,
                None => None,
            },
        };
        entry.is_outdated = kept
            .as_ref()
            .is_some_and(|report| *report.text != *entry.text);
        entry.report = kept;
        Ok(())
    }
}

/// Two files must not claim one id; every file that does is told.
fn mark_taken_ids(entries: &mut BTreeMap<PathBuf, Entry>) {
    let reports: Vec<Arc<Report>> = entries
        .values()
        .filter_map(|entry| entry.report.clone())
        .collect();
    let reports: Vec<&Report> = reports.iter().map(AsRef::as_ref).collect();
    let taken = report::check_ids(&reports);
    for entry in entries.values_mut() {
        entry
            .problems
            .retain(|problem| problem.code != "report::id_taken");
        let mine = taken.iter().filter(|(id, _)| Some(id) == entry.id.as_ref());
        entry
            .problems
            .extend(mine.map(|(_, problem)| problem.clone()));
    }
}

fn arrange(entries: BTreeMap<PathBuf, Entry>, now: Timestamp) -> Snapshot {
    let mut snapshot = Snapshot {
        read_at: now,
        ..Snapshot::default()
    };
    for entry in entries.values() {
        if let Some(report) = &entry.report {
            snapshot
                .reports
                .insert(report.id.clone(), Arc::clone(report));
        }
    }
    // An id that several claim leads to none of them.
    let mut claimed: HashMap<ReportId, Option<ReportId>> = HashMap::new();
    for report in snapshot.reports.values() {
        for former in &report.formerly {
            claimed
                .entry(former.clone())
                .and_modify(|present| {
                    if present.as_ref() != Some(&report.id) {
                        *present = None;
                    }
                })
                .or_insert_with(|| Some(report.id.clone()));
        }
    }
    let former = claimed.into_iter();
    snapshot.former = former
        .filter_map(|(id, present)| Some((id, present?)))
        .collect();
    snapshot.entries = entries;
    snapshot
}
