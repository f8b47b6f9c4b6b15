//! Asking the server from the browser.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// The server cannot be reached, or what it said is not what was asked for.
    Lost,
    /// It refused, with this status.
    Refused(u16),
}

/// Posts `question` as JSON to an address under `/api` and reads the answer.
///
/// Answers are parsed as text: the properties of islands are, too, and a second kind of parser would be downloaded.
pub(super) async fn ask<T: DeserializeOwned>(
    address: &str,
    question: &impl Serialize,
) -> Result<T, NoAnswer> {
    let body = serde_json::to_string(question).map_err(|_| NoAnswer::Lost)?;
    let answer = post(address, &body).await.map_err(|_| NoAnswer::Lost)?;
    if !answer.ok() {
        return Err(NoAnswer::Refused(answer.status()));
    }
    let text = match answer.text() {
        Ok(text) => JsFuture::from(text).await.ok(),
        Err(_) => None,
    };
    text.and_then(|text| text.as_string())
        .and_then(|text| serde_json::from_str(&text).ok())
        .ok_or(NoAnswer::Lost)
}

async fn post(address: &str, body: &str) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(body));
    let answer = leptos::prelude::window().fetch_with_str_and_init(address, &request);
    JsFuture::from(answer).await?.dyn_into()
}
