//! How values are computed, one value at a time, as PostgreSQL does.

pub(crate) mod letters;
pub(crate) mod like;
pub(crate) mod numeric;
pub(crate) mod pattern;
pub(crate) mod text;
