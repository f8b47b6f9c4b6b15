//! Rows to the compressed XML of a worksheet.
//!
//! Large sheets are written here, column by column of flat values, without an object per cell:
//! [`Encoder`] turns a [`Block`] of rows into a deflated [`Piece`](deflate::Piece), [`EncoderPool`] does so on
//! several threads, and [`Archive`] puts the pieces between a head and a tail that become known last.
//! [`SharedTexts`] are those that stand once, however many cells show them.
//! Styles, tables, charts and small sheets belong to others; this crate only writes what stands between
//! `<sheetData>` and the row of totals.
//!
//! It knows nothing of reports and databases, and depends on none of our other crates.

mod archive;
mod cells;
pub mod deflate;
mod digits;
mod encoder;
mod encoder_pool;
mod escape;
mod shared;
mod tag;

pub use archive::{Archive, ArchiveError, Entry, OpenPart};
pub use cells::{Block, Cells, ColumnStyle, Layout, Odd, Special, TextId, Values};
pub use encoder::{Codec, Encoder};
pub use encoder_pool::{EncoderPool, EncoderPoolError, Rows};
pub use escape::{escape_marks, has_escape};
pub use shared::SharedTexts;
