//! The names of sheets, as Excel allows them.

use std::ops::Range;

use crate::problem::Problem;
use crate::section::Placed;
use lang::Text;

/// What Excel allows, in UTF-16 units.
const LONGEST_NAME: usize = 31;

/// Characters Excel refuses in the name of a sheet.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// A title as the name of a sheet.
pub(super) fn from_title(title: &str) -> String {
    let mut name = String::new();
    for c in title
        .chars()
        .filter(|c| !FORBIDDEN.contains(c) && !c.is_control())
    {
        if name.encode_utf16().count() + c.len_utf16() > LONGEST_NAME {
            break;
        }
        name.push(c);
    }
    let name = name.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    if name.is_empty() {
        "Sheet1".to_owned()
    } else {
        name.to_owned()
    }
}

/// Checks the name of a sheet in every language, also against the sheets above it.
pub(super) fn check(
    name: &Placed<Text>,
    names: &mut Vec<(String, Range<usize>)>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: Vec<&str> = Vec::new();
    for text in [&name.value.ko, &name.value.en].into_iter().flatten() {
        if seen.contains(&text.as_str()) {
            continue;
        }
        seen.push(text);
        // Excel counts UTF-16 units; people count characters. They differ only for emoji.
        let length = text.encode_utf16().count();
        let message = if length > LONGEST_NAME {
            format!("\"{text}\" has {length} characters; Excel allows {LONGEST_NAME}")
        } else if let Some(bad) = text.chars().find(|c| FORBIDDEN.contains(c)) {
            format!("\"{text}\" has `{bad}`, which Excel does not allow in the name of a sheet")
        } else if text.starts_with('\'') || text.ends_with('\'') {
            format!(
                "\"{text}\" begins or ends with `'`, which Excel does not allow in the name of a sheet"
            )
        } else if text.chars().any(char::is_control) {
            "the name of a sheet has a control character".to_owned()
        } else if text.eq_ignore_ascii_case("history") {
            "Excel keeps the name \"History\" for itself".to_owned()
        } else if names.iter().any(|(other, _)| *other == text.to_lowercase()) {
            format!(
                "two sheets are named \"{text}\"; Excel does not tell capitals from small letters"
            )
        } else {
            continue;
        };
        problems.push(
            Problem::error("report::sheet_name", message)
                .at(name.span.clone())
                .help("give the sheet another name"),
        );
    }
    names.extend(
        seen.into_iter()
            .map(|text| (text.to_lowercase(), name.span.clone())),
    );
}
