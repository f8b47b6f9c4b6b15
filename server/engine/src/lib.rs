//! A report and its values to a stage, through Polars, to a proven workbook.
//!
//! One direction: [`execute()`] plans the blocks, extracts each source block to Parquet, aggregates
//! with Polars SQL, writes the workbook and counts it again. Rows read, rows staged and rows in the
//! finished file must agree, else the file is withheld.
//!
//! This crate knows nothing of runs in a queue, people's rights or HTTP: it is given everything in a
//! [`Job`] and tells what happened through [`Progress`], [`Outcome`] and [`EngineError`].

mod aggregate;
mod cell;
mod check;
mod checks;
mod checksum;
mod choices;
mod columns;
mod cost;
mod early_sheet;
mod error;
mod execute;
mod extract;
mod fingerprint;
mod finish;
mod job;
mod meter;
mod numbers;
mod outcome;
mod permits;
mod pipeline;
mod plan;
mod progress;
mod seen;
mod sheets;
mod stage;
mod watch;
pub mod workbook;

pub use check::{Columns, check};
pub use choices::{Choices, choices, choices_read};
pub use cost::{Cost, cost, cost_needs};
pub use error::{EngineError, MissingColumns, PartitionsDiffer};
pub use execute::execute;
pub use job::{Job, RunInfo};
pub use outcome::{
    BlockRows, ChartView, ColumnView, ControlTotal, FailedCheck, FileInfo, Outcome, Series,
    SheetView, StepTime, Warning,
};
pub use progress::{Progress, RunningSession, Step};
pub use seen::Seen;
pub use stage::keep::{Inventory, KeptAs, KeptFile, KeptPartition, Manifest};
