//! The sink of a Parquet file, kept within reach.
//!
//! The Parquet writer never flushes, and it turns an error of the operating system into text; with
//! it goes the difference between a full disk and a mistake of ours.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Pages come out in pieces of up to a megabyte; smaller ones are gathered to this many bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// A file that remembers its first error. Clones share it.
#[derive(Clone)]
pub(super) struct ErrorKeepingWriter(Arc<Mutex<Sink>>);

struct Sink {
    file: BufWriter<File>,
    failure: Option<io::Error>,
}

impl ErrorKeepingWriter {
    /// Writes to `file` through a buffer.
    pub(super) fn new(file: File) -> Self {
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Self(Arc::new(Mutex::new(Sink {
            file,
            failure: None,
        })))
    }

    /// The first error, once.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.sink().failure.take()
    }

    fn sink(&self) -> MutexGuard<'_, Sink> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink {
    fn record<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.inspect_err(|error| {
            let copy = match error.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(error.kind(), error.to_string()),
            };
            self.failure.get_or_insert(copy);
        })
    }
}

impl Write for ErrorKeepingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut sink = self.sink();
        let result = sink.file.write(bytes);
        sink.record(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut sink = self.sink();
        let result = sink.file.flush();
        sink.record(result)
    }
}
