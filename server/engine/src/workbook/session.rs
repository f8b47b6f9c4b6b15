//! What all sheets of one workbook share while it is written.

use std::collections::HashSet;
use std::error::Error;
use std::io;
use std::path::Path;

use jiff::tz::TimeZone;
use report::Lang;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use source::{Chunk, ColumnData};

use super::Limits;
use super::chart::{Block, Drawn, block_width};
use super::names::SheetNames;
use super::notes::Notes;
use super::plot::Plotted;
use super::sheet::Storage;
use super::style::Style;
use super::table::TableSpec;
use super::words::words;
use crate::EngineError;

/// What a shared text costs besides its letters.
const SHARED_TEXT_COST: u64 = 96;

/// The workbook being written and what its sheets share.
pub(crate) struct Session {
    pub workbook: Workbook,
    pub style: Style,
    pub lang: Lang,
    pub zone: TimeZone,
    /// The report's title.
    pub title: String,
    pub limits: Limits,
    pub names: SheetNames,
    pub table_names: HashSet<String>,
    pub tables: Vec<TableSpec>,
    pub notes: Notes,
    /// Cells behind charts, for a sheet of their own.
    pub blocks: Vec<Block>,
    chart_sheet: Option<String>,
    next_block: u16,
    worksheets: usize,
    shared_bytes: u64,
}

impl Session {
    pub(crate) fn new(
        lang: Lang,
        zone: TimeZone,
        title: String,
        temp_dir: &Path,
        limits: Limits,
    ) -> Result<Self, EngineError> {
        let mut workbook = Workbook::new();
        excel(workbook.set_tempdir(temp_dir))?;
        let style = Style::of(lang);
        excel(style.apply(&mut workbook))?;
        Ok(Self {
            workbook,
            style,
            lang,
            zone,
            title,
            limits,
            names: SheetNames::default(),
            table_names: HashSet::new(),
            tables: Vec::new(),
            notes: Notes::default(),
            blocks: Vec::new(),
            chart_sheet: None,
            next_block: 0,
            worksheets: 0,
            shared_bytes: 0,
        })
    }

    /// Adds a worksheet at the end and returns its place.
    pub(crate) fn add_worksheet(
        &mut self,
        name: &str,
        storage: Storage,
    ) -> Result<usize, EngineError> {
        let worksheet: &mut Worksheet = match storage {
            Storage::Memory => self.workbook.add_worksheet(),
            Storage::SharedTexts => excel(self.workbook.add_worksheet_with_low_memory())?,
            Storage::InlineTexts => excel(self.workbook.add_worksheet_with_constant_memory())?,
        };
        excel(worksheet.set_name(name))?;
        self.worksheets += 1;
        Ok(self.worksheets - 1)
    }

    /// Where the rows of a sheet are kept, judged by their number and the first of them.
    pub(crate) fn storage(&mut self, rows: u64, columns: usize, sample: Option<&Chunk>) -> Storage {
        if rows.saturating_mul(columns as u64) <= self.limits.memory_cells {
            return Storage::Memory;
        }
        let texts = sample.map_or(0, |chunk| {
            let bytes: usize = chunk
                .columns
                .iter()
                .map(|column| match column {
                    ColumnData::Text(texts) | ColumnData::Binary(texts) => texts.bytes.len(),
                    _ => 0,
                })
                .sum();
            let cells = chunk
                .columns
                .iter()
                .filter(|column| matches!(column, ColumnData::Text(_)))
                .count();
            bytes as u64 / chunk.rows.max(1) as u64 + cells as u64 * SHARED_TEXT_COST
        });
        // As if no text came twice, for nobody knows that yet.
        let needed = texts.saturating_mul(rows);
        if self.shared_bytes.saturating_add(needed) > self.limits.text_bytes {
            return Storage::InlineTexts;
        }
        self.shared_bytes += needed;
        Storage::SharedTexts
    }

    /// Takes the cells behind a chart and says where they will stand.
    pub(crate) fn add_block(&mut self, heading: String, data: Plotted) -> Drawn {
        let sheet = match &self.chart_sheet {
            Some(name) => name.clone(),
            None => {
                let name = self.names.give(words(self.lang).chart_data);
                self.chart_sheet = Some(name.clone());
                name
            }
        };
        let column = self.next_block;
        self.next_block = self.next_block.saturating_add(block_width(&data));
        let head = super::chart::BLOCK_HEAD;
        let rows = u32::try_from(data.labels.len()).unwrap_or(u32::MAX).max(1);
        let series = (column + 1..)
            .take(data.lines.len())
            .map(|series| (head, series))
            .collect();
        self.blocks.push(Block {
            heading,
            data,
            column,
        });
        Drawn {
            sheet,
            rows: (head + 1, head + rows),
            x: column,
            series,
        }
    }

    /// The name of the sheet with the cells behind charts, when there is one.
    pub(crate) fn chart_sheet(&self) -> Option<&str> {
        self.chart_sheet.as_deref()
    }
}

/// The error of the writer as ours; a failed file operation keeps its cause.
pub(crate) fn excel<T>(result: Result<T, XlsxError>) -> Result<T, EngineError> {
    result.map_err(|error| match error {
        XlsxError::IoError(source) => EngineError::disk("write", "the workbook", source),
        XlsxError::TempFileError(path, source) => {
            EngineError::disk("create a file in", path, source)
        }
        XlsxError::ZipError(zip::result::ZipError::Io(source)) => {
            EngineError::disk("write", "the workbook", source)
        }
        other => EngineError::Workbook {
            action: "write",
            source: Box::new(other),
        },
    })
}

/// What the writer panicked with as an error: it panics when a temporary file cannot be written.
pub(crate) fn panicked(payload: &(dyn std::any::Any + Send), temp_dir: &Path) -> EngineError {
    let text = payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        })
        .unwrap_or_default();
    match os_error(&text) {
        Some(source) => EngineError::disk("write a temporary file in", temp_dir, source),
        None => {
            let source: Box<dyn Error + Send + Sync> = text.into();
            EngineError::Workbook {
                action: "write",
                source,
            }
        }
    }
}

/// The operating system's error inside a text such as `Os { code: 28, kind: StorageFull, … }`.
fn os_error(text: &str) -> Option<io::Error> {
    let (_, rest) = text.split_once("Os { code: ")?;
    let (code, _) = rest.split_once(',')?;
    Some(io::Error::from_raw_os_error(code.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_a_full_disk() {
        let text =
            "Couldn't write to xml file: Os { code: 28, kind: StorageFull, message: \"No space\" }";
        let error = panicked(&text.to_owned(), Path::new("scratch"));
        assert_eq!(error.class(), "disk");
        assert!(error.chain().contains("os error 28"), "{}", error.chain());
        assert_eq!(
            panicked(&"index out of bounds", Path::new("scratch")).class(),
            "internal"
        );
    }
}
