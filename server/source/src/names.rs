//! Names of result columns: every column needs one of its own.

use std::collections::HashMap;

use crate::SourceError;

/// Refuses a result whose columns cannot be told apart. `is_unnamed` says whether the database
/// made up the name of a column, counted from 0.
///
/// Upper and lower case are the same: no sheet and no reader of Parquet files tells `Id` from `id`.
pub(crate) fn check(
    source: &str,
    names: &[&str],
    is_unnamed: impl Fn(usize) -> bool,
) -> Result<(), SourceError> {
    let refuse = |message: String| Err(SourceError::columns(source, message));
    if names.is_empty() {
        return refuse("it returns no columns; write a SELECT".to_owned());
    }
    let mut seen = HashMap::<String, usize>::new();
    let (mut unnamed, mut doubled) = (Vec::new(), Vec::new());
    for (index, name) in names.iter().enumerate() {
        if is_unnamed(index) {
            unnamed.push(format!("column {} (`{name}`)", index + 1));
        }
        if let Some(first) = seen.insert(name.to_lowercase(), index) {
            doubled.push(format!(
                "columns {} and {} are both `{name}`",
                first + 1,
                index + 1
            ));
        }
    }
    if !unnamed.is_empty() {
        return refuse(format!(
            "{} has no name; write `… AS name`",
            unnamed.join(", ")
        ));
    }
    if !doubled.is_empty() {
        return refuse(format!(
            "{}; give each its own name with `… AS name`",
            doubled.join(", ")
        ));
    }
    Ok(())
}

/// Whether a name is the text of an expression. SQLite and MySQL name a column without `AS`
/// after its own text; a chosen name that looks like one stands in quotes.
pub(crate) fn is_expression(name: &str, sql: &str) -> bool {
    let is_literal = [
        "null",
        "true",
        "false",
        "current_date",
        "current_time",
        "current_timestamp",
    ]
    .iter()
    .any(|word| name.eq_ignore_ascii_case(word));
    let is_word = name.chars().enumerate().all(|(index, c)| {
        c == '_'
            || c == '$' && index > 0
            || c.is_alphabetic()
            || !c.is_ascii()
            || c.is_ascii_digit() && index > 0
    });
    if is_word && !is_literal && !name.is_empty() {
        return false;
    }
    let quoted = ['"', '\'', '`', '['].iter().any(|open| {
        let close = if *open == '[' { ']' } else { *open };
        let doubled = name.replace(close, &format!("{close}{close}"));
        sql.contains(&format!("{open}{doubled}{close}"))
    });
    !quoted
}
