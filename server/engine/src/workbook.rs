//! The Excel file that needs no touching up.
//!
//! [`write()`] turns the staged rows of each sheet into one workbook, in memory that does not grow with
//! the rows; [`recount()`] counts the finished file again, independently. This module reads no
//! database and knows no stage: rows come as chunks.

use std::io::{BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use lang::Lang;
use report::Sheet;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use source::{CancelFlag, Chunk, ColumnInfo};

use crate::EngineError;
use crate::numbers::Numbers;
use crate::outcome::{ControlTotal, SheetView, Warning};

mod about;
mod body;
mod cell;
mod chart;
mod columns;
mod compose;
mod exact;
pub(crate) mod excel_time;
mod format;
mod markup;
mod messages;
mod names;
mod notes;
mod package;
mod pivot;
mod plot;
mod print;
mod recount;
mod rules;
mod session;
mod sheet;
mod style;
mod table;
mod totals;
mod value;
mod view;
mod width;

pub use about::{About, BlockNote};
pub use recount::{recount, recount_side_by_side};
pub(crate) use value::is_numeric;

pub use ::sheet::Codec;

pub use package::Breaks;
use package::{Extras, Package};
use session::{Session, excel, panicked};

/// Everything a workbook is made of.
pub struct Book {
    /// The sheets in order; at least one.
    pub sheets: Vec<SheetInput>,
    /// What the last sheet tells.
    pub about: About,
    /// Language of names and texts.
    pub lang: Lang,
    /// The report's zone, for texts with an offset and for moments on "About".
    pub zone: TimeZone,
    /// For a temporary file with everything but the rows of large sheets.
    pub temp_dir: PathBuf,
}

/// What is known of a workbook before its rows are.
pub(crate) struct Opening {
    /// The report's title.
    pub title: String,
    /// Names of all sheets, as the author wants them.
    pub names: Vec<String>,
    pub lang: Lang,
    pub zone: TimeZone,
    /// As [`Book::temp_dir`].
    pub temp_dir: PathBuf,
    /// What a list of all parts takes at most; see [`list_bytes`].
    pub list_bytes: u64,
}

/// The rows of one sheet.
pub struct SheetInput {
    /// How the author describes the sheet.
    pub spec: Sheet,
    /// The query the rows come from; names the Excel table.
    pub block: String,
    /// Columns of the query.
    pub columns: Vec<ColumnInfo>,
    /// Names of decimal columns that were rounded by a division. They are written as the nearest
    /// numbers, where digits of other decimals are never given up.
    pub quotients: Vec<String>,
    /// What numbers the columns hold; without it, what the first chunk shows.
    pub numbers: Option<Known>,
    /// How many rows the chunks hold together; of rows that are not all known yet, how many at least.
    pub rows: u64,
    /// The rows.
    pub chunks: Box<dyn Iterator<Item = Result<Arc<Chunk>, EngineError>> + Send>,
}

/// What numbers the columns of a sheet hold, which decides how they look.
pub struct Known {
    /// One entry per column of the query.
    pub(crate) numbers: Vec<Numbers>,
    /// Whether there are no other rows.
    pub(crate) is_all: bool,
}

/// A written workbook.
#[derive(Debug)]
pub struct Written {
    /// The report's sheets, in order, without "About".
    pub sheets: Vec<WrittenSheet>,
    /// Columns with a total, over all parts of their sheet.
    pub totals: Vec<ControlTotal>,
    /// Values that no cell could hold unchanged, and the like.
    pub warnings: Vec<Warning>,
    /// Where in the file inflating a sheet can begin besides its beginning.
    pub breaks: Breaks,
}

/// A written sheet.
#[derive(Debug)]
pub struct WrittenSheet {
    /// Its name; the first part's, when it has several.
    pub name: String,
    /// Data rows of all parts together. A pivot has other rows than its query.
    pub rows: u64,
    /// Rows taken from the chunks.
    pub read: u64,
    /// Worksheets the sheet is made of, with their data rows.
    pub parts: Vec<(String, u64)>,
    /// What a page shows of it.
    pub view: SheetView,
}

/// Bounds that tests make small.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows of a worksheet, header included. Default: 1,048,576, which is Excel's; at least 4.
    pub sheet_rows: u32,
    /// Cells up to which a sheet is kept in memory. Default: 150,000.
    pub memory_cells: u64,
    /// Bytes of texts of larger sheets that are kept once in memory; beyond, each cell has its own in
    /// the file, which every program but Apple Numbers reads. Default: 48 MiB.
    pub text_bytes: u64,
    /// Whether every row and cell of larger sheets says where it is. Default: true, for strict readers.
    pub has_references: bool,
    /// How the rows of larger sheets are deflated. Default: by told matches.
    pub codec: Codec,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sheet_rows: 1_048_576,
            memory_cells: 150_000,
            text_bytes: 48 * 1024 * 1024,
            has_references: true,
            codec: Codec::Guided,
        }
    }
}

