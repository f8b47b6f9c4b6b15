//! Writes a workbook from its first sheet to its last byte.

use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use tokio_util::sync::CancellationToken;

use crate::about::{self, About};
use crate::book::{Book, Opening, SheetInput, Written};
use crate::error::{WorkbookError, excel, panicked};
use crate::limits::Limits;
use crate::package::{self, Breaks, Extras, Package};
use crate::session::Session;
use crate::{cell, compose};

/// Writes the workbook to `path`, which should be a temporary name beside the final one.
///
/// `progress` is told the rows written so far, over all sheets.
///
/// # Errors
/// Whatever the chunks fail with; [`WorkbookError::Cancelled`]; [`WorkbookError::Disk`] when a disk is full;
/// [`WorkbookError::Columns`] when a chart, a pivot or the sheet names columns that are not there. What
/// was written of the file until then is left at `path`.
pub fn write(
    book: Book,
    path: &Path,
    progress: &mut dyn FnMut(u64),
    cancel: &CancellationToken,
) -> Result<Written, WorkbookError> {
    write_within(book, path, progress, cancel, Limits::default())
}

/// The same within other limits than Excel's.
///
/// # Errors
/// As [`write()`].
pub fn write_within(
    book: Book,
    path: &Path,
    progress: &mut dyn FnMut(u64),
    cancel: &CancellationToken,
    limits: Limits,
) -> Result<Written, WorkbookError> {
    let Book {
        sheets,
        about,
        lang,
        zone,
        temp_dir,
    } = book;
    let counts = sheets
        .iter()
        .map(|sheet| (sheet.rows, sheet.spec.charts.len()));
    let opening = Opening {
        title: about.title.clone(),
        names: sheets
            .iter()
            .map(|sheet| sheet.spec.name.get(lang).to_owned())
            .collect(),
        lang,
        zone,
        temp_dir,
        list_bytes: list_bytes(counts, limits),
    };
    let rest = || Ok((sheets, about));
    write_in_order(opening, Vec::new(), rest, path, progress, cancel, limits)
}

/// Writes a workbook whose first sheets are known, and asks for the others and "About" afterwards.
///
/// # Errors
/// As [`write()`], and what `rest` fails with.
pub fn write_in_order(
    opening: Opening,
    first: Vec<SheetInput>,
    rest: impl FnOnce() -> Result<(Vec<SheetInput>, About), WorkbookError>,
    path: &Path,
    progress: &mut dyn FnMut(u64),
    cancel: &CancellationToken,
    limits: Limits,
) -> Result<Written, WorkbookError> {
    let temp_dir = opening.temp_dir.clone();
    let work = AssertUnwindSafe(|| write_all(opening, first, rest, path, progress, cancel, limits));
    // The xlsx writer panics when its temporary file cannot be written.
    catch_unwind(work).unwrap_or_else(|payload| Err(panicked(payload.as_ref(), &temp_dir)))
}

fn write_all(
    opening: Opening,
    first: Vec<SheetInput>,
    rest: impl FnOnce() -> Result<(Vec<SheetInput>, About), WorkbookError>,
    path: &Path,
    progress: &mut dyn FnMut(u64),
    cancel: &CancellationToken,
    limits: Limits,
) -> Result<Written, WorkbookError> {
    let Opening {
        title,
        names,
        lang,
        zone,
        temp_dir,
        list_bytes,
    } = opening;
    let package = Package::create(path, list_bytes, cancel)?;
    let mut session = Session::new(lang, zone, title, &temp_dir, limits, package)?;
    // All names are given first, so that no continued sheet takes the name of a later one.
    let mut names = names
        .iter()
        .map(|name| session.names.give(name))
        .collect::<Vec<_>>()
        .into_iter();
    let mut done = 0u64;
    let mut step = |rows: u64| {
        done += rows;
        progress(done);
        if cancel.is_cancelled() {
            Err(WorkbookError::Cancelled)
        } else {
            Ok(())
        }
    };
    let mut written = Vec::new();
    let mut totals = Vec::new();
    let mut compose_all = |session: &mut Session, sheets: Vec<SheetInput>| {
        for (input, name) in sheets.into_iter().zip(&mut names) {
            let composed = compose::compose(session, input, &name, &mut step)?;
            written.push(composed.sheet);
            totals.extend(composed.totals);
        }
        Ok::<_, WorkbookError>(())
    };
    compose_all(&mut session, first)?;
    let (sheets, about) = rest()?;
    compose_all(&mut session, sheets)?;
    compose::write_chart_data(&mut session)?;
    about::write(&mut session, &about, &written, &totals)?;
    describe(&mut session, &about);
    if let Ok(first) = session.workbook.worksheet_from_index(0) {
        first.set_active(true);
    }
    let remarks = session.notes.remarks();
    let breaks = save(session, &temp_dir, cancel)?;
    Ok(Written {
        breaks,
        sheets: written,
        totals: totals.into_iter().map(|(total, _)| total).collect(),
        remarks,
    })
}

