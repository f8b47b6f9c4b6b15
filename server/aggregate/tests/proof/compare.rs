//! Whether two answers are one.

use aggregate::Fault;

use crate::answer::Answer;
use crate::decimal::Digits;
use crate::difference::difference;
use crate::ours::Ours;

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
        "NaN beside a fault",
        "decimals have neither NaN nor infinity: a cast of such a double to NUMERIC stops the block",
    ),
    (
        "smallint beside integer",
        "SMALLINT is INTEGER: nothing is counted in 16 bits",
    ),
];

/// Errors that values have, and not statements.
const OF_VALUES: &[&str] = &[
    "out of range",
    "division by zero",
    "must not end with escape",
    "overflow",
];

/// What may leave values out that PostgreSQL computes: columns of an inner select or a join that nobody
/// reads, and parts of a condition that others decide, also of rows that are compared part by part.
const LEAVES_OUT: &[&str] = &["(SELECT", " JOIN ", " AND ", ") = (", ") <> (", "IN (("];

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
        (Err(said), Ours::Rows(_))
            if LEAVES_OUT.iter().any(|part| text.contains(part))
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
                fault @ (Fault::Overflow(_)
                | Fault::Short
                | Fault::Digits
                | Fault::Quotient(_)
                | Fault::Calendar),
            ),
        ) => Outcome::Overflowed(fault.to_string()),
        (Ok(_), Ours::Failed(Fault::NotFinite)) => Outcome::Documented,
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

#[test]
fn decimals_are_numbers_and_not_texts() {
    assert_eq!(Digits::of("1.50"), Digits::of("01.5"));
    assert_eq!(Digits::of("-0.00"), Digits::of("0"));
    assert_ne!(Digits::of("0.15"), Digits::of("1.5"));
    assert_eq!(Digits::of("0.00123").unwrap().significant(), 3);
    let third = Digits::of("0.33333333333333333333").unwrap();
    assert!(third.is_near(&Digits::of("0.3333333333333333333333333").unwrap()));
    assert!(!third.is_near(&Digits::of("0.333333333333333").unwrap()));
    assert!(Digits::of("NaN").is_none());
}
