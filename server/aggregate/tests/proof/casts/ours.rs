//! Where a cast ends otherwise than in PostgreSQL, and why.

/// Pairs PostgreSQL casts and blocks do not: from, to, and why.
pub const ELSEWHERE: &[(&str, &str, &str)] = &[];

/// Values that end otherwise: from, to, the values, and why. All stop here; PostgreSQL has an answer.
pub const STOPS: &[(&str, &str, &[&str], &str)] = &[];

/// Values that have an answer here, where PostgreSQL has none or another one.
pub const ANSWERS: &[(&str, &str, &[&str], &str)] = &[];

/// The place of a pair in [`ELSEWHERE`].
pub fn elsewhere(from: &str, to: &str) -> Option<usize> {
    ELSEWHERE
        .iter()
        .position(|(one, other, _)| fits(one, from) && fits(other, to))
}

/// The place of a value in [`STOPS`] or [`ANSWERS`], counted from those before.
pub fn excepted(from: &str, to: &str, value: &str, stops: bool) -> Option<usize> {
    let (table, before) = if stops {
        (STOPS, ELSEWHERE.len())
    } else {
        (ANSWERS, ELSEWHERE.len() + STOPS.len())
    };
    let place = table.iter().position(|(one, other, values, _)| {
        fits(one, from) && fits(other, to) && values.contains(&value)
    })?;
    Some(before + place)
}

/// Rows of the tables that no cast needs.
pub fn unused(used: &[usize]) -> Vec<String> {
    let pairs = ELSEWHERE.iter().map(|(from, to, _)| (from, to));
    let values = STOPS.iter().chain(ANSWERS).map(|(from, to, ..)| (from, to));
    pairs
        .chain(values)
        .enumerate()
        .filter(|(place, _)| !used.contains(place))
        .map(|(_, (from, to))| format!("{from} to {to}"))
        .collect()
}

/// `*` stands for anything, at the end of a word for all that begin so.
fn fits(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => pattern == word,
    }
}
