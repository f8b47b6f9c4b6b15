//! How a page loads its view: one resource, read from the page at first and from the server afterwards.
//!
//! Leptos would read the first as a string and the second as bytes, and so put every view's parser into the client
//! twice (150 kB). Here both are bytes.

use std::future::Future;

use codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;

/// A view on its way.
pub type Loaded<T> = Resource<Result<T, AppError>, JsonBytes>;

/// Loads a view for `wanted`, and again whenever that changes.
pub fn load<S, T, Fut>(
    wanted: impl Fn() -> S + Send + Sync + 'static,
    fetch: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Loaded<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
{
    Resource::new_with_options(wanted, fetch, false)
}

/// JSON, always parsed from bytes.
pub struct JsonBytes;

impl<T: Serialize> Encoder<T> for JsonBytes {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for JsonBytes {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}
