//! The sentences people read: what happened, is data affected, what to do.

mod english;
mod korean;

use lang::Message;

use super::EngineError;

/// The message for people.
pub(super) fn of(error: &EngineError) -> Message {
    Message::of(korean::parts(error), english::parts(error))
}
