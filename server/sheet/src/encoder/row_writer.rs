//! Writes XML and tells, as it goes, what it has in common with the XML before.

use crate::cells::{Cells, Odd, TextId, Values};
use crate::deflate::{Matches, WINDOW};
use crate::digits;
use crate::escape;
use crate::tag::{BLOCK, KINDS, Kind, LONG_BLOCK, Tag};

use super::PART;

/// Bytes copied for what ends a cell, whatever its length.
const END_BLOCK: usize = 16;

/// The bytes being written. Places in them are counted over everything ever written, so that a place
/// says by itself whether it can still be referred to.
pub(super) struct RowWriter {
    raw: Vec<u8>,
    /// Where the next byte goes in `raw`.
    at: usize,
    /// Where the bytes begin in `raw` that are not deflated yet.
    new_from: usize,
    /// The place of the first byte of `raw`; earlier ones are gone.
    base: usize,
    /// Bytes a row needs without its texts.
    room: usize,
    matches: Matches,
    row: u32,
    /// The row without its last digit; 0 without references.
    tens: u32,
    /// The row's digits; none without references.
    digits: [u8; 8],
    digit_count: usize,
    /// How many digits differ from the row before.
    changed: usize,
    row_end: usize,
    scratch: Vec<u8>,
}

/// A cell that is begun: where its value stands, and what it may have in common with an earlier one.
struct Begun {
    value: usize,
    /// 0 for a cell that has nothing in common with any.
    distance: usize,
    /// The place where the earlier value ended.
    earlier_end: usize,
}

impl RowWriter {
    /// `room` is what a row needs at most, without texts.
    pub(super) fn new(room: usize) -> Self {
        Self {
            raw: Vec::new(),
            at: 0,
            new_from: 0,
            base: 0,
            room,
            matches: Matches::default(),
            row: 0,
            tens: 0,
            digits: [0; 8],
            digit_count: 0,
            changed: 0,
            row_end: 0,
            scratch: Vec::new(),
        }
    }

    /// Begins a piece, which must not refer to anything before it.
    pub(super) fn forget(&mut self) {
        // One more than the last place, so that no place known is one of the new bytes.
        self.base += self.at + 1;
        self.at = 0;
        self.new_from = 0;
    }

    /// The place of the next byte.
    pub(super) fn place(&self) -> usize {
        self.base + self.at
    }

    /// Bytes written and not deflated yet.
    pub(super) fn written(&self) -> usize {
        self.at - self.new_from
    }

    /// All bytes that can be referred to, where the new ones begin among them, and what they consist of.
    pub(super) fn work(&mut self) -> (&[u8], usize, &mut Matches) {
        (&self.raw[..self.at], self.new_from, &mut self.matches)
    }

    /// The bytes so far are deflated; those that later ones can refer to are kept.
    pub(super) fn carry_on(&mut self) {
        let gone = self.at.saturating_sub(WINDOW);
        self.raw.copy_within(gone..self.at, 0);
        self.base += gone;
        self.at -= gone;
        self.new_from = self.at;
    }

    /// Takes the number of the row to come; true when it has more digits than the one before.
    pub(super) fn number_row(&mut self, row: u32) -> bool {
        let mut buffer = [0; digits::ROOM];
        let count = digits::whole(&mut buffer, 0, u64::from(row));
        self.digits.copy_from_slice(&buffer[..8]);
        self.changed = changed(row.wrapping_sub(1), row);
        self.tens = row / 10;
        let is_longer = count != self.digit_count;
        self.digit_count = count;
        is_longer
    }

    pub(super) fn begin_row(&mut self, tag: &mut Tag, row: u32) {
        self.make_room(0);
        self.row = row;
        self.open::<BLOCK>(tag);
    }

    pub(super) fn end_row(&mut self) {
        let end = self.place();
        self.write_end(b"</row>");
        self.tell(b"</row>".len(), self.row_end, end);
        self.row_end = end;
    }

    /// A cell without value.
    pub(super) fn blank(&mut self, tag: &mut Tag) {
        self.open::<BLOCK>(tag);
    }

