//! The ordinary way: zlib-rs looks for the matches itself.

use flate2::{Compress, Compression, FlushCompress, Status};

/// A compressor that is used again and again.
pub(super) struct Search {
    zlib: Compress,
}

impl Search {
    pub(super) fn new(level: u32) -> Self {
        Self {
            zlib: Compress::new(Compression::new(level.clamp(1, 9)), false),
        }
    }

    /// Puts the deflated bytes behind those there are, up to a whole byte.
    pub(super) fn deflate(&mut self, raw: &[u8], into: &mut Vec<u8>) {
        self.zlib.reset();
        let mut rest = raw;
        loop {
            into.reserve(rest.len() / 2 + 1_024);
            let before = self.zlib.total_in();
            let room = into.capacity();
            let status = self
                .zlib
                .compress_vec(rest, into, FlushCompress::Sync)
                .expect("a compressor that is not set up wrong cannot fail");
            let taken = usize::try_from(self.zlib.total_in() - before).unwrap_or(rest.len());
            rest = &rest[taken..];
            // Room that is left over says that the flush is complete.
            if rest.is_empty() && into.len() < room {
                return;
            }
            debug_assert!(!matches!(status, Status::StreamEnd));
        }
    }
}
