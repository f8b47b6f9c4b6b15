//! Texts, in characters, as PostgreSQL's `varlena.c` and `oracle_compat.c` count them.

use std::borrow::Cow;

use md5::{Digest, Md5};

use super::letters;
use crate::Fault;

/// The longest text a function makes, in bytes. PostgreSQL stops at a gigabyte; so long a cell fits in
/// no sheet, and one row could take all memory.
const LONGEST: usize = 10 << 20;

fn fitting(bytes: usize) -> Result<(), Fault> {
    if bytes > LONGEST {
        return Err(Fault::Argument("the text would be longer than 10 MiB"));
    }
    Ok(())
}

/// The MD5 digest of the bytes, in small hexadecimal digits.
pub(crate) fn md5(text: &str) -> String {
    hex::encode(Md5::digest(text))
}

/// Number of characters.
pub(crate) fn length(text: &str) -> i64 {
    size(text.chars().count())
}

/// A number of bytes or characters.
pub(crate) fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The byte at which the character with that number begins, counted from 0; the end behind the last.
fn byte_of(text: &str, characters: i64) -> usize {
    let Ok(characters) = usize::try_from(characters) else {
        return 0;
    };
    if text.is_ascii() {
        return characters.min(text.len());
    }
    text.char_indices()
        .nth(characters)
        .map_or(text.len(), |(byte, _)| byte)
}

/// The first characters; all but the last ones for a negative number.
pub(crate) fn left(text: &str, characters: i64) -> &str {
    let kept = if characters < 0 {
        length(text).saturating_add(characters).max(0)
    } else {
        characters
    };
    &text[..byte_of(text, kept)]
}

/// The last characters; all but the first ones for a negative number.
pub(crate) fn right(text: &str, characters: i64) -> &str {
    let skipped = if characters < 0 {
        characters.saturating_neg()
    } else {
        length(text).saturating_sub(characters).max(0)
    };
    &text[byte_of(text, skipped)..]
}

/// Characters from a place, counted from 1. What lies before the first character counts, too.
pub(crate) fn part(text: &str, from: i64, count: Option<i64>) -> Result<&str, Fault> {
    let start = byte_of(text, from.max(1) - 1);
    let Some(count) = count else {
        return Ok(&text[start..]);
    };
    if count < 0 {
        return Err(Fault::Argument(
            "a negative number of characters cannot be taken",
        ));
    }
    let until = from.saturating_add(count);
    let kept = until.saturating_sub(from.max(1)).max(0);
    let rest = &text[start..];
    Ok(&rest[..byte_of(rest, kept)])
}

/// Which side of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    Both,
}

/// The text with another one in place of so many characters from a place on.
pub(crate) fn overlaid(text: &str, other: &str, from: i64, count: i64) -> Result<String, Fault> {
    if from <= 0 {
        return Err(Fault::Argument(
            "OVERLAY begins at the first character or behind it",
        ));
    }
    let rest = from
        .checked_add(count)
        .ok_or(Fault::Overflow(crate::SqlType::Integer))?;
    let before = part(text, 1, Some(from - 1))?;
    Ok([before, other, part(text, rest, None)?].concat())
}

/// Filled to that many characters, or cut to them.
pub(crate) fn padded<'a>(
    text: &'a str,
    characters: i64,
    fill: &str,
    side: Side,
) -> Result<Cow<'a, str>, Fault> {
    let wanted = characters.max(0);
    let missing = wanted.saturating_sub(length(text));
    if missing <= 0 || fill.is_empty() {
        return Ok(Cow::Borrowed(left(text, wanted)));
    }
    let missing = usize::try_from(missing).unwrap_or(usize::MAX);
    fitting(missing)?;
    let filling: String = fill.chars().cycle().take(missing).collect();
    let padded = match side {
        Side::Right => [text, &filling].concat(),
        Side::Left | Side::Both => [&filling, text].concat(),
    };
    fitting(padded.len())?;
    Ok(Cow::Owned(padded))
}

/// Without the characters of a set at its sides.
pub(crate) fn trimmed<'a>(text: &'a str, set: &str, side: Side) -> &'a str {
    let is_of_set = |character: char| set.contains(character);
    match side {
        Side::Left => text.trim_start_matches(is_of_set),
        Side::Right => text.trim_end_matches(is_of_set),
        Side::Both => text.trim_matches(is_of_set),
    }
}

