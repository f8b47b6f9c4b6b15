//! Which texts stand once in the workbook, however many cells show them.
//!
//! Shared texts make the rows a third smaller, and Apple Numbers shows no others. But they have to be
//! kept in memory until the end, so there are bounds; beyond them a text stands in its cell.

use sheet::{SharedTexts, TextId};

/// Different texts one column may add. A column with more, such as of order numbers, hardly repeats any.
const COLUMN_TEXTS: u32 = 65_536;
/// What a shared text costs in memory besides its letters: its place in the table that finds it, and its
/// deflated XML.
const COST: u64 = 48;

/// The shared texts of a workbook's large sheets.
pub(crate) struct Texts {
    shared: SharedTexts,
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
    /// Whether most rows of the chunk before had the text of the row before them.
    is_sorted: bool,
}

impl Texts {
    /// Nothing yet, and room for so many bytes.
    pub(crate) fn new(bytes: u64) -> Self {
        Self {
            shared: SharedTexts::default(),
            bytes_left: bytes,
            cells: 0,
        }
    }

    /// Counts a cell with a text that was found before.
    pub(super) fn count_cell(&mut self) {
        self.cells += 1;
    }

    /// The texts, and how many cells show one of them.
    pub(crate) fn take(&mut self) -> (SharedTexts, u64) {
        (std::mem::take(&mut self.shared), self.cells)
    }

    fn add(&mut self, text: &str, is_quoted: bool) -> Option<TextId> {
        let cost = text.len() as u64 + COST;
        let left = self.bytes_left.checked_sub(cost)?;
        let id = self.shared.add(text, is_quoted)?;
        self.bytes_left = left;
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
            is_sorted: false,
        }
    }

    /// Whether the texts seem to be sorted.
    pub(super) fn is_sorted(&self) -> bool {
        self.is_sorted
    }

    /// Remembers whether they seemed so in a chunk.
    pub(super) fn note_sorted(&mut self, is_sorted: bool) {
        self.is_sorted = is_sorted;
    }

    /// A text known from an earlier cell.
    #[inline]
    pub(super) fn find(&mut self, texts: &mut Texts, text: &[u8]) -> Option<TextId> {
        if self.is_closed {
            return None;
        }
        self.asked += 1;
        let id = texts.shared.find(text)?;
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
        assert_eq!(texts.cells, 2);
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
