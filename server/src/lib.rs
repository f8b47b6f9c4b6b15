//! The one binary `digger` and its composition.
//!
//! Data flows one way: HTTP comes in through `web`, pages ask `backend`, a run is written to the
//! store, `worker` claims it and executes it in a child process. Only this crate knows all others.

mod backend;
mod catalogue;
mod choice_check;
pub mod cli;
mod clock;
pub mod config;
mod lifecycle;
mod password;
mod people;
mod private;
mod signals;
mod snapshot;
mod web;
mod worker;

/// An error with everything behind it, on one line, for the log and for administrators.
pub(crate) fn chain_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        // Some libraries repeat their source in their own message.
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}
