//! SHA-256 of files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::EngineError;

/// The checksum of a file in lower-case hex, and its size in bytes.
///
/// # Errors
/// [`EngineError::Disk`] when the file cannot be read.
pub(crate) fn of_file(path: &Path) -> Result<(String, u64), EngineError> {
    let failed = |error| EngineError::disk("read", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            return Ok((hex::encode(hash.finalize()), bytes));
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
}
