//! Counts the rows of a worksheet at the speed at which it inflates.

use std::io::{self, Read};
use std::sync::mpsc::sync_channel;
use std::thread;

use memchr::{memchr, memmem};

use super::RecountError;

/// Bytes inflated at a time; they fit the processor's cache.
const STEP: usize = 128 * 1024;

/// Steps on their way from the thread that inflates to the one that counts.
const WAITING: usize = 4;

/// Reads a worksheet to its end and counts the rows that hold at least one cell.
///
/// One thread inflates while this one counts.
pub(super) fn count(part: &str, xml: &mut (impl Read + Send)) -> Result<u64, RecountError> {
    let (full, steps) = sync_channel::<(Vec<u8>, usize)>(WAITING);
    let (empty, used) = sync_channel::<Vec<u8>>(WAITING + 2);
    let failed = |source| RecountError::Part {
        part: part.to_owned(),
        source,
    };
    thread::scope(|scope| {
        let inflating = thread::Builder::new()
            .name("inflate".to_owned())
            .spawn_scoped(scope, move || {
                loop {
                    let mut step = used.try_recv().unwrap_or_else(|_| vec![0; STEP]);
                    let read = xml.read(&mut step)?;
                    // Whoever does not listen any more has stopped counting.
                    if read == 0 || full.send((step, read)).is_err() {
                        return Ok(());
                    }
                }
            })
            .map_err(failed)?;
        let mut counting = Counting::new();
        for (step, read) in steps {
            counting.take(&step[..read]);
            // Without room there are steps enough.
            let _ = empty.try_send(step);
        }
        let inflated = inflating.join();
        inflated
            .unwrap_or_else(|_| Err(io::Error::other("inflating stopped")))
            .map_err(failed)?;
        if counting.is_finished() {
            Ok(counting.rows())
        } else {
            Err(RecountError::Unfinished {
                part: part.to_owned(),
            })
        }
    })
}

/// Counts the rows of a worksheet, or of a piece of one that begins and ends between rows, which comes in
/// steps.
pub(super) struct Counting {
    counter: RowCounter,
    /// Bytes that are not understood yet, and those of the next step behind them.
    bytes: Vec<u8>,
}

impl Counting {
    pub(super) fn new() -> Self {
        Self {
            counter: RowCounter::new(),
            bytes: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, step: &[u8]) {
        if self.bytes.is_empty() {
            // The first step, often the only one, is looked at where it stands.
            let step = shortened(step);
            let understood = self.counter.see(step);
            self.bytes.extend_from_slice(&step[understood..]);
            return;
        }
        self.bytes.extend_from_slice(step);
        let length = shortened(&self.bytes).len();
        self.bytes.truncate(length);
        let understood = self.counter.see(&self.bytes);
        self.bytes.drain(..understood);
    }

    /// Rows so far that hold at least one cell.
    pub(super) fn rows(&self) -> u64 {
        self.counter.rows
    }

    /// Whether the worksheet's end was seen: whatever was cut off, it would be missing.
    pub(super) fn is_finished(&self) -> bool {
        self.bytes.trim_ascii_end().ends_with(END)
    }

    /// Whether everything so far ends behind a row.
    pub(super) fn is_between_rows(&self) -> bool {
        self.bytes.trim_ascii_end().ends_with(END_OF_ROW)
    }
}

/// The bytes up to the first blank behind them. A wide sheet leaves megabytes of blanks; looked at again with
/// every step, they would take longer than all rows.
fn shortened(bytes: &[u8]) -> &[u8] {
    let end = bytes.trim_ascii_end().len();
    &bytes[..bytes.len().min(end + 1)]
}

const ROW: &[u8] = b"<row";
const CELL: &[u8] = b"<c";
const END_OF_ROW: &[u8] = b"</row>";
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
        count("sheet1.xml", &mut Pieces(xml.as_bytes(), piece)).ok()
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
