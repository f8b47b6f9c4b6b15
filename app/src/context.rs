//! Who looks at the page that is being rendered, and in which words: read from the context that
//! [`render`](crate::render) fills. Islands cannot reach it and get every word as a property.

use leptos::prelude::*;

use crate::text::{Texts, texts_of};
use crate::view::Session;

/// The texts of the reader's language.
pub fn texts() -> &'static Texts {
    texts_of(session().preferences.lang)
}

/// The request the page answers.
pub fn session() -> Session {
    use_context::<Session>().unwrap_or_default()
}
