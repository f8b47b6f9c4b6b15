//! Texts people read, in one or both languages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language people read. Korean unless something says otherwise.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Korean.
    #[default]
    Ko,
    /// English.
    En,
}

impl Lang {
    /// `ko` or `en`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A language Digger does not speak.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language Digger speaks; use `ko` or `en`")]
pub struct LangError(pub String);

impl FromStr for Lang {
    type Err = LangError;

    fn from_str(text: &str) -> Result<Self, LangError> {
        match text {
            "ko" => Ok(Self::Ko),
            "en" => Ok(Self::En),
            other => Err(LangError(other.to_owned())),
        }
    }
}

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
        let (first, second) = match lang {
            Lang::Ko => (&self.ko, &self.en),
            Lang::En => (&self.en, &self.ko),
        };
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
