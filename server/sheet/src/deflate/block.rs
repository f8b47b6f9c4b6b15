//! One block with Huffman codes of its own.

use super::bits::{BitWriter, Bits};
use super::huffman::Codes;
use super::matches::{Matches, Step};

/// Bytes, the end of the block, and lengths.
const SYMBOLS: usize = 286;
const DISTANCES: usize = 30;
/// The symbol that ends a block.
const END_OF_BLOCK: usize = 256;
/// Longest code, so that four bytes, or a byte and a copy, fit one word of bits. The format allows 15;
/// on rows the difference is less than a thousandth.
const LIMIT: u8 = 12;
/// Longest code of the lengths of codes, by the format.
const HEADER_LIMIT: u8 = 7;
/// The order in which the format lists the codes of lengths.
const HEADER_ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// New bytes looked at together. Their codes fit one word of bits.
const GROUP: usize = 4;
/// The cell in which bytes are counted that are not new.
const NO_BYTE: usize = 256;
/// Steps for which room is made at a time.
const STEPS: usize = 256;

/// Symbol, further bits and their count, for every length − 3.
const LENGTHS: [(u16, u8, u8); 256] = lengths();
/// Symbols of distances − 1 below 256, then of (distance − 1) / 128.
const NEAR: [u8; 256] = distances(0);
const FAR: [u8; 256] = distances(7);

const fn lengths() -> [(u16, u8, u8); 256] {
    let mut table = [(0, 0, 0); 256];
    let mut length = 0;
    while length < 256 {
        table[length] = if length == 255 {
            (285, 0, 0)
        } else if length < 8 {
            (257 + length as u16, 0, 0)
        } else {
            // Four symbols share a number of further bits.
            let extra = length.ilog2() - 2;
            let symbol = 257 + 4 * extra as u16 + (length >> extra) as u16;
            (symbol, (length & ((1 << extra) - 1)) as u8, extra as u8)
        };
        length += 1;
    }
    table
}

const fn distances(shift: u32) -> [u8; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        table[index as usize] = symbol(index << shift);
        index += 1;
    }
    table
}

const fn symbol(distance: u32) -> u8 {
    if distance < 4 {
        return distance as u8;
    }
    let extra = distance.ilog2() - 1;
    2 * extra as u8 + (distance >> extra) as u8
}

/// The symbol of a distance − 1.
#[inline(always)]
fn distance_symbol(distance: usize) -> usize {
    usize::from(if distance < 256 {
        NEAR[distance]
    } else {
        FAR[distance >> 7]
    })
}

/// How many further bits a distance symbol has.
const fn distance_extra(symbol: usize) -> u32 {
    if symbol < 4 { 0 } else { symbol as u32 / 2 - 1 }
}

/// Writes the bytes as a block that is not the last.
pub(super) fn write(out: &mut BitWriter, raw: &[u8], matches: &Matches) {
    let (symbols, distances) = count(raw, matches);
    let symbols = Codes::new(&symbols, LIMIT);
    let distances = Codes::new(&distances, LIMIT);
    out.put(0b100, 3);
    write_header(out, &symbols, &distances);
    write_body(out, raw, matches, &symbols, &distances);
}

fn count(raw: &[u8], matches: &Matches) -> ([u32; SYMBOLS], [u32; DISTANCES]) {
    // A count for each of four bytes in turn: one cell counted twice in a row would wait for itself. The last
    // cell counts what is no new byte any more, which is faster than to stop at the right one.
    let mut bytes = [[0u32; NO_BYTE + 1]; GROUP];
    let mut lengths = [0u32; 256];
    let mut distances = [0u32; DISTANCES];
    let mut at = 0;
    for step in matches.list() {
        let mut left = step.fresh();
        let mut from = at;
        if left == 1 {
            // The last digit of a row's number, in every other step.
            bytes[0][usize::from(raw[at])] += 1;
            left = 0;
        }
        while left > 0 {
            for (place, byte) in group(raw, from).into_iter().enumerate() {
                let cell = if place < left {
                    usize::from(byte)
                } else {
                    NO_BYTE
                };
                bytes[place][cell] += 1;
            }
            from += GROUP;
            left = left.saturating_sub(GROUP);
        }
        at += step.fresh();
        if step.is_copy() {
            lengths[step.length()] += 1;
            distances[distance_symbol(step.distance())] += 1;
            at += step.length() + 3;
        }
    }
    let mut symbols = [0u32; SYMBOLS];
    for byte in 0..256 {
        symbols[byte] = bytes.iter().map(|bytes| bytes[byte]).sum();
    }
    for length in 0..256 {
        symbols[usize::from(LENGTHS[length].0)] += lengths[length];
    }
    symbols[END_OF_BLOCK] = 1;
    (symbols, distances)
}

