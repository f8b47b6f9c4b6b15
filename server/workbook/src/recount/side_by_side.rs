//! Counts the rows of a large worksheet on several threads.
//!
//! The pieces of which the part was written are inflated one by one. Where they begin is only a hint of
//! whoever wrote the file: what was inflated must have the part's length and checksum together, as if one
//! had inflated it all at once, and whatever is in doubt is left to one thread and to the other inflater.
//! libdeflate takes two thirds of the time that one needs which gives what it has bit by bit, but wants
//! all bytes at once; pieces are small enough for that.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::thread;

use crc32fast::Hasher;
use libdeflater::{DecompressionError, Decompressor};
use sheet::deflate::END;

use super::rows::Counting;

/// Bytes of XML a piece usually has at most.
const ROOM: usize = 1 << 20;
/// Pieces with more XML are left to one thread, which needs no room for them: 64 MiB.
const MOST_ROOM: usize = 64 << 20;
/// Fewer bytes in the file are inflated before a second thread would have begun.
const SMALL: u64 = 1 << 20;

/// A part as the package's directory tells it.
pub(super) struct Part {
    /// Where its bytes stand in the file.
    pub(super) bytes: Range<u64>,
    pub(super) length: u64,
    pub(super) checksum: u32,
}

/// What some pieces hold.
#[derive(Default)]
struct Inflated {
    sum: Hasher,
    rows: u64,
}

