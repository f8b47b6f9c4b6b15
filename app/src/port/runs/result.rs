//! What a finished run made: files, control totals, sheets and charts.

use serde::{Deserialize, Serialize};

use super::card::{Chip, FileView};
use crate::port::moment::Moment;

/// The result of a succeeded run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResultView {
    /// The workbook first.
    pub files: Vec<FileView>,
    /// Data rows over all sheets.
    pub rows: u64,
    /// From start to end, milliseconds.
    pub duration_ms: u64,
    /// The data is as of this moment.
    pub data_time: Option<Moment>,
    /// Control totals in sheet order.
    pub totals: Vec<TotalView>,
    /// The run the totals are compared with: its id and its values.
    pub compared_with: Option<(String, Vec<Chip>)>,
    /// Sentences about things that were handled, such as shortened texts.
    pub warnings: Vec<String>,
    /// In workbook order, without the "About" sheet.
    pub sheets: Vec<SheetView>,
    /// Rows per block, for whoever wants to check.
    pub blocks: Vec<BlockView>,
}

/// One control total.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalView {
    /// Sheet it belongs to.
    pub sheet: String,
    /// Title of the column.
    pub title: String,
    /// "합계", "평균", … in the reader's language.
    pub kind: String,
    /// Formatted: `₩1,234,567`.
    pub value: String,
    /// The same total of [`ResultView::compared_with`], formatted.
    pub previous: Option<String>,
    /// `+3.2%`; absent when there is nothing to compare or the earlier total is zero.
    pub delta: Option<String>,
    /// Whether it grew.
    pub direction: Direction,
}

/// Which way a total moved. Neither is good or bad by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Larger than before.
    Up,
    /// Smaller than before.
    Down,
    /// The same, or nothing to compare.
    #[default]
    Same,
}

/// A sheet on screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetView {
    /// Its name in the workbook.
    pub name: String,
    /// Data rows in the workbook.
    pub rows: u64,
    /// In order.
    pub columns: Vec<ColumnView>,
    /// The first rows, at most 200, formatted for people; `None` is an empty cell.
    pub preview: Vec<Vec<Option<String>>>,
    /// The totals row, one cell per column.
    pub totals: Option<Vec<Option<String>>>,
    /// The author's sentence for a sheet without rows.
    pub empty: Option<String>,
    /// Drawn on the server.
    pub charts: Vec<ChartView>,
}

/// A column on screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Header.
    pub title: String,
    /// Numbers and dates stand right.
    pub is_right: bool,
}

/// A chart as finished SVG, from `app::chart::draw`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartView {
    /// Heading above it.
    pub title: String,
    /// `<svg …>`; colours come from the page's CSS variables.
    pub svg: String,
}

/// One block of the report and its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockView {
    /// Its name in the report.
    pub name: String,
    /// The source it read; absent for Polars blocks.
    pub source: Option<String>,
    /// Rows read or computed.
    pub rows: u64,
    /// Milliseconds.
    pub ms: u64,
    /// It came from a kept stage, without asking the source.
    pub is_from_stage: bool,
    /// Partitions kept by earlier runs, and all of them; absent for queries without.
    #[serde(default)]
    pub partitions: Option<(u32, u32)>,
    /// Where the source answered, `host:port/database`.
    #[serde(default)]
    pub endpoint: Option<String>,
}

/// A finished file and where it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArtifactView {
    /// As people save it.
    pub name: String,
    /// For the header `Content-Type`.
    pub content_type: String,
    /// Of the whole file, hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Its key in the store of files.
    pub key: String,
}
