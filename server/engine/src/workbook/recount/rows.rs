//! Counts the rows of a worksheet at the speed at which it inflates.

use std::io::Read;

use memchr::{memchr, memmem};

use super::RecountError;

/// Bytes inflated at a time; they fit the processor's cache.
const STEP: usize = 128 * 1024;

/// Reads a worksheet to its end and counts the rows that hold at least one cell.
///
/// `buffer` may be used again for the next one.
pub(super) fn count(
    part: &str,
    xml: &mut impl Read,
    buffer: &mut Vec<u8>,
) -> Result<u64, RecountError> {
    let mut counter = RowCounter::new();
    // Bytes at the beginning of the buffer that are not understood yet.
    let mut kept = 0;
    loop {
        if buffer.len() < kept + STEP {
            buffer.resize(kept + STEP, 0);
        }
        let read = xml
            .read(&mut buffer[kept..])
            .map_err(|source| RecountError::Part {
                part: part.to_owned(),
                source,
            })?;
        if read == 0 {
            break;
        }
        let end = kept + read;
        let understood = counter.see(&buffer[..end]);
        buffer.copy_within(understood..end, 0);
        kept = end - understood;
    }
    // Whatever was cut off, the end of the whole would be missing.
    let rest = buffer[..kept].trim_ascii_end();
    if rest.ends_with(END) {
        Ok(counter.rows)
    } else {
        Err(RecountError::Unfinished {
            part: part.to_owned(),
        })
    }
}

const ROW: &[u8] = b"<row";
const CELL: &[u8] = b"<c";
const END: &[u8] = b"</worksheet>";
/// Bytes that always stay unread: the longest of the names looked for may have begun in them.
const LEFT: usize = 16;

/// Texts escape `<`, so a name behind it is always an element's.
struct RowCounter {
    rows: u64,
    row: memmem::Finder<'static>,
}

impl RowCounter {
    fn new() -> Self {
        Self {
            rows: 0,
            row: memmem::Finder::new(ROW),
        }
    }

    /// Counts the rows that begin in the bytes, and says how many bytes need not be seen again.
    fn see(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while let Some(found) = self.row.find(&bytes[at..]) {
            let start = at + found;
            match has_cell(&bytes[start..]) {
                Some(has_cell) => self.rows += u64::from(has_cell),
                // What follows is still to come.
                None => return start,
            }
            at = start + ROW.len();
        }
        // Blanks at the end may be many, and are not what the file must end with.
        let end = bytes.trim_ascii_end().len();
        end.saturating_sub(LEFT).max(at)
    }
}

/// Whether the element at the beginning is a row with a cell; `None` when that cannot be said yet.
fn has_cell(bytes: &[u8]) -> Option<bool> {
    let is_end_of_name = |byte: u8| matches!(byte, b' ' | b'>' | b'/' | b'\t' | b'\n' | b'\r');
    if !is_end_of_name(*bytes.get(ROW.len())?) {
        // Such as rowBreaks.
        return Some(false);
    }
    let end = memchr(b'>', bytes)?;
    if bytes[end - 1] == b'/' {
        return Some(false);
    }
    let inside = bytes[end + 1..].trim_ascii_start();
    let name_end = *inside.get(CELL.len())?;
    Some(inside.starts_with(CELL) && is_end_of_name(name_end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes in pieces.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let length = self.1.min(self.0.len()).min(into.len());
            let (now, later) = self.0.split_at(length);
            into[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    fn rows(xml: &str, piece: usize) -> Option<u64> {
        count(
            "sheet1.xml",
            &mut Pieces(xml.as_bytes(), piece),
            &mut Vec::new(),
        )
        .ok()
    }

    #[test]
    fn rows_are_counted_in_pieces_of_any_size() {
        let xml = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>    \n\
                   <row r=\"2\" ht=\"9\"></row><row r=\"3\"> <c r=\"A3\" s=\"1\"/></row><row r=\"4\"/>\
                   <row><c/></row><row r=\"6\"><col/></row></sheetData><rowBreaks/><cols><col/></cols></worksheet>  \n ";
        for piece in [1, 2, 3, 7, 16, 1_000] {
            assert_eq!(rows(xml, piece), Some(3), "{piece}");
        }
    }

    #[test]
    fn a_worksheet_without_its_end_is_refused() {
        for xml in [
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"/>",
            "<worksheet><sheetData><row",
            "",
        ] {
            for piece in [1, 1_000] {
                assert_eq!(rows(xml, piece), None, "{xml}");
            }
        }
    }
}
