//! A zip file whose large parts are written before their beginnings are known.
//!
//! The head of a worksheet tells widths and totals that are only known behind its last row. So room is
//! left before and behind the rows, and filled later: with the deflated head or tail, and blanks, which
//! XML allows between elements and behind the last one. No part goes through another file, and readers
//! that take the file from front to back find one part behind the other, without gaps.
//!
//! Sizes beyond 4 GB are written as ZIP64 says, and only then: some readers dislike it where it is not
//! needed.

mod records;

use std::io::{self, Read, Seek, SeekFrom, Write};

use crc32fast::Hasher;

use crate::deflate::{END, Piece};
use records::Record;

/// zlib's level for heads, tails and small parts.
pub(crate) const LEVEL: u32 = 6;
/// The same for large parts: a tenth larger than the usual one, in a quarter of the time.
pub(crate) const FAST_LEVEL: u32 = 2;
/// Bytes from which a part is a large one.
pub(crate) const LARGE: usize = 1 << 20;
/// A stored block: its bits, its length, and its length again.
const STORED: u64 = 5;
/// The most bytes a stored block holds.
const MOST_STORED: u64 = 65_535;
/// What a local record takes beside the name, with ZIP64.
const RECORD: u64 = 30 + 20;

/// Why an archive cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The disk refuses.
    #[error("the archive cannot be written")]
    Io(#[from] io::Error),
    /// The room left for a head or tail does not hold it.
    #[error("part `{part}` needs {needed} bytes where room for {room} was left")]
    Room {
        /// The part's name.
        part: String,
        /// Bytes needed.
        needed: u64,
        /// Bytes there are.
        room: u64,
    },
}

/// A finished part of another archive, to be taken over as it is.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// The number of its compression in the format: 0 for none, 8 for deflate.
    pub method: u16,
    /// Checksum of what it holds.
    pub checksum: u32,
    /// Bytes of what it holds.
    pub length: u64,
    /// Bytes in the archive.
    pub packed: u64,
}

/// A part with room at its beginning and, once [left](Archive::leave), at its end.
#[derive(Debug)]
pub struct OpenPart {
    name: String,
    offset: u64,
    head_room: u64,
    rows: Hasher,
    rows_packed: u64,
    tail_room: u64,
    pieces: Vec<u64>,
}

impl OpenPart {
    /// The part's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where in the archive each of its pieces begins: there nothing refers to bytes before, so that
    /// inflating can begin there, too.
    pub fn pieces(&self) -> &[u64] {
        &self.pieces
    }
}

/// The archive being written.
#[derive(Debug)]
pub struct Archive<W> {
    out: W,
    at: u64,
    records: Vec<Record>,
}

impl<W: Write + Seek> Archive<W> {
    /// Begins an archive at the start of an empty file.
    pub fn new(out: W) -> Self {
        Self {
            out,
            at: 0,
            records: Vec::new(),
        }
    }

