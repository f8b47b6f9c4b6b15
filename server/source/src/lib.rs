//! Other people's databases to typed columns.
//!
//! A [`Source`] runs one reading statement with bound values and hands back [`Chunk`](rows::Chunk)s of typed
//! columns. It never writes, never pastes a value into a statement and never holds more than a few
//! chunks. It knows nothing of reports, runs or workbooks.

mod cause;
mod civil;
mod config;
mod deadline;
mod endpoint;
mod error;
mod extract;
mod limits;
mod mysql;
mod names;
mod open;
mod postgres;
mod reading;
mod source;
mod sqlite;
mod zones;

pub use cause::{Cause, DatabaseError};
pub use config::SourceConfig;
pub use error::SourceError;
pub use extract::{Backslash, Extract, Param};
pub use open::open;
pub use reading::Reading;
pub use source::{Checked, Dialect, Source};
