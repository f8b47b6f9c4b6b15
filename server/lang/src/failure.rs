//! Failures as data: their class, what people are told, and what administrators read.

use serde::{Deserialize, Serialize};

use crate::{FailureClass, Message};

/// Why an attempt did not work, as the child says it and our own tables hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its class, see docs/run-lifecycle.md.
    pub class: FailureClass,
    /// What people are told.
    pub told: Told,
    /// The whole chain, for administrators.
    pub chain: String,
    /// Whether trying again later may work. What took too long is tried again once only.
    pub is_transient: bool,
}

impl Failure {
    /// One that Digger itself noticed, outside the engine: its code is `run::` and the class.
    pub fn new(class: FailureClass, message: Message, chain: String, is_transient: bool) -> Self {
        Self {
            class,
            told: Told::of(class, message),
            chain,
            is_transient,
        }
    }
}

/// What people are told of a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Finer than the class, such as `run::check_failed`.
    #[serde(default)]
    pub code: String,
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// Of a failed check: the column titles, then its first rows.
    #[serde(default)]
    pub rows: Vec<Vec<String>>,
}

impl Told {
    /// The message of a failure whose code is `run::` and its class.
    pub fn of(class: FailureClass, message: Message) -> Self {
        Self {
            code: format!("run::{class}"),
            message,
            rows: Vec::new(),
        }
    }
}