    /// The cell of a row as the column's values say.
    #[inline(always)]
    pub(super) fn cell(&mut self, tags: &mut [Tag; KINDS], cells: &Cells<'_>, row: usize) {
        if let Some(valid) = cells.valid
            && !valid[row]
        {
            return;
        }
        match cells.values {
            Values::Nothing => {}
            Values::Integer(data) => {
                self.number(tags, Kind::Number, |raw, at| {
                    digits::integer(raw, at, data[row])
                });
            }
            Values::Decimal(data, scale) => {
                self.number(tags, Kind::Number, |raw, at| {
                    digits::decimal(raw, at, data[row], scale)
                });
            }
            Values::Text {
                ids,
                bytes,
                offsets,
            } => {
                let id = ids[row];
                if id.is_none() {
                } else if let Some(index) = id.index() {
                    self.shared(tags, id, index);
                } else {
                    self.text(tags, &bytes[offsets[row]..offsets[row + 1]], id.quote());
                }
            }
            Values::Float(data) => {
                self.number(tags, Kind::Number, |raw, at| {
                    digits::float(raw, at, data[row])
                });
            }
            Values::Date(data) => {
                self.number(tags, Kind::Number, |raw, at| {
                    digits::date(raw, at, i64::from(data[row]))
                });
            }
            Values::Datetime(data) => {
                self.number(tags, Kind::Number, |raw, at| {
                    digits::datetime(raw, at, data[row])
                });
            }
            Values::Time(data) => {
                self.number(tags, Kind::Number, |raw, at| {
                    digits::time(raw, at, data[row])
                });
            }
            Values::Boolean(data) => self.boolean(tags, data[row]),
        }
    }

    /// A cell that is not what its column says.
    #[cold]
    pub(super) fn odd(&mut self, tags: &mut [Tag; KINDS], cell: &Odd) {
        match cell {
            Odd::Empty => {}
            Odd::Number(number) => {
                self.number(tags, Kind::Number, |raw, at| {
                    digits::float(raw, at, *number)
                });
            }
            Odd::PlainNumber(number) => {
                self.number(tags, Kind::PlainNumber, |raw, at| {
                    digits::float(raw, at, *number)
                });
            }
            Odd::Boolean(value) => self.boolean(tags, *value),
            Odd::Shared(id) => {
                if let Some(index) = id.index() {
                    self.shared(tags, *id, index);
                }
            }
            Odd::Text { text, is_quoted } => {
                self.text(tags, text.as_bytes(), usize::from(*is_quoted))
            }
        }
    }

    #[inline(always)]
    fn number(
        &mut self,
        tags: &mut [Tag; KINDS],
        kind: Kind,
        write: impl FnOnce(&mut [u8], usize) -> usize,
    ) {
        let tag = &mut tags[kind as usize];
        let begun = self.open::<BLOCK>(tag);
        self.at = write(&mut self.raw, self.at);
        self.close(tag, b"</v></c>", begun);
    }

    fn boolean(&mut self, tags: &mut [Tag; KINDS], value: bool) {
        self.number(tags, Kind::Boolean, |raw, at| {
            raw[at] = b'0' + u8::from(value);
            at + 1
        });
    }

    #[inline(always)]
    fn shared(&mut self, tags: &mut [Tag; KINDS], id: TextId, index: u32) {
        let kind = if id.quote() == 1 {
            Kind::SharedQuoted
        } else {
            Kind::Shared
        };
        self.number(tags, kind, |raw, at| {
            digits::whole(raw, at, u64::from(index))
        });
    }

    fn text(&mut self, tags: &mut [Tag; KINDS], text: &[u8], quote: usize) {
        let kind = if escape::has_outer_blanks(text) {
            Kind::Kept
        } else {
            Kind::Inline
        };
        let tag = &mut tags[kind as usize + quote];
        let begun = self.open::<LONG_BLOCK>(tag);
        let mut scratch = std::mem::take(&mut self.scratch);
        let text = escape::escaped(text, &mut scratch);
        self.make_room(text.len());
        self.raw[self.at..self.at + text.len()].copy_from_slice(text);
        self.at += text.len();
        self.scratch = scratch;
        self.close(tag, b"</t></is></c>", begun);
    }

    /// Makes room for a row and so many bytes more.
    #[inline(always)]
    fn make_room(&mut self, bytes: usize) {
        let wanted = self.at + bytes + self.room;
        if self.raw.len() < wanted {
            self.raw.resize(wanted + PART, 0);
        }
    }

