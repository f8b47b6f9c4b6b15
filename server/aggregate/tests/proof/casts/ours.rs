//! Where PostgreSQL casts and blocks do not, and why. Nothing is cast here that PostgreSQL does not cast,
//! and nothing to another value.

/// Pairs of types: from, to, and why.
const PAIRS: &[(&str, &str, &str)] = &[
    ("*text", "bytea", "blocks make no bytes of texts"),
    ("bytes", "*", "bytes are only counted and compared"),
    (
        "mixed numeric",
        "text",
        "every value would show its own digits",
    ),
    (
        "mixed numeric",
        "varchar(3)",
        "every value would show its own digits",
    ),
    ("quotient", "text", "every value would show its own digits"),
    (
        "quotient",
        "varchar(3)",
        "every value would show its own digits",
    ),
    ("*text", "interval", "no column holds an interval"),
    ("time", "interval", "no column holds an interval"),
    (
        "interval",
        "*",
        "intervals only stand beside dates and times",
    ),
];

/// Values: from, to, the values, and why.
const VALUES: &[(&str, &str, &[&str], &str)] = &[
    (
        "double",
        "numeric*",
        &["NaN", "Infinity", "-Infinity"],
        "decimals have neither NaN nor infinity",
    ),
    (
        "*text",
        "numeric*",
        &["NaN", "nan", "Infinity", "-inf"],
        "decimals have neither NaN nor infinity",
    ),
    (
        "double",
        "numeric",
        &["5e-324", "1e37", "1e38", "1e100", "1.7976931348623157e308"],
        "decimals have 38 digits",
    ),
    (
        "*text",
        "numeric*",
        &["1e400", "1e-400"],
        "decimals have 38 digits",
    ),
    (
        "text",
        "numeric",
        &[
            "99999999999999999999999999999999999999",
            "0.00000000000000000000000000000000000001",
        ],
        "digits behind the point are kept for every value of a column",
    ),
    (
        "*text",
        "date",
        &["Infinity", "10000-01-01"],
        "dates are of the years 1 to 9999",
    ),
    (
        "*text",
        "timestamp",
        &["Infinity", "10000-01-01", "9999-12-31 23:59:59.9999999"],
        "moments are of the years 1 to 9999",
    ),
    (
        "*text",
        "date",
        &["2024-2-9", "2024-02-29 24:00:00"],
        "texts are read as dates in the form of ISO 8601",
    ),
    (
        "*text",
        "timestamp",
        &["2024-2-9", "2024-02-29 24:00:00"],
        "texts are read as moments in the form of ISO 8601",
    ),
    (
        "*text",
        "time",
        &[
            "1:2:3",
            "12:34:60",
            "12:34:56+09",
            "2024-02-29 01:02",
            "2024-02-29 12:34:56.789",
            "2024-02-29 12:34:56+09",
        ],
        "texts are read as times of day in the form of ISO 8601",
    ),
    (
        "*text",
        "time",
        &[
            "24:00:00",
            "23:59:59.9999999",
            "2024-02-29 24:00:00",
            "9999-12-31 23:59:59.9999999",
        ],
        "a day ends before 24:00",
    ),
];

/// The place of a pair among those that are no casts here.
pub fn pair(from: &str, to: &str) -> Option<usize> {
    PAIRS
        .iter()
        .position(|(one, other, _)| fits(one, from) && fits(other, to))
}

/// The place of a value among those that stop a block, counted from those before.
pub fn value(from: &str, to: &str, value: &str) -> Option<usize> {
    let place = VALUES.iter().position(|(one, other, values, _)| {
        fits(one, from) && fits(other, to) && values.contains(&value)
    })?;
    Some(PAIRS.len() + place)
}

/// What is listed and no cast needed.
pub fn unused(used: &[usize]) -> Vec<String> {
    let pairs = PAIRS.iter().map(|(from, to, why)| (from, to, why));
    let values = VALUES.iter().map(|(from, to, _, why)| (from, to, why));
    pairs
        .chain(values)
        .enumerate()
        .filter(|(place, _)| !used.contains(place))
        .map(|(_, (from, to, why))| format!("{from} to {to}: {why}"))
        .collect()
}

/// `*` stands for anything at an end of a word.
fn fits(pattern: &str, word: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (_, Some(beginning)) => word.starts_with(beginning),
        (Some(end), None) => word.ends_with(end),
        (None, None) => pattern == word,
    }
}
