//! The product from outside: real processes on free ports, a real SQLite source, real files.
//!
//! Nothing here reaches into the server; what is tested is what people, browsers and scripts see.

mod architecture;
mod bad_input;
mod catalogue;
mod commands;
mod digger;
mod faults;
mod journey;
mod nginx;
mod now;
mod permission;
mod sessions;
mod several;
mod shared;
mod shop;
mod signing_in;
mod site;
mod stage;
mod storage;
mod visitor;
