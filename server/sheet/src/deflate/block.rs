//! One block with Huffman codes of its own.

use super::bits::BitWriter;
use super::huffman::Codes;
use super::matches::Matches;

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
    // Two counts in turn: one cell counted twice in a row would wait for itself.
    let mut bytes = [[0u32; 256]; 2];
    let mut lengths = [0u32; 256];
    let mut distances = [0u32; DISTANCES];
    let mut at = 0;
    for step in matches.list() {
        let fresh = &raw[at..at + step.fresh()];
        at += fresh.len();
        let (pairs, rest) = fresh.as_chunks::<2>();
        for [first, second] in pairs {
            bytes[0][usize::from(*first)] += 1;
            bytes[1][usize::from(*second)] += 1;
        }
        for byte in rest {
            bytes[0][usize::from(*byte)] += 1;
        }
        if step.is_copy() {
            lengths[step.length()] += 1;
            distances[distance_symbol(step.distance())] += 1;
            at += step.length() + 3;
        }
    }
    let mut symbols = [0u32; SYMBOLS];
    for byte in 0..256 {
        symbols[byte] = bytes[0][byte] + bytes[1][byte];
        symbols[usize::from(LENGTHS[byte].0)] += lengths[byte];
    }
    symbols[END_OF_BLOCK] = 1;
    (symbols, distances)
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
    let byte_codes: [(u16, u8); 256] =
        std::array::from_fn(|byte| (symbols.bits[byte], symbols.lengths[byte]));
    // Code and further bits of a length in one.
    let length_codes: [(u32, u8); 256] = std::array::from_fn(|length| {
        let (symbol, extra, bits) = LENGTHS[length];
        let symbol = usize::from(symbol);
        let code = symbols.lengths[symbol];
        (
            u32::from(symbols.bits[symbol]) | u32::from(extra) << code,
            code + bits,
        )
    });
    let distance_codes: [(u16, u8, u8); 32] = std::array::from_fn(|symbol| match symbol {
        0..DISTANCES => (
            distances.bits[symbol],
            distances.lengths[symbol],
            distance_extra(symbol) as u8,
        ),
        _ => (0, 0, 0),
    });
    let mut at = 0;
    for step in matches.list() {
        let fresh = &raw[at..at + step.fresh()];
        at += fresh.len();
        // 255 bytes of 12 bits and one copy.
        out.reserve(400);
        let (fours, rest) = fresh.as_chunks::<4>();
        for four in fours {
            for byte in four {
                let (bits, count) = byte_codes[usize::from(*byte)];
                out.add(u64::from(bits), u32::from(count));
            }
            out.flush();
        }
        for byte in rest {
            let (bits, count) = byte_codes[usize::from(*byte)];
            out.add(u64::from(bits), u32::from(count));
        }
        if rest.len() > 1 || !step.is_copy() {
            out.flush();
        }
        if step.is_copy() {
            let (bits, count) = length_codes[step.length()];
            out.add(u64::from(bits), u32::from(count));
            let distance = step.distance();
            let symbol = distance_symbol(distance);
            let (bits, count, extra) = distance_codes[symbol];
            let low = distance as u64 & ((1 << extra) - 1);
            out.add(
                u64::from(bits) | low << count,
                u32::from(count) + u32::from(extra),
            );
            out.flush();
            at += step.length() + 3;
        }
    }
    out.put(
        u64::from(symbols.bits[END_OF_BLOCK]),
        u32::from(symbols.lengths[END_OF_BLOCK]),
    );
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
