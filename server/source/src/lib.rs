//! Other people's databases to typed columns.
//!
//! A [`Source`] runs one reading statement with bound values and hands back [`Chunk`]s of typed
//! columns. It never writes, never pastes a value into a statement and never holds more than a few
//! chunks. It knows nothing of reports, runs or workbooks.

mod cancel;
mod chunk;
mod civil;
mod config;
mod decimal;
mod endpoint;
mod error;
mod extract;
mod limits;
mod mysql;
mod names;
mod postgres;
mod reading;
mod source;
mod sqlite;
mod watch;
mod widen;
mod zones;

pub use cancel::CancelFlag;
pub use chunk::{Bytes, CHUNK_ROWS, Chunk, ColumnData, ColumnInfo, ColumnType, Values};
pub use config::{SourceConfig, open};
pub use error::SourceError;
pub use extract::{Backslash, Extract, Param};
pub use reading::Reading;
pub use source::{Checked, Dialect, Source};
pub use widen::{has_values, widened};