/// The bytes from a place on, as many as are looked at together; zeros behind the last one.
#[inline(always)]
fn group(raw: &[u8], from: usize) -> [u8; GROUP] {
    match raw.get(from..from + GROUP) {
        Some(bytes) => bytes.try_into().expect("as many bytes"),
        None => last_group(raw, from),
    }
}

#[cold]
fn last_group(raw: &[u8], from: usize) -> [u8; GROUP] {
    std::array::from_fn(|place| raw.get(from + place).copied().unwrap_or_default())
}

/// The lengths of both codes, themselves written in a code.
fn write_header(out: &mut BitWriter, symbols: &Codes<SYMBOLS>, distances: &Codes<DISTANCES>) {
    let used = |lengths: &[u8]| {
        lengths
            .iter()
            .rposition(|length| *length > 0)
            .map_or(0, |last| last + 1)
    };
    let symbol_count = used(&symbols.lengths).max(257);
    let distance_count = used(&distances.lengths).max(1);
    let mut all = Vec::with_capacity(SYMBOLS + DISTANCES);
    all.extend_from_slice(&symbols.lengths[..symbol_count]);
    all.extend_from_slice(&distances.lengths[..distance_count]);
    let runs = runs(&all);
    let mut counts = [0u32; 19];
    for (symbol, _, _) in &runs {
        counts[*symbol] += 1;
    }
    let codes = Codes::new(&counts, HEADER_LIMIT);
    let listed = HEADER_ORDER
        .iter()
        .rposition(|symbol| codes.lengths[*symbol] > 0)
        .map_or(4, |last| (last + 1).max(4));
    out.put(symbol_count as u64 - 257, 5);
    out.put(distance_count as u64 - 1, 5);
    out.put(listed as u64 - 4, 4);
    for symbol in &HEADER_ORDER[..listed] {
        out.put(u64::from(codes.lengths[*symbol]), 3);
    }
    for (symbol, extra, bits) in runs {
        out.put(
            u64::from(codes.bits[symbol]),
            u32::from(codes.lengths[symbol]),
        );
        out.put(extra, bits);
    }
}

/// Lengths as symbols with further bits: 16 repeats the last one, 17 and 18 are runs of zeros.
fn runs(lengths: &[u8]) -> Vec<(usize, u64, u32)> {
    let mut runs = Vec::with_capacity(lengths.len());
    let mut rest = lengths;
    while let Some(first) = rest.first() {
        let mut same = rest.iter().take_while(|length| *length == first).count();
        rest = &rest[same..];
        if *first == 0 {
            while same >= 3 {
                let run = same.min(138);
                runs.push(if run < 11 {
                    (17, run as u64 - 3, 3)
                } else {
                    (18, run as u64 - 11, 7)
                });
                same -= run;
            }
        } else {
            runs.push((usize::from(*first), 0, 0));
            same -= 1;
            while same >= 3 {
                let run = same.min(6);
                runs.push((16, run as u64 - 3, 2));
                same -= run;
            }
        }
        runs.extend(std::iter::repeat_n((usize::from(*first), 0, 0), same));
    }
    runs
}

fn write_body(
    out: &mut BitWriter,
    raw: &[u8],
    matches: &Matches,
    symbols: &Codes<SYMBOLS>,
    distances: &Codes<DISTANCES>,
) {
    let codes = BodyCodes::new(symbols, distances);
    let mut at = 0;
    for steps in matches.list().chunks(STEPS) {
        let fresh: usize = steps.iter().map(|step| step.fresh()).sum();
        // Two bytes for a new one, eight for the rest of a group and for a copy.
        at = out.with_room(fresh * 2 + steps.len() * 16, |out| {
            write_steps(out, raw, at, steps, &codes)
        });
    }
    out.put(
        u64::from(symbols.bits[END_OF_BLOCK]),
        u32::from(symbols.lengths[END_OF_BLOCK]),
    );
}

