//! A report and its values to a stage, through Polars, to a proven workbook.
//!
//! One direction: [`execute()`] plans the blocks, extracts each source block to Parquet, aggregates
//! with the planner of `aggregate`, writes the workbook and counts it again. Rows read, rows staged and rows in the
//! finished file must agree, else the file is withheld.
//!
//! This crate knows nothing of runs in a queue, people's rights or HTTP: it is given everything in a
//! [`Job`] and tells what happened through [`Progress`], [`Outcome`] and [`EngineError`].

mod aggregate;
mod check;
mod checks;
mod checksum;
mod choices;
mod columns;
mod cost;
mod deadline;
mod early_sheet;
mod error;
mod execute;
mod extract;
mod fingerprint;
mod finish;
mod first_rows;
mod job;
mod meter;
mod outcome;
mod permits;
mod pipeline;
mod plan;
mod progress;
mod run_block;
mod seen;
mod sheets;
mod stage;

pub use check::{Columns, check};
pub use choices::{Choices, choices, choices_read};
pub use cost::{Cost, cost, cost_needs};
pub use error::{EngineError, PartitionsDiffer};
pub use execute::execute;
pub use job::{Job, RunInfo};
pub use outcome::{BlockRows, FailedCheck, FileInfo, Outcome, StepTime, Warning};
pub use progress::{Progress, RunningSession, Step};
pub use seen::Seen;
pub use stage::keep::{Inventory, KeptAs, KeptFile, KeptPartition, Manifest};
pub use workbook::{ChartView, ColumnView, ControlTotal, MissingColumns, Series, SheetView};