/// Every place of a text in it replaced; nothing is replaced for an empty one.
pub(crate) fn replaced<'a>(text: &'a str, from: &str, to: &str) -> Result<Cow<'a, str>, Fault> {
    if from.is_empty() || !text.contains(from) {
        return Ok(Cow::Borrowed(text));
    }
    if to.len() > from.len() {
        let places = text.matches(from).count();
        fitting(text.len() + places.saturating_mul(to.len() - from.len()))?;
    }
    Ok(Cow::Owned(text.replace(from, to)))
}

/// Every character of one set replaced by the one at its place in the other, or left out.
pub(crate) fn translated(text: &str, from: &str, to: &str) -> String {
    let translate = |character: char| match from.chars().position(|one| one == character) {
        Some(place) => to.chars().nth(place),
        None => Some(character),
    };
    text.chars().filter_map(translate).collect()
}

/// The characters from the last to the first.
pub(crate) fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// The text so many times.
pub(crate) fn repeated(text: &str, times: i64) -> Result<String, Fault> {
    let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
    if text.is_empty() {
        return Ok(String::new());
    }
    fitting(times.saturating_mul(text.len()))?;
    Ok(text.repeat(times))
}

/// The part with that number, counted from 1, or from the end for a negative one.
pub(crate) fn field<'a>(text: &'a str, separator: &str, number: i64) -> Result<&'a str, Fault> {
    if number == 0 {
        return Err(Fault::Argument("parts are counted from 1"));
    }
    if text.is_empty() {
        return Ok("");
    }
    if separator.is_empty() {
        return Ok(if matches!(number, 1 | -1) { text } else { "" });
    }
    let place = usize::try_from(number.unsigned_abs() - 1).unwrap_or(usize::MAX);
    if number > 0 {
        return Ok(text.split(separator).nth(place).unwrap_or(""));
    }
    // Parts are made from the left, also when they are counted from the right: 'aaa' by 'aa' ends in 'a'.
    let parts = text.split(separator).count();
    match parts.checked_sub(place + 1) {
        Some(place) => Ok(text.split(separator).nth(place).unwrap_or("")),
        None => Ok(""),
    }
}

/// The place of a text in another, in characters from 1; 0 when it is not there.
pub(crate) fn place(text: &str, part: &str) -> i64 {
    text.find(part)
        .map_or(0, |byte| length(&text[..byte]).saturating_add(1))
}

/// The code of the first character; 0 for an empty text.
pub(crate) fn code(text: &str) -> i64 {
    text.chars()
        .next()
        .map_or(0, |first| i64::from(u32::from(first)))
}

/// The character of that code.
pub(crate) fn character(code: i64) -> Result<String, Fault> {
    u32::try_from(code)
        .ok()
        .filter(|code| *code > 0)
        .and_then(char::from_u32)
        .map(String::from)
        .ok_or(Fault::Argument("no character has this code"))
}

/// Small letters.
pub(crate) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(letters::lower).collect()
}

/// Capital letters.
pub(crate) fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    text.chars().map(letters::upper).collect()
}

