//! Two workbooks, cell by cell.

use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

/// Every sheet but the one that says when and from where the file was made.
pub struct Book {
    sheets: Vec<(String, Range<Data>, Range<String>)>,
}

impl Book {
    pub fn read(path: &Path) -> Self {
        let mut book: Xlsx<_> = open_workbook(path).unwrap();
        let names = book.sheet_names();
        let sheets = names
            .into_iter()
            .filter(|name| name != "이 파일에 대하여" && name != "About")
            .map(|name| {
                let cells = book.worksheet_range(&name).unwrap();
                let formulas = book.worksheet_formula(&name).unwrap();
                (name, cells, formulas)
            })
            .collect();
        Self { sheets }
    }

    /// Data rows and headers of all sheets together.
    pub fn rows(&self) -> usize {
        self.sheets.iter().map(|(_, cells, _)| cells.height()).sum()
    }

    /// The first difference to another book, in words.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let names = |book: &Self| -> Vec<String> {
            book.sheets.iter().map(|(name, ..)| name.clone()).collect()
        };
        if names(self) != names(other) {
            return Some(format!("sheets {:?} and {:?}", names(self), names(other)));
        }
        self.sheets.iter().zip(&other.sheets).find_map(
            |((name, cells, formulas), (_, cells2, formulas2))| {
                let found = range(cells, cells2, same)
                    .or_else(|| range(formulas, formulas2, |one, two| one == two))?;
                Some(format!("{name}: {found}"))
            },
        )
    }
}

fn range<T: calamine::CellType + std::fmt::Debug>(
    one: &Range<T>,
    two: &Range<T>,
    is_same: impl Fn(&T, &T) -> bool,
) -> Option<String> {
    if one.get_size() != two.get_size() {
        return Some(format!(
            "{:?} and {:?} cells",
            one.get_size(),
            two.get_size()
        ));
    }
    for (row, (ones, twos)) in (1..).zip(one.rows().zip(two.rows())) {
        for (column, (one, two)) in (1..).zip(ones.iter().zip(twos)) {
            if !is_same(one, two) {
                return Some(format!(
                    "row {row}, column {column}: {one:?} and {two:?}\n{ones:?}\n{twos:?}"
                ));
            }
        }
    }
    None
}

/// Numbers to twelve significant digits, because a sum of doubles depends on the order of its rows.
/// Everything else exactly.
fn same(one: &Data, two: &Data) -> bool {
    match (number(one), number(two)) {
        (Some(one), Some(two)) => (one - two).abs() <= 1e-12 * one.abs().max(two.abs()),
        _ => one == two,
    }
}

fn number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Int(value) => Some(*value as f64),
        Data::Float(value) => Some(*value),
        _ => None,
    }
}
