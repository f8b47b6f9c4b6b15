//! One sheet of the report: rows into cells, part by part.
//!
//! Small sheets are kept in memory, where charts can see their cells; the rows of large ones go past
//! rust_xlsxwriter into the finished file. A sheet that outgrows Excel continues on "Name (2)".

mod foot;
mod grid;
mod stream;

use std::sync::Arc;

use report::Sheet;
use rows::Chunk;
use rust_xlsxwriter::{Table, TableColumn, TableStyle};
use sheet::OpenPart;

use super::body::Body;
use super::cell::{Cell, cell};
use super::columns::{Planned, refine};
use super::limits::Storage;
use super::markup::{hidden, write_text};
use super::messages::messages;
use super::names;
use super::print;
use super::session::Session;
use super::totals::Totaller;
use super::value::Value;
use super::view::Preview;
use super::width::Widths;
use crate::WorkbookError;
use crate::error::excel;
use grid::{CellFormats, put};

/// Writes the rows of one sheet.
pub(crate) struct SheetWriter<'a> {
    spec: &'a Sheet,
    base: String,
    table_base: String,
    columns: Vec<Planned>,
    formats: Vec<CellFormats>,
    /// `None` for a small sheet.
    body: Option<Body>,
    /// Data rows that fit one part.
    capacity: u32,
    has_totals: bool,
    part: Part,
    is_continued: bool,
    finished: Vec<(String, u64)>,
    /// Totals over all parts.
    whole: Vec<Option<Totaller>>,
    widths: Widths,
    preview: Preview,
}

/// Characters a chart takes in print.
const CHART_CHARACTERS: f64 = 100.0;

/// The worksheet being written.
struct Part {
    index: usize,
    name: String,
    table: String,
    rows: u32,
    totals: Vec<Option<Totaller>>,
    /// Its place in the finished file, for a large sheet.
    open: Option<OpenPart>,
}

/// What a finished sheet hands on.
pub(crate) struct FinishedSheet {
    /// Its parts with their data rows.
    pub parts: Vec<(String, u64)>,
    pub rows: u64,
    pub columns: Vec<Planned>,
    pub totals: Vec<Option<Totaller>>,
    pub preview: Preview,
    pub shown_totals: Option<Vec<Option<String>>>,
    /// Place of the first part in the workbook.
    pub index: usize,
}

impl<'a> SheetWriter<'a> {
    /// Begins a sheet of `rows` rows.
    pub(crate) fn begin(
        session: &mut Session,
        spec: &'a Sheet,
        name: String,
        block: &str,
        columns: Vec<Planned>,
        rows: u64,
        storage: Storage,
    ) -> Result<Self, WorkbookError> {
        let has_totals = columns.iter().any(|column| column.total.is_some());
        let capacity = session.limits.sheet_rows - 1 - u32::from(has_totals);
        let style = session.style.clone();
        let formats: Vec<CellFormats> = columns
            .iter()
            .map(|column| CellFormats::new(&style, column))
            .collect();
        let totals: Vec<Option<Totaller>> = columns
            .iter()
            .map(|column| column.total.map(Totaller::new))
            .collect();
        let widths = Widths::new(&columns);
        let body = match storage {
            Storage::Memory => None,
            Storage::Body => Some(stream::begin(session, &columns, &formats)?),
        };
        let mut writer = Self {
            spec,
            base: name.clone(),
            table_base: block.to_owned(),
            formats,
            body,
            capacity,
            has_totals,
            part: Part {
                index: 0,
                name,
                table: String::new(),
                rows: 0,
                totals: totals.clone(),
                open: None,
            },
            is_continued: rows > u64::from(capacity),
            finished: Vec::new(),
            whole: totals,
            widths,
            preview: Preview::new(),
            columns,
        };
        writer.open_part(session, rows == 0)?;
        Ok(writer)
    }

    /// Adds the rows of a chunk.
    pub(crate) fn write(
        &mut self,
        session: &mut Session,
        chunk: Arc<Chunk>,
    ) -> Result<(), WorkbookError> {
        let mut from = 0;
        while from < chunk.rows {
            if self.part.rows == self.capacity {
                // Known now at the latest: rows that still arrive were not counted before.
                self.is_continued = true;
                self.close_part(session)?;
                let (name, _) = session
                    .names
                    .give_numbered(&self.base, self.finished.len() + 1);
                self.part.name = name;
                self.part.rows = 0;
                self.open_part(session, false)?;
            }
            let room = (self.capacity - self.part.rows) as usize;
            let to = chunk.rows.min(from.saturating_add(room));
            if self.body.is_some() {
                self.stream_rows(session, &chunk, from..to)?;
            } else {
                for row in from..to {
                    self.write_row(session, &chunk, row)?;
                }
            }
            from = to;
        }
        Ok(())
    }

