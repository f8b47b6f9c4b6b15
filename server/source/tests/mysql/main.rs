//! What the crate promises, on a real MariaDB or MySQL server.

mod answers;
mod binding;
mod columns;
mod endpoints;
mod ends;
mod outages;
mod private;
mod refusals;
mod server;
mod shop;
mod stopping;
mod types;
mod zones;
