//! Bits into bytes, lowest first.

/// Collects bits in a word and puts it out byte by byte.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bytes in use; behind them is room.
    length: usize,
    word: u64,
    /// Bits in use of the word: at most 7 after [`Bits::flush`].
    used: u32,
}

/// Bits on their way into room that has been made. By itself, so that a processor keeps it at hand.
pub(super) struct Bits<'a> {
    bytes: &'a mut [u8],
    length: usize,
    word: u64,
    used: u32,
}

impl Bits<'_> {
    /// Adds up to 56 bits to a flushed word. The bits above `count` must be zero.
    #[inline(always)]
    pub(super) fn add(&mut self, bits: u64, count: u32) {
        self.word |= bits << self.used;
        self.used += count;
    }

    /// Puts out the whole bytes of the word. Room must have been made.
    #[inline(always)]
    pub(super) fn flush(&mut self) {
        self.bytes[self.length..self.length + 8].copy_from_slice(&self.word.to_le_bytes());
        self.length += (self.used >> 3) as usize;
        self.word >>= self.used & !7;
        self.used &= 7;
    }
}

/// Room made at a time.
const ROOM: usize = 64 * 1024;
/// An empty stored block without the bits before it.
const STORED: [u8; 4] = [0, 0, 0xFF, 0xFF];

impl BitWriter {
    /// Makes room for so many bytes and lets somebody write there.
    pub(super) fn with_room<'a, T>(
        &'a mut self,
        bytes: usize,
        write: impl FnOnce(Bits<'a>) -> (Bits<'a>, T),
    ) -> T {
        let wanted = self.length + bytes + 8;
        if self.bytes.len() < wanted {
            self.bytes.resize(wanted + ROOM, 0);
        }
        let (written, told) = write(Bits {
            bytes: &mut self.bytes,
            length: self.length,
            word: self.word,
            used: self.used,
        });
        (self.length, self.word, self.used) = (written.length, written.word, written.used);
        told
    }

    /// Adds bits where speed does not matter.
    pub(super) fn put(&mut self, bits: u64, count: u32) {
        self.with_room(8, |mut out| {
            out.add(bits, count);
            out.flush();
            (out, ())
        });
    }

    /// Ends on a byte, by an empty stored block where bits have been written.
    pub(super) fn align(&mut self) {
        if self.length == 0 && self.used == 0 {
            return;
        }
        self.put(0, 3);
        self.put(0, (8 - self.used) % 8);
        self.bytes.truncate(self.length);
        self.bytes.extend_from_slice(&STORED);
        self.length = self.bytes.len();
    }

    /// The bytes so far, to be gone on with behind an [`BitWriter::align`] only.
    pub(super) fn bytes(&mut self) -> Bytes<'_> {
        debug_assert_eq!(self.used, 0, "bytes are asked for on a byte");
        self.bytes.truncate(self.length);
        Bytes(self)
    }
}

/// Access to the bytes that keeps their count right.
pub(super) struct Bytes<'a>(&'a mut BitWriter);

impl Bytes<'_> {
    /// Lets somebody add bytes at the end.
    pub(super) fn extend(self, add: impl FnOnce(&mut Vec<u8>)) {
        add(&mut self.0.bytes);
        self.0.length = self.0.bytes.len();
    }

    /// Takes all bytes.
    pub(super) fn take(self) -> Vec<u8> {
        self.0.length = 0;
        std::mem::take(&mut self.0.bytes)
    }
}
