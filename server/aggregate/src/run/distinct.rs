//! Distinct values of key columns, numbered in the order in which they were first seen.
//!
//! Groups and joins count and look up numbers of 32 bits, whatever types their keys have.

mod column;
mod combinations;
mod table;
mod values;
mod wholes;

pub(super) use column::Numbered;
pub(super) use combinations::{Combinations, NOWHERE};
pub(super) use table::Table;
pub(super) use values::{Values, each, whole, wide};
