//! Sentences with a value in them, as properties: the server knows the language, the browser the value.

use serde::{Deserialize, Serialize};

/// Where the value stands in a pattern.
#[cfg(feature = "ssr")]
pub(crate) const BLANK: &str = "{}";

/// The pattern with `value` in its place.
pub(crate) fn fill(pattern: &str, value: &str) -> String {
    pattern.replacen("{}", value, 1)
}

/// A sentence about a number of things, in the forms that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// For exactly one.
    one: String,
    /// A pattern for every other number.
    many: String,
}

impl Counted {
    /// From a sentence of the texts.
    #[cfg(feature = "ssr")]
    pub(crate) fn of(sentence: impl Fn(u64) -> String) -> Self {
        // No sentence has this number by itself, so that its place is found.
        const UNLIKELY: u64 = 9_876_543_210;
        Counted {
            one: sentence(1),
            many: sentence(UNLIKELY).replace(&lang::grouped(UNLIKELY), BLANK),
        }
    }

    /// The sentence about `count`.
    pub(crate) fn say(&self, count: u64) -> String {
        if count == 1 {
            self.one.clone()
        } else {
            fill(&self.many, &lang::grouped(count))
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::text::texts_of;
    use lang::Lang;

    #[test]
    fn a_counted_sentence_is_what_the_texts_say() {
        for lang in [Lang::Ko, Lang::En] {
            let sentence = texts_of(lang).search_found;
            let counted = Counted::of(sentence);
            for count in [0, 1, 2, 12, 1_234] {
                assert_eq!(counted.say(count), sentence(count));
            }
        }
    }
}
