//! Blocks of rows into pieces of a worksheet's deflated XML.

mod row_writer;

use crate::cells::{Block, Layout, Special};
use crate::deflate::{Deflater, Piece};
use crate::digits;
use crate::tag::{KINDS, Kind, LONG_BLOCK, Tag};
use row_writer::RowWriter;

/// Bytes of XML deflated at a time, so that they are still in the processor's cache: 256 KiB.
const PART: usize = 256 * 1024;

/// How rows are deflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// By telling what the rows have in common with earlier ones. Parts that are mostly new, such as
    /// long texts, are searched.
    Guided,
    /// By search alone, at zlib's level 1 to 9: the way back, should ever a reader dislike ours.
    Searched(u32),
}

/// The level at which parts that are mostly new are searched.
const NEW_LEVEL: u32 = 5;

/// Writes rows of one layout. What it makes of a block depends on nothing but the block.
pub struct Encoder {
    has_references: bool,
    codec: Codec,
    row_tag: Tag,
    /// [`KINDS`] for every column.
    tags: Vec<Tag>,
    writer: RowWriter,
    deflater: Deflater,
}

impl Encoder {
    /// Begins with a layout.
    pub fn new(layout: &Layout, codec: Codec) -> Self {
        let tags = layout
            .columns
            .iter()
            .enumerate()
            .flat_map(|(place, styles)| Tag::of_column(place, *styles, layout.has_references))
            .collect();
        Self {
            has_references: layout.has_references,
            codec,
            row_tag: Tag::of_row(layout.has_references),
            tags,
            writer: RowWriter::new((layout.columns.len() + 2) * (LONG_BLOCK + digits::ROOM)),
            deflater: Deflater::default(),
        }
    }

    /// The rows of a block.
    ///
    /// # Panics
    /// When the block has other columns than the layout, or a column has too few values.
    pub fn encode(&mut self, block: &Block<'_>) -> Piece {
        assert_eq!(
            block.columns.len() * KINDS,
            self.tags.len(),
            "a block has the columns of its layout"
        );
        self.writer.forget();
        let mut specials: Vec<&[Special]> =
            block.columns.iter().map(|cells| cells.special).collect();
        for row in 0..block.rows {
            self.begin_row(block.first_row + row as u32);
            let start = self.writer.place();
            let (columns, _) = self.tags.as_chunks_mut::<KINDS>();
            for ((cells, tags), specials) in block.columns.iter().zip(columns).zip(&mut specials) {
                let before = self.writer.place();
                if let [special, rest @ ..] = *specials
                    && special.row == row
                {
                    *specials = rest;
                    self.writer.odd(tags, &special.cell);
                } else {
                    self.writer.cell(tags, cells, row);
                }
                // A cell without reference is the next one in its row, so none may be left out.
                if !self.has_references && self.writer.place() == before {
                    self.writer.blank(&mut tags[Kind::Blank as usize]);
                }
            }
            if self.writer.place() == start
                && let Some(tag) = self.tags.get_mut(Kind::Blank as usize)
            {
                // A row without any cell would be taken for none.
                self.writer.blank(tag);
            }
            self.writer.end_row();
            if self.writer.written() >= PART {
                self.deflate();
            }
        }
        self.deflate();
        self.deflater.finish()
    }

    fn begin_row(&mut self, row: u32) {
        if self.has_references && self.writer.number_row(row) {
            // The numbers are longer than before, and so all tags.
            self.row_tag.row = 0;
            self.tags.iter_mut().for_each(|tag| tag.row = 0);
        }
        self.writer.begin_row(&mut self.row_tag, row);
    }

    /// Deflates what has been written.
    fn deflate(&mut self) {
        let (raw, new_from, matches) = self.writer.work();
        let new = raw.len() - new_from;
        match self.codec {
            Codec::Guided if matches.new_bytes() * 2 <= new => {
                self.deflater.told(raw, new_from, matches);
            }
            codec => {
                let level = match codec {
                    Codec::Guided => NEW_LEVEL,
                    Codec::Searched(level) => level,
                };
                self.deflater.searched(&raw[new_from..], level);
                matches.clear();
            }
        }
        self.writer.carry_on();
    }
}
