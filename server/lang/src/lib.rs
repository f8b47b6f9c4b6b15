//! What people read, as data: in which language, in which words, why something failed, and where a run stands.
//!
//! Nothing here knows where a text is shown. Whoever finds something out makes a [`Message`] of it, in both languages and
//! in its parts; whoever shows it picks the language and the parts.

mod chain;
mod class;
mod digits;
mod failure;
mod language;
mod message;
mod reference;
mod run;
mod text;
mod word;

pub use chain::{chain_of, chain_with};
pub use class::{FailureClass, UnknownClass};
pub use digits::{grouped, grouped_digits};
pub use failure::{Failure, Told};
pub use language::{Lang, UnknownLang};
pub use message::{Message, Parts};
pub use reference::Reference;
pub use run::{RunState, Step, UnknownState, UnknownStep};
pub use text::Text;
