//! What sheets and choices ask of columns, compared with what the columns hold.

use crate::check::first;
use crate::problem::Problem;
use crate::report::Report;
use crate::workbook::{How, Operand, Sheet, Total};

/// What a column holds, as far as sheets care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Whole numbers, decimals and doubles.
    Number,
    /// Texts.
    Text,
    /// Days and moments.
    Moment,
    /// Times of day.
    Time,
    /// Lengths of time, which sheets count in days.
    Duration,
    /// True or false.
    Boolean,
    /// Bytes.
    Bytes,
}

impl ColumnKind {
    /// Whether cells hold numbers of them that add up.
    fn adds_up(self) -> bool {
        matches!(self, Self::Number | Self::Duration)
    }

    /// The word of messages.
    fn word(self) -> &'static str {
        match self {
            Self::Number => "numbers",
            Self::Text => "texts",
            Self::Moment => "dates",
            Self::Time => "times of day",
            Self::Duration => "lengths of time",
            Self::Boolean => "truth values",
            Self::Bytes => "bytes",
        }
    }
}

impl Report {
    /// Totals, charts, pivots and rules that cannot work with what the block's columns hold: cells that
    /// would be empty or wrong at month end are problems now.
    ///
    /// `columns` are the block's columns, as far as they are known.
    pub fn check_kinds(&self, block: &str, columns: &[(String, ColumnKind)]) -> Vec<Problem> {
        let kind = |name: &str| {
            columns
                .iter()
                .find(|(column, _)| column == name)
                .map(|(_, kind)| *kind)
        };
        let mut problems = Vec::new();
        for (place, sheet) in self.workbook.sheets.iter().enumerate() {
            if sheet.query != block {
                continue;
            }
            match &sheet.pivot {
                Some(_) => self.check_pivot((place, sheet), &kind, &mut problems),
                None => self.check_sheet((place, sheet), &kind, &mut problems),
            }
        }
        problems
    }

    fn check_sheet(
        &self,
        (place, sheet): (usize, &Sheet),
        kind: &dyn Fn(&str) -> Option<ColumnKind>,
        problems: &mut Vec<Problem>,
    ) {
        for (name, column) in &sheet.columns {
            let Some((total, holds)) = column.total.zip(kind(name)) else {
                continue;
            };
            if !fits(total, holds) {
                problems.push(self.misfit(
                    (place, sheet),
                    (How::Formats, name),
                    &format!("has the total `{}` of `{name}`", total.as_str()),
                    holds,
                    "write `total = \"count\"`, or remove the total",
                ));
            }
        }
        for chart in &sheet.charts {
            for name in &chart.y {
                if let Some(holds) = kind(name).filter(|holds| !holds.adds_up()) {
                    problems.push(self.misfit(
                        (place, sheet),
                        (How::Draws, name),
                        &format!("draws `{name}`"),
                        holds,
                        "draw a column of numbers",
                    ));
                }
            }
        }
        for rule in &sheet.rules {
            let Some(holds) = kind(&rule.column) else {
                continue;
            };
            let is_right = match &rule.when.value {
                Operand::Number(_) => holds.adds_up(),
                Operand::Text(_) => matches!(
                    holds,
                    ColumnKind::Text | ColumnKind::Moment | ColumnKind::Time | ColumnKind::Boolean
                ),
            };
            if !is_right {
                let what = match &rule.when.value {
                    Operand::Number(_) => "compares `{}` with a number",
                    Operand::Text(_) => "compares `{}` with a text",
                };
                problems.push(self.misfit(
                    (place, sheet),
                    (How::Colours, &rule.column),
                    &what.replace("{}", &rule.column),
                    holds,
                    "compare it with a value of its own kind; no cell would ever be coloured",
                ));
            }
        }
    }

    fn check_pivot(
        &self,
        (place, sheet): (usize, &Sheet),
        kind: &dyn Fn(&str) -> Option<ColumnKind>,
        problems: &mut Vec<Problem>,
    ) {
        let Some(pivot) = &sheet.pivot else {
            return;
        };
        let values = kind(&pivot.values);
        if let Some(holds) = values.filter(|holds| !holds.adds_up())
            && pivot.total
        {
            problems.push(self.misfit(
                (place, sheet),
                (How::Turns, &pivot.values),
                &format!("adds up `{}` in a pivot", pivot.values),
                holds,
                "write `total = false` in the pivot",
            ));
        }
        for (name, column) in &sheet.columns {
            if column.total == Some(Total::Average) {
                problems.push(
                    Problem::error(
                        "report::pivot_average",
                        format!(
                            "sheet \"{}\" has the total `average` of `{name}`, and averages of a pivot's cells are no averages of its rows",
                            first(sheet)
                        ),
                    )
                    .help("compute the average in the query, or write `total = \"sum\"`")
                    .at(self.mention_place(place, How::Formats, name))
                    .placed(&self.text),
                );
            }
        }
    }

    fn misfit(
        &self,
        (place, sheet): (usize, &Sheet),
        (how, column): (How, &str),
        what: &str,
        holds: ColumnKind,
        help: &str,
    ) -> Problem {
        Problem::error(
            "report::column_kind",
            format!(
                "sheet \"{}\" {what}, which holds {}",
                first(sheet),
                holds.word()
            ),
        )
        .help(help)
        .at(self.mention_place(place, how, column))
        .label(holds.word())
        .placed(&self.text)
    }
}

/// Whether a total of such values says anything.
fn fits(total: Total, holds: ColumnKind) -> bool {
    match total {
        Total::Count => true,
        Total::Sum | Total::Average => holds.adds_up(),
        Total::Min | Total::Max => matches!(
            holds,
            ColumnKind::Number | ColumnKind::Moment | ColumnKind::Time | ColumnKind::Duration
        ),
    }
}
