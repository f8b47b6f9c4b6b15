//! The workbook's file name: readable, sortable, and safe on every file system.

use std::collections::BTreeMap;

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::describe::choice_label;
use crate::param::{Param, ParamKind};
use crate::period::compact;
use crate::report::Report;
use crate::value::{Value, Values};
use lang::Lang;

/// Longer names are cut. In characters, before `.xlsx`.
const MOST_CHARACTERS: usize = 150;

/// Longer names are cut: Linux allows 255 bytes, and a Hangul syllable is three. Room is left for
/// the extension and for what browsers add to a second download.
const MOST_BYTES: usize = 230;

/// Characters Windows or macOS refuse.
const FORBIDDEN: [char; 9] = ['<', '>', ':', '"', '/', '\\', '|', '?', '*'];

/// Device names Windows refuses, with or without an extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A part of a file name template.
#[derive(Debug, PartialEq)]
pub(crate) enum Part<'a> {
    /// As it stands.
    Plain(&'a str),
    /// What stands between braces.
    Field(&'a str),
}

/// Cuts a template at its fields. A brace that is never closed is plain text.
pub(crate) fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{')
        && let Some(length) = rest[open..].find('}')
    {
        parts.push(Part::Plain(&rest[..open]));
        parts.push(Part::Field(rest[open + 1..open + length].trim()));
        rest = &rest[open + length + 1..];
    }
    parts.push(Part::Plain(rest));
    parts
}

impl Report {
    /// The finished file name with `.xlsx`, composed (NFC).
    ///
    /// The report's own template if it has one; else title, periods, choices and the start, for
    /// example `월별매출_2026-08_전체_20260903-0712.xlsx`. A whole month is written `2026-08`.
    ///
    /// Choices that come from queries are written as their values; [`Report::file_name_with`]
    /// writes their labels.
    pub fn file_name(&self, values: &Values, lang: Lang, started: Timestamp) -> String {
        self.file_name_with(values, lang, started, &BTreeMap::new())
    }

    /// Like [`Report::file_name`], with the words for choices that come from queries:
    /// parameter to value to label.
    pub fn file_name_with(
        &self,
        values: &Values,
        lang: Lang,
        started: Timestamp,
        labels: &BTreeMap<String, BTreeMap<String, String>>,
    ) -> String {
        let naming = Naming {
            report: self,
            values,
            lang,
            started,
            labels,
        };
        let stem = match &self.file_name {
            Some(template) => {
                let template = template.get(lang);
                let template = template.strip_suffix(".xlsx").unwrap_or(template);
                let filled: String = parts(template)
                    .into_iter()
                    .map(|part| match part {
                        Part::Plain(text) => text.to_owned(),
                        Part::Field(field) => naming.field(field),
                    })
                    .collect();
                cut(&safe(&filled), 0)
            }
            None => naming.default_stem(),
        };
        let stem = if stem.is_empty() {
            self.id.name().to_owned()
        } else {
            stem
        };
        let first = stem
            .split('.')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        let mark = if DEVICES.contains(&first.as_str()) {
            "_"
        } else {
            ""
        };
        format!("{mark}{stem}.xlsx")
    }
}

/// What a name is made from.
struct Naming<'a> {
    report: &'a Report,
    values: &'a Values,
    lang: Lang,
    started: Timestamp,
    labels: &'a BTreeMap<String, BTreeMap<String, String>>,
}

