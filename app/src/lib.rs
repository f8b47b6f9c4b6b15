//! The user interface of Digger, once for the server and the browser.
//!
//! This crate knows nothing of reports, engines or databases: pages ask the [`Backend`] port for views and show them.

#[cfg(feature = "ssr")]
pub mod backend;
pub mod error;
pub mod view;

#[cfg(feature = "ssr")]
pub use backend::Backend;
pub use error::AppError;
