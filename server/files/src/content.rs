//! What a finished file holds: its size and its SHA-256.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::FilesError;

/// Bytes read or written at once: large enough for full speed.
const PIECE: usize = 256 * 1024;

/// Size and SHA-256 of a file, by which it is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The size.
    pub bytes: u64,
    /// The SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

impl Content {
    /// Reads a whole file. This blocks.
    ///
    /// # Errors
    /// The kinds of a disk.
    pub fn of_file(path: &Path) -> Result<Self, FilesError> {
        let mut sum = Sum::default();
        File::open(path)
            .and_then(|mut file| pump(&mut file, &mut sum))
            .map_err(|error| FilesError::of_disk("read", &path.display().to_string(), error))?;
        Ok(sum.finish())
    }

    /// Of bytes in memory.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut sum = Sum::default();
        sum.add(bytes);
        sum.finish()
    }
}

/// Counts and hashes bytes as they pass.
#[derive(Clone, Default)]
pub(crate) struct Sum {
    bytes: u64,
    sha256: Sha256,
}

impl Sum {
    pub(crate) fn add(&mut self, piece: &[u8]) {
        self.bytes += piece.len() as u64;
        self.sha256.update(piece);
    }

    pub(crate) fn finish(self) -> Content {
        Content {
            bytes: self.bytes,
            sha256: hex::encode(self.sha256.finalize()),
        }
    }
}

impl io::Write for Sum {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.add(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Copies everything through a large buffer.
pub(crate) fn pump(from: &mut impl Read, to: &mut impl io::Write) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => to.write_all(&piece[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_the_published_one() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            Content::of_bytes(b"abc"),
            Content {
                bytes: 3,
                sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                    .to_owned(),
            }
        );
    }
}