    fn write_row(
        &mut self,
        session: &mut Session,
        chunk: &Chunk,
        row: usize,
    ) -> Result<(), WorkbookError> {
        let at = self.part.rows + 1;
        let is_sampled = self.widths.is_sampling();
        let is_previewed = self.preview.is_open();
        if is_previewed {
            self.preview.begin_row(self.columns.len());
        }
        let worksheet = excel(session.workbook.worksheet_from_index(self.part.index))?;
        let mut is_empty = true;
        for (place, column) in self.columns.iter().enumerate() {
            let value = refine(
                Value::at(&chunk.columns[column.source], row),
                &column.format,
                &session.zone,
            );
            let (cell, note) = cell(value, column, session.lang);
            is_empty &= cell == Cell::Empty;
            put(worksheet, at, place, &cell, &self.formats[place])?;
            if is_sampled {
                self.widths.see(place, column, &value, &cell);
            }
            if is_previewed {
                self.preview.see(column, &value);
            }
            if let Some(total) = &mut self.part.totals[place] {
                total.add(&value, &cell);
            }
            if let Some(note) = note {
                let part = &self.part.name;
                let cell_name = names::cell_name(at, u16::try_from(place).unwrap_or(u16::MAX));
                session.notes.add(note, &self.base, &column.title, || {
                    format!("'{part}'!{cell_name}")
                });
            }
        }
        if is_empty {
            // A row without any cell would not be in the file at all, and the proof would miss it.
            excel(worksheet.write_blank(at, 0, &self.formats[0].column))?;
        }
        if is_sampled {
            self.widths.end_row();
        }
        self.part.rows += 1;
        Ok(())
    }

    fn open_part(&mut self, session: &mut Session, is_empty: bool) -> Result<(), WorkbookError> {
        self.part.index = session.add_worksheet(&self.part.name)?;
        self.part.table = names::table_name(&self.table_base, &mut session.table_names);
        let header = session.style.header();
        let worksheet = excel(session.workbook.worksheet_from_index(self.part.index))?;
        for (place, format) in (0u16..).zip(&self.formats) {
            excel(worksheet.set_column_format(place, &format.column))?;
        }
        excel(worksheet.set_row_height_pixels(0, 30))?;
        if is_empty {
            for (place, column) in (0u16..).zip(&self.columns) {
                write_text(worksheet, (0, place), &column.title, &header)?;
            }
            return Ok(());
        }
        let columns: Vec<TableColumn> = self
            .columns
            .iter()
            .map(|column| {
                TableColumn::new()
                    .set_header(hidden(&column.title))
                    .set_header_format(&header)
            })
            .collect();
        let table = Table::new()
            .set_name(&self.part.table)
            .set_style(TableStyle::Medium2)
            .set_columns(&columns);
        excel(worksheet.add_table(0, 0, 1, last(&self.columns), &table))?;
        self.open_body(session)
    }

    /// Ends the sheet: totals, widths, frozen panes, print set-up.
    pub(crate) fn finish(mut self, session: &mut Session) -> Result<FinishedSheet, WorkbookError> {
        let rows =
            self.finished.iter().map(|(_, rows)| rows).sum::<u64>() + u64::from(self.part.rows);
        let is_empty = rows == 0;
        if is_empty {
            self.write_sentence(session)?;
            self.finished.push((self.part.name.clone(), 0));
        } else {
            self.close_part(session)?;
        }
        let index = self.part.index + 1 - self.finished.len();
        let widths = self.widths.widths(&self.columns);
        for part in index..=self.part.index {
            let worksheet = excel(session.workbook.worksheet_from_index(part))?;
            for (place, width) in (0u16..).zip(&widths) {
                excel(worksheet.set_column_width(place, *width))?;
            }
            let (rows, columns) = self
                .spec
                .freeze
                .map_or((1, 0), |freeze| (freeze.rows, freeze.columns));
            excel(worksheet.set_freeze_panes(rows, columns))?;
            let charts = if self.spec.charts.is_empty() {
                0.0
            } else {
                CHART_CHARACTERS
            };
            let characters = widths.iter().sum::<f64>() + charts;
            print::set_up(worksheet, &session.title, characters, session.lang);
        }
        let shown_totals = (self.has_totals && !is_empty).then(|| self.shown_totals(session));
        Ok(FinishedSheet {
            parts: self.finished,
            rows,
            columns: self.columns,
            totals: self.whole,
            preview: self.preview,
            shown_totals,
            index,
        })
    }
}

/// The author's sentence for a sheet without rows, else ours.
pub(crate) fn empty_sentence(spec: &Sheet, session: &Session) -> String {
    let own = spec
        .empty
        .as_ref()
        .map(|text| text.get(session.lang))
        .filter(|text| !text.is_empty());
    own.unwrap_or(messages(session.lang).empty).to_owned()
}

/// The last column of a table, counted from zero.
fn last(columns: &[Planned]) -> u16 {
    u16::try_from(columns.len() - 1).unwrap_or(u16::MAX)
}
