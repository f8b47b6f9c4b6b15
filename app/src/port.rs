//! The port: what the pages ask of the server, by topic, with what they show beside it.
//!
//! Implemented once by the server and once by the fake in `tests/pages.rs`. The types people see are plain data: texts are
//! already in the reader's language and dates already in the right zone. They are named in [`view`](crate::view).

pub(crate) mod moment;
pub(crate) mod operations;
pub(crate) mod people;
pub(crate) mod reports;
pub(crate) mod runs;

pub use self::{operations::Operations, people::People, reports::Reports, runs::Runs};

/// Everything the pages ask of the server.
///
/// Every method checks the viewer itself; callers never check first. Texts come in the viewer's language. Every method
/// may fail with [`AppError::Unavailable`](crate::AppError::Unavailable) when the store does not answer.
pub trait Backend: Operations + People + Reports + Runs {}

impl<T: Operations + People + Reports + Runs> Backend for T {}
