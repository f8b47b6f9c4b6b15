//! Finds strings, comments, dollar quotes and parameters in SQL of any dialect.
use std::ops::Range;
/// A part of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece { Sql(Range<usize>) }
