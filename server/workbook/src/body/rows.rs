//! Rows of a chunk on their way to another thread.

use std::ops::Range;
use std::sync::Arc;

use rows::{Chunk, ColumnData};
use sheet::{Block, Cells, Rows, Special, TextId, Values};

/// Rows with what was decided about them. The values stay in their chunk.
pub(super) struct BodyRows {
    chunk: Arc<Chunk>,
    rows: Range<usize>,
    first_row: u32,
    columns: Vec<Classified>,
}

/// What was decided about the rows of a column.
pub(super) struct Classified {
    /// The column's place in the chunk.
    pub source: usize,
    pub kept: Kept,
    pub special: Vec<Special>,
}

/// What the encoder writes besides special cells.
pub(super) enum Kept {
    /// The values as they are.
    Flat,
    /// Texts, by where they stand.
    Texts(Vec<TextId>),
    /// Nothing.
    Nothing,
}

impl BodyRows {
    pub(super) fn new(
        chunk: Arc<Chunk>,
        rows: Range<usize>,
        first_row: u32,
        columns: Vec<Classified>,
    ) -> Self {
        Self {
            chunk,
            rows,
            first_row,
            columns,
        }
    }

    fn cells<'a>(&'a self, classified: &'a Classified) -> Cells<'a> {
        let rows = || self.rows.clone();
        let flags = |valid: &'a Option<Vec<bool>>| valid.as_ref().map(|flags| &flags[rows()]);
        let (values, valid) = match (&classified.kept, &self.chunk.columns[classified.source]) {
            (Kept::Nothing, _) => (Values::Nothing, None),
            (Kept::Texts(ids), ColumnData::Text(texts)) => {
                let values = Values::Text {
                    ids,
                    bytes: &texts.bytes,
                    offsets: &texts.offsets[self.rows.start..=self.rows.end],
                };
                (values, None)
            }
            (Kept::Flat, data) => match data {
                ColumnData::Boolean(of) => (Values::Boolean(&of.data[rows()]), flags(&of.valid)),
                ColumnData::Integer(of) => (Values::Integer(&of.data[rows()]), flags(&of.valid)),
                ColumnData::Float(of) => (Values::Float(&of.data[rows()]), flags(&of.valid)),
                ColumnData::Decimal {
                    mantissa: of,
                    scale,
                } => (Values::Decimal(&of.data[rows()], *scale), flags(&of.valid)),
                ColumnData::Date(of) => (Values::Date(&of.data[rows()]), flags(&of.valid)),
                ColumnData::Datetime(of) => (Values::Datetime(&of.data[rows()]), flags(&of.valid)),
                ColumnData::Time(of) => (Values::Time(&of.data[rows()]), flags(&of.valid)),
                ColumnData::Duration(_) | ColumnData::Text(_) | ColumnData::Binary(_) => {
                    unreachable!("these are never written as they are")
                }
            },
            (Kept::Texts(_), _) => unreachable!("only texts are classified as texts"),
        };
        Cells {
            values,
            valid,
            special: &classified.special,
        }
    }
}

impl Rows for BodyRows {
    fn block(&self) -> Block<'_> {
        Block {
            first_row: self.first_row,
            rows: self.rows.len(),
            columns: self
                .columns
                .iter()
                .map(|classified| self.cells(classified))
                .collect(),
        }
    }
}