/// What a list of all parts takes at most, given the rows and charts of every sheet: every worksheet
/// may have a table, and every chart a part and a drawing.
pub fn list_bytes(sheets: impl Iterator<Item = (u64, usize)>, limits: Limits) -> u64 {
    const PART: u64 = 200;
    const OTHERS: u64 = 8 * 1024;
    let parts = |(rows, charts): (u64, usize)| {
        // One more than the rows need, because a part may lose rows to totals.
        let worksheets = rows / u64::from(limits.sheet_rows - 2) + 2;
        2 * worksheets + 2 * charts as u64
    };
    sheets.map(parts).sum::<u64>() * PART + OTHERS
}

/// What the file's properties in Excel say.
fn describe(session: &mut Session, about: &About) {
    let mut properties = DocProperties::new()
        .set_title(cell::label(&about.title))
        .set_subject(cell::label(&about.report_id))
        .set_author(cell::label(&about.person))
        .set_comment(cell::label(
            about.description.as_deref().unwrap_or_default(),
        ))
        .set_custom_property("Digger run", about.run_id.as_str())
        .set_custom_property("Digger report revision", about.hash.as_str());
    if let Ok(created) = ExcelDateTime::from_timestamp(about.started.as_second()) {
        properties = properties.set_creation_datetime(&created);
    }
    session.workbook.set_properties(&properties);
}

fn save(
    mut session: Session,
    temp_dir: &Path,
    cancel: &CancellationToken,
) -> Result<Breaks, WorkbookError> {
    let failed = |error: WorkbookError| {
        if cancel.is_cancelled() {
            WorkbookError::Cancelled
        } else {
            error
        }
    };
    let package = tempfile::tempfile_in(temp_dir)
        .map_err(|error| WorkbookError::disk("create a file in", temp_dir, error))?;
    let copy = package
        .try_clone()
        .map_err(|error| WorkbookError::disk("open a file in", temp_dir, error))?;
    let mut stoppable = package::Stoppable {
        inner: BufWriter::new(package),
        cancel: cancel.clone(),
    };
    write_out(&mut session.workbook, &mut stoppable).map_err(failed)?;
    drop((session.workbook, stoppable));
    let extras = Extras {
        tables: &session.tables,
        texts: session.texts.take(),
    };
    session.package.finish(copy, extras)
}

/// Writes the package to its last byte: what a buffer still holds when it is dropped is lost without a word on a full
/// disk, and the file has no end.
fn write_out(workbook: &mut Workbook, out: &mut (impl Write + Send)) -> Result<(), WorkbookError> {
    excel(workbook.save_to_writer(&mut *out))?;
    out.flush()
        .map_err(|error| WorkbookError::disk("write", "the workbook", error))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// A disk that is full when the buffer before it is emptied.
    struct Full;

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    #[test]
    fn a_disk_that_is_full_at_the_end_is_told() {
        let error = write_out(&mut Workbook::new(), &mut Full).unwrap_err();
        assert!(matches!(error, WorkbookError::Disk { .. }), "{error:?}");
    }
}
