//! How two answers differ.

use super::answer::{Answer, line};
use super::decimal::Digits;

/// Functions that are of double precision here and decimal in PostgreSQL for decimals.
const DOUBLES: &[&str] = &[
    "SQRT(", "EXP(", "LN(", "LOG(", "LOG10(", "POWER(", "POW(", "CBRT(", "^",
];

/// What gives quotients, and what is rounded from them may differ where PostgreSQL has fewer digits.
const QUOTIENTS: &[&str] = &["/", "AVG(", "STDDEV", "VAR"];

/// What sums of doubles are made of, whose last digits depend on the order of the rows; what large ones that cancel each
/// other out leave is nothing but such digits.
const SUMS: &[&str] = &["SUM(", "AVG(", "STDDEV", "VAR"];

/// As much may be left of a few values of some hundred thousand million.
const LEFT_OVER: f64 = 1e-3;

/// Whether a statement computes in double precision what PostgreSQL computes in decimals.
pub fn has_doubles(text: &str) -> bool {
    let upper = text.to_uppercase();
    DOUBLES.iter().any(|name| upper.contains(name))
}

/// What differs first, in words; `None` when both are one answer. `text` is the statement.
pub fn difference(theirs: &Answer, ours: &Answer, text: &str, is_ordered: bool) -> Option<String> {
    if theirs.types.len() != ours.types.len() {
        return Some("another number of columns".to_owned());
    }
    let upper = text.to_uppercase();
    let has_doubles = has_doubles(text);
    for (place, (one, other)) in theirs.types.iter().zip(&ours.types).enumerate() {
        let is_excepted = match (*one, *other) {
            ("NUMERIC", "FLOAT8") => has_doubles,
            ("TIMESTAMPTZ", "DATE") => upper.contains("DATE_TRUNC"),
            ("INT2", "INT4") => true,
            _ => false,
        };
        if one != other && !is_excepted {
            return Some(format!(
                "column {} is {one} there and {other} here",
                place + 1
            ));
        }
    }
    if theirs.rows.len() != ours.rows.len() {
        return Some(format!(
            "{} rows there and {} here",
            theirs.rows.len(),
            ours.rows.len()
        ));
    }
    let divides = QUOTIENTS.iter().any(|name| upper.contains(name));
    let adds = SUMS.iter().any(|name| upper.contains(name));
    let same = |one: &[Option<String>], other: &[Option<String>]| {
        one.iter()
            .zip(other)
            .enumerate()
            .all(|(place, (one, other))| match (one, other) {
                (None, None) => true,
                (Some(one), Some(other)) => {
                    let is_finer = divides || ours.is_quotient[place];
                    is_same(one, other, ours.types[place], is_finer)
                        || adds && ours.types[place] == "FLOAT8" && is_left_over(one, other)
                }
                _ => false,
            })
    };
    if is_ordered {
        let place = theirs
            .rows
            .iter()
            .zip(&ours.rows)
            .position(|(one, other)| !same(one, other))?;
        return Some(format!("rows differ:\n  row {}", place + 1));
    }
    let sorted = |answer: &Answer| {
        let mut rows: Vec<_> = answer
            .rows
            .iter()
            .map(|row| (key(row, &ours.types), row.clone()))
            .collect();
        rows.sort();
        rows
    };
    let (theirs, ours) = (sorted(theirs), sorted(ours));
    let mut left: Vec<&Vec<Option<String>>> = Vec::new();
    let mut missing = Vec::new();
    for ((_, one), (_, other)) in theirs.iter().zip(&ours) {
        if !same(one, other) {
            missing.push(one);
            left.push(other);
        }
    }
    // Neighbours in that order may have changed places where their keys are nearly the same.
    for row in missing {
        match left.iter().position(|other| same(row, other)) {
            Some(place) => drop(left.swap_remove(place)),
            None => return Some(format!("rows differ:\n  no row of ours is {}", line(row))),
        }
    }
    None
}

/// What rows are sorted by, so that the same ones meet: numbers to nine digits.
fn key(row: &[Option<String>], types: &[&str]) -> Vec<Option<String>> {
    row.iter()
        .zip(types)
        .map(|(cell, kind)| match (cell, *kind) {
            (Some(text), "NUMERIC" | "FLOAT8") => {
                let number: f64 = text.parse().unwrap_or(f64::NAN);
                // Zero has no sign here.
                Some(format!("{:.8e}", number + 0.0))
            }
            (Some(text), "DATE") => Some(text.chars().take(10).collect()),
            (cell, _) => cell.clone(),
        })
        .collect()
}

/// Whether two sums differ by no more than the order of their rows may leave.
fn is_left_over(theirs: &str, ours: &str) -> bool {
    let [theirs, ours] = [theirs, ours].map(|text| text.parse::<f64>().unwrap_or(f64::NAN));
    (theirs - ours).abs() <= LEFT_OVER
}

/// Quotients are kept to sixteen digits at least, and PostgreSQL's own number of digits is another one.
fn is_same(theirs: &str, ours: &str, kind: &str, may_be_finer: bool) -> bool {
    match kind {
        "NUMERIC" => match (Digits::of(theirs), Digits::of(ours)) {
            (Some(one), Some(other)) if may_be_finer => {
                let digits = one.significant().max(other.significant());
                one == other || (digits > 15 && one.is_near(&other))
            }
            (one, other) => one.is_some() && one == other,
        },
        "FLOAT8" => {
            // What is left of a difference of doubles has no digits of its own.
            let least = if may_be_finer { 1.0 } else { 0.0 };
            let (Ok(one), Ok(other)) = (theirs.parse::<f64>(), ours.parse::<f64>()) else {
                return false;
            };
            one == other
                || (one.is_nan() && other.is_nan())
                || (one - other).abs() <= 1e-12 * one.abs().max(other.abs()).max(least)
        }
        // Midnight in UTC, from DATE_TRUNC of a date.
        "DATE" => theirs.strip_suffix(" 00:00:00+00").unwrap_or(theirs) == ours,
        _ => theirs == ours,
    }
}
