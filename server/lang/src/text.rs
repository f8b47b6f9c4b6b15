//! Texts in one or both languages.

use serde::{Deserialize, Serialize};

use crate::Lang;

/// A text people see: one string for everybody, or one per language.
///
/// A single string is kept as both languages, so [`Text::get`] never has to guess.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Korean, if the author gave it.
    pub ko: Option<String>,
    /// English, if the author gave it.
    pub en: Option<String>,
}

impl Text {
    /// The same words for every reader.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            ko: Some(text.clone()),
            en: Some(text),
        }
    }

    /// One text per language.
    pub fn both(ko: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ko: Some(ko.into()),
            en: Some(en.into()),
        }
    }

    /// The text in the reader's language, else the other one, else nothing.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = lang.pick((&self.ko, &self.en), (&self.en, &self.ko));
        first.as_deref().or(second.as_deref()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_language_wins_then_the_other() {
        let text = Text {
            ko: Some("매출".into()),
            en: None,
        };
        assert_eq!(text.get(Lang::En), "매출");
        assert_eq!(Text::both("매출", "Sales").get(Lang::En), "Sales");
        assert_eq!(Text::same("X").get(Lang::Ko), "X");
        assert_eq!(Text::default().get(Lang::Ko), "");
    }
}
