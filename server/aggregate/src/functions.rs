//! The table of functions and operators: what authors may write, what it means, how it is computed.

mod arithmetic;
mod calendar;
mod matching;
mod mathematics;
mod text;

use crate::function::Function;

/// Every row of the table, by topic.
pub const TOPICS: &[Topic] = &[
    arithmetic::TOPIC,
    mathematics::TOPIC,
    text::TOPIC,
    calendar::TOPIC,
];

/// Functions that belong together.
pub struct Topic {
    /// In Korean and in English.
    pub title: [&'static str; 2],
    /// The rows.
    pub functions: &'static [Function],
}

/// All rows of that name.
pub(crate) fn named(name: &str) -> impl Iterator<Item = &'static Function> + use<'_> {
    all().filter(move |function| function.name == name)
}

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TOPICS.iter().flat_map(|topic| topic.functions)
}
