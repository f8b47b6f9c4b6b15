//! Whole jobs over real SQLite files, each compared with the database's own answer.

mod affinity;
mod cancel;
mod checks;
mod choices;
mod early_sheet;
mod faults;
mod harness;
mod increments;
mod limits;
mod looks;
mod partitions;
mod reuse;
mod seen;
mod split;
mod stage;
mod summary;
mod sums;
mod widening;
mod workbook;
