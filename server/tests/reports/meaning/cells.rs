//! Answers as cells, and when two of them are the same.

use std::cmp::Ordering;
use std::path::Path;

use calamine::{Data, ExcelDateTime, Reader, Xlsx, open_workbook};
use jiff::ToSpan;
use jiff::civil::DateTime;

/// The rows of a statement.
pub struct Answer<T> {
    pub columns: Vec<String>,
    /// What PostgreSQL calls the types; empty where only cells are known.
    pub kinds: Vec<String>,
    pub rows: Vec<Vec<T>>,
}

/// The first rows of a sheet below its header.
pub fn read(workbook: &Path, sheet: &str, rows: usize) -> Answer<Data> {
    let mut book: Xlsx<_> = open_workbook(workbook).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let mut lines = range.rows();
    let header = lines.next().unwrap();
    Answer {
        columns: header.iter().map(ToString::to_string).collect(),
        kinds: Vec::new(),
        rows: lines.take(rows).map(<[Data]>::to_vec).collect(),
    }
}

impl Answer<Option<String>> {
    /// The first difference to what our cells hold, in words.
    pub fn difference(&self, ours: &Answer<Data>, is_ordered: bool) -> Option<String> {
        if self.rows.len() != ours.rows.len() {
            let (one, two) = (ours.rows.len(), self.rows.len());
            return Some(format!("{one} rows, and {two} in PostgreSQL"));
        }
        if self.rows.is_empty() {
            return None;
        }
        if self.columns != ours.columns {
            return Some(format!("{:?} and {:?}", ours.columns, self.columns));
        }
        let theirs = self.rows.iter().map(|row| {
            let cells = row.iter().zip(&self.kinds);
            cells.map(|(cell, kind)| their_cell(cell.as_deref(), kind))
        });
        let ours = ours.rows.iter().map(|row| {
            let cells = row.iter().zip(&self.kinds);
            cells.map(|(cell, kind)| our_cell(cell, kind))
        });
        let mut theirs: Vec<Vec<Cell>> = theirs.map(Iterator::collect).collect();
        let mut ours: Vec<Vec<Cell>> = ours.map(Iterator::collect).collect();
        if !is_ordered {
            theirs.sort_by(|one, two| compare(one, two));
            ours.sort_by(|one, two| compare(one, two));
        }
        let (row, (ours, theirs)) = ours
            .iter()
            .zip(&theirs)
            .enumerate()
            .find(|(_, (ours, theirs))| !ours.iter().zip(*theirs).all(|(one, two)| one.is(two)))?;
        Some(format!(
            "row {}\n  {ours:?}\n  {theirs:?} in PostgreSQL ({:?})",
            row + 1,
            self.kinds
        ))
    }
}

/// What a cell holds. An empty text is an empty cell.
#[derive(Debug)]
enum Cell {
    Empty,
    Text(String),
    Number {
        value: f64,
        /// How far the same number may be away.
        slack: f64,
    },
}

impl Cell {
    fn is(&self, theirs: &Self) -> bool {
        match (self, theirs) {
            (Self::Empty, Self::Empty) => true,
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Number { value: one, .. }, Self::Number { value: two, slack }) => {
                (one - two).abs() <= *slack
            }
            _ => false,
        }
    }
}

/// Rows by their texts and then by their numbers, which may differ in their last digits.
fn compare(one: &[Cell], two: &[Cell]) -> Ordering {
    let texts = |row: &[Cell]| -> Vec<Option<String>> {
        row.iter()
            .map(|cell| match cell {
                Cell::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect()
    };
    let numbers = |row: &[Cell]| -> Vec<String> {
        row.iter()
            .map(|cell| match cell {
                Cell::Number { value, .. } => format!("{value:.10e}"),
                _ => String::new(),
            })
            .collect()
    };
    texts(one)
        .cmp(&texts(two))
        .then_with(|| numbers(one).cmp(&numbers(two)))
}

fn their_cell(text: Option<&str>, kind: &str) -> Cell {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Cell::Empty;
    };
    match kind {
        "BOOL" => Cell::Text((text == "t").to_string()),
        "FLOAT8" | "NUMERIC" | "INT2" | "INT4" | "INT8" => {
            let value: f64 = text.parse().unwrap();
            let slack = match kind {
                "FLOAT8" => value.abs() * 1e-12,
                "NUMERIC" => decimal_slack(text, value),
                _ => 0.0,
            };
            Cell::Number { value, slack }
        }
        // Lines of a cell end with a line feed alone, and XML holds no control characters.
        _ => Cell::Text(
            text.replace("\r\n", "\n")
                .chars()
                .map(|letter| match letter {
                    '\n' | '\t' => letter,
                    control if control.is_control() => char::REPLACEMENT_CHARACTER,
                    letter => letter,
                })
                .collect(),
        ),
    }
}

/// Digits behind the point that only a quotient has: no column of the shop has more than four.
const QUOTIENT: usize = 12;

/// Decimals are exact, and a cell holds fifteen digits of them. Of quotients the first fifteen digits
/// count, and none behind the last one PostgreSQL computed. Ours may have more.
fn decimal_slack(text: &str, value: f64) -> f64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let is_short = digits.trim_start_matches(['-', '0']).len() <= 15;
    if is_short && fraction.len() < QUOTIENT {
        return 0.0;
    }
    let last = 10f64.powi(-i32::try_from(fraction.len()).unwrap());
    (value.abs() * 1e-15).max(last)
}

