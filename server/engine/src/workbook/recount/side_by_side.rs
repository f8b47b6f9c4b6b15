//! Counts the rows of a large worksheet on several threads.
//!
//! Each inflates a range of the part for itself. Where ranges can begin is only a hint of whoever wrote the
//! file: what the threads inflated must have the part's length and checksum together, as if one had
//! inflated it all, and whatever is in doubt is left to one.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::thread;

use crc32fast::Hasher;
use flate2::{Decompress, FlushDecompress, Status};

use super::rows::Counting;

/// Bytes inflated at a time; they fit the processor's cache.
const STEP: usize = 128 * 1024;
/// Fewer bytes in the file are inflated before a second thread would have begun.
const SMALL: u64 = 1 << 20;

/// A part as the package's directory tells it.
pub(super) struct Part {
    /// Where its bytes stand in the file.
    pub(super) bytes: Range<u64>,
    pub(super) length: u64,
    pub(super) checksum: u32,
}

/// What one range holds.
struct Inflated {
    sum: Hasher,
    rows: u64,
    is_between_rows: bool,
    is_finished: bool,
}

/// The rows that hold at least one cell; `None` when that cannot be said this way.
pub(super) fn count(path: &Path, part: &Part, breaks: &[u64]) -> Option<u64> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let ranges = ranges(part.bytes.clone(), breaks, threads as u64);
    if ranges.len() < 2 {
        return None;
    }
    count_in(path, part, ranges)
}

fn count_in(path: &Path, part: &Part, ranges: Vec<Range<u64>>) -> Option<u64> {
    let last = ranges.len() - 1;
    let inflated: Vec<Inflated> = thread::scope(|scope| {
        let threads: Vec<_> = ranges
            .into_iter()
            .enumerate()
            .map(|(place, range)| {
                thread::Builder::new()
                    .name("inflate".to_owned())
                    .spawn_scoped(scope, move || inflate(path, range, place == last))
            })
            .collect();
        let ended = threads
            .into_iter()
            .map(|thread| thread.ok()?.join().ok()?.ok());
        ended.collect::<Option<_>>()
    })?;
    let (end, others) = inflated.split_last()?;
    let mut sum = Hasher::new();
    inflated.iter().for_each(|one| sum.combine(&one.sum));
    let is_whole = sum.total_len() == part.length && sum.finalize() == part.checksum;
    let is_cut_between_rows = others.iter().all(|one| one.is_between_rows);
    (is_whole && is_cut_between_rows && end.is_finished)
        .then(|| inflated.iter().map(|one| one.rows).sum())
}

/// Ranges of about the same size that begin where inflating can begin.
fn ranges(bytes: Range<u64>, breaks: &[u64], threads: u64) -> Vec<Range<u64>> {
    let length = bytes.end - bytes.start;
    let mut ranges = Vec::new();
    let mut start = bytes.start;
    for number in 1..threads.min(length / SMALL) {
        let wanted = bytes.start + length * number / threads;
        let next = breaks.partition_point(|at| *at < wanted);
        if let Some(at) = breaks.get(next)
            && (start + 1..bytes.end).contains(at)
        {
            ranges.push(start..*at);
            start = *at;
        }
    }
    ranges.push(start..bytes.end);
    ranges
}

fn inflate(path: &Path, range: Range<u64>, is_last: bool) -> io::Result<Inflated> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(range.start))?;
    let mut packed = BufReader::with_capacity(STEP, file.take(range.end - range.start));
    let mut inflater = Decompress::new(false);
    let mut step = vec![0; STEP];
    let mut sum = Hasher::new();
    let mut counting = Counting::new();
    loop {
        let input = packed.fill_buf()?;
        let is_end = input.is_empty();
        let (before_in, before_out) = (inflater.total_in(), inflater.total_out());
        let status = inflater
            .decompress(input, &mut step, FlushDecompress::None)
            .map_err(io::Error::other)?;
        let taken = (inflater.total_in() - before_in) as usize;
        let made = (inflater.total_out() - before_out) as usize;
        packed.consume(taken);
        sum.update(&step[..made]);
        counting.take(&step[..made]);
        let is_over = status == Status::StreamEnd;
        if is_over || is_end && made == 0 {
            if is_over != is_last || !packed.fill_buf()?.is_empty() {
                return Err(io::Error::other("the range ends elsewhere"));
            }
            return Ok(Inflated {
                sum,
                rows: counting.rows(),
                is_between_rows: counting.is_between_rows(),
                is_finished: counting.is_finished(),
            });
        }
        if taken == 0 && made == 0 {
            return Err(io::Error::other("the range cannot be inflated"));
        }
    }
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
            .close(part, b"<worksheet><sheetData>", b"</sheetData></worksheet>")
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
        let (file, part, pieces) = worksheet(0);
        for threads in [2, 3, 8] {
            let ranges = ranges(part.bytes.clone(), &pieces, threads);
            assert_eq!(
                ranges.len() as u64,
                threads.min(part_megabytes(&part)),
                "{threads}"
            );
            assert_eq!(ranges.first().unwrap().start, part.bytes.start);
            assert_eq!(ranges.last().unwrap().end, part.bytes.end);
            assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert_eq!(
                count_in(file.path(), &part, ranges),
                Some(PIECES * PIECE_ROWS)
            );
        }
    }

    fn part_megabytes(part: &Part) -> u64 {
        (part.bytes.end - part.bytes.start) / SMALL
    }

    #[test]
    fn what_is_in_doubt_is_not_counted() {
        let (file, part, pieces) = worksheet(0);
        let two = |breaks: &[u64]| ranges(part.bytes.clone(), breaks, 2);
        // No range begins where the hint says.
        let shifted: Vec<u64> = pieces.iter().map(|at| at + 1).collect();
        assert_eq!(count_in(file.path(), &part, two(&shifted)), None);
        // Without hints there is one range.
        assert_eq!(two(&[]).len(), 1);
        // Another checksum than that of all bytes.
        let other = Part {
            bytes: part.bytes.clone(),
            checksum: part.checksum ^ 1,
            ..part
        };
        assert_eq!(count_in(file.path(), &other, two(&pieces)), None);
        // A range that ends in a row.
        let (file, part, pieces) = worksheet(3);
        let ranges = ranges(part.bytes.clone(), &pieces, 2);
        assert_eq!(count_in(file.path(), &part, ranges), None);
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let (file, part, pieces) = worksheet(0);
        let ranges = ranges(part.bytes.clone(), &pieces, 2);
        let at = pieces[PIECES as usize / 2] + 1_000;
        let mut changed = file.reopen().unwrap();
        let mut byte = [0];
        changed.seek(SeekFrom::Start(at)).unwrap();
        changed.read_exact(&mut byte).unwrap();
        changed.seek(SeekFrom::Start(at)).unwrap();
        changed.write_all(&[byte[0] ^ 0x10]).unwrap();
        assert_eq!(count_in(file.path(), &part, ranges), None);
    }
}