/// Codes as they are written: bits, and how many.
struct BodyCodes {
    bytes: [(u16, u16); 256],
    /// Of lengths, with their further bits.
    lengths: [(u32, u8); 256],
    /// Of distances, and how many further bits follow.
    distances: [(u16, u8, u8); 32],
}

impl BodyCodes {
    fn new(symbols: &Codes<SYMBOLS>, distances: &Codes<DISTANCES>) -> Self {
        Self {
            bytes: std::array::from_fn(|byte| {
                (symbols.bits[byte], u16::from(symbols.lengths[byte]))
            }),
            lengths: std::array::from_fn(|length| {
                let (symbol, extra, bits) = LENGTHS[length];
                let symbol = usize::from(symbol);
                let code = symbols.lengths[symbol];
                (
                    u32::from(symbols.bits[symbol]) | u32::from(extra) << code,
                    code + bits,
                )
            }),
            distances: std::array::from_fn(|symbol| match symbol {
                0..DISTANCES => (
                    distances.bits[symbol],
                    distances.lengths[symbol],
                    distance_extra(symbol) as u8,
                ),
                _ => (0, 0, 0),
            }),
        }
    }

    /// The codes of as many of the bytes as are new, behind each other. The others are looked up all the same
    /// and add nothing: to stop at the right one would be a guess of the processor that fails every other time.
    #[inline(always)]
    fn of_group(&self, group: [u8; GROUP], new: usize) -> (u64, u32) {
        let [a, b, c, d] = std::array::from_fn(|place| {
            let (bits, count) = self.bytes[usize::from(group[place])];
            let kept = if place < new { u16::MAX } else { 0 };
            (u64::from(bits & kept), u32::from(count & kept))
        });
        let (first, second) = (a.0 | b.0 << a.1, c.0 | d.0 << c.1);
        (first | second << (a.1 + b.1), a.1 + b.1 + c.1 + d.1)
    }
}

/// Writes steps whose bytes begin at `at`, and gives the place behind them.
fn write_steps<'a>(
    mut out: Bits<'a>,
    raw: &[u8],
    mut at: usize,
    steps: &[Step],
    codes: &BodyCodes,
) -> (Bits<'a>, usize) {
    for step in steps {
        let mut left = step.fresh();
        let mut from = at;
        if left == 1 {
            // The last digit of a row's number, in every other step. With a copy it fits one word.
            let (bits, count) = codes.bytes[usize::from(raw[at])];
            out.add(u64::from(bits), u32::from(count));
            left = 0;
        }
        while left > 0 {
            let (bits, count) = codes.of_group(group(raw, from), left);
            out.add(bits, count);
            out.flush();
            from += GROUP;
            left = left.saturating_sub(GROUP);
        }
        at += step.fresh();
        if step.is_copy() {
            let (length, count) = codes.lengths[step.length()];
            let distance = step.distance();
            let (bits, code, extra) = codes.distances[distance_symbol(distance)];
            let low = distance as u64 & ((1 << extra) - 1);
            let behind = u64::from(bits) | low << code;
            out.add(
                u64::from(length) | behind << count,
                u32::from(count) + u32::from(code) + u32::from(extra),
            );
            at += step.length() + 3;
        }
        out.flush();
    }
    (out, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_distances_have_the_symbols_of_the_format() {
        // RFC 1951, 3.2.5.
        for (length, symbol, extra) in [
            (3, 257, 0),
            (10, 264, 0),
            (11, 265, 1),
            (12, 265, 1),
            (13, 266, 1),
            (18, 268, 1),
            (19, 269, 2),
            (34, 272, 2),
            (35, 273, 3),
            (67, 277, 4),
            (131, 281, 5),
            (227, 284, 5),
            (257, 284, 5),
            (258, 285, 0),
        ] {
            let (found, _, bits) = LENGTHS[length - 3];
            assert_eq!((found, bits), (symbol, extra), "{length}");
        }
        for (distance, symbol, extra) in [
            (1, 0, 0),
            (4, 3, 0),
            (5, 4, 1),
            (7, 5, 1),
            (9, 6, 2),
            (193, 15, 6),
            (256, 15, 6),
            (257, 16, 7),
            (512, 17, 7),
            (513, 18, 8),
            (24_577, 29, 13),
            (32_768, 29, 13),
        ] {
            let found = distance_symbol(distance - 1);
            assert_eq!(
                (found, distance_extra(found)),
                (symbol, extra),
                "{distance}"
            );
        }
    }
}
