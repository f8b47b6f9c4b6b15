//! Reads the TOML of a section key by key: typed, with places, refusing what it does not know.

mod syntax;

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use self::syntax::type_of;
pub(crate) use self::syntax::{decimal, integer, parse};
use crate::nearest::suggestion;
use crate::problem::Problem;
use lang::Text;

/// A value and its place in the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// One table of a section, read key by key. [`Table::finish`] refuses the keys nobody asked for.
pub(crate) struct Table<'a> {
    /// How messages call it, for example `[params.period]`.
    pub path: String,
    /// Where it stands.
    pub span: Range<usize>,
    table: &'a DeTable<'a>,
    base: usize,
    asked: BTreeSet<&'static str>,
    order: Vec<&'static str>,
}

/// An entry of a table.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub key: &'a str,
    pub key_span: Range<usize>,
    pub value: &'a DeValue<'a>,
    pub span: Range<usize>,
}

impl<'a> Table<'a> {
    pub fn new(
        path: impl Into<String>,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        base: usize,
    ) -> Self {
        Self {
            path: path.into(),
            span,
            table,
            base,
            asked: BTreeSet::new(),
            order: Vec::new(),
        }
    }

    fn place(&self, span: Range<usize>) -> Range<usize> {
        self.base + span.start..self.base + span.end
    }

