//! Where the parts of a sent statement stand in the report's file.
//!
//! A database complains about a position in what it was sent. Comments are gone there and values are
//! placeholders, so the position is mapped back before anybody reads it.

use crate::report::Report;

/// A place in a report's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
    /// The whole line.
    pub text: String,
}

/// The pieces of a statement in the order they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origins(Vec<Origin>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Origin {
    /// Byte of the sent statement where the piece begins.
    sent: usize,
    /// Byte of the report's text it was written at.
    written: usize,
    /// Bytes sent exactly as written; 0 for a placeholder, which has one place only.
    same: usize,
}

impl Origins {
    /// Notes the piece that is sent next.
    pub(crate) fn note(&mut self, sent: usize, written: usize, same: usize) {
        self.0.push(Origin {
            sent,
            written,
            same,
        });
    }

    /// The byte of the report's text behind a byte of the sent statement.
    pub(crate) fn written_at(&self, sent: usize) -> Option<usize> {
        let next = self.0.partition_point(|origin| origin.sent <= sent);
        let origin = self.0.get(next.checked_sub(1)?)?;
        Some(origin.written + (sent - origin.sent).min(origin.same))
    }
}

impl Report {
    /// The line and the column of a byte of the report's text.
    pub fn place(&self, byte: usize) -> Location {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let before = &self.text[..byte];
        let begin = before.rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[byte..]
            .find('\n')
            .map_or(self.text.len(), |at| byte + at);
        Location {
            line: before.matches('\n').count() + 1,
            column: self.text[begin..byte].chars().count() + 1,
            text: self.text[begin..end].trim_end().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_inside_a_piece_is_counted_from_its_beginning() {
        let mut origins = Origins::default();
        origins.note(0, 100, 7);
        origins.note(7, 120, 0);
        origins.note(9, 140, 5);
        assert_eq!(origins.written_at(3), Some(103));
        assert_eq!(origins.written_at(8), Some(120), "inside a placeholder");
        assert_eq!(origins.written_at(11), Some(142));
        assert_eq!(origins.written_at(99), Some(145), "behind the last byte");
        assert_eq!(Origins::default().written_at(0), None);
    }
}
