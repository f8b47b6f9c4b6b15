//! PostgreSQL as a source, against a real server and against what PostgreSQL itself prints.

mod binding;
mod bulk;
mod checking;
mod columns;
mod encrypted;
mod endpoints;
mod ends;
mod place;
mod pooler;
mod proxy;
mod refusals;
mod restart;
mod stopping;
mod types;