    /// All entries in file order; marks nothing as asked for.
    pub fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries: Vec<Entry<'a>> = self
            .table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref(),
                key_span: self.place(key.span()),
                value: value.get_ref(),
                span: self.place(value.span()),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        entries
    }

    /// The entry of a key; the key is known from now on.
    pub fn take(&mut self, key: &'static str) -> Option<Entry<'a>> {
        if self.asked.insert(key) {
            self.order.push(key);
        }
        self.entries().into_iter().find(|entry| entry.key == key)
    }

    /// A table under a key.
    pub fn table(
        &mut self,
        key: &'static str,
        path: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Table<'a>> {
        let entry = self.take(key)?;
        self.as_table(&entry, path, problems)
    }

    /// An entry that must be a table.
    pub fn as_table(
        &self,
        entry: &Entry<'a>,
        path: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Table<'a>> {
        match entry.value {
            DeValue::Table(table) => {
                Some(Table::new(path, table, entry.key_span.clone(), self.base))
            }
            _ => {
                self.wrong(entry, "a table", problems);
                None
            }
        }
    }

    /// The tables of an array of tables.
    pub fn tables(
        &mut self,
        key: &'static str,
        path: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<Table<'a>> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        let DeValue::Array(array) = entry.value else {
            self.wrong(&entry, &format!("a list of tables; write {path}"), problems);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in array.iter() {
            match value.get_ref() {
                DeValue::Table(table) => {
                    tables.push(Table::new(path, table, self.place(value.span()), self.base))
                }
                _ => self.wrong(&entry, &format!("a list of tables; write {path}"), problems),
            }
        }
        tables
    }

    /// Says that an entry has the wrong type.
    pub fn wrong(&self, entry: &Entry<'_>, wanted: &str, problems: &mut Vec<Problem>) {
        problems.push(
            Problem::error(
                "report::wrong_type",
                format!(
                    "`{}` in {} must be {wanted}, not {}",
                    entry.key,
                    self.path,
                    type_of(entry.value)
                ),
            )
            .at(entry.span.clone()),
        );
    }

    /// A text for one key.
    pub fn string(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Placed<String>> {
        let entry = self.take(key)?;
        match entry.value {
            DeValue::String(text) => Some(Placed {
                value: text.to_string(),
                span: entry.span,
            }),
            _ => {
                self.wrong(&entry, "a text in quotes", problems);
                None
            }
        }
    }

    /// A text people see: one string, or `{ ko = "…", en = "…" }`.
    pub fn text(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Placed<Text>> {
        let entry = self.take(key)?;
        self.as_text(&entry, problems)
    }

    /// An entry that must be a text people see.
    pub fn as_text(&self, entry: &Entry<'a>, problems: &mut Vec<Problem>) -> Option<Placed<Text>> {
        let text = match entry.value {
            DeValue::String(text) => Text::same(text.to_string()),
            DeValue::Table(table) => {
                let path = format!("`{}` of {}", entry.key, self.path);
                let mut inner = Table::new(path, table, entry.span.clone(), self.base);
                let ko = inner.string("ko", problems).map(|text| text.value);
                let en = inner.string("en", problems).map(|text| text.value);
                inner.finish(problems);
                if ko.is_none() && en.is_none() {
                    self.wrong(entry, "a text, or `{ ko = \"…\", en = \"…\" }`", problems);
                    return None;
                }
                Text { ko, en }
            }
            _ => {
                self.wrong(entry, "a text, or `{ ko = \"…\", en = \"…\" }`", problems);
                return None;
            }
        };
        if [&text.ko, &text.en]
            .into_iter()
            .flatten()
            .any(|words| words.trim().is_empty())
        {
            problems.push(
                Problem::error(
                    "report::empty_text",
                    format!("`{}` in {} is empty", entry.key, self.path),
                )
                .at(entry.span.clone())
                .help("write what people should read, or remove the key"),
            );
            return None;
        }
        Some(Placed {
            value: text,
            span: entry.span.clone(),
        })
    }

    /// A list of texts; a single text is a list of one.
    pub fn strings(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<Placed<String>>> {
        let entry = self.take(key)?;
        match entry.value {
            DeValue::String(text) => Some(vec![Placed {
                value: text.to_string(),
                span: entry.span,
            }]),
            DeValue::Array(array) => {
                let mut list = Vec::new();
                for value in array.iter() {
                    match value.get_ref() {
                        DeValue::String(text) => {
                            list.push(Placed {
                                value: text.to_string(),
                                span: self.place(value.span()),
                            });
                        }
                        _ => {
                            self.wrong(&entry, "a list of texts", problems);
                            return None;
                        }
                    }
                }
                Some(list)
            }
            _ => {
                self.wrong(&entry, "a list of texts", problems);
                None
            }
        }
    }

    /// Yes or no.
    pub fn boolean(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Placed<bool>> {
        let entry = self.take(key)?;
        match entry.value {
            DeValue::Boolean(value) => Some(Placed {
                value: *value,
                span: entry.span,
            }),
            _ => {
                self.wrong(&entry, "`true` or `false`", problems);
                None
            }
        }
    }

    /// A whole number between two bounds, both included.
    pub fn whole(
        &mut self,
        key: &'static str,
        least: i64,
        most: i64,
        problems: &mut Vec<Problem>,
    ) -> Option<Placed<i64>> {
        let entry = self.take(key)?;
        match integer(entry.value) {
            Some(value) if (least..=most).contains(&value) => Some(Placed {
                value,
                span: entry.span,
            }),
            Some(_) => {
                problems.push(
                    Problem::error(
                        "report::out_of_range",
                        format!("`{key}` in {} must be {least} to {most}", self.path),
                    )
                    .at(entry.span),
                );
                None
            }
            None => {
                self.wrong(&entry, "a whole number", problems);
                None
            }
        }
    }

    /// One of the words; the value is its position.
    pub fn word(
        &mut self,
        key: &'static str,
        words: &[&str],
        problems: &mut Vec<Problem>,
    ) -> Option<Placed<usize>> {
        let found = self.string(key, problems)?;
        match words.iter().position(|word| *word == found.value) {
            Some(value) => Some(Placed {
                value,
                span: found.span,
            }),
            None => {
                problems.push(
                    Problem::error(
                        "report::unknown_word",
                        format!("`{}` is no {key} in {}", found.value, self.path),
                    )
                    .at(found.span)
                    .maybe_help(suggestion(
                        &found.value,
                        words.iter().copied(),
                        "there are",
                    )),
                );
                None
            }
        }
    }

    /// Says that a key is missing.
    pub fn missing(&self, key: &str, help: &str, problems: &mut Vec<Problem>) {
        problems.push(
            Problem::error(
                "report::missing_key",
                format!("{} has no `{key}`", self.path),
            )
            .at(self.span.clone())
            .help(help),
        );
    }

    /// Refuses the keys nobody asked for.
    pub fn finish(self, problems: &mut Vec<Problem>) {
        for entry in self.entries() {
            if !self.asked.contains(entry.key) {
                problems.push(
                    Problem::error(
                        "report::unknown_key",
                        format!("{} has no key `{}`", self.path, entry.key),
                    )
                    .at(entry.key_span)
                    .label("unknown key")
                    .maybe_help(suggestion(
                        entry.key,
                        self.order.iter().copied(),
                        "its keys are",
                    )),
                );
            }
        }
    }
}
