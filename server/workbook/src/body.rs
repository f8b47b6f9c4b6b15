//! The body of a large sheet: rows that go past rust_xlsxwriter into the finished file.
//!
//! What a value becomes is decided by the same functions as for small sheets; but only values that are
//! not simply what their column says are looked at as cells. All others go to the encoder as the flat
//! columns they came in.

mod classify;
mod rows;
mod texts;

use std::ops::Range;
use std::sync::Arc;
use std::thread::available_parallelism;

use ::rows::Chunk;
use jiff::tz::TimeZone;
use lang::Lang;
use rows::BodyRows;
use sheet::deflate::Piece;
use sheet::{Codec, ColumnStyle, EncoderPool, EncoderPoolError, Layout};

use super::columns::Planned;
use super::notes::Note;
use super::totals::Totaller;
use crate::WorkbookError;
use classify::{Classifier, Scene};
pub(crate) use texts::Texts;

/// The most encoders of a workbook. With more, they would wait for the one thread that reads.
const MOST_ENCODERS: usize = 4;

/// Encodes the rows of one sheet.
pub(crate) struct Body {
    classifiers: Vec<Classifier>,
    pool: EncoderPool,
}

/// Changes of values of one kind in one column of a chunk.
pub(crate) struct Noted {
    /// The first row concerned, counted from the first of the rows.
    pub row: usize,
    /// The column's place.
    pub place: usize,
    pub note: Note,
    pub count: u64,
}

impl Body {
    /// Begins with the columns and their styles in the workbook.
    pub(crate) fn begin(
        columns: &[Planned],
        styles: Vec<ColumnStyle>,
        codec: Codec,
        has_references: bool,
    ) -> Result<Self, WorkbookError> {
        let layout = Layout {
            columns: styles,
            has_references,
        };
        let cores = available_parallelism().map_or(1, usize::from);
        let pool = EncoderPool::start(&layout, codec, cores.min(MOST_ENCODERS)).map_err(stopped)?;
        Ok(Self {
            classifiers: columns.iter().map(Classifier::new).collect(),
            pool,
        })
    }

    /// Hands rows of a chunk to an encoder; `first_row` is their first row in the sheet, from 1.
    ///
    /// Gives the piece that had to be waited for, if any, and the changes to values in the order of
    /// the rows.
    #[expect(
        clippy::too_many_arguments,
        reason = "what a sheet knows about its rows"
    )]
    pub(crate) fn send(
        &mut self,
        columns: &[Planned],
        totals: &mut [Option<Totaller>],
        chunk: &Arc<Chunk>,
        rows: Range<usize>,
        first_row: u32,
        texts: &mut Texts,
        (zone, lang): (&TimeZone, Lang),
    ) -> Result<(Option<Piece>, Vec<Noted>), WorkbookError> {
        let mut scene = Scene {
            texts,
            zone,
            lang,
            notes: Vec::new(),
        };
        let classified = columns
            .iter()
            .zip(&mut self.classifiers)
            .zip(totals)
            .enumerate()
            .map(|(place, ((column, classifier), total))| {
                let data = &chunk.columns[column.source];
                classifier.classify(
                    place,
                    column,
                    data,
                    rows.clone(),
                    total.as_mut(),
                    &mut scene,
                )
            })
            .collect();
        let mut notes = scene.notes;
        notes.sort_by_key(|noted| (noted.row, noted.place));
        let rows = BodyRows::new(Arc::clone(chunk), rows, first_row, classified);
        let ready = self.pool.send(Box::new(rows)).map_err(stopped)?;
        Ok((ready, notes))
    }

    /// The next piece that is still to come.
    pub(crate) fn receive(&mut self) -> Result<Option<Piece>, WorkbookError> {
        self.pool.receive().map_err(stopped)
    }
}

fn stopped(error: EncoderPoolError) -> WorkbookError {
    WorkbookError::Package {
        action: "write",
        source: Box::new(error),
    }
}
