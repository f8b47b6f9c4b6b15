//! The product from outside: real processes on free ports, a real SQLite source, real files.
//!
//! Nothing here reaches into the server; what is tested is what people, browsers and scripts see.

mod architecture;
mod bad_input;
mod cancels;
mod catalogue;
mod choices;
mod commands;
mod digger;
mod faults;
mod gate;
mod held;
mod invariants;
mod journey;
mod kills;
mod load;
mod nginx;
mod now;
mod options;
mod outages;
mod own;
mod page;
mod permission;
mod purpose;
mod sessions;
mod several;
mod shared;
mod shop;
mod signing_in;
mod site;
mod soak;
mod source_faults;
mod stage;
mod storage;
mod strangers;
mod sweeping;
#[path = "../../store/tests/promises/violations.rs"]
mod violations;
mod visitor;
mod warnings;
mod zombies;
