//! How values are computed, one value at a time, as PostgreSQL does.

pub(crate) mod bucket;
pub(crate) mod calendar;
pub(crate) mod cast;
pub(crate) mod degrees;
pub(crate) mod divisor;
pub(crate) mod format;
pub(crate) mod letters;
pub(crate) mod like;
pub(crate) mod moments;
pub(crate) mod numeric;
#[cfg(test)]
mod oracle;
pub(crate) mod parse;
pub(crate) mod pattern;
pub(crate) mod spread;
pub(crate) mod template;
pub(crate) mod text;
