//! Whether two answers are one.

use std::fmt;

use aggregate::Fault;

use crate::decimal::Digits;
use crate::ours::Ours;

/// Rows as text, the way PostgreSQL writes them.
#[derive(Clone, Debug)]
pub struct Answer {
    pub names: Vec<String>,
    /// As PostgreSQL's protocol calls them.
    pub types: Vec<&'static str>,
    /// Columns whose decimals are kept to as many digits as a division needs.
    pub is_quotient: Vec<bool>,
    pub rows: Vec<Vec<Option<String>>>,
}

/// How a statement ended on both sides.
#[derive(Debug)]
pub enum Outcome {
    Equal,
    Refused(String),
    /// An error in both.
    BothFailed,
    /// Ours stops where PostgreSQL has more digits.
    Overflowed(String),
    /// They differ for a reason that is written down in [`EXCEPTIONS`].
    Documented,
    Different(String),
}

/// What may differ, and why.
pub const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "integer out of range",
        "whole numbers are counted in 64 bits, so nothing stops at 32",
    ),
    (
        "could not determine polymorphic type because input has type unknown",
        "a text in quotes is text here, also where PostgreSQL wants to be told",
    ),
    (
        "numeric beside double",
        "SQRT, EXP, LN, LOG and POWER of decimals are of double precision",
    ),
    (
        "timestamptz beside date",
        "DATE_TRUNC of a date is a date, and has no zone",
    ),
    (
        "smallint beside integer",
        "SMALLINT is INTEGER: nothing is counted in 16 bits",
    ),
];

/// Functions that are of double precision here and decimal in PostgreSQL for decimals.
const DOUBLES: &[&str] = &[
    "SQRT(", "EXP(", "LN(", "LOG(", "LOG10(", "POWER(", "POW(", "CBRT(", "^",
];

/// What gives quotients, and what is rounded from them may differ where PostgreSQL has fewer digits.
const QUOTIENTS: &[&str] = &["/", "AVG(", "STDDEV", "VAR"];

/// Errors that values have, and not statements.
const OF_VALUES: &[&str] = &[
    "out of range",
    "division by zero",
    "must not end with escape",
    "overflow",
];

/// Compares what both said to a statement.
pub fn judge(
    theirs: &Result<Answer, String>,
    ours: &Ours,
    text: &str,
    is_ordered: bool,
) -> Outcome {
    match (theirs, ours) {
        (_, Ours::Panicked(said)) => Outcome::Different(format!("panic: {said}")),
        (_, Ours::Refused(said)) => Outcome::Refused(said.clone()),
        (Err(_), Ours::Failed(_)) => Outcome::BothFailed,
        (Err(said), Ours::Rows(_)) if EXCEPTIONS[..2].iter().any(|(error, _)| error == said) => {
            Outcome::Documented
        }
        // What nobody reads of an inner select or a join is not computed here.
        (Err(said), Ours::Rows(_))
            if (text.contains("(SELECT") || text.contains(" JOIN "))
                && OF_VALUES.iter().any(|error| said.contains(error)) =>
        {
            Outcome::Documented
        }
        (Err(said), Ours::Rows(rows)) => {
            Outcome::Different(format!("PostgreSQL fails: {said}\n  ours:\n{rows}"))
        }
        (
            Ok(_),
            Ours::Failed(
                fault @ (Fault::Overflow(_) | Fault::Digits | Fault::Quotient(_) | Fault::Calendar),
            ),
        ) => Outcome::Overflowed(fault.to_string()),
        // Decimals have no NaN here.
        (Ok(theirs), Ours::Failed(fault @ Fault::Argument(_))) if theirs.has_nan() => {
            Outcome::Overflowed(fault.to_string())
        }
        (Ok(theirs), Ours::Failed(fault)) => {
            Outcome::Different(format!("ours fails: {fault}\n  PostgreSQL:\n{theirs}"))
        }
        (Ok(theirs), Ours::Rows(ours)) => match difference(theirs, ours, text, is_ordered) {
            None => Outcome::Equal,
            Some(what) => {
                Outcome::Different(format!("{what}\n  PostgreSQL:\n{theirs}\n  ours:\n{ours}"))
            }
        },
    }
}

fn difference(theirs: &Answer, ours: &Answer, text: &str, is_ordered: bool) -> Option<String> {
    if theirs.types.len() != ours.types.len() {
        return Some("another number of columns".to_owned());
    }
    let upper = text.to_uppercase();
    let has_doubles = DOUBLES.iter().any(|name| upper.contains(name));
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
    let same = |one: &[Option<String>], other: &[Option<String>]| {
        one.iter()
            .zip(other)
            .enumerate()
            .all(|(place, (one, other))| match (one, other) {
                (None, None) => true,
                (Some(one), Some(other)) => is_same(
                    one,
                    other,
                    ours.types[place],
                    divides || ours.is_quotient[place],
                ),
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

/// Names of columns that differ, where PostgreSQL has one.
///
/// Names stay as they were written here, and of several columns of one name the later ones get `:` and
/// something more.
pub fn differing_names(theirs: &Answer, ours: &Answer) -> Vec<String> {
    let pairs = theirs.names.iter().zip(&ours.names);
    pairs
        .filter(|(one, other)| {
            let plain = other.split(':').next().unwrap_or_default();
            *one != "?column?" && !plain.eq_ignore_ascii_case(one)
        })
        .map(|(one, other)| format!("{one} is called {other} here"))
        .collect()
}

fn line(row: &[Option<String>]) -> String {
    let cells: Vec<&str> = row
        .iter()
        .map(|cell| cell.as_deref().unwrap_or("∅"))
        .collect();
    cells.join(" | ")
}

impl Answer {
    fn has_nan(&self) -> bool {
        self.rows
            .iter()
            .flatten()
            .flatten()
            .any(|cell| cell == "NaN")
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads: Vec<String> = self
            .names
            .iter()
            .zip(&self.types)
            .map(|(name, kind)| format!("{name} {kind}"))
            .collect();
        write!(f, "    {}", heads.join(" | "))?;
        for row in self.rows.iter().take(12) {
            write!(f, "\n    {}", line(row))?;
        }
        if self.rows.len() > 12 {
            write!(f, "\n    and {} more", self.rows.len() - 12)?;
        }
        Ok(())
    }
}
