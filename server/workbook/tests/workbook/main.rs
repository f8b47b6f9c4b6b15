//! The finished file, read back by programs that did not write it.

mod book;
mod cells;
mod charts;
mod large;
mod layout;
mod markup;
mod office;
mod pivots;
mod proof;
mod property;
mod split;
