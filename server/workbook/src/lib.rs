//! The Excel file that needs no touching up.
//!
//! [`write()`] turns the rows of each sheet into one workbook, in memory that does not grow with the rows;
//! [`recount()`] counts the finished file again, independently. This crate reads no database and knows no
//! stage: rows come as chunks, and so it needs neither a driver nor Polars.

mod about;
mod body;
mod book;
mod cell;
mod chart;
mod columns;
mod compose;
mod error;
mod excel_time;
mod format;
mod limits;
mod markup;
mod messages;
mod names;
mod notes;
mod package;
mod pivot;
mod plot;
mod print;
mod recount;
mod rules;
mod session;
mod sheet;
mod style;
mod table;
mod totals;
mod value;
mod view;
mod width;
mod write;

pub use ::sheet::Codec;
pub use about::{About, BlockNote};
pub use book::{Book, Known, Opening, SheetInput, Written, WrittenSheet};
pub use error::{MissingColumns, WorkbookError};
pub use limits::Limits;
pub use notes::Remark;
pub use package::Breaks;
pub use recount::{recount, recount_side_by_side};
pub use view::{ChartView, ColumnView, ControlTotal, Series, SheetView};
pub use write::{list_bytes, write, write_in_order, write_within};