    /// Writes a tag. `SIZE` is at least its length.
    #[inline(always)]
    fn open<const SIZE: usize>(&mut self, tag: &mut Tag) -> Begun {
        let count = self.digit_count;
        if tag.tens != self.tens {
            tag.make(self.tens, &self.digits[..count]);
        }
        self.raw[self.at..self.at + SIZE].copy_from_slice(&tag.bytes[..SIZE]);
        let start = self.place();
        let mut begun = Begun {
            value: self.at + tag.length,
            distance: 0,
            earlier_end: tag.value_end,
        };
        if count > 0 {
            // Only the last digit of the row's number changes from row to row.
            self.raw[self.at + tag.digits_at + count - 1] = self.digits[count - 1];
        }
        if tag.row == 0 || tag.start < self.base {
            self.matches.fresh(tag.length);
        } else {
            begun.distance = start - tag.start;
            if count == 0 {
                self.matches.copy(tag.length, begun.distance);
            } else {
                let changed = if tag.row + 1 == self.row {
                    self.changed
                } else {
                    changed(tag.row, self.row)
                };
                let before = tag.digits_at + count;
                self.matches.copy(before - changed, begun.distance);
                self.matches.fresh(changed);
                self.matches.copy(tag.length - before, begun.distance);
            }
        }
        tag.row = self.row;
        tag.start = start;
        self.at = begun.value;
        begun
    }

    /// Ends a cell behind its value.
    #[inline(always)]
    fn close(&mut self, tag: &mut Tag, end: &'static [u8], begun: Begun) {
        let length = self.at - begun.value;
        tag.value_end = self.place();
        self.write_end(end);
        if begun.distance == 0 {
            self.matches.fresh(length + end.len());
            return;
        }
        let earlier = begun.value - begun.distance;
        let earlier_length = begun.earlier_end - self.base - earlier;
        let same = common(&self.raw, earlier, begun.value, length.min(earlier_length));
        self.matches.copy(same, begun.distance);
        if same < length {
            self.matches.fresh(length - same);
        }
        self.matches
            .copy(end.len(), tag.value_end - begun.earlier_end);
    }

    /// Writes what ends a cell or a row.
    #[inline(always)]
    fn write_end(&mut self, end: &'static [u8]) {
        let mut block = [0; END_BLOCK];
        block[..end.len()].copy_from_slice(end);
        self.raw[self.at..self.at + END_BLOCK].copy_from_slice(&block);
        self.at += end.len();
    }

    /// Tells of bytes at `place` that stand at an earlier place as well, if it is not gone.
    fn tell(&mut self, length: usize, earlier: usize, place: usize) {
        if earlier >= self.base {
            self.matches.copy(length, place - earlier);
        } else {
            self.matches.fresh(length);
        }
    }
}

/// How many digits at the end of two numbers of the same length differ; at least one.
#[inline(always)]
fn changed(mut one: u32, mut other: u32) -> usize {
    let mut count = 1;
    loop {
        (one, other) = (one / 10, other / 10);
        if one == other {
            return count;
        }
        count += 1;
    }
}

/// How many bytes are the same at two places, at most so many. Eight further bytes must be there.
#[inline(always)]
fn common(raw: &[u8], one: usize, other: usize, most: usize) -> usize {
    let mut same = 0;
    while same < most {
        let word = |at: usize| {
            let bytes = raw[at + same..at + same + 8].try_into();
            u64::from_le_bytes(bytes.expect("eight bytes"))
        };
        let different = word(one) ^ word(other);
        if different != 0 {
            return (same + (different.trailing_zeros() / 8) as usize).min(most);
        }
        same += 8;
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_rows_change_at_their_end() {
        assert_eq!(changed(12, 13), 1);
        assert_eq!(changed(19, 20), 2);
        assert_eq!(changed(1_999, 2_000), 4);
        assert_eq!(changed(12, 19), 1);
    }

    #[test]
    fn common_beginnings_end_where_they_must() {
        let raw = b"abcdefghijk|abcdefghijX|--------";
        assert_eq!(common(raw, 0, 12, 11), 10);
        assert_eq!(common(raw, 0, 12, 4), 4);
        assert_eq!(common(raw, 0, 1, 5), 0);
        assert_eq!(common(raw, 0, 12, 0), 0);
    }
}