    /// Begins a part whose head has at most so many bytes of XML.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn open(&mut self, name: &str, head_bytes: u64) -> Result<OpenPart, ArchiveError> {
        let head_room = RECORD + name.len() as u64 + room(head_bytes);
        let part = OpenPart {
            name: name.to_owned(),
            offset: self.at,
            head_room,
            rows: Hasher::new(),
            rows_packed: 0,
            tail_room: 0,
            pieces: Vec::new(),
        };
        self.skip(head_room)?;
        Ok(part)
    }

    /// Adds a piece to the part opened last.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn add(&mut self, part: &mut OpenPart, piece: &Piece) -> Result<(), ArchiveError> {
        part.pieces.push(self.at);
        part.rows.combine(&piece.sum);
        part.rows_packed += piece.bytes.len() as u64;
        self.write(&piece.bytes)
    }

    /// Leaves room for the tail of the part opened last, of at most so many bytes of XML. The next
    /// part may then be opened.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn leave(&mut self, part: &mut OpenPart, tail_bytes: u64) -> Result<(), ArchiveError> {
        part.tail_room = room(tail_bytes) + END.len() as u64;
        self.skip(part.tail_room)
    }

    /// Fills the room of a part that was left, in any order.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]; [`ArchiveError::Room`] when head or tail are longer than was said.
    pub fn close(&mut self, part: OpenPart, head: &[u8], tail: &[u8]) -> Result<(), ArchiveError> {
        let (mut head, mut tail) = (Piece::of(head, LEVEL), Piece::of(tail, LEVEL));
        let length = |piece: &Piece| piece.bytes.len() as u64;
        let packed = part.rows_packed + part.head_room + part.tail_room;
        // Neither head nor tail, nor the blanks behind them, are longer than their room.
        let most = part.rows.total_len() + 2 * (part.head_room + part.tail_room);
        let is_large = Record::is_large(packed, most);
        let record_length = Record::local_length(&part.name, is_large);
        let refuse = |needed, room| ArchiveError::Room {
            part: part.name.clone(),
            needed,
            room,
        };
        let needed = record_length + length(&head);
        fill(&mut head, part.head_room.checked_sub(needed))
            .ok_or_else(|| refuse(needed, part.head_room))?;
        let needed = length(&tail) + END.len() as u64;
        fill(&mut tail, part.tail_room.checked_sub(needed))
            .ok_or_else(|| refuse(needed, part.tail_room))?;
        tail.bytes.extend_from_slice(&END);
        let mut sum = head.sum;
        sum.combine(&part.rows);
        sum.combine(&tail.sum);
        let record = Record {
            offset: part.offset,
            is_large,
            entry: Entry {
                name: part.name,
                method: 8,
                length: sum.total_len(),
                checksum: sum.finalize(),
                packed: packed - record_length,
            },
        };
        self.out.seek(SeekFrom::Start(part.offset))?;
        self.out.write_all(&record.local())?;
        self.out.write_all(&head.bytes)?;
        self.out.seek(SeekFrom::Start(
            part.offset + part.head_room + part.rows_packed,
        ))?;
        self.out.write_all(&tail.bytes)?;
        self.out.seek(SeekFrom::Start(self.at))?;
        self.records.push(record);
        Ok(())
    }

    /// Takes over a finished part; `packed` gives its bytes.
    ///
    /// # Errors
    /// [`ArchiveError::Io`], also when there are other bytes than the entry says.
    pub fn copy(&mut self, entry: Entry, packed: &mut impl Read) -> Result<(), ArchiveError> {
        let record = Record::of(self.at, entry);
        self.write(&record.local())?;
        let copied = io::copy(&mut packed.take(record.entry.packed), &mut self.out)?;
        if copied != record.entry.packed {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        self.at += copied;
        self.records.push(record);
        Ok(())
    }

    /// Writes a whole part.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let level = if bytes.len() < LARGE {
            LEVEL
        } else {
            FAST_LEVEL
        };
        self.put_pieces(name, &[Piece::of(bytes, level)])
    }

    /// Writes a whole part that consists of pieces.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn put_pieces(&mut self, name: &str, pieces: &[Piece]) -> Result<(), ArchiveError> {
        let mut sum = Hasher::new();
        pieces.iter().for_each(|piece| sum.combine(&piece.sum));
        let packed: usize = pieces.iter().map(|piece| piece.bytes.len()).sum();
        let record = Record::of(
            self.at,
            Entry {
                name: name.to_owned(),
                method: 8,
                length: sum.total_len(),
                checksum: sum.finalize(),
                packed: (packed + END.len()) as u64,
            },
        );
        self.write(&record.local())?;
        for piece in pieces {
            self.write(&piece.bytes)?;
        }
        self.write(&END)?;
        self.records.push(record);
        Ok(())
    }

    /// Writes the directory, in the order of the file, and gives the file back.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn finish(mut self) -> Result<W, ArchiveError> {
        self.records.sort_by_key(|record| record.offset);
        let directory = records::directory(&self.records, self.at);
        self.write(&directory)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Writes zeros rather than seeking, so that a full disk is noticed here.
    fn skip(&mut self, bytes: u64) -> Result<(), ArchiveError> {
        io::copy(&mut io::repeat(0).take(bytes), &mut self.out)?;
        self.at += bytes;
        Ok(())
    }
}

/// Room for so many bytes, even if they cannot be deflated, and for blanks where they can.
fn room(bytes: u64) -> u64 {
    bytes + bytes / 1_000 + 64 + STORED
}

/// Adds exactly so many bytes that are blanks when inflated; `None` when that is not possible.
fn fill(piece: &mut Piece, bytes: Option<u64>) -> Option<()> {
    let mut rest = bytes?;
    while rest > 0 {
        let mut blanks = rest.checked_sub(STORED)?.min(MOST_STORED);
        // What is left must again have room for a stored block.
        if (1..STORED).contains(&(rest - STORED - blanks)) {
            blanks -= STORED;
        }
        let length = blanks as u16;
        piece.bytes.push(0);
        piece.bytes.extend_from_slice(&length.to_le_bytes());
        piece.bytes.extend_from_slice(&(!length).to_le_bytes());
        let blanks = vec![b' '; usize::from(length)];
        piece.bytes.extend_from_slice(&blanks);
        piece.sum.update(&blanks);
        rest -= STORED + u64::from(length);
    }
    Some(())
}
