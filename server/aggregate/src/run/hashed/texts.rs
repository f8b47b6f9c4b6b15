//! The least and the greatest texts of groups.

use std::ops::Range;

use polars::prelude::*;
use polars_arrow::array::Utf8ViewArray;

/// Texts by group, as far as groups were seen.
#[derive(Default)]
pub(super) struct Texts {
    least: Vec<Option<Box<str>>>,
    greatest: Vec<Option<Box<str>>>,
}

impl Texts {
    /// Adds a range of texts, one for each of these groups.
    pub(super) fn add(
        &mut self,
        texts: &Utf8ViewArray,
        range: Range<usize>,
        groups: &[u32],
        is_least_asked: bool,
        is_greatest_asked: bool,
    ) {
        for (row, group) in range.zip(groups) {
            let Some(text) = texts.get(row) else {
                continue;
            };
            if is_least_asked {
                keep(&mut self.least, *group, text, |text, before| text < before);
            }
            if is_greatest_asked {
                keep(&mut self.greatest, *group, text, |text, before| {
                    text > before
                });
            }
        }
    }

    /// Adds the texts of other groups; `groups` says which they are here.
    pub(super) fn merge(&mut self, other: &Self, groups: &[u32]) {
        for (text, group) in other.least.iter().zip(groups) {
            if let Some(text) = text {
                keep(&mut self.least, *group, text, |text, before| text < before);
            }
        }
        for (text, group) in other.greatest.iter().zip(groups) {
            if let Some(text) = text {
                keep(&mut self.greatest, *group, text, |text, before| {
                    text > before
                });
            }
        }
    }

    /// The texts of so many groups.
    pub(super) fn column(&self, groups: usize, is_least: bool) -> Series {
        let all = if is_least {
            &self.least
        } else {
            &self.greatest
        };
        let texts = (0..groups).map(|group| all.get(group).and_then(Option::as_deref));
        StringChunked::from_iter_options(PlSmallStr::EMPTY, texts).into_series()
    }
}

fn keep(
    all: &mut Vec<Option<Box<str>>>,
    group: u32,
    text: &str,
    is_better: impl Fn(&str, &str) -> bool,
) {
    let group = group as usize;
    if all.len() <= group {
        all.resize(group + 1, None);
    }
    let before = &mut all[group];
    if before.as_ref().is_none_or(|before| is_better(text, before)) {
        *before = Some(text.into());
    }
}
