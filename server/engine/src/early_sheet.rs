//! The first sheet is written while its rows still arrive.
//!
//! The rows of a plain extraction go to the stage and to the workbook at the same time,
//! so that a workbook is finished soon after the last row of a long extraction. The stage stays what
//! counts: its rows are compared with those of the file as always. Whenever something is unusual
//! (few rows, a statement that broke off, a sheet that cannot be written) what was written is thrown
//! away, and the workbook is written from the stage.

use std::iter;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use rows::{Chunk, ColumnInfo, Numbers};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use workbook::{About, Known, Limits, Opening, SheetInput, WorkbookError, Written};

use crate::meter::{Counter, Location, Meter};
use crate::{EngineError, Job, sheets};

/// Chunks on their way from the source to the sheet. When the sheet is slower, the source waits:
/// more would only take memory.
const WAITING: usize = 8;

/// Worksheets for which room is left in the list of all parts, which stands before the rows.
const FIRST_PARTS: u64 = 16;
const OTHER_PARTS: u64 = 4;

/// The workbook of a job before its blocks have run.
pub(crate) struct EarlySheet<'a> {
    job: &'a Job,
    folder: &'a Path,
    stop: &'a CancellationToken,
    writing: Mutex<Option<Writing>>,
}

/// A workbook whose first sheet is being written.
pub(crate) struct Writing {
    path: PathBuf,
    rest: SyncSender<Rest>,
    work: JoinHandle<Result<Written, WorkbookError>>,
    counter: Counter,
}

/// Everything a workbook has besides its first sheet.
pub(crate) struct Rest {
    pub(crate) sheets: Vec<SheetInput>,
    pub(crate) about: About,
}

/// Hears the rows of a block.
pub(crate) struct Listener(SyncSender<Heard>);

enum Heard {
    Rows(Arc<Chunk>),
    /// There are no more rows; without it the statement broke off.
    End,
}

impl<'a> EarlySheet<'a> {
    /// Of a job whose files are in `folder`.
    pub(crate) fn new(job: &'a Job, folder: &'a Path, stop: &'a CancellationToken) -> Self {
        Self {
            job,
            folder,
            stop,
            writing: Mutex::new(None),
        }
    }

    /// Begins the workbook when its first sheet shows the rows of this block just as they come.
    pub(crate) fn listen(&self, block: &str, columns: &[ColumnInfo]) -> Option<Listener> {
        let report = &*self.job.report;
        let sheet = report.workbook.sheets.first()?;
        if sheet.query != block
            || sheet.pivot.is_some()
            // The job says what is missing when the block has run.
            || sheets::check(report, block, columns, self.job.lang).is_err()
        {
            return None;
        }
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if writing.is_some() {
            return None;
        }
        let (rows, heard) = sync_channel(WAITING);
        let (rest, others) = sync_channel(1);
        let counter = Counter::default();
        let path = book_path(self.folder);
        let first = First {
            opening: self.opening(),
            spec: sheet.clone(),
            columns: columns.to_vec(),
            heard,
            others,
        };
        let work = {
            let (path, counter, stop) = (path.clone(), counter.clone(), self.stop.clone());
            move || first.write(&path, &counter, &stop)
        };
        *writing = Some(Writing {
            path,
            rest,
            work: tokio::task::spawn_blocking(work),
            counter,
        });
        Some(Listener(rows))
    }

    /// The workbook that was begun.
    pub(crate) fn take(&self) -> Option<Writing> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        writing.take()
    }

    fn opening(&self) -> Opening {
        let (job, report) = (self.job, &*self.job.report);
        let rows = |parts: u64| parts * u64::from(Limits::default().sheet_rows);
        let bounds = iter::once(FIRST_PARTS).chain(iter::repeat(OTHER_PARTS));
        let sheets = report.workbook.sheets.iter().zip(bounds);
        Opening {
            title: report.title.get(job.lang).to_owned(),
            names: report
                .workbook
                .sheets
                .iter()
                .map(|sheet| sheet.name.get(job.lang).to_owned())
                .collect(),
            lang: job.lang,
            zone: report.timezone.clone(),
            temp_dir: self.folder.to_owned(),
            list_bytes: workbook::list_bytes(
                sheets.map(|(sheet, parts)| (rows(parts), sheet.charts.len())),
                Limits::default(),
            ),
        }
    }
}

