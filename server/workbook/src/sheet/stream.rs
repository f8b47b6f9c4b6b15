//! The rows of a large sheet on their way past rust_xlsxwriter.

use std::ops::Range;
use std::sync::Arc;

use report::Operand;
use rows::Chunk;
use sheet::ColumnStyle;

use super::grid::CellFormats;
use super::{SheetWriter, last};
use crate::WorkbookError;
use crate::body::Body;
use crate::cell::cell;
use crate::columns::{Planned, refine};
use crate::names;
use crate::package::{FinishedBody, Styles};
use crate::session::Session;
use crate::value::Value;

/// Bytes of a worksheet's XML before its first row, besides its columns.
const HEAD: u64 = 4 * 1024;
/// Bytes a column takes there: its width and style, and the cell of its heading.
const HEAD_COLUMN: u64 = 160;
/// Bytes behind the rows, besides totals and rules: set-up of the page, footer, references.
const TAIL: u64 = 8 * 1024;
/// Bytes of a total without names, and of a rule without its text.
const TAIL_COLUMN: u64 = 200;
const TAIL_RULE: u64 = 400;
/// The longest a letter becomes in XML, `&quot;`.
const LETTER: u64 = 6;

/// Begins the body of a sheet with the numbers of its styles.
pub(super) fn begin(
    session: &mut Session,
    columns: &[Planned],
    formats: &[CellFormats],
) -> Result<Body, WorkbookError> {
    let styles = styles(session, formats);
    let limits = session.limits;
    Body::begin(columns, styles, limits.codec, limits.has_references)
}

fn styles(session: &mut Session, formats: &[CellFormats]) -> Vec<ColumnStyle> {
    let styles = formats.iter().map(|formats| ColumnStyle {
        column: session.style_number(&formats.column),
        quoted: session.style_number(&formats.quoted),
        plain: session.style_number(&formats.plain),
    });
    styles.collect()
}

impl SheetWriter<'_> {
    /// Opens the part in the finished file, for a large sheet.
    pub(super) fn open_body(&mut self, session: &mut Session) -> Result<(), WorkbookError> {
        if self.body.is_some() {
            let bytes = HEAD + HEAD_COLUMN * self.columns.len() as u64;
            self.part.open = Some(session.package.open(self.part.index, bytes)?);
        }
        Ok(())
    }

    /// Adds rows of a chunk that fit the part.
    pub(super) fn stream_rows(
        &mut self,
        session: &mut Session,
        chunk: &Arc<Chunk>,
        rows: Range<usize>,
    ) -> Result<(), WorkbookError> {
        self.look_at(session, chunk, rows.clone());
        let (Some(body), Some(open)) = (&mut self.body, &mut self.part.open) else {
            return Ok(());
        };
        // Row 1 is the header.
        let first_row = self.part.rows + 2;
        let count = rows.len();
        let (ready, notes) = body.send(
            &self.columns,
            &mut self.part.totals,
            chunk,
            rows,
            first_row,
            &mut session.texts,
            (&session.zone, session.lang),
        )?;
        for noted in notes {
            let part = &self.part.name;
            let row = first_row - 1 + u32::try_from(noted.row).unwrap_or(u32::MAX);
            let place = u16::try_from(noted.place).unwrap_or(u16::MAX);
            let title = &self.columns[noted.place].title;
            session
                .notes
                .add_many(noted.note, noted.count, &self.base, title, || {
                    format!("'{part}'!{}", names::cell_name(row, place))
                });
        }
        if let Some(piece) = ready {
            session.package.add(open, &piece)?;
        }
        self.part.rows += u32::try_from(count).unwrap_or(u32::MAX);
        Ok(())
    }

    /// Shows the first rows to those who judge by them: widths and preview.
    fn look_at(&mut self, session: &Session, chunk: &Chunk, rows: Range<usize>) {
        for row in rows {
            let (is_sampled, is_previewed) = (self.widths.is_sampling(), self.preview.is_open());
            if !is_sampled && !is_previewed {
                return;
            }
            if is_previewed {
                self.preview.begin_row(self.columns.len());
            }
            for (place, column) in self.columns.iter().enumerate() {
                let value = Value::at(&chunk.columns[column.source], row);
                let value = refine(value, &column.format, &session.zone);
                let (cell, _) = cell(value, column, session.lang);
                if is_sampled {
                    self.widths.see(place, column, &value, &cell);
                }
                if is_previewed {
                    self.preview.see(column, &value);
                }
            }
            if is_sampled {
                self.widths.end_row();
            }
        }
    }

    /// Ends the rows of the part in the finished file, for a large sheet.
    pub(super) fn close_body(&mut self, session: &mut Session) -> Result<(), WorkbookError> {
        let (Some(body), Some(mut part)) = (&mut self.body, self.part.open.take()) else {
            return Ok(());
        };
        while let Some(piece) = body.receive()? {
            session.package.add(&mut part, &piece)?;
        }
        let last_row = self.part.rows + u32::from(self.has_totals);
        let finished = FinishedBody {
            part,
            styles: Styles(styles(session, &self.formats)),
            range: format!("A1:{}", names::cell_name(last_row, last(&self.columns))),
        };
        session.package.leave(finished, self.tail_bytes())
    }

    /// What stands behind the rows at most.
    fn tail_bytes(&self) -> u64 {
        let table = self.part.table.len() as u64;
        let total = |column: &Planned| TAIL_COLUMN + table + 2 * LETTER * column.title.len() as u64;
        let totals = if self.has_totals {
            self.columns.iter().map(total).sum()
        } else {
            0
        };
        let rules = self.spec.rules.iter().map(|rule| {
            let text = match &rule.when.value {
                Operand::Text(text) => text.len() as u64,
                Operand::Number(_) => 0,
            };
            TAIL_RULE + 2 * LETTER * text
        });
        TAIL + totals + rules.sum::<u64>()
    }
}
