//! The cells behind charts that cannot be drawn from their own sheet.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::cell::label;
use crate::excel_time;
use crate::markup::hidden;
use crate::plot::Plotted;
use crate::style::coded;
use crate::value::{Key, Value};
use crate::width;

/// A block of cells behind one chart.
pub(crate) struct Block {
    /// Sheet and title of the chart.
    pub heading: String,
    pub data: Plotted,
    /// Its first column.
    pub column: u16,
}

/// The row of a block's column headings; its numbers follow.
pub(crate) const BLOCK_HEAD: u32 = 1;

/// Columns a block takes, with the gap to the next.
pub(crate) fn block_width(data: &Plotted) -> u16 {
    u16::try_from(data.lines.len() + 2).unwrap_or(u16::MAX)
}

/// Formats of the sheet with the blocks.
pub(crate) struct BlockFormats {
    pub base: Format,
    pub title: Format,
    pub head: Format,
}

/// Writes one block.
pub(crate) fn write_block(
    sheet: &mut Worksheet,
    block: &Block,
    formats: &BlockFormats,
) -> Result<(), XlsxError> {
    let data = &block.data;
    let x = block.column;
    let mut widest = width::of_text(&data.x_title) + 2.0;
    sheet.write_string_with_format(0, x, hidden(&label(&block.heading)), &formats.title)?;
    sheet.write_string_with_format(BLOCK_HEAD, x, hidden(&label(&data.x_title)), &formats.head)?;
    let label_format = coded(&formats.base, &data.x_format);
    for (row, (key, shown)) in (BLOCK_HEAD + 1..).zip(data.labels.iter().zip(data.shown_labels())) {
        widest = widest.max(width::of_text(&shown) + 2.0);
        match serial(key) {
            Some(number) => sheet.write_number_with_format(row, x, number, &label_format)?,
            None => {
                sheet.write_string_with_format(row, x, hidden(&label(&shown)), &formats.base)?
            }
        };
    }
    sheet.set_column_width(x, widest.min(40.0))?;
    let number_format = coded(&formats.base, &data.y_format);
    for (column, line) in (x + 1..).zip(&data.lines) {
        sheet.write_string_with_format(
            BLOCK_HEAD,
            column,
            hidden(&label(&line.name)),
            &formats.head,
        )?;
        let mut widest = width::of_text(&line.name) + 2.0;
        for (row, value) in (BLOCK_HEAD + 1..).zip(&line.values) {
            if let Some(value) = value {
                let shown = data.y_format.show(&Value::Float(*value));
                widest = widest.max(shown.map_or(0.0, |shown| width::of_text(&shown) + 2.0));
                sheet.write_number_with_format(row, column, *value, &number_format)?;
            }
        }
        sheet.set_column_width(column, widest.clamp(12.0, 40.0))?;
    }
    Ok(())
}

/// The number of a label that is one.
fn serial(label: &Key) -> Option<f64> {
    match label {
        Key::Date(days) => excel_time::day_serial(i64::from(*days)),
        Key::Datetime(micros) => excel_time::datetime_serial(*micros),
        Key::Time(micros) => excel_time::time_serial(*micros),
        other => other.value().number(),
    }
}
