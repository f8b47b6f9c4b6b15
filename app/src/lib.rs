//! The user interface of Digger.
//!
//! This crate knows nothing of reports, engines or databases: the server asks the [port](Backend) for views and renders
//! them as complete [pages](Page). Only the [`islands`] are alive in the browser. With the feature `ssr` it renders
//! pages; with `hydrate` it brings their islands to life. Only one of the two is ever enabled in a build.

#[cfg(feature = "ssr")]
pub mod chart;
mod components;
#[cfg(feature = "ssr")]
mod context;
#[cfg(feature = "ssr")]
mod document;
pub mod error;
pub mod format;
pub mod islands;
mod markup;
#[cfg(feature = "ssr")]
mod pages;
pub mod port;
#[cfg(feature = "ssr")]
mod text;
pub mod view;

#[cfg(feature = "ssr")]
pub use document::{FADE, render};
pub use error::AppError;
#[cfg(feature = "ssr")]
pub use pages::{Page, form_input_of, live_news, prefill_of, runs_filter_of, staged_news};
pub use port::Backend;

/// Prepares the page for its islands; `islands.js` brings them to life one by one afterwards.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
