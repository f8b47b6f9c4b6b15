//! SQLite as a source, against real files and against what SQLite itself prints.

mod binding;
mod columns;
mod ends;
mod refusals;
mod shop;
mod stopping;
mod types;
