//! Names Excel accepts: of sheets, of tables, of table columns.

use std::collections::{HashMap, HashSet};

/// The most UTF-16 units of a sheet's name.
const SHEET_UNITS: usize = 31;
/// The most UTF-16 units of a table column's name.
const TITLE_UNITS: usize = 255;

/// Names given so far, compared without case as Excel does.
#[derive(Debug, Default)]
pub(crate) struct SheetNames {
    taken: HashSet<String>,
}

impl SheetNames {
    /// A valid name nobody has: the wanted one, else with ` (2)`, ` (3)` … behind it.
    pub(crate) fn give(&mut self, wanted: &str) -> String {
        let name = sheet_name(wanted);
        if self.take(&name) {
            name
        } else {
            self.give_numbered(&name, 2).0
        }
    }

    /// The name of a further part of a sheet and its number, at least `from`.
    pub(crate) fn give_numbered(&mut self, base: &str, from: usize) -> (String, usize) {
        for number in from.. {
            let suffix = format!(" ({number})");
            let name = format!(
                "{}{suffix}",
                cut(base, SHEET_UNITS - suffix.len()).trim_end()
            );
            if self.take(&name) {
                return (name, number);
            }
        }
        unreachable!("there are more numbers than sheets")
    }

    fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_lowercase())
    }
}

fn sheet_name(wanted: &str) -> String {
    let clean: String = wanted
        .chars()
        .map(|letter| {
            if "[]:*?/\\".contains(letter) || is_forbidden(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect();
    // Excel accepts apostrophes inside a name but not around it.
    let name = cut(clean.trim().trim_matches('\''), SHEET_UNITS)
        .trim()
        .trim_matches('\'')
        .to_owned();
    match name.to_lowercase().as_str() {
        "" => "Sheet".to_owned(),
        // Excel keeps this name for itself.
        "history" => format!("{name}_"),
        _ => name,
    }
}

/// Column headings that are unique ignoring case, without line breaks, never empty.
pub(crate) fn titles<'a>(wanted: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    // The next number to try for a heading that many columns want.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    wanted
        .enumerate()
        .map(|(place, wanted)| {
            let clean: String = wanted
                .chars()
                .map(|letter| if is_forbidden(letter) { ' ' } else { letter })
                .collect();
            // Room for a number behind it.
            let clean = cut(clean.trim(), TITLE_UNITS - 10);
            let base = if clean.is_empty() {
                format!("Column {}", place + 1)
            } else {
                clean.to_owned()
            };
            let mut title = base.clone();
            while !taken.insert(title.to_lowercase()) {
                let number = numbers.entry(base.to_lowercase()).or_insert(2);
                title = format!("{base} ({number})");
                *number += 1;
            }
            title
        })
        .collect()
}

/// A table's name: the query behind it, so that `=SUM(data_orders[Revenue])` reads well.
///
/// The prefix keeps names such as `q1` from being read as a cell.
pub(crate) fn table_name(block: &str, taken: &mut HashSet<String>) -> String {
    let clean: String = block
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                '_'
            }
        })
        .take(200)
        .collect();
    let mut name = format!("data_{clean}");
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("data_{clean}_{number}");
        number += 1;
    }
    name
}

/// `C12` for row 11 and column 2, both counted from zero.
pub(crate) fn cell_name(row: u32, column: u16) -> String {
    format!("{}{}", column_name(column), row + 1)
}

/// `AB` for column 27, counted from zero.
pub(crate) fn column_name(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + u8::try_from(rest % 26).expect("below 26"));
        rest /= 26;
    }
    letters.reverse();
    String::from_utf8(letters).expect("letters are ASCII")
}

/// Row and column of a name such as `G2`, counted from zero; `None` when it names no cell.
pub(crate) fn parse_cell(name: &str) -> Option<(u32, u16)> {
    let start = name.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = name.split_at(start);
    let row: u32 = digits
        .parse()
        .ok()
        .filter(|row| (1..=1_048_576).contains(row))?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().try_fold(0u32, |sum, letter| {
        letter
            .is_ascii_alphabetic()
            .then(|| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    (column <= 16_384)
        .then(|| Some((row - 1, u16::try_from(column - 1).ok()?)))
        .flatten()
}

/// Whether XML or a heading cannot hold the letter.
fn is_forbidden(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}')
}

/// The longest beginning with at most so many UTF-16 units.
pub(crate) fn cut(text: &str, units: usize) -> &str {
    let mut room = units;
    for (position, letter) in text.char_indices() {
        match room.checked_sub(letter.len_utf16()) {
            Some(rest) => room = rest,
            None => return &text[..position],
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_valid_and_unique() {
        let mut names = SheetNames::default();
        assert_eq!(names.give("일별 매출"), "일별 매출");
        assert_eq!(names.give("Orders"), "Orders");
        assert_eq!(names.give("ORDERS"), "ORDERS (2)");
        assert_eq!(names.give("a/b:c*d?[e]\\"), "a b c d  e");
        assert_eq!(names.give("'quoted'"), "quoted");
        assert_eq!(names.give(""), "Sheet");
        assert_eq!(names.give("History"), "History_");
        let long = "긴 이름".repeat(10);
        assert_eq!(names.give(&long).encode_utf16().count(), 31);
        let (second, _) = names.give_numbered(&long, 2);
        assert!(second.ends_with(" (2)") && second.encode_utf16().count() <= 31);
    }

    #[test]
    fn emoji_are_never_cut_in_half() {
        assert_eq!(cut("ab😀", 3), "ab");
        assert_eq!(cut("ab😀", 4), "ab😀");
    }

    #[test]
    fn headings_are_unique_and_on_one_line() {
        let given = titles(["매출", "매출", "", "a\nb", "A B"].into_iter());
        assert_eq!(given, ["매출", "매출 (2)", "Column 3", "a b", "A B (2)"]);
    }

    #[test]
    fn cells_have_names() {
        assert_eq!(cell_name(1, 6), "G2");
        assert_eq!(column_name(27), "AB");
        assert_eq!(column_name(16_383), "XFD");
        assert_eq!(parse_cell("G2"), Some((1, 6)));
        assert_eq!(parse_cell("xfd1048576"), Some((1_048_575, 16_383)));
        assert_eq!(parse_cell("XFE1"), None);
        assert_eq!(parse_cell("A0"), None);
        assert_eq!(parse_cell("12"), None);
        assert_eq!(parse_cell("A"), None);
    }
}
