//! What a page shows of a sheet: its first rows, formatted for people.

use super::columns::Planned;
use super::exact::EXCEL_DIGITS;
use super::totals::Totaller;
use super::value::Value;
use crate::outcome::{ChartView, ColumnView, SheetView};

/// Rows a page shows.
const PREVIEW_ROWS: usize = 200;
/// Letters of a text a page shows.
const PREVIEW_LETTERS: usize = 300;

/// Gathers a sheet's view while its rows are written.
pub(crate) struct Preview {
    rows: Vec<Vec<Option<String>>>,
}

impl Preview {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Whether further rows would be shown.
    pub(crate) fn is_open(&self) -> bool {
        self.rows.len() < PREVIEW_ROWS
    }

    /// Begins a row.
    pub(crate) fn begin_row(&mut self, columns: usize) {
        self.rows.push(Vec::with_capacity(columns));
    }

    /// Adds a cell to the row begun last.
    pub(crate) fn see(&mut self, column: &Planned, value: &Value<'_>) {
        let value = match *value {
            Value::Number(number) if column.is_quotient => {
                Value::Number(number.round_to_digits(EXCEL_DIGITS))
            }
            other => other,
        };
        let shown = column.format.show(&value).map(shortened);
        if let Some(row) = self.rows.last_mut() {
            row.push(shown);
        }
    }

    /// The finished view.
    pub(crate) fn finish(
        self,
        name: &str,
        rows: u64,
        columns: &[Planned],
        totals: Option<Vec<Option<String>>>,
        empty: Option<String>,
        charts: Vec<ChartView>,
    ) -> SheetView {
        let columns = columns
            .iter()
            .map(|column| ColumnView {
                title: column.title.clone(),
                align: if column.is_right() { "right" } else { "left" }.to_owned(),
                format: column.format.word(),
            })
            .collect();
        SheetView {
            name: name.to_owned(),
            rows,
            columns,
            preview: self.rows,
            totals,
            empty,
            charts,
        }
    }
}

/// The total for people.
pub(crate) fn show_total(total: &Totaller, column: &Planned) -> Option<String> {
    total.format(&column.format).show(&total.value())
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(PREVIEW_LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
