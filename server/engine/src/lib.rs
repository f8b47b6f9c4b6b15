//! A report and its values to a stage, through Polars, to a proven workbook.
//!
//! One direction: [`execute()`] plans the blocks, extracts each source block to Parquet, aggregates
//! with Polars SQL, writes the workbook and counts it again. Rows read, rows staged and rows in the
//! finished file must agree, else the file is withheld.
//!
//! This crate knows nothing of runs in a queue, people's rights or HTTP: it is given everything in a
//! [`Job`] and tells what happened through [`Progress`], [`Outcome`] and [`EngineError`].

mod error;
mod outcome;
mod progress;
pub mod workbook;

pub use error::{EngineError, MissingColumns};
pub use outcome::{
    BlockRows, ChartView, ColumnView, ControlTotal, FailedCheck, FileInfo, Message, Outcome, Series,
    SheetView, StepTime, Warning,
};
pub use progress::{Progress, Step};