fn our_cell(cell: &Data, kind: &str) -> Cell {
    let number = |value: f64| Cell::Number { value, slack: 0.0 };
    match cell {
        Data::Empty => Cell::Empty,
        Data::Bool(value) => Cell::Text(value.to_string()),
        Data::Int(value) => number(value.to_string().parse().unwrap()),
        Data::Float(value) => number(*value),
        Data::DateTime(moment) => Cell::Text(moment_text(moment, kind)),
        Data::String(text) if text.is_empty() => Cell::Empty,
        // Numbers of more than fifteen digits are texts in a cell.
        Data::String(text) if matches!(kind, "NUMERIC" | "INT8") => text
            .parse()
            .map_or_else(|_| Cell::Text(text.clone()), number),
        other => Cell::Text(other.to_string()),
    }
}

/// A day or a moment as PostgreSQL writes it.
fn moment_text(moment: &ExcelDateTime, kind: &str) -> String {
    // Cells hold milliseconds.
    #[expect(clippy::cast_possible_truncation)]
    let millis = (moment.as_f64() * 86_400_000.0).round() as i64;
    let moment = DateTime::constant(1899, 12, 30, 0, 0, 0, 0) + millis.milliseconds();
    match kind {
        "DATE" => moment.date().to_string(),
        _ => moment.to_string().replace('T', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(kinds: &[&str], rows: &[&[&str]]) -> Answer<Option<String>> {
        let cell = |text: &&str| (*text != "NULL").then(|| (*text).to_owned());
        Answer {
            columns: vec!["x".to_owned(); kinds.len()],
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            rows: rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
        }
    }

    fn ours(rows: &[&[Data]]) -> Answer<Data> {
        Answer {
            columns: vec!["x".to_owned(); rows[0].len()],
            kinds: Vec::new(),
            rows: rows.iter().map(|row| row.to_vec()).collect(),
        }
    }

    #[test]
    fn a_difference_in_a_digit_that_counts_is_seen() {
        for (kind, theirs_is, ours_is, is_same) in [
            ("INT8", "3", 3.0, true),
            ("INT8", "3", 3.000_000_000_000_001, false),
            ("NUMERIC", "123456789012.34", 123_456_789_012.34, true),
            ("NUMERIC", "123456789012.34", 123_456_789_012.33, false),
            ("NUMERIC", "0.33333333333333333333", 1.0 / 3.0, true),
            (
                "NUMERIC",
                "0.33333333333333333333",
                0.333_333_333_333_33,
                false,
            ),
            ("NUMERIC", "0.51250000000000000000", 0.5125, true),
            (
                "NUMERIC",
                "0.51250000000000000000",
                0.512_500_000_000_01,
                false,
            ),
            ("FLOAT8", "0.1", 0.1 + 1e-15, true),
            ("FLOAT8", "0.1", 0.1 + 1e-12, false),
        ] {
            let theirs = theirs(&[kind], &[&[theirs_is]]);
            let difference = theirs.difference(&ours(&[&[Data::Float(ours_is)]]), true);
            assert_eq!(
                difference.is_none(),
                is_same,
                "{kind} {theirs_is} {ours_is}"
            );
        }
    }

    #[test]
    fn absent_values_rows_and_their_order_are_seen() {
        let number = |value| Data::Float(value);
        let one_two = theirs(&["INT8"], &[&["1"], &["2"]]);
        let two_one = ours(&[&[number(2.0)], &[number(1.0)]]);
        assert!(one_two.difference(&two_one, true).is_some());
        assert!(one_two.difference(&two_one, false).is_none());
        let twice = ours(&[&[number(2.0)], &[number(2.0)]]);
        assert!(one_two.difference(&twice, false).is_some());
        let one = ours(&[&[number(1.0)]]);
        assert!(one_two.difference(&one, false).is_some());
        let absent = theirs(&["INT8"], &[&["NULL"]]);
        assert!(absent.difference(&one, true).is_some());
        assert!(absent.difference(&ours(&[&[Data::Empty]]), true).is_none());
    }
}
