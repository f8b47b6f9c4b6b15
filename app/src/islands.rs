//! What is alive in the browser. Everything else of a page is HTML that the server has finished.
//!
//! An island gets everything it shows as plain properties, its words included: the texts of the pages and the session
//! are not there in the browser. It asks the server by plain requests to `/api`, and finds what it changes around
//! itself in the document.

mod choices;
#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod feed;
#[cfg(feature = "hydrate")]
mod fetch;
#[cfg(feature = "hydrate")]
mod form;
mod live;
mod matches;
mod options;
mod search;
mod staged;
mod words;

pub use choices::{ChoiceField, ChoiceWords, Choices, Control, Follows};
pub use live::{Connection, LiveNews, LiveRun, LiveTexts, LiveWords};
#[cfg(feature = "ssr")]
pub(crate) use matches::matches;
#[cfg(feature = "ssr")]
pub(crate) use options::{list_html, select_html};
pub use search::{Search, SearchWords};
pub use staged::{StagedLine, StagedNews};
#[cfg(feature = "ssr")]
pub(crate) use words::BLANK;
pub use words::Counted;
pub(crate) use words::fill;
