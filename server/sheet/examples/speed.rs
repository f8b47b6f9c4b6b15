//! Measures how fast rows become the deflated XML of a worksheet, against the other ways, in one run.
//!
//! ```sh
//! cargo run --release -p sheet --example speed -- 1000000 3
//! ```
//!
//! The arguments are the number of rows and of repetitions, of which the fastest counts; a third one names
//! the only way to measure. One line of JSON per way goes to standard output. Everything happens on one
//! thread and in memory, so that only the writing is measured, in processor seconds, which a busy machine
//! changes little. The figures of one run can be compared, and those of two runs cannot.

use std::hint::black_box;
use std::io::{self, Write};

use flate2::read::DeflateDecoder;
use rust_xlsxwriter::{Format, Workbook};
use rustix::time::{ClockId, clock_gettime};
use sheet::deflate::{END, Piece};
use sheet::{Block, Cells, Codec, ColumnStyle, Encoder, Layout, TextId, Values};

const CHUNK: usize = 2_048;
const COLUMNS: usize = 11;

/// Orders as a shop has them: eleven columns like those of the peers in docs/benchmarks.md.
struct Orders {
    id: Vec<i64>,
    ordered: Vec<i64>,
    texts: [Vec<TextId>; 4],
    customer: Vec<i64>,
    amount: Vec<i128>,
    rebate: Vec<i128>,
    is_gift: Vec<bool>,
    note: Vec<TextId>,
    rows: usize,
}

/// A row of small pseudo-random numbers (splitmix64), the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }
}

impl Orders {
    fn make(first: usize, rows: usize, dice: &mut Dice) -> Self {
        // 2024-01-01, then an order every thirty seconds or so.
        let start = 19_723 * 86_400_000_000;
        let shared = |dice: &mut Dice, from, kinds| {
            (0..rows)
                .map(|_| TextId::shared(from + dice.roll(kinds) as u32, false))
                .collect()
        };
        Self {
            id: (0..rows)
                .map(|row| 1_000_000 + (first + row) as i64)
                .collect(),
            ordered: (0..rows)
                .map(|row| start + ((first + row) as i64 * 31 + dice.roll(29) as i64) * 1_000_000)
                .collect(),
            texts: [
                shared(dice, 10, 17),
                shared(dice, 30, 6),
                shared(dice, 40, 500),
                shared(dice, 600, 5_000),
            ],
            customer: (0..rows).map(|_| dice.roll(50_000) as i64 + 1).collect(),
            amount: (0..rows)
                .map(|_| i128::from(dice.roll(900_000) + 1_000) * 10)
                .collect(),
            rebate: (0..rows)
                .map(|_| {
                    if dice.roll(4) == 0 {
                        i128::from(dice.roll(20_000))
                    } else {
                        0
                    }
                })
                .collect(),
            is_gift: (0..rows).map(|_| dice.roll(20) == 0).collect(),
            note: (0..rows)
                .map(|_| match dice.roll(5) {
                    0 => TextId::shared(6_000 + dice.roll(300) as u32, false),
                    _ => TextId::NONE,
                })
                .collect(),
            rows,
        }
    }

    fn block(&self, first_row: usize) -> Block<'_> {
        let cells = |values| Cells {
            values,
            valid: None,
            special: &[],
        };
        let text = |ids| {
            cells(Values::Text {
                ids,
                bytes: &[],
                offsets: &[],
            })
        };
        let [region, channel, product, name] = &self.texts;
        Block {
            first_row: first_row as u32,
            rows: self.rows,
            columns: vec![
                cells(Values::Integer(&self.id)),
                cells(Values::Datetime(&self.ordered)),
                text(region),
                text(channel),
                text(product),
                text(name),
                cells(Values::Integer(&self.customer)),
                cells(Values::Decimal(&self.amount, 2)),
                cells(Values::Decimal(&self.rebate, 2)),
                cells(Values::Boolean(&self.is_gift)),
                text(&self.note),
            ],
        }
    }
}

fn layout(has_references: bool) -> Layout {
    let columns = (1..=COLUMNS as u32)
        .map(|column| ColumnStyle {
            column,
            quoted: 13,
            plain: 12,
        })
        .collect();
    Layout {
        columns,
        has_references,
    }
}

fn encoded(chunks: &[Orders], layout: &Layout, codec: Codec) -> Vec<Piece> {
    let mut encoder = Encoder::new(layout, codec);
    let mut row = 2;
    chunks
        .iter()
        .map(|chunk| {
            let piece = encoder.encode(&chunk.block(row));
            row += chunk.rows;
            piece
        })
        .collect()
}

