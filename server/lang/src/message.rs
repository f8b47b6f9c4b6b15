//! A message as data: what happened, whether data is affected, what to do.

use serde::{Deserialize, Serialize};

use crate::{Lang, Text};

/// What people are told, in its parts and in both languages.
///
/// Each part is one sentence or more, with its full stop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Message {
    /// What happened.
    pub what: Text,
    /// Whether data is affected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected: Option<Text>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Text>,
}

impl Message {
    /// What happened, and nothing else to say.
    pub fn new(what: Text) -> Self {
        Self {
            what,
            ..Self::default()
        }
    }

    /// The parts of both languages. A part is there when both have it.
    pub fn of(ko: Parts, en: Parts) -> Self {
        let both =
            |ko: &str, en: &str| (!ko.is_empty() && !en.is_empty()).then(|| Text::both(ko, en));
        Self {
            affected: both(ko.affected, en.affected),
            advice: both(ko.advice, en.advice),
            what: Text::both(ko.what, en.what),
        }
    }

    /// All parts in the reader's language, one after the other.
    pub fn get(&self, lang: Lang) -> String {
        let parts = [
            Some(&self.what),
            self.affected.as_ref(),
            self.advice.as_ref(),
        ];
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .map(|part| part.get(lang))
            .collect();
        parts.join(" ")
    }
}

/// A message in one language; what happened depends on the case, the rest is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// What happened.
    pub what: String,
    /// Whether data is affected; may be empty.
    pub affected: &'static str,
    /// What to do; may be empty.
    pub advice: &'static str,
}

impl Parts {
    /// What happened, whether data is affected, what to do; the last two may be empty.
    pub fn new(what: impl Into<String>, affected: &'static str, advice: &'static str) -> Self {
        Self {
            what: what.into(),
            affected,
            advice,
        }
    }
}

/// Messages as they are stored. Older ones are one text, of which nobody can tell the parts.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Parts {
        what: Text,
        #[serde(default)]
        affected: Option<Text>,
        #[serde(default)]
        advice: Option<Text>,
    },
    Whole(Text),
}

impl From<Stored> for Message {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Parts {
                what,
                affected,
                advice,
            } => Self {
                what,
                affected,
                advice,
            },
            Stored::Whole(text) => Self::new(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stop_inside_a_part_moves_nothing_into_another() {
        let message = Message::of(
            Parts::new(
                "시트 ‘A. B’에 문제가 있습니다.",
                "데이터는 그대로입니다.",
                "담당자에게 알려 주세요.",
            ),
            Parts::new(
                "Sheet “Sales vs. target” failed. Twice.",
                "Your data is untouched.",
                "Tell the owner.",
            ),
        );
        let stored = serde_json::to_string(&message).unwrap();
        let read: Message = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, message);
        assert_eq!(
            read.what.get(Lang::En),
            "Sheet “Sales vs. target” failed. Twice."
        );
        assert_eq!(
            read.affected.unwrap().get(Lang::En),
            "Your data is untouched."
        );
        assert_eq!(
            message.get(Lang::Ko),
            "시트 ‘A. B’에 문제가 있습니다. 데이터는 그대로입니다. 담당자에게 알려 주세요."
        );
    }

    #[test]
    fn a_message_of_an_earlier_version_is_read_whole() {
        let old = r#"{"ko":"멈췄습니다. 데이터는 그대로입니다.","en":"It stopped. Your data is untouched."}"#;
        let message: Message = serde_json::from_str(old).unwrap();
        assert_eq!(
            message.what.get(Lang::En),
            "It stopped. Your data is untouched."
        );
        assert_eq!((message.affected, message.advice), (None, None));
    }
}
