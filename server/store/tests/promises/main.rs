//! The promises of docs/run-lifecycle.md, each against a real SQLite file.

mod cancels;
mod claims;
mod endings;
mod invariants;
mod kills;
mod lists;
mod opening;
mod people;
mod place;
mod queueing;
mod schedules;
mod sweeps;
mod walks;