impl Naming<'_> {
    fn default_stem(&self) -> String {
        let mut periods = String::new();
        let mut choices = String::new();
        for param in self
            .report
            .params
            .values()
            .filter(|param| param.is_visible())
        {
            let value = self
                .values
                .get(&param.name)
                .filter(|value| value.is_present());
            match (param.kind, value) {
                (ParamKind::Period, Some(value)) => push(&mut periods, &self.word(param, value)),
                (ParamKind::Choice | ParamKind::Choices, Some(value)) => {
                    push(&mut choices, &self.word(param, value));
                }
                (ParamKind::Choice | ParamKind::Choices, None) => {
                    push(&mut choices, all(self.lang))
                }
                _ => {}
            }
        }
        let mut started = String::new();
        push(&mut started, &self.time(self.started));
        // When something must go it is the end of the title, then of the choices, never period or
        // time. Twenty bytes of the title always stay.
        let choices = cut(&choices, periods.len() + started.len() + 20);
        let tail = periods + &choices + &started;
        cut(&joined(self.report.title.get(self.lang)), tail.len()) + &tail
    }

    /// What a field of the template stands for.
    fn field(&self, field: &str) -> String {
        match field {
            "title" => return self.report.title.get(self.lang).to_owned(),
            "started" => return self.time(self.started),
            "date" => {
                return self
                    .started
                    .to_zoned(self.report.timezone.clone())
                    .date()
                    .to_string();
            }
            _ => {}
        }
        let (name, part) = field
            .split_once('.')
            .map_or((field, ""), |(name, part)| (name, part));
        let Some(param) = self
            .report
            .params
            .get(name)
            .filter(|param| param.is_visible())
        else {
            return String::new();
        };
        match (
            self.values.get(name).filter(|value| value.is_present()),
            part,
        ) {
            (Some(Value::Period { from, .. }), "from" | "first_day") => from.to_string(),
            (Some(Value::Period { until, .. }), "until") => until.to_string(),
            (Some(Value::Period { until, .. }), "last_day") => {
                until.yesterday().unwrap_or(*until).to_string()
            }
            (Some(value), _) => self.word(param, value),
            (None, _) if matches!(param.kind, ParamKind::Choice | ParamKind::Choices) => {
                all(self.lang).to_owned()
            }
            (None, _) => String::new(),
        }
    }

    /// A value in a word or two.
    fn word(&self, param: &Param, value: &Value) -> String {
        let labels = self.labels.get(&param.name);
        match value {
            Value::Text(text) => text.chars().take(40).collect(),
            Value::Integer(value) => value.to_string(),
            Value::Decimal(value) => value.to_string(),
            Value::Boolean(value) => if *value { "yes" } else { "no" }.to_owned(),
            Value::Date(day) => day.to_string(),
            Value::Datetime(moment) => self.time(*moment),
            Value::Period { from, until } => compact(*from, *until),
            Value::Choice(value) => choice_label(param, value, self.lang, labels),
            // Three names still read well; more only make the name long.
            Value::Choices(list) if list.len() <= 3 => list
                .iter()
                .map(|value| choice_label(param, value, self.lang, labels))
                .collect::<Vec<_>>()
                .join("-"),
            Value::Choices(list) => match self.lang {
                Lang::Ko => format!("{}개", list.len()),
                Lang::En => format!("{} chosen", list.len()),
            },
        }
    }

    fn time(&self, moment: Timestamp) -> String {
        moment
            .to_zoned(self.report.timezone.clone())
            .strftime("%Y%m%d-%H%M")
            .to_string()
    }
}

fn all(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "전체",
        Lang::En => "all",
    }
}

fn push(tail: &mut String, word: &str) {
    let word = joined(word);
    if !word.is_empty() {
        tail.push('_');
        tail.push_str(&word);
    }
}

/// Words joined the way each script does it: `월별매출`, `Daily-sales`.
fn joined(text: &str) -> String {
    let text = safe(text);
    let hangul = text.chars().any(|c| matches!(c, '가'..='힣'));
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(if hangul { "" } else { "-" })
}

/// Without what some file system refuses, or what looks like something else.
fn safe(text: &str) -> String {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let kept: String = text
        .nfc()
        .filter(|c| !c.is_control() && !invisible(*c) && !FORBIDDEN.contains(c))
        .collect();
    // Leading dots hide a file, dots and blanks at the end vanish on Windows.
    kept.trim_matches(|c: char| c == '.' || c.is_whitespace())
        .to_owned()
}

/// Cut to the room a name has, `taken` bytes and characters of it being gone.
fn cut(text: &str, taken: usize) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count + taken >= MOST_CHARACTERS || out.len() + c.len_utf8() + taken > MOST_BYTES {
            break;
        }
        out.push(c);
    }
    out.trim_end_matches(|c: char| c == '.' || c.is_whitespace())
        .to_owned()
}
