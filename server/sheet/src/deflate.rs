//! Deflate (RFC 1951) that is told its matches instead of searching for them.
//!
//! Whoever writes rows knows where the same bytes stood in the row before. The search for such places
//! is most of what an ordinary compressor does; without it there remain the Huffman codes, made anew
//! for every block. A finished [`Piece`] ends on a byte and refers to nothing before it, so pieces
//! made on several threads are joined by writing one after the other.

mod bits;
mod block;
mod huffman;
mod matches;
mod search;

use crc32fast::Hasher;

pub use matches::Matches;

use bits::BitWriter;
use search::Search;

/// The furthest a match may reach back, in bytes.
pub const WINDOW: usize = 32_768;

/// What ends a stream of pieces: an empty block marked as the last.
pub const END: [u8; 5] = [1, 0, 0, 0xFF, 0xFF];

/// A part of a deflated stream that stands for itself: it ends on a byte and is not the last one.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// Deflated.
    pub bytes: Vec<u8>,
    /// Checksum and length of what was deflated.
    pub sum: Hasher,
}

impl Piece {
    /// Deflates bytes of which nothing is known, by search. `level` is zlib's, 1 to 9.
    pub fn of(raw: &[u8], level: u32) -> Self {
        let mut deflater = Deflater::default();
        deflater.searched(raw, level);
        deflater.finish()
    }
}

/// Makes pieces.
#[derive(Default)]
pub struct Deflater {
    out: BitWriter,
    sum: Hasher,
    search: Option<Search>,
}

impl Deflater {
    /// Adds a block of the bytes from `from` on, as the matches describe them; the matches are empty
    /// afterwards.
    ///
    /// The bytes before `from` are those added last; matches may reach into them.
    ///
    /// # Panics
    /// When the matches describe another number of bytes than there are.
    pub fn told(&mut self, raw: &[u8], from: usize, matches: &mut Matches) {
        let new = &raw[from..];
        matches.finish();
        assert_eq!(
            matches.length(),
            new.len(),
            "matches describe every byte and no other"
        );
        if !new.is_empty() {
            self.sum.update(new);
            block::write(&mut self.out, new, matches);
        }
        matches.clear();
    }

    /// Adds bytes of which nothing is known; matches are searched for among them. `level` is zlib's.
    pub fn searched(&mut self, new: &[u8], level: u32) {
        self.sum.update(new);
        self.out.align();
        let search = self.search.get_or_insert_with(|| Search::new(level));
        self.out.bytes().extend(|bytes| search.deflate(new, bytes));
    }

    /// The piece of everything added since the last one.
    pub fn finish(&mut self) -> Piece {
        self.out.align();
        Piece {
            bytes: self.out.bytes().take(),
            sum: std::mem::take(&mut self.sum),
        }
    }
}
