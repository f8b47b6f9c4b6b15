//! Regular expressions of the table: which are accepted, and how columns are matched.

use std::fmt::Write as _;

use regex::Captures;

use crate::call::{Answer, Call};
use crate::function::Shape;
use crate::kernel::pattern::Pattern;
use crate::kernel::text;
use crate::{Fault, SqlType};

/// A piece of what is put in place of a match.
enum Piece {
    Text(String),
    /// What the match or a group of it holds; the match itself is 0.
    Group(usize),
}

/// The text of an argument that is written out.
pub(super) fn constant<'a>(call: &Call<'a>, place: usize) -> Result<&'a str, Fault> {
    let columns: &'a [_] = call.columns;
    let text = columns[place].str()?.get(0);
    text.ok_or(Fault::Argument("a pattern must be written out"))
}

fn read(arguments: &[Shape<'_>], ignores_case: bool) -> Option<Pattern> {
    Pattern::read(arguments.get(1)?.text()?, ignores_case)
}

fn pattern(call: &Call<'_>, ignores_case: bool) -> Result<Pattern, Fault> {
    Pattern::read(constant(call, 1)?, ignores_case)
        .ok_or(Fault::Argument("the regular expression is not supported"))
}

/// Patterns that are only asked whether they match.
pub(super) fn matching(arguments: &[Shape<'_>]) -> Option<SqlType> {
    read(arguments, false).map(|_| SqlType::Boolean)
}

/// As `matching`, for small and capital letters alike.
pub(super) fn matching_any_case(arguments: &[Shape<'_>]) -> Option<SqlType> {
    read(arguments, true).map(|_| SqlType::Boolean)
}

/// As `matching`, with flags as the third argument.
pub(super) fn matching_by_flags(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let (ignores_case, is_global) = flags(arguments.get(2)?.text()?)?;
    if is_global {
        return None;
    }
    read(arguments, ignores_case).map(|_| SqlType::Boolean)
}

/// Refuses patterns whose first match may not be the longest, which PostgreSQL takes; see `pattern/certain.rs`.
pub(super) fn certain(arguments: &[Shape<'_>]) -> Option<SqlType> {
    read(arguments, false)?.is_certain.then_some(SqlType::Text)
}

/// As [`certain`], for functions that answer with a number.
pub(super) fn counted(arguments: &[Shape<'_>]) -> Option<SqlType> {
    certain(arguments).map(|_| SqlType::Integer)
}

/// As [`certain`], for replacements, whose groups have to be certain as well.
pub(super) fn replacing(arguments: &[Shape<'_>]) -> Option<SqlType> {
    let (ignores_case, _) = match arguments.get(3) {
        Some(shape) => flags(shape.text()?)?,
        None => (false, false),
    };
    let pattern = read(arguments, ignores_case)?;
    let is_certain = |piece: &Piece| match piece {
        Piece::Text(_) | Piece::Group(0) => true,
        Piece::Group(number) => *pattern.groups.get(number - 1).unwrap_or(&false),
    };
    let pieces = pieces(arguments.get(2)?.text()?)?;
    (pattern.is_certain && pieces.iter().all(is_certain)).then_some(SqlType::Text)
}

/// Whether case is ignored, and whether every match is meant.
fn flags(written: &str) -> Option<(bool, bool)> {
    match written {
        "" => Some((false, false)),
        "i" => Some((true, false)),
        "g" => Some((false, true)),
        "gi" | "ig" => Some((true, true)),
        _ => None,
    }
}

/// `\1` to `\9` are groups, `\&` is the match and `\\` is a `\`.
fn pieces(replacement: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut characters = replacement.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        let group = match characters.next()? {
            '\\' => {
                text.push('\\');
                continue;
            }
            '&' => 0,
            digit @ '1'..='9' => digit.to_digit(10)? as usize,
            _ => return None,
        };
        pieces.push(Piece::Text(std::mem::take(&mut text)));
        pieces.push(Piece::Group(group));
    }
    pieces.push(Piece::Text(text));
    Some(pieces)
}

/// Whether the texts match, or do not.
pub(super) fn matches(call: &Call<'_>, ignores_case: bool, wanted: bool) -> Answer {
    let (texts, pattern) = (call.texts(0)?, pattern(call, ignores_case)?);
    call.to_truths(|row| {
        let is_match = |text| pattern.regex.is_match(text) == wanted;
        Ok(texts.at(row).map(is_match))
    })
}

/// How many matches there are.
pub(super) fn counts(call: &Call<'_>) -> Answer {
    let (texts, pattern) = (call.texts(0)?, pattern(call, false)?);
    call.to_whole(|row| {
        let count = |text| text::size(pattern.regex.find_iter(text).count());
        Ok(texts.at(row).map(count))
    })
}

/// The first match.
pub(super) fn found(call: &Call<'_>) -> Answer {
    let (texts, pattern) = (call.texts(0)?, pattern(call, false)?);
    call.to_texts(|row| {
        let found = texts.at(row).and_then(|text| pattern.regex.find(text));
        Ok(found.map(|found| found.as_str()))
    })
}

/// With another text in place of the first match, or of all.
pub(super) fn substituted(call: &Call<'_>) -> Answer {
    let written = match call.columns.len() {
        3 => "",
        _ => constant(call, 3)?,
    };
    let refused = Fault::Argument("the regular expression is not supported");
    let (ignores_case, is_global) = flags(written).ok_or(refused.clone())?;
    let (texts, pattern) = (call.texts(0)?, pattern(call, ignores_case)?);
    let pieces = pieces(constant(call, 2)?).ok_or(refused)?;
    let put = |found: &Captures<'_>| {
        let mut text = String::new();
        for piece in &pieces {
            // Writing into a text cannot fail.
            let _ = match piece {
                Piece::Text(piece) => text.write_str(piece),
                Piece::Group(number) => {
                    text.write_str(found.get(*number).map_or("", |group| group.as_str()))
                }
            };
        }
        text
    };
    let limit = usize::from(!is_global);
    call.to_texts(|row| {
        let replace = |text| pattern.regex.replacen(text, limit, put);
        Ok(texts.at(row).map(replace))
    })
}
