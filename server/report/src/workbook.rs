//! The sheets of a workbook as the author describes them.

mod mention;
mod read;

use indexmap::IndexMap;
use lang::Text;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub(crate) use mention::{How, Mentions};
pub(crate) use read::read;

/// The sheets in file order; never empty in a parsed report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// The sheets.
    pub sheets: Vec<Sheet>,
    /// Where each of them names columns.
    pub(crate) mentions: Vec<Mentions>,
}

/// One sheet: the rows of one block.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its name: at most 31 UTF-16 units, none of `[ ] : * ? / \`, unique ignoring case.
    pub name: Text,
    /// The block whose rows it shows.
    pub query: String,
    /// Rows and columns that stay while scrolling. Default: the header row.
    pub freeze: Option<Freeze>,
    /// Columns in the order they are shown, before all others.
    pub columns: IndexMap<String, Column>,
    /// Shows columns that are not listed. Default: true.
    pub others: bool,
    /// Shown instead of rows when there are none.
    pub empty: Option<Text>,
    /// Colours for cells.
    pub rules: Vec<Rule>,
    /// Charts beside the rows.
    pub charts: Vec<Chart>,
    /// Turns values of one column into columns.
    pub pivot: Option<Pivot>,
}

/// Rows and columns that stay while scrolling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// From the top, header included; at most 100.
    pub rows: u32,
    /// From the left; at most 100.
    pub columns: u16,
}

/// How one column looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its heading. Default: its name in the query.
    pub title: Option<Text>,
    /// How values are written. Default: by type.
    pub format: Option<Format>,
    /// In characters of the default font, 1 to 255. Default: from a sample.
    pub width: Option<f64>,
    /// Written as a formula under the rows.
    pub total: Option<Total>,
}

/// How values are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// `1,234`.
    Int,
    /// `1,234.50`.
    Decimal2,
    /// `12.3%`.
    Percent1,
    /// `₩1,234`.
    Krw,
    /// `$1,234.50`.
    Usd,
    /// `€1,234.50`.
    Eur,
    /// `2026-01-31`.
    Date,
    /// `2026-01-31 14:05`.
    Datetime,
    /// `2026-01`.
    Month,
    /// As text.
    Text,
    /// An Excel format code.
    Excel(String),
}

impl Format {
    /// The words the file knows, in the order of the documentation.
    pub const WORDS: [&'static str; 10] = [
        "int", "decimal2", "percent1", "krw", "usd", "eur", "date", "datetime", "month", "text",
    ];

    /// The word the file uses; `excel` for a raw code.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Decimal2 => "decimal2",
            Self::Percent1 => "percent1",
            Self::Krw => "krw",
            Self::Usd => "usd",
            Self::Eur => "eur",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Month => "month",
            Self::Text => "text",
            Self::Excel(_) => "excel",
        }
    }
}

/// What stands under a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// Sum of the numbers.
    Sum,
    /// Mean of the numbers.
    Average,
    /// How many cells are not empty.
    Count,
    /// Least number or date.
    Min,
    /// Greatest number or date.
    Max,
}

impl Total {
    /// The word the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Average => "average",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}

/// Colours the cells of a column that meet a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The column.
    pub column: String,
    /// When a cell is coloured.
    pub when: Condition,
    /// How.
    pub style: RuleStyle,
}

/// A comparison with a constant, for example `> 1000` or `= "late"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// How to compare.
    pub op: Op,
    /// With what.
    pub value: Operand,
}

/// The constant of a [`Condition`].
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `=`
    Eq,
    /// `<>` or `!=`
    Ne,
}

/// The look of a coloured cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleStyle {
    /// Green.
    Good,
    /// Amber.
    Warn,
    /// Red.
    Bad,
    /// Grey.
    Muted,
}

/// A native chart drawn from the sheet's cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// What it looks like.
    pub kind: ChartKind,
    /// Its title. Default: none.
    pub title: Option<Text>,
    /// Column along the x axis.
    pub x: String,
    /// Columns drawn; never empty.
    pub y: Vec<String>,
    /// One series per value of this column.
    pub series: Option<String>,
    /// Only the first rows; at least 1. Default: all.
    pub rows: Option<u32>,
    /// Cell of the upper left corner, for example `G2`. Default: right of the rows.
    pub at: Option<String>,
}

/// What a chart looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChartKind {
    /// Lines.
    Line,
    /// Upright bars.
    Column,
    /// Lying bars.
    Bar,
    /// Filled lines.
    Area,
    /// Parts of a whole.
    Pie,
    /// Points.
    Scatter,
}

impl ChartKind {
    /// The word the file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Column => "column",
            Self::Bar => "bar",
            Self::Area => "area",
            Self::Pie => "pie",
            Self::Scatter => "scatter",
        }
    }
}

/// Turns the values of one column into columns; written as cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pivot {
    /// Columns that name a row; never empty.
    pub rows: Vec<String>,
    /// Column whose values become columns.
    pub columns: String,
    /// Column that fills the cells, summed.
    pub values: String,
    /// Adds a total to rows and columns. Default: false.
    pub total: bool,
}