/// Inflates the pieces as one stream and compares length and checksum.
fn check(pieces: &[Piece]) {
    let mut sum = crc32fast::Hasher::new();
    let mut stream = Vec::new();
    for piece in pieces {
        sum.combine(&piece.sum);
        stream.extend_from_slice(&piece.bytes);
    }
    stream.extend_from_slice(&END);
    let mut found = Checksum(crc32fast::Hasher::new());
    io::copy(&mut DeflateDecoder::new(stream.as_slice()), &mut found).expect("the stream inflates");
    assert_eq!(
        found.0.finalize(),
        sum.finalize(),
        "the stream inflates to something else"
    );
}

struct Checksum(crc32fast::Hasher);

impl Write for Checksum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same cells through rust_xlsxwriter, in its fastest and smallest mode.
fn by_library(chunks: &[Orders]) -> u64 {
    let mut workbook = Workbook::new();
    let worksheet = workbook
        .add_worksheet_with_low_memory()
        .expect("a temporary file");
    let formats: Vec<Format> = (0..COLUMNS)
        .map(|column| Format::new().set_indent(column as u8 + 1))
        .collect();
    for (column, format) in (0u16..).zip(&formats) {
        worksheet
            .set_column_format(column, format)
            .expect("a column");
    }
    let mut at = 1;
    for chunk in chunks {
        for row in 0..chunk.rows {
            let number = |value: i64| value as f64;
            worksheet
                .write_number(at, 0, number(chunk.id[row]))
                .expect("a cell");
            let serial = 25_569.0 + number(chunk.ordered[row]) / 86_400_000_000.0;
            worksheet.write_number(at, 1, serial).expect("a cell");
            for (column, texts) in (2..).zip(&chunk.texts) {
                worksheet
                    .write_string(at, column, format!("{:?}", texts[row]))
                    .expect("a cell");
            }
            worksheet
                .write_number(at, 6, number(chunk.customer[row]))
                .expect("a cell");
            worksheet
                .write_number(at, 7, chunk.amount[row] as f64 / 100.0)
                .expect("a cell");
            worksheet
                .write_number(at, 8, chunk.rebate[row] as f64 / 100.0)
                .expect("a cell");
            worksheet
                .write_boolean(at, 9, chunk.is_gift[row])
                .expect("a cell");
            if chunk.note[row] != TextId::NONE {
                worksheet
                    .write_string(at, 10, format!("{:?}", chunk.note[row]))
                    .expect("a cell");
            }
            at += 1;
        }
    }
    workbook.save_to_buffer().expect("a workbook").len() as u64
}

/// Seconds this thread has worked.
fn worked() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn tell(way: &str, cells: u64, seconds: f64, bytes: u64) {
    let speed = cells as f64 / seconds / 1e6;
    let per_cell = bytes as f64 / cells as f64;
    println!(
        "{{\"way\": \"{way}\", \"million_cells_per_second\": {speed:.2}, \"bytes_per_cell\": {per_cell:.2}, \"seconds\": {seconds:.3}}}"
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |default| {
        arguments
            .next()
            .map_or(default, |text| text.parse().expect("a number"))
    };
    let rows: usize = argument(1_000_000).min(1_048_575);
    let times = argument(3);
    let only: String = std::env::args().nth(3).unwrap_or_default();
    let mut dice = Dice(7);
    let chunks: Vec<Orders> = (0..rows)
        .step_by(CHUNK)
        .map(|first| Orders::make(first, CHUNK.min(rows - first), &mut dice))
        .collect();
    // Cells without a note are none.
    let notes: usize = chunks
        .iter()
        .flat_map(|chunk| &chunk.note)
        .filter(|note| **note != TextId::NONE)
        .count();
    let cells = (rows * (COLUMNS - 1) + notes) as u64;
    for (way, has_references, codec) in [
        ("told, references", true, Codec::Guided),
        ("told, no references", false, Codec::Guided),
        ("zlib-rs level 1, references", true, Codec::Searched(1)),
        ("zlib-rs level 6, references", true, Codec::Searched(6)),
    ] {
        if !only.is_empty() && only != way {
            continue;
        }
        let layout = layout(has_references);
        let mut best = f64::INFINITY;
        let mut pieces = Vec::new();
        for _ in 0..times {
            let begin = worked();
            pieces = black_box(encoded(&chunks, &layout, codec));
            best = best.min(worked() - begin);
        }
        check(&pieces);
        let bytes = pieces.iter().map(|piece| piece.bytes.len() as u64).sum();
        tell(way, cells, best, bytes);
    }
    if !only.is_empty() && only != "rust_xlsxwriter" {
        return;
    }
    let begin = worked();
    let bytes = by_library(&chunks);
    tell("rust_xlsxwriter", cells, worked() - begin, bytes);
}
