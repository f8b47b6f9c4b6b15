//! Column widths from what the first rows show.

use super::cell::Cell;
use super::columns::Planned;
use super::value::Value;

/// Rows looked at. More would hardly change a width.
const SAMPLE_ROWS: u64 = 1_000;
/// The narrowest column, in characters.
const MIN: f64 = 7.0;
/// The widest column chosen by us; longer texts are read in the formula bar.
const MAX: f64 = 48.0;
/// Room for the cell's padding.
const PADDING: f64 = 2.0;
/// Room for the filter button on both sides of a centred heading.
const BUTTON: f64 = 5.0;

/// Widths seen so far.
#[derive(Debug)]
pub(crate) struct Widths {
    rows: u64,
    seen: Vec<f64>,
}

impl Widths {
    /// Starts with the headings.
    pub(crate) fn new(columns: &[Planned]) -> Self {
        let seen = columns
            .iter()
            .map(|column| of_text(&column.title) + BUTTON)
            .collect();
        Self { rows: 0, seen }
    }

    /// Whether another row would still be looked at.
    pub(crate) fn is_sampling(&self) -> bool {
        self.rows < SAMPLE_ROWS
    }

    /// Looks at a cell of the row.
    pub(crate) fn see(
        &mut self,
        place: usize,
        column: &Planned,
        value: &Value<'_>,
        cell: &Cell<'_>,
    ) {
        let width = match cell {
            Cell::Empty => return,
            Cell::Text(text) | Cell::QuotedText(text) => {
                text.lines().map(of_text).fold(0.0, f64::max)
            }
            Cell::Boolean(_) => 5.0,
            Cell::Number(_) | Cell::PlainNumber(_) => column
                .format
                .show(value)
                .map_or(0.0, |shown| of_text(&shown)),
        };
        self.seen[place] = self.seen[place].max(width + PADDING);
    }

    /// Ends the row.
    pub(crate) fn end_row(&mut self) {
        self.rows += 1;
    }

    /// Makes room for a total.
    pub(crate) fn see_total(&mut self, place: usize, shown: &str) {
        // Bold digits are a little wider.
        self.seen[place] = self.seen[place].max(of_text(shown) * 1.08 + PADDING);
    }

    /// The widths in characters: the author's where given.
    pub(crate) fn widths(&self, columns: &[Planned]) -> Vec<f64> {
        let bounded = |seen: &f64| seen.clamp(MIN, MAX);
        columns
            .iter()
            .zip(&self.seen)
            .map(|(column, seen)| column.width.unwrap_or_else(|| bounded(seen)))
            .collect()
    }
}

/// Characters of the default font a text takes: Hangul, other wide letters and emoji count two.
pub(crate) fn of_text(text: &str) -> f64 {
    text.chars()
        .map(|letter| if is_wide(letter) { 2.0 } else { 1.0 })
        .sum()
}

fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter),
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_counts_two() {
        assert_eq!(of_text("서울 A1"), 7.0);
        assert_eq!(of_text("😀"), 2.0);
        assert_eq!(of_text(""), 0.0);
    }
}
