//! `LIKE`, as PostgreSQL's `like_match.c` walks a pattern.

use std::borrow::Cow;

use super::text;
use crate::Fault;

/// A pattern, prepared for many texts.
#[derive(Debug)]
pub(crate) enum Like {
    /// The text itself.
    Exact(String),
    /// `abc%`.
    Begins(String),
    /// `%abc`.
    Ends(String),
    /// `%abc%`.
    Contains(String),
    /// All others, with `\` as what escapes.
    Walked(String),
}

/// How far the walk came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    Match,
    /// No match here; a `%` before may try further on.
    Miss,
    /// No match here or further on: the text has ended.
    End,
}

impl Like {
    /// A pattern whose characters are escaped with `\`.
    pub(crate) fn new(pattern: &str) -> Self {
        if pattern.contains(['_', '\\']) {
            return Self::Walked(pattern.to_owned());
        }
        let inner = pattern.trim_start_matches('%');
        let core = inner.trim_end_matches('%');
        let (is_open_before, is_open_behind) =
            (inner.len() < pattern.len(), core.len() < inner.len());
        if core.contains('%') {
            return Self::Walked(pattern.to_owned());
        }
        let core = core.to_owned();
        match (is_open_before, is_open_behind) {
            (false, false) => Self::Exact(core),
            (false, true) => Self::Begins(core),
            (true, false) if core.is_empty() => Self::Contains(core),
            (true, false) => Self::Ends(core),
            (true, true) => Self::Contains(core),
        }
    }

    /// Whether the text is of the pattern.
    ///
    /// # Errors
    /// When the walk comes to a `\` at the end of the pattern.
    pub(crate) fn matches(&self, text: &str) -> Result<bool, Fault> {
        Ok(match self {
            Self::Exact(pattern) => text == pattern,
            Self::Begins(pattern) => text.starts_with(pattern),
            Self::Ends(pattern) => text.ends_with(pattern),
            Self::Contains(pattern) => text.contains(pattern.as_str()),
            Self::Walked(pattern) => walk(text.as_bytes(), pattern.as_bytes())? == Walk::Match,
        })
    }
}

/// The pattern with `\` as what escapes, where it was another character or, for an empty text, none.
pub(crate) fn escaped<'a>(pattern: &'a str, escape: &str) -> Result<Cow<'a, str>, Fault> {
    let mut characters = escape.chars();
    let escape = match (characters.next(), characters.next()) {
        (None, _) => return Ok(Cow::Owned(pattern.replace('\\', "\\\\"))),
        (Some('\\'), None) => return Ok(Cow::Borrowed(pattern)),
        (Some(escape), None) => escape,
        _ => return Err(Fault::Argument("ESCAPE takes one character or none")),
    };
    let mut converted = String::with_capacity(pattern.len());
    let mut is_escaped = false;
    for character in pattern.chars() {
        if character == escape && !is_escaped {
            converted.push('\\');
            is_escaped = true;
            continue;
        }
        if character == '\\' && !is_escaped {
            converted.push('\\');
        }
        converted.push(character);
        is_escaped = false;
    }
    Ok(Cow::Owned(converted))
}

/// Both sides of an `ILIKE`, made small.
pub(crate) fn folded(text: &str) -> String {
    text::lower(text)
}

/// Bytes of the character that begins here.
fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    }
}

fn behind(text: &[u8]) -> &[u8] {
    let width = text.first().map_or(0, |first| width(*first));
    text.get(width..).unwrap_or(&[])
}

fn walk(mut text: &[u8], mut pattern: &[u8]) -> Result<Walk, Fault> {
    const UNFINISHED: Fault = Fault::Argument("a LIKE pattern must not end with what escapes");
    if pattern == b"%" {
        return Ok(Walk::Match);
    }
    while let (Some(&here), Some(&wanted)) = (text.first(), pattern.first()) {
        match wanted {
            b'\\' => {
                pattern = &pattern[1..];
                if *pattern.first().ok_or(UNFINISHED)? != here {
                    return Ok(Walk::Miss);
                }
            }
            b'%' => return walk_on(text, &pattern[1..]),
            b'_' => {
                text = behind(text);
                pattern = &pattern[1..];
                continue;
            }
            wanted if wanted != here => return Ok(Walk::Miss),
            _ => {}
        }
        text = &text[1..];
        pattern = &pattern[1..];
    }
    if !text.is_empty() {
        return Ok(Walk::Miss);
    }
    let is_open = pattern.iter().all(|byte| *byte == b'%');
    Ok(if is_open { Walk::Match } else { Walk::End })
}

/// Behind a `%`: tries every place of the text.
fn walk_on(mut text: &[u8], mut pattern: &[u8]) -> Result<Walk, Fault> {
    loop {
        match pattern.first() {
            Some(b'%') => {}
            Some(b'_') if text.is_empty() => return Ok(Walk::End),
            Some(b'_') => text = behind(text),
            Some(_) => break,
            None => return Ok(Walk::Match),
        }
        pattern = &pattern[1..];
    }
    let first = match pattern {
        [b'\\'] => {
            return Err(Fault::Argument(
                "a LIKE pattern must not end with what escapes",
            ));
        }
        [b'\\', first, ..] | [first, ..] => *first,
        [] => return Ok(Walk::Match),
    };
    while let Some(&here) = text.first() {
        if here == first {
            let walked = walk(text, pattern)?;
            if walked != Walk::Miss {
                return Ok(walked);
            }
        }
        text = behind(text);
    }
    Ok(Walk::End)
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};

    use super::super::oracle::{Oracle, input};
    use super::*;

    fn some(random: &mut StdRng, alphabet: &[&str], most: usize) -> String {
        let count = random.random_range(0..=most);
        (0..count)
            .filter_map(|_| alphabet.choose(random).copied())
            .collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn patterns_match_as_in_postgresql_errors_included() {
        let mut random = StdRng::seed_from_u64(3);
        let inputs: Vec<_> = (0..12_000)
            .map(|_| {
                let text = some(
                    &mut random,
                    &["a", "b", "A", "%", "_", "\\", "가", "\n", "!"],
                    6,
                );
                let pattern = some(
                    &mut random,
                    &["a", "b", "B", "%", "%", "_", "\\", "가", "!"],
                    6,
                );
                let escape = some(&mut random, &["!", "\\", "%", "_", "가"], 1);
                input(text, pattern, escape)
            })
            .chain([input("a", "a", "ab")])
            .collect();
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("$1 LIKE $2", &inputs, |i| {
                Ok(Like::new(&i[1]).matches(&i[0])?.to_string())
            })
            .await;
        oracle
            .agrees("$1 LIKE $2 ESCAPE $3", &inputs, |i| {
                let pattern = escaped(&i[1], &i[2])?;
                Ok(Like::new(&pattern).matches(&i[0])?.to_string())
            })
            .await;
        oracle
            .agrees("$1 ILIKE $2", &inputs, |i| {
                let pattern = Like::new(&folded(&i[1]));
                Ok(pattern.matches(&folded(&i[0]))?.to_string())
            })
            .await;
        oracle
            .agrees("$1 ILIKE $2 ESCAPE $3", &inputs, |i| {
                let pattern = escaped(&i[1], &i[2])?;
                let pattern = Like::new(&folded(&pattern));
                Ok(pattern.matches(&folded(&i[0]))?.to_string())
            })
            .await;
    }
}
