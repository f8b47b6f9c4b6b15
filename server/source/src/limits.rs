//! How much of an answer is held at a time, for every kind of database.

/// Chunks waiting between the database and its reader.
pub(crate) const WAITING_CHUNKS: usize = 2;

/// A chunk ends early when it holds this much: 16 MiB. Wide rows must not become much memory.
pub(crate) const CHUNK_BYTES: usize = 16 << 20;

/// Rows larger than this are refused: 10 MiB. No sheet shows them, and a few would be a gigabyte.
pub(crate) const ROW_BYTES: usize = 10 << 20;
