//! Cells into a worksheet's grid.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet};

use crate::WorkbookError;
use crate::cell::Cell;
use crate::columns::Planned;
use crate::error::excel;
use crate::markup::hidden;
use crate::style::Style;

/// Formats of the cells of one column.
pub(super) struct CellFormats {
    pub column: Format,
    pub quoted: Format,
    pub plain: Format,
}

impl CellFormats {
    pub(super) fn new(style: &Style, column: &Planned) -> Self {
        Self {
            column: style.column(column),
            quoted: style.quoted(column),
            // The bare base would be taken for no format, and the column's be used.
            plain: style.base.clone().set_align(FormatAlign::Right),
        }
    }
}

/// Writes one cell.
pub(super) fn put(
    worksheet: &mut Worksheet,
    row: u32,
    place: usize,
    cell: &Cell<'_>,
    formats: &CellFormats,
) -> Result<(), WorkbookError> {
    let at = u16::try_from(place).unwrap_or(u16::MAX);
    // Cells without a format of their own take the column's, which saves hashing it for each cell.
    let written = match cell {
        Cell::Empty => return Ok(()),
        Cell::Number(number) => worksheet.write_number(row, at, *number),
        Cell::PlainNumber(number) => {
            worksheet.write_number_with_format(row, at, *number, &formats.plain)
        }
        Cell::Boolean(value) => worksheet.write_boolean(row, at, *value),
        Cell::Text(text) => worksheet.write_string(row, at, hidden(text)),
        Cell::QuotedText(text) => {
            worksheet.write_string_with_format(row, at, hidden(text), &formats.quoted)
        }
    };
    excel(written)?;
    Ok(())
}