/// Writes the workbook to `path`, which should be a temporary name beside the final one.
///
/// `progress` is told the rows written so far, over all sheets.
///
/// # Errors
/// Whatever the chunks fail with; [`EngineError::Cancelled`]; [`EngineError::Disk`] when a disk is full;
/// [`EngineError::Columns`] when a chart, a pivot or the sheet names columns that are not there. What
/// was written of the file until then is left at `path`.
pub fn write(
    book: Book,
    path: &Path,
    progress: &mut dyn FnMut(u64),
    cancel: &CancelFlag,
) -> Result<Written, EngineError> {
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
    cancel: &CancelFlag,
    limits: Limits,
) -> Result<Written, EngineError> {
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
pub(crate) fn write_in_order(
    opening: Opening,
    first: Vec<SheetInput>,
    rest: impl FnOnce() -> Result<(Vec<SheetInput>, About), EngineError>,
    path: &Path,
    progress: &mut dyn FnMut(u64),
    cancel: &CancelFlag,
    limits: Limits,
) -> Result<Written, EngineError> {
    let temp_dir = opening.temp_dir.clone();
    let work = AssertUnwindSafe(|| write_all(opening, first, rest, path, progress, cancel, limits));
    // The xlsx writer panics when its temporary file cannot be written.
    catch_unwind(work).unwrap_or_else(|payload| Err(panicked(payload.as_ref(), &temp_dir)))
}

fn write_all(
    opening: Opening,
    first: Vec<SheetInput>,
    rest: impl FnOnce() -> Result<(Vec<SheetInput>, About), EngineError>,
    path: &Path,
    progress: &mut dyn FnMut(u64),
    cancel: &CancelFlag,
    limits: Limits,
) -> Result<Written, EngineError> {
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
            Err(EngineError::Cancelled)
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
        Ok::<_, EngineError>(())
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
    let warnings = session.notes.warnings();
    let breaks = save(session, &temp_dir, cancel)?;
    Ok(Written {
        breaks,
        sheets: written,
        totals: totals.into_iter().map(|(total, _)| total).collect(),
        warnings,
    })
}

/// What a list of all parts takes at most, given the rows and charts of every sheet: every worksheet
/// may have a table, and every chart a part and a drawing.
pub(crate) fn list_bytes(sheets: impl Iterator<Item = (u64, usize)>, limits: Limits) -> u64 {
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

fn save(mut session: Session, temp_dir: &Path, cancel: &CancelFlag) -> Result<Breaks, EngineError> {
    let failed = |error: EngineError| {
        if cancel.is_cancelled() {
            EngineError::Cancelled
        } else {
            error
        }
    };
    let package = tempfile::tempfile_in(temp_dir)
        .map_err(|error| EngineError::disk("create a file in", temp_dir, error))?;
    let copy = package
        .try_clone()
        .map_err(|error| EngineError::disk("open a file in", temp_dir, error))?;
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
fn write_out(workbook: &mut Workbook, out: &mut (impl Write + Send)) -> Result<(), EngineError> {
    excel(workbook.save_to_writer(&mut *out))?;
    out.flush()
        .map_err(|error| EngineError::disk("write", "the workbook", error))
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
        assert_eq!(error.class(), lang::FailureClass::Disk, "{error:?}");
    }
}
