//! What a workbook is made of, and what is known of it once it is written.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use lang::Lang;
use report::Sheet;
use rows::{Chunk, ColumnInfo, Numbers};

use crate::about::About;
use crate::error::WorkbookError;
use crate::notes::Remark;
use crate::package::Breaks;
use crate::view::{ControlTotal, SheetView};

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
pub struct Opening {
    /// The report's title.
    pub title: String,
    /// Names of all sheets, as the author wants them.
    pub names: Vec<String>,
    /// Language of names and texts.
    pub lang: Lang,
    /// As [`Book::zone`].
    pub zone: TimeZone,
    /// As [`Book::temp_dir`].
    pub temp_dir: PathBuf,
    /// What a list of all parts takes at most; see [`list_bytes`](crate::list_bytes).
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
    pub chunks: Box<dyn Iterator<Item = Result<Arc<Chunk>, WorkbookError>> + Send>,
}

/// What numbers the columns of a sheet hold, which decides how they look.
pub struct Known {
    /// One entry per column of the query.
    pub numbers: Vec<Numbers>,
    /// Whether there are no other rows.
    pub is_all: bool,
}

/// A written workbook.
#[derive(Debug)]
pub struct Written {
    /// The report's sheets, in order, without "About".
    pub sheets: Vec<WrittenSheet>,
    /// Columns with a total, over all parts of their sheet.
    pub totals: Vec<ControlTotal>,
    /// Values that no cell could hold unchanged, and the like.
    pub remarks: Vec<Remark>,
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
