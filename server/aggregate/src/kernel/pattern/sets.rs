//! Sets of characters, as ranges.

use super::Ranges;
use crate::kernel::letters;

pub(super) fn one(character: char) -> Ranges {
    vec![(character, character)]
}

pub(super) fn word() -> Ranges {
    let mut set = letters::LETTERS_AND_DIGITS.clone();
    set.push(('_', '_'));
    tidy(set)
}

/// In order, without overlaps.
pub(super) fn tidy(mut set: Ranges) -> Ranges {
    set.sort_unstable();
    let mut tidied = Ranges::new();
    for (first, last) in set {
        match tidied.last_mut() {
            Some((_, end)) if first <= *end => *end = last.max(*end),
            _ => tidied.push((first, last)),
        }
    }
    tidied
}

/// All characters but those.
pub(super) fn without(set: Ranges) -> Ranges {
    let mut rest = Ranges::new();
    let mut next = Some('\0');
    for (first, last) in tidy(set) {
        if let Some(from) = next
            && from < first
            && let Some(until) = ('\0'..first).next_back()
        {
            rest.push((from, until));
        }
        next = (last..=char::MAX).nth(1);
    }
    if let Some(from) = next {
        rest.push((from, char::MAX));
    }
    rest
}
