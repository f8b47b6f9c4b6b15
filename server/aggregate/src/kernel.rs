//! How values are computed, one value at a time, as PostgreSQL does.

pub(crate) mod numeric;