/// Where the workbook of a job is written.
pub(crate) fn book_path(folder: &Path) -> PathBuf {
    folder.join("book.xlsx")
}

impl Listener {
    /// Hands rows on; `false` when nobody listens any more.
    pub(crate) fn rows(&self, chunk: Arc<Chunk>) -> bool {
        self.0.send(Heard::Rows(chunk)).is_ok()
    }

    /// Signals that no more rows follow.
    pub(crate) fn end(self) {
        let _ = self.0.send(Heard::End);
    }
}

impl Writing {
    /// Writes the rest and waits for the file. `None` when it has to be written from the stage.
    pub(crate) async fn finish(
        self,
        rest: Rest,
        meter: &Meter<'_>,
        place: Location<'_>,
    ) -> Option<(PathBuf, Written)> {
        // Sending fails when the thread that writes has already ended. Why it ended is in its result,
        // which is looked at next.
        let _ = self.rest.send(rest);
        let result = meter.report(place, &self.counter, self.work).await;
        match result {
            Ok(Ok(written)) => Some((self.path, written)),
            Ok(Err(error)) => {
                tracing::debug!(chain = %EngineError::from(error).chain(), "The workbook is written from the stage");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "The workbook is written from the stage");
                None
            }
        }
    }
}

/// The first sheet on its thread.
struct First {
    opening: Opening,
    spec: report::Sheet,
    columns: Vec<ColumnInfo>,
    heard: Receiver<Heard>,
    others: Receiver<Rest>,
}

impl First {
    fn write(
        self,
        path: &Path,
        counter: &Counter,
        stop: &CancellationToken,
    ) -> Result<Written, WorkbookError> {
        let Self {
            opening,
            spec,
            columns,
            heard,
            others,
        } = self;
        // A small sheet is kept in memory in another way, and is written in no time. Its cells are those
        // it shows: a sheet that begins as a small one stays in memory however many rows follow.
        let shown = match spec.others || spec.columns.is_empty() {
            true => columns.len(),
            false => spec.columns.len(),
        };
        let few = Limits::default().memory_cells / shown.max(1) as u64;
        let mut held = Vec::new();
        let mut rows = 0;
        while rows <= few {
            match heard.recv() {
                Ok(Heard::Rows(chunk)) => {
                    rows += chunk.rows as u64;
                    held.push(chunk);
                }
                Ok(Heard::End) | Err(_) => return Err(WorkbookError::Cancelled),
            }
        }
        let mut known = Known {
            numbers: vec![Numbers::default(); columns.len()],
            is_all: false,
        };
        for chunk in &held {
            Numbers::see_all(&mut known.numbers, chunk);
        }
        let more = iter::from_fn(move || match heard.recv() {
            Ok(Heard::Rows(chunk)) => Some(Ok(chunk)),
            Ok(Heard::End) => None,
            Err(_) => Some(Err(WorkbookError::Cancelled)),
        });
        let sheet = SheetInput {
            block: spec.query.clone(),
            spec,
            columns,
            // What a source sends was divided there, and nobody can tell.
            quotients: Vec::new(),
            numbers: Some(known),
            rows,
            chunks: Box::new(held.into_iter().map(Ok).chain(more)),
        };
        let rest = move || {
            let rest = others.recv().map_err(|_| WorkbookError::Cancelled)?;
            Ok((rest.sheets, rest.about))
        };
        workbook::write_in_order(
            opening,
            vec![sheet],
            rest,
            path,
            &mut |rows| counter.set_rows(rows),
            stop,
            Limits::default(),
        )
    }
}
