//! Values as people read them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::param::{Options, Param};
use crate::report::Report;
use crate::summary::Labels;
use crate::value::{Value, Values};
use lang::{Lang, grouped_digits};

/// Longer lists are counted instead of named.
const MOST_NAMED: usize = 5;

/// Longer texts are cut. In characters.
const LONGEST_SHOWN: usize = 60;

impl Report {
    /// One `(label, text)` per visible parameter that has a value, in the report's order.
    ///
    /// `labels` gives the words for values of choices that come from queries:
    /// parameter to value to label. Unknown values are shown as they are.
    pub fn describe(&self, values: &Values, lang: Lang, labels: &Labels) -> Vec<(String, String)> {
        self.params
            .values()
            .filter(|param| param.is_visible())
            .filter_map(|param| {
                let value = values.get(&param.name)?;
                let text = self.spoken(param, value, lang, labels.get(&param.name));
                Some((param.label.get(lang).to_owned(), text))
            })
            .collect()
    }

    fn spoken(
        &self,
        param: &Param,
        value: &Value,
        lang: Lang,
        labels: Option<&BTreeMap<String, String>>,
    ) -> String {
        match value {
            Value::Text(text) => shortened(text),
            Value::Integer(value) => grouped_digits(&value.to_string()),
            Value::Decimal(value) => grouped_digits(&Decimal::to_string(value)),
            Value::Boolean(value) => yes_or_no(*value, lang).to_owned(),
            Value::Date(day) => day.to_string(),
            Value::Datetime(moment) => moment
                .to_zoned(self.timezone.clone())
                .strftime("%Y-%m-%d %H:%M")
                .to_string(),
            Value::Period { from, until } => {
                let last_day = until.yesterday().unwrap_or(*until);
                if *from == last_day {
                    from.to_string()
                } else {
                    format!("{from} ~ {last_day}")
                }
            }
            Value::Choice(value) => choice_label(param, value, lang, labels),
            Value::Choices(values) => {
                let named: Vec<String> = values
                    .iter()
                    .take(MOST_NAMED)
                    .map(|value| choice_label(param, value, lang, labels))
                    .collect();
                let named = named.join(", ");
                match values.len().saturating_sub(MOST_NAMED) {
                    0 => named,
                    more => pick(
                        lang,
                        &format!("{named} 외 {more}개"),
                        &format!("{named} and {more} more"),
                    ),
                }
            }
        }
    }
}

/// What people read for a value of a choice.
pub(crate) fn choice_label(
    param: &Param,
    value: &str,
    lang: Lang,
    labels: Option<&BTreeMap<String, String>>,
) -> String {
    let listed = || match &param.options {
        Some(Options::List(list)) => list.iter().find(|choice| choice.value == value),
        _ => None,
    };
    let known = labels.and_then(|labels| labels.get(value)).cloned();
    let label = known
        .or_else(|| listed().map(|choice| choice.label.get(lang).to_owned()))
        .unwrap_or_else(|| value.to_owned());
    if label.trim().is_empty() {
        return blank(lang).to_owned();
    }
    label
}

/// What people read for an option without a visible letter.
pub fn blank(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "(빈 값)",
        Lang::En => "(empty)",
    }
}

/// A truth value for people.
pub fn yes_or_no(value: bool, lang: Lang) -> &'static str {
    match (value, lang) {
        (true, Lang::Ko) => "예",
        (false, Lang::Ko) => "아니요",
        (true, Lang::En) => "Yes",
        (false, Lang::En) => "No",
    }
}

fn pick(lang: Lang, ko: &str, en: &str) -> String {
    match lang {
        Lang::Ko => ko.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.chars().count() > LONGEST_SHOWN {
        shown = shown.chars().take(LONGEST_SHOWN).collect::<String>() + "…";
    }
    shown
}
