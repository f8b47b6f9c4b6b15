//! Texts that stand once in the workbook, however many cells show them.
//!
//! Shared texts make the rows a third smaller, and Apple Numbers shows no others. But they have to be
//! kept in memory until the end, so there are bounds; beyond them a text stands in its cell.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rust_xlsxwriter::Workbook;
use sheet::TextId;

/// Different texts one column may add. A column with more, such as of order numbers, hardly repeats any.
const COLUMN_TEXTS: u32 = 65_536;
/// With more, most of what rust_xlsxwriter packs are texts.
const MANY: usize = 4_096;
/// What a shared text costs in memory besides its letters.
const COST: u64 = 96;

/// The shared texts of a workbook's large sheets.
pub(crate) struct Texts {
    /// Every text with its number, and whether it is quoted where it came as a text.
    known: HashMap<Box<[u8]>, TextId, RandomState>,
    bytes_left: u64,
    /// Cells that show one of them.
    cells: u64,
}

/// What one column adds to them.
#[derive(Debug)]
pub(super) struct ColumnTexts {
    left: u32,
    /// Whether it is no use to look for its texts any more.
    is_closed: bool,
    asked: u32,
    found: u32,
}

impl Texts {
    /// Nothing yet, and room for so many bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        Self {
            known: HashMap::default(),
            bytes_left: bytes,
            cells: 0,
        }
    }

    /// How many cells show a shared text.
    pub(crate) fn cells(&self) -> u64 {
        self.cells
    }

    /// Counts a cell with a text that was found before.
    pub(super) fn count_cell(&mut self) {
        self.cells += 1;
    }

    /// Makes the texts the first ones of the workbook, in their order.
    pub(crate) fn hand_over(&mut self, workbook: &mut Workbook) {
        if self.known.len() > MANY {
            // They are packed again when the file is put together; until then it need not be small.
            workbook.set_zip_compression_level(1);
        }
        for (text, id) in std::mem::take(&mut self.known) {
            if let (Some(index), Ok(text)) = (id.index(), std::str::from_utf8(&text)) {
                workbook.populate_string_table(text, index);
            }
        }
    }

    fn add(&mut self, text: &str, is_quoted: bool) -> Option<TextId> {
        if text.starts_with("<r>") && text.ends_with("</r>") {
            // rust_xlsxwriter would take it for markup.
            return None;
        }
        let cost = text.len() as u64 + COST;
        let index = u32::try_from(self.known.len())
            .ok()
            .filter(|index| *index < TextId::MOST_SHARED)?;
        self.bytes_left = self.bytes_left.checked_sub(cost)?;
        let id = TextId::shared(index, is_quoted);
        self.known.insert(text.as_bytes().into(), id);
        Some(id)
    }
}

impl ColumnTexts {
    pub(super) fn new() -> Self {
        Self {
            left: COLUMN_TEXTS,
            is_closed: false,
            asked: 0,
            found: 0,
        }
    }

    /// A text known from an earlier cell.
    #[inline]
    pub(super) fn find(&mut self, texts: &mut Texts, text: &[u8]) -> Option<TextId> {
        if self.is_closed {
            return None;
        }
        self.asked += 1;
        let id = texts.known.get(text).copied()?;
        self.found += 1;
        texts.cells += 1;
        Some(id)
    }

    /// Shares a text nobody knows yet; `None` when there is no room.
    pub(super) fn add(&mut self, texts: &mut Texts, text: &str, is_quoted: bool) -> Option<TextId> {
        let left = self.left.checked_sub(1).filter(|_| !self.is_closed)?;
        let id = texts.add(text, is_quoted)?;
        self.left = left;
        texts.cells += 1;
        Some(id)
    }

    /// After a chunk: a column that may add nothing more, and of whose texts fewer than half are known,
    /// is better off without looking.
    pub(super) fn end_chunk(&mut self, texts: &Texts) {
        let is_full = self.left == 0 || texts.bytes_left < COST;
        if is_full && self.found * 2 < self.asked {
            self.is_closed = true;
        }
        self.asked = 0;
        self.found = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shared_while_there_is_room() {
        let mut texts = Texts::new(2 * COST + 6);
        let mut column = ColumnTexts::new();
        assert_eq!(column.find(&mut texts, "서울".as_bytes()), None);
        let seoul = column.add(&mut texts, "서울", false).unwrap();
        assert_eq!(column.find(&mut texts, "서울".as_bytes()), Some(seoul));
        assert_eq!(
            column.add(&mut texts, "부산", false),
            None,
            "no room is left"
        );
        assert_eq!(texts.cells(), 2);
        column.end_chunk(&texts);
        assert_eq!(
            column.find(&mut texts, "서울".as_bytes()),
            Some(seoul),
            "half of them are known"
        );
        column.find(&mut texts, b"a");
        column.find(&mut texts, b"b");
        column.end_chunk(&Texts::new(0));
        assert_eq!(column.find(&mut texts, "서울".as_bytes()), None);
    }
}
