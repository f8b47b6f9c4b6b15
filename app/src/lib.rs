//! The user interface of Digger, once for the server and the browser.
//!
//! This crate knows nothing of reports, engines or databases: pages ask the [`Backend`] port for views and show them.
//! With the feature `ssr` it renders pages; with `hydrate` it brings them to life in the browser. Only one of the two
//! is ever enabled in a build.

// The types of views nest; the default of 128 is passed by the run form.
#![recursion_limit = "256"]

pub mod api;
mod app;
#[cfg(feature = "ssr")]
pub mod chart;
mod components;
pub mod error;
pub mod format;
mod load;
mod markup;
mod pages;
pub mod port;
#[cfg(feature = "ssr")]
mod request;
mod search;
mod text;
pub mod view;

pub use app::App;
#[cfg(feature = "ssr")]
pub use app::{now_shell, shell};
pub use error::AppError;
#[cfg(feature = "ssr")]
pub use port::Backend;

/// Brings the page the server rendered to life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
