//! Any stream of told matches inflates to the same bytes.

use std::io::Read;
use std::process::{Command, Stdio};

use flate2::read::DeflateDecoder;
use proptest::prelude::*;
use sheet::deflate::{Deflater, END, Matches, Piece, WINDOW};

/// New bytes, or a copy of so many bytes from so far back (reduced to what there is).
#[derive(Clone, Debug)]
enum Part {
    New(Vec<u8>),
    Copy { length: usize, back: usize },
}

fn any_part() -> impl Strategy<Value = Part> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::collection::vec(proptest::sample::select(b"0123456789</v>".to_vec()), 0..700),
    ];
    prop_oneof![
        bytes.prop_map(Part::New),
        (0..600usize, 1..40_000usize).prop_map(|(length, back)| Part::Copy { length, back }),
        (3..40usize, 1..300usize).prop_map(|(length, back)| Part::Copy { length, back }),
    ]
}

/// Pieces of several blocks, and what they should inflate to.
fn deflated(pieces: &[Vec<Vec<Part>>]) -> (Vec<Piece>, Vec<u8>) {
    let mut all = Vec::new();
    let mut deflater = Deflater::default();
    let mut matches = Matches::default();
    let pieces = pieces
        .iter()
        .map(|blocks| {
            let mut raw: Vec<u8> = Vec::new();
            for (number, parts) in blocks.iter().enumerate() {
                let from = raw.len();
                for part in parts {
                    match part {
                        Part::New(bytes) => {
                            raw.extend_from_slice(bytes);
                            matches.fresh(bytes.len());
                        }
                        Part::Copy { length, back } if !raw.is_empty() => {
                            // Beyond the window the writer is told so and must make the best of it.
                            let back = 1 + (back - 1) % raw.len();
                            for _ in 0..*length {
                                raw.push(raw[raw.len() - back]);
                            }
                            matches.copy(*length, back);
                        }
                        Part::Copy { .. } => {}
                    }
                }
                if number % 3 == 2 {
                    deflater.searched(&raw[from..], 6);
                    matches.clear();
                } else {
                    deflater.told(&raw, from, &mut matches);
                }
            }
            all.extend_from_slice(&raw);
            deflater.finish()
        })
        .collect();
    (pieces, all)
}

fn joined(pieces: &[Piece]) -> Vec<u8> {
    let mut stream: Vec<u8> = pieces
        .iter()
        .flat_map(|piece| piece.bytes.clone())
        .collect();
    stream.extend_from_slice(&END);
    stream
}

fn inflated(stream: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut decoder = DeflateDecoder::new(stream);
    decoder
        .read_to_end(&mut bytes)
        .expect("the stream is a deflated one");
    assert_eq!(
        decoder.total_in() as usize,
        stream.len(),
        "bytes are left over"
    );
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn told_matches_inflate_to_the_same_bytes(
        pieces in proptest::collection::vec(proptest::collection::vec(proptest::collection::vec(any_part(), 0..60), 0..5), 0..4),
    ) {
        let (pieces, expected) = deflated(&pieces);
        prop_assert_eq!(&inflated(&joined(&pieces)), &expected);
        let mut sum = crc32fast::Hasher::new();
        pieces.iter().for_each(|piece| sum.combine(&piece.sum));
        prop_assert_eq!(sum.finalize(), crc32fast::hash(&expected));
    }
}

#[test]
fn a_piece_of_nothing_is_nothing() {
    let mut deflater = Deflater::default();
    deflater.told(&[], 0, &mut Matches::default());
    assert_eq!(deflater.finish().bytes, []);
    assert_eq!(inflated(&END), []);
}

#[test]
fn matches_reach_as_far_as_the_window() {
    let mut raw: Vec<u8> = (0..WINDOW as u32)
        .map(|at| (at * 7_919 % 251) as u8)
        .collect();
    let mut matches = Matches::default();
    matches.fresh(WINDOW);
    raw.extend_from_within(..1_000);
    matches.copy(1_000, WINDOW);
    let mut deflater = Deflater::default();
    deflater.told(&raw, 0, &mut matches);
    assert_eq!(inflated(&joined(&[deflater.finish()])), raw);
}

/// Python's zlib is the original one, written by the format's own authors.
#[test]
fn the_original_zlib_reads_it_too() {
    let numbers: Vec<Part> = (0..5_000u32)
        .flat_map(|row| {
            let row = format!(
                "{}</v></c><c r=\"A{row}\">",
                row.wrapping_mul(2_654_435_769) % 1_000
            );
            [
                Part::New(row.into_bytes()),
                Part::Copy {
                    length: 8,
                    back: 20,
                },
            ]
        })
        .collect();
    let (pieces, expected) = deflated(&[vec![numbers.clone(), numbers]]);
    let script = "import sys,zlib; d=zlib.decompressobj(-15); s=sys.stdin.buffer.read(); \
                  o=d.decompress(s)+d.flush(); assert d.eof and not d.unused_data; sys.stdout.buffer.write(o)";
    let mut python = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python 3 is needed for this test: install it so that `python3` is on the PATH");
    let mut stdin = python.stdin.take().unwrap();
    let stream = joined(&pieces);
    let feeder = std::thread::spawn(move || std::io::Write::write_all(&mut stdin, &stream));
    let output = python.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success());
    assert!(output.stdout == expected, "Python inflates something else");
}