/// The rows that hold at least one cell; `None` when that cannot be said this way.
pub(super) fn count(path: &Path, part: &Part, breaks: &[u64]) -> Option<u64> {
    if part.bytes.end - part.bytes.start < 2 * SMALL || breaks.is_empty() {
        return None;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    count_in(path, part, &pieces(&part.bytes, breaks)?, threads)
}

fn count_in(path: &Path, part: &Part, pieces: &[Range<u64>], threads: usize) -> Option<u64> {
    let end = part.bytes.end;
    let inflated: Vec<Inflated> = thread::scope(|scope| {
        let threads: Vec<_> = pieces
            .chunks(pieces.len().div_ceil(threads))
            .map(|pieces| {
                thread::Builder::new()
                    .name("inflate".to_owned())
                    .spawn_scoped(scope, move || inflate(path, pieces, end))
            })
            .collect();
        let ended = threads
            .into_iter()
            .map(|thread| thread.ok()?.join().ok()?.ok());
        ended.collect::<Option<_>>()
    })?;
    let mut sum = Hasher::new();
    inflated.iter().for_each(|one| sum.combine(&one.sum));
    let is_whole = sum.total_len() == part.length && sum.finalize() == part.checksum;
    is_whole.then(|| inflated.iter().map(|one| one.rows).sum())
}

/// The pieces between the breaks; `None` when those are none.
fn pieces(bytes: &Range<u64>, breaks: &[u64]) -> Option<Vec<Range<u64>>> {
    let ends = breaks.iter().chain([&bytes.end]);
    let mut start = bytes.start;
    ends.map(|end| {
        let piece = (start < *end).then_some(start..*end);
        start = *end;
        piece
    })
    .collect()
}

/// Inflates pieces of a part that ends at `end`.
fn inflate(path: &Path, pieces: &[Range<u64>], end: u64) -> io::Result<Inflated> {
    let mut file = File::open(path)?;
    let mut inflater = Decompressor::new();
    let (mut packed, mut xml) = (Vec::new(), vec![0; ROOM]);
    let mut inflated = Inflated::default();
    for piece in pieces {
        packed.resize(
            usize::try_from(piece.end - piece.start).map_err(io::Error::other)?,
            0,
        );
        file.seek(SeekFrom::Start(piece.start))?;
        file.read_exact(&mut packed)?;
        let is_last = piece.end == end;
        if !is_last {
            packed.extend_from_slice(&END);
        }
        let length = loop {
            match inflater.deflate_decompress(&packed, &mut xml) {
                Ok(length) => break length,
                Err(DecompressionError::InsufficientSpace) if xml.len() < MOST_ROOM => {
                    xml.resize(xml.len() * 2, 0);
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        };
        inflated.sum.update(&xml[..length]);
        let mut counting = Counting::new();
        counting.take(&xml[..length]);
        if is_last != counting.is_finished() || !is_last && !counting.is_between_rows() {
            return Err(io::Error::other("a piece ends elsewhere"));
        }
        inflated.rows += counting.rows();
    }
    Ok(inflated)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::io::Write as _;

    use sheet::Archive;
    use sheet::deflate::Piece;
    use tempfile::NamedTempFile;
    use zip::ZipArchive;

    use super::*;

    const NAME: &str = "xl/worksheets/sheet1.xml";
    const PIECES: u64 = 40;
    const PIECE_ROWS: u64 = 2_000;

    /// A worksheet of several megabytes in the file, and where its pieces begin.
    fn worksheet(cut: usize) -> (NamedTempFile, Part, Vec<u64>) {
        let file = NamedTempFile::new().unwrap();
        let mut archive = Archive::new(file.reopen().unwrap());
        let mut part = archive.open(NAME, 100).unwrap();
        let mut number = 1_u64;
        let mut all = String::new();
        for row in 0..PIECES * PIECE_ROWS {
            write!(all, "<row r=\"{row}\">").unwrap();
            for _ in 0..4 {
                number = number
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                write!(all, "<c><v>{number}</v></c>").unwrap();
            }
            all.push_str("</row>");
        }
        // Pieces end behind a row, or `cut` bytes further.
        let mut rest = all.as_str();
        while !rest.is_empty() {
            let end = rest
                .match_indices("</row>")
                .nth(PIECE_ROWS as usize - 1)
                .map_or(rest.len(), |(at, row)| {
                    (at + row.len() + cut).min(rest.len())
                });
            let (piece, behind) = rest.split_at(end);
            archive
                .add(&mut part, &Piece::of(piece.as_bytes(), 1))
                .unwrap();
            rest = behind;
        }
        archive.leave(&mut part, 100).unwrap();
        let pieces = part.pieces().to_vec();
        archive
            .close(
                part,
                b"<worksheet><sheetData><row r=\"1\"><c/></row>",
                b"</sheetData></worksheet>",
            )
            .unwrap();
        archive.finish().unwrap();
        let part = of_directory(&file);
        assert!(part.bytes.end - part.bytes.start > 2 * SMALL);
        (file, part, pieces)
    }

    fn of_directory(file: &NamedTempFile) -> Part {
        let mut archive = ZipArchive::new(file.reopen().unwrap()).unwrap();
        let part = archive.by_name(NAME).unwrap();
        let start = part.data_start().unwrap();
        Part {
            bytes: start..start + part.compressed_size(),
            length: part.size(),
            checksum: part.crc32(),
        }
    }

    #[test]
    fn threads_count_what_one_counts() {
        let (file, part, breaks) = worksheet(0);
        let pieces = pieces(&part.bytes, &breaks).unwrap();
        assert_eq!(pieces.len() as u64, PIECES + 1);
        assert_eq!(pieces.first().unwrap().start, part.bytes.start);
        assert_eq!(pieces.last().unwrap().end, part.bytes.end);
        assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start));
        for threads in [1, 2, 3, 8, 100] {
            let counted = count_in(file.path(), &part, &pieces, threads);
            assert_eq!(counted, Some(PIECES * PIECE_ROWS + 1), "{threads}");
        }
        assert_eq!(
            count(file.path(), &part, &breaks),
            Some(PIECES * PIECE_ROWS + 1)
        );
    }

    #[test]
    fn what_is_in_doubt_is_not_counted() {
        let (file, part, breaks) = worksheet(0);
        let none = |breaks: &[u64]| assert_eq!(count(file.path(), &part, breaks), None);
        // No piece begins where the hint says.
        none(&breaks.iter().map(|at| at + 1).collect::<Vec<_>>());
        // No hints, and such that are none.
        none(&[]);
        none(&breaks.iter().rev().copied().collect::<Vec<_>>());
        none(&[part.bytes.end + 1]);
        // Another checksum than that of all bytes.
        let other = Part {
            bytes: part.bytes.clone(),
            checksum: part.checksum ^ 1,
            ..part
        };
        assert_eq!(count(file.path(), &other, &breaks), None);
        // Pieces that end in a row.
        let (file, part, breaks) = worksheet(3);
        assert_eq!(count(file.path(), &part, &breaks), None);
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let (file, part, breaks) = worksheet(0);
        let at = breaks[PIECES as usize / 2] + 1_000;
        let mut changed = file.reopen().unwrap();
        let mut byte = [0];
        changed.seek(SeekFrom::Start(at)).unwrap();
        changed.read_exact(&mut byte).unwrap();
        changed.seek(SeekFrom::Start(at)).unwrap();
        changed.write_all(&[byte[0] ^ 0x10]).unwrap();
        assert_eq!(count(file.path(), &part, &breaks), None);
    }
}
