//! What a page shows of a sheet: its first rows, formatted for people.

use report::Total;
use rows::EXCEL_DIGITS;
use serde::{Deserialize, Serialize};

use super::columns::Planned;
use super::totals::Totaller;
use super::value::Value;

/// A sheet as a page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetView {
    /// The name of the sheet in the file.
    pub name: String,
    /// Its data rows, all parts of a split sheet together.
    pub rows: u64,
    /// Its columns, left to right.
    pub columns: Vec<ColumnView>,
    /// The first 200 rows, formatted for people. `None` is an empty cell.
    pub preview: Vec<Vec<Option<String>>>,
    /// The totals row, formatted for people; `None` when no column has a total.
    pub totals: Option<Vec<Option<String>>>,
    /// The author's sentence when the sheet has no rows.
    pub empty: Option<String>,
    /// The sheet's charts.
    pub charts: Vec<ChartView>,
}

/// A column as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Its heading in the language of the run.
    pub title: String,
    /// `left` for texts, `right` for numbers and dates.
    pub align: String,
    /// The format word or Excel code the column is shown with.
    pub format: String,
}

/// A chart as a page draws it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartView {
    /// `line`, `column`, `bar`, `area`, `pie` or `scatter`.
    pub kind: String,
    /// Its title; may be empty.
    pub title: String,
    /// The labels of the x axis, formatted for people.
    pub x: Vec<String>,
    /// One line, group of bars or ring each.
    pub series: Vec<Series>,
    /// The format of the values, as in [`ColumnView::format`].
    pub format: String,
}

/// One series of a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What the legend calls it.
    pub name: String,
    /// One value per label of the x axis.
    pub values: Vec<Option<f64>>,
}

/// The total of one column over a whole sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlTotal {
    /// The sheet.
    pub sheet: String,
    /// The column's name in the query.
    pub column: String,
    /// The column's heading in the language of the run.
    pub title: String,
    /// What of the column it is.
    pub kind: Total,
    /// The value in plain digits, exact where the column is.
    pub value: String,
    /// The value as its cell shows it; `None` of files made by earlier versions.
    #[serde(default)]
    pub shown: Option<String>,
}

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