/// A capital letter at the beginning of every word.
pub(crate) fn capitalized(text: &str) -> String {
    let mut is_inside = false;
    text.chars()
        .map(|letter| {
            let letter = if is_inside {
                letters::lower(letter)
            } else {
                letters::upper(letter)
            };
            is_inside = letters::is_letter_or_digit(letter);
            letter
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::seq::IndexedRandom;
    use rand::{Rng, SeedableRng};

    use super::super::oracle::{Oracle, input};
    use super::*;

    /// Texts of few characters, so that they meet.
    fn some(random: &mut StdRng, alphabet: &[char], most: usize) -> String {
        let count = random.random_range(0..=most);
        (0..count)
            .filter_map(|_| alphabet.choose(random).copied())
            .collect()
    }

    const ALPHABET: [char; 8] = ['a', 'b', 'A', ' ', ',', '가', 'é', '😀'];

    #[tokio::test(flavor = "multi_thread")]
    async fn texts_are_cut_and_joined_as_postgresql_does() {
        let mut random = StdRng::seed_from_u64(1);
        let inputs: Vec<_> = (0..2_000)
            .map(|_| {
                let text = some(&mut random, &ALPHABET, 8);
                let part = some(&mut random, &ALPHABET[..6], 2);
                input(text, part, random.random_range(-6..=9))
            })
            .collect();
        let number = |input: &[String; 3]| input[2].parse::<i64>().unwrap();
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("length($1)", &inputs, |i| Ok(length(&i[0]).to_string()))
            .await;
        oracle
            .agrees("octet_length($1)", &inputs, |i| Ok(i[0].len().to_string()))
            .await;
        oracle
            .agrees("left($1, $3::int)", &inputs, |i| {
                Ok(left(&i[0], number(i)).into())
            })
            .await;
        oracle
            .agrees("right($1, $3::int)", &inputs, |i| {
                Ok(right(&i[0], number(i)).into())
            })
            .await;
        oracle
            .agrees("substr($1, $3::int)", &inputs, |i| {
                Ok(part(&i[0], number(i), None)?.into())
            })
            .await;
        for count in [-1, 0, 1, 3, i64::from(i32::MAX)] {
            let expression = format!("substring($1 FROM $3::int FOR {count})");
            oracle
                .agrees(&expression, &inputs, |i| {
                    Ok(part(&i[0], number(i), Some(count))?.into())
                })
                .await;
        }
        for (name, side) in [("lpad", Side::Left), ("rpad", Side::Right)] {
            oracle
                .agrees(&format!("{name}($1, $3::int, $2)"), &inputs, |i| {
                    Ok(padded(&i[0], number(i), &i[1], side)?.into())
                })
                .await;
        }
        for (name, side) in [
            ("ltrim", Side::Left),
            ("rtrim", Side::Right),
            ("btrim", Side::Both),
        ] {
            oracle
                .agrees(&format!("{name}($1, $2)"), &inputs, |i| {
                    Ok(trimmed(&i[0], &i[1], side).into())
                })
                .await;
        }
        oracle
            .agrees("replace($1, $2, $3)", &inputs, |i| {
                Ok(replaced(&i[0], &i[1], &i[2])?.into())
            })
            .await;
        oracle
            .agrees("translate($1, $2, $3)", &inputs, |i| {
                Ok(translated(&i[0], &i[1], &i[2]))
            })
            .await;
        oracle
            .agrees("reverse($1)", &inputs, |i| Ok(reversed(&i[0])))
            .await;
        oracle
            .agrees("repeat($1, $3::int)", &inputs, |i| {
                repeated(&i[0], number(i))
            })
            .await;
        oracle
            .agrees("split_part($1, $2, $3::int)", &inputs, |i| {
                Ok(field(&i[0], &i[1], number(i))?.into())
            })
            .await;
        oracle
            .agrees("strpos($1, $2)", &inputs, |i| {
                Ok(place(&i[0], &i[1]).to_string())
            })
            .await;
        oracle
            .agrees("starts_with($1, $2)", &inputs, |i| {
                Ok(i[0].starts_with(&i[1]).to_string())
            })
            .await;
        oracle
            .agrees("right($1, length($2)) = $2", &inputs, |i| {
                Ok(i[0].ends_with(&i[1]).to_string())
            })
            .await;
        oracle
            .agrees("ascii($1)", &inputs, |i| Ok(code(&i[0]).to_string()))
            .await;
        oracle
            .agrees("initcap($1)", &inputs, |i| Ok(capitalized(&i[0])))
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn parts_overlap_as_postgresql_counts_them() {
        let mut random = StdRng::seed_from_u64(2);
        let inputs: Vec<_> = (0..2_000)
            .map(|_| {
                let text = some(&mut random, &['a', 'b'], 9);
                let part = some(&mut random, &['a', 'b'], 3);
                input(text, part, random.random_range(-5..=5))
            })
            .collect();
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("split_part($1, $2, $3::int)", &inputs, |i| {
                Ok(field(&i[0], &i[1], i[2].parse().unwrap())?.into())
            })
            .await;
        oracle
            .agrees("replace($1, $2, $3)", &inputs, |i| {
                Ok(replaced(&i[0], &i[1], &i[2])?.into())
            })
            .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn codes_are_characters() {
        let codes = [
            -1, 0, 1, 65, 127, 128, 55_295, 55_296, 57_343, 57_344, 1_114_111, 1_114_112,
        ];
        let inputs = codes.map(|code| input(code, "", ""));
        let mut oracle = Oracle::new().await;
        oracle
            .agrees("chr($1::int)", &inputs, |i| {
                character(i[0].parse().unwrap())
            })
            .await;
    }
}
