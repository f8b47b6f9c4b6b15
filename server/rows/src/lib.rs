//! Rows of a result: typed columns in chunks, exact decimals, days and times, and values as text.
//!
//! What reads a database, what stages rows and what writes a sheet share these types, and nothing else.
//! This crate knows none of our others and does no IO.

pub mod calendar;
mod chunk;
mod exact;
mod numbers;
mod text;
pub mod time_text;
mod widen;

pub use chunk::{Bytes, CHUNK_ROWS, Chunk, ColumnData, ColumnInfo, ColumnType, Values};
pub use exact::{EXCEL_DIGITS, Exact};
pub use numbers::Numbers;
pub use text::text;
pub use widen::{has_values, widened};
