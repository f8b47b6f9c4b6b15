//! The promises of docs/run-lifecycle.md, each against a real SQLite file and a real PostgreSQL.

mod cancels;
mod claims;
mod clocks;
mod endings;
mod hints;
mod invariants;
mod kills;
mod lists;
mod moving;
mod opening;
mod owners;
mod people;
mod place;
mod plans;
mod queueing;
mod races;
mod replies;
mod schedules;
mod servers;
mod sweeps;
mod upgrades;
mod violations;
mod walks;
mod workers;
