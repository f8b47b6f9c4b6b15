//! Rows staged = rows written = rows counted in the finished file.

use report::Sheet;

use crate::EngineError;
use crate::pipeline::Staged;
use crate::workbook::WrittenSheet;

/// Compares three independent counts of every sheet.
///
/// A pivot turns many rows into few, so its sheet is proven against what its writer put there; the
/// rows behind it were proven when they were staged.
///
/// # Errors
/// [`EngineError::Proof`] for the first sheet whose counts differ.
pub(super) fn rows_agree(
    sheets: &[Sheet],
    staged: &Staged,
    written: &[WrittenSheet],
    counted: &[(String, u64)],
) -> Result<(), EngineError> {
    same("the workbook's sheets", sheets.len() as u64, written.len() as u64, "in the list of written sheets")?;
    for (sheet, written) in sheets.iter().zip(written) {
        if sheet.pivot.is_none() {
            let expected = staged.get(&sheet.query).map_or(0, |file| file.rows);
            same(&written.name, expected, written.rows, "among the rows written")?;
        }
        let parts: u64 = written.parts.iter().map(|(_, rows)| rows).sum();
        same(&written.name, written.rows, parts, "in the parts of the sheet")?;
        for (part, rows) in &written.parts {
            let found = counted.iter().find(|(name, _)| name == part).map_or(0, |(_, rows)| *rows);
            same(part, *rows, found, "in the finished file")?;
        }
    }
    let expected: u64 = written.iter().map(|sheet| sheet.rows).sum();
    let found: u64 = counted.iter().map(|(_, rows)| rows).sum();
    same("the whole workbook", expected, found, "in the finished file")
}

fn same(what: &str, expected: u64, found: u64, place: &'static str) -> Result<(), EngineError> {
    if expected == found {
        Ok(())
    } else {
        Err(EngineError::Proof { what: what.to_owned(), expected, found, place })
    }
}
