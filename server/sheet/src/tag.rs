//! What stands before a value, ready to be copied as one block.

use crate::cells::ColumnStyle;

/// Bytes copied for a tag, whatever its length: one size is faster than any length.
pub(crate) const BLOCK: usize = 48;
/// The same for tags of texts in the cell itself.
pub(crate) const LONG_BLOCK: usize = 96;

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
#[repr(usize)]
pub(crate) enum Kind {
    Number,
    PlainNumber,
    Boolean,
    Shared,
    SharedQuoted,
    Inline,
    InlineQuoted,
    /// A text with blanks at its ends.
    Kept,
    KeptQuoted,
    /// A cell without value, for a row that would have none.
    Blank,
}

/// How many kinds there are.
pub(crate) const KINDS: usize = 10;

const ALL: [Kind; KINDS] = [
    Kind::Number,
    Kind::PlainNumber,
    Kind::Boolean,
    Kind::Shared,
    Kind::SharedQuoted,
    Kind::Inline,
    Kind::InlineQuoted,
    Kind::Kept,
    Kind::KeptQuoted,
    Kind::Blank,
];

impl Kind {
    fn start(self) -> &'static str {
        match self {
            Self::Number | Self::PlainNumber => "><v>",
            Self::Boolean => " t=\"b\"><v>",
            Self::Shared | Self::SharedQuoted => " t=\"s\"><v>",
            Self::Inline | Self::InlineQuoted => " t=\"inlineStr\"><is><t>",
            Self::Kept | Self::KeptQuoted => " t=\"inlineStr\"><is><t xml:space=\"preserve\">",
            Self::Blank => "/>",
        }
    }

    fn style(self, styles: ColumnStyle) -> u32 {
        match self {
            Self::PlainNumber => styles.plain,
            Self::SharedQuoted | Self::InlineQuoted | Self::KeptQuoted => styles.quoted,
            _ => styles.column,
        }
    }
}

/// A tag with the row's number in it, and where it was written last.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub bytes: [u8; LONG_BLOCK],
    /// Bytes of the whole tag.
    pub length: usize,
    /// Where the row's digits begin.
    pub digits_at: usize,
    /// The row without its last digit that the bytes are made for.
    pub tens: u32,
    /// The row it was written in last; 0 for none that matters.
    pub row: u32,
    /// Where it was written last, where its value ended, counted over all bytes.
    pub start: usize,
    pub value_end: usize,
    before: String,
    after: String,
}

/// No row has this many tens.
const UNMADE: u32 = u32::MAX;

impl Tag {
    fn new(before: String, after: String) -> Self {
        Self {
            bytes: [0; LONG_BLOCK],
            length: 0,
            digits_at: before.len(),
            tens: UNMADE,
            row: 0,
            start: 0,
            value_end: 0,
            before,
            after,
        }
    }

    /// The tag that begins a row.
    pub(crate) fn of_row(has_references: bool) -> Self {
        let (before, after) = if has_references {
            ("<row r=\"", "\">")
        } else {
            ("<row>", "")
        };
        Self::new(before.to_owned(), after.to_owned())
    }

    /// The tags of a column's cells, by kind.
    pub(crate) fn of_column(
        place: usize,
        styles: ColumnStyle,
        has_references: bool,
    ) -> [Self; KINDS] {
        ALL.map(|kind| {
            // The style 0 is the workbook's own and need not be named.
            let style = match kind.style(styles) {
                0 => String::new(),
                style => format!(" s=\"{style}\""),
            };
            let (before, after) = if has_references {
                let name = column_name(place);
                (
                    format!("<c r=\"{name}"),
                    format!("\"{style}{}", kind.start()),
                )
            } else {
                (format!("<c{style}{}", kind.start()), String::new())
            };
            Self::new(before, after)
        })
    }

    /// Makes the bytes for rows of other digits.
    #[cold]
    pub(crate) fn make(&mut self, tens: u32, digits: &[u8]) {
        let parts = [self.before.as_bytes(), digits, self.after.as_bytes()];
        let mut at = 0;
        for part in parts {
            self.bytes[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        self.length = at;
        self.tens = tens;
    }
}

/// `AB` for column 27, counted from 0.
fn column_name(place: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = place + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.reverse();
    String::from_utf8(letters).expect("letters are ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_tags_fit_their_blocks() {
        let most = ColumnStyle {
            column: 65_535,
            quoted: 65_535,
            plain: 65_535,
        };
        let mut tags = Tag::of_column(16_383, most, true);
        for (kind, tag) in ALL.iter().zip(&mut tags) {
            tag.make(104_857, b"1048576");
            let block = if *kind >= Kind::Inline && *kind < Kind::Blank {
                LONG_BLOCK
            } else {
                BLOCK
            };
            assert!(tag.length <= block, "{kind:?}: {}", tag.length);
            assert!(tag.bytes.starts_with(b"<c r=\"XFD1048576\" s=\"65535\""));
        }
    }

    #[test]
    fn columns_are_named_as_in_excel() {
        assert_eq!(
            [0, 25, 26, 701, 702, 16_383].map(column_name),
            ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
        );
    }
}
