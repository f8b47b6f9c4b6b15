//! Excel tables of any height, in memory that does not grow with the rows.
//!
//! rust_xlsxwriter remembers every cell of a table to find overlaps, which is hundreds of megabytes for
//! a million rows. So each table is declared over its header and one row, and this module writes the
//! real range and the totals row into the table's own small part of the package afterwards. All other
//! parts are copied as they are, compressed.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use report::Total;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::names::cell_name;

/// What stands in one cell of a totals row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TotalCell {
    Empty,
    Label(String),
    Total(Total),
}

/// One table, in the order in which its sheet stands in the workbook.
#[derive(Clone, Debug)]
pub(crate) struct TableSpec {
    /// Data rows.
    pub rows: u32,
    /// One per column; `None` without a totals row.
    pub totals: Option<Vec<TotalCell>>,
    pub columns: u16,
}

impl TableSpec {
    /// The range as declared to rust_xlsxwriter: the header and one row.
    fn declared(&self) -> String {
        format!("A1:{}", cell_name(1, self.columns - 1))
    }

    /// The part of the package with its real range and totals.
    fn patched(&self, part: &str) -> String {
        let last = self.columns - 1;
        let filtered = format!("ref=\"A1:{}\"", cell_name(self.rows, last));
        let height = self.rows + u32::from(self.totals.is_some());
        let whole = format!("ref=\"A1:{}\"", cell_name(height, last));
        let declared = format!("ref=\"{}\"", self.declared());
        // The first is the table's own, the second its filter's, which leaves the totals out.
        let mut text = part.replacen(&declared, &whole, 1);
        if let Some(filter) = text.find("<autoFilter") {
            let (before, after) = text.split_at(filter);
            text = format!("{before}{}", after.replacen(&declared, &filtered, 1));
        }
        let Some(totals) = &self.totals else {
            return text;
        };
        text = text.replacen("totalsRowShown=\"0\"", "totalsRowCount=\"1\"", 1);
        for (place, total) in totals.iter().enumerate() {
            let attribute = match total {
                TotalCell::Empty => continue,
                TotalCell::Label(label) => format!("totalsRowLabel=\"{label}\""),
                TotalCell::Total(kind) => format!("totalsRowFunction=\"{}\"", kind.as_str()),
            };
            let column = format!("<tableColumn id=\"{}\" ", place + 1);
            text = text.replacen(&column, &format!("{column}{attribute} "), 1);
        }
        text
    }
}

/// Copies the package and gives each table its real range.
pub(crate) fn finish<R: Read + Seek, W: Write + Seek>(
    package: R,
    into: W,
    tables: &[TableSpec],
) -> ZipResult<()> {
    let mut package = ZipArchive::new(package)?;
    let mut finished = ZipWriter::new(into);
    for index in 0..package.len() {
        let name = package.by_index_raw(index)?.name()?.into_owned();
        match table_number(&name).and_then(|number| tables.get(number - 1)) {
            Some(table) => {
                let mut part = String::new();
                package.by_index(index)?.read_to_string(&mut part)?;
                finished.start_file(name, SimpleFileOptions::default())?;
                finished.write_all(table.patched(&part).as_bytes())?;
            }
            None => finished.raw_copy_file(package.by_index_raw(index)?)?,
        }
    }
    finished.finish()?.flush()?;
    Ok(())
}

/// The same between two files.
pub(crate) fn finish_file(
    package: File,
    into: impl Write + Seek,
    tables: &[TableSpec],
) -> ZipResult<()> {
    finish(
        BufReader::with_capacity(BUFFER, package),
        BufWriter::with_capacity(BUFFER, into),
        tables,
    )
}

const BUFFER: usize = 256 * 1024;

fn table_number(part: &str) -> Option<usize> {
    part.strip_prefix("xl/tables/table")?
        .strip_suffix(".xml")?
        .parse()
        .ok()
}

/// The formula of a total: follows the table's filter.
pub(crate) fn formula(table: &str, title: &str, kind: Total) -> String {
    let mut name = String::with_capacity(title.len());
    for letter in title.chars() {
        // Excel's own escape for letters that mean something in a reference.
        if matches!(letter, '[' | ']' | '#' | '\'' | '@') {
            name.push('\'');
        }
        name.push(letter);
    }
    format!(
        "=SUBTOTAL({},{table}[{name}])",
        super::totals::subtotal(kind)
    )
}

/// Asks before every piece whether somebody wants the writing to stop.
pub(crate) struct Stoppable<W> {
    pub inner: W,
    pub cancel: source::CancelFlag,
}

impl<W: Write> Write for Stoppable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("cancelled"));
        }
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Seek> Seek for Stoppable<W> {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = r#"<table id="1" name="data_x" displayName="data_x" ref="A1:B2" totalsRowShown="0"><autoFilter ref="A1:B2"/><tableColumns count="2"><tableColumn id="1" name="지역"/><tableColumn id="2" name="A1:B2"/></tableColumns></table>"#;

    #[test]
    fn the_filter_leaves_the_totals_row_out() {
        let totals = vec![
            TotalCell::Label("합계".into()),
            TotalCell::Total(Total::Sum),
        ];
        let table = TableSpec {
            rows: 1_000_000,
            totals: Some(totals),
            columns: 2,
        };
        let text = table.patched(PART);
        assert!(
            text.contains(r#"ref="A1:B1000002" totalsRowCount="1""#),
            "{text}"
        );
        assert!(
            text.contains(r#"<autoFilter ref="A1:B1000001"/>"#),
            "{text}"
        );
        assert!(
            text.contains(r#"<tableColumn id="1" totalsRowLabel="합계" name="지역"/>"#),
            "{text}"
        );
        assert!(
            text.contains(r#"<tableColumn id="2" totalsRowFunction="sum" name="A1:B2"/>"#),
            "{text}"
        );
    }

    #[test]
    fn letters_of_references_are_escaped() {
        assert_eq!(
            formula("data_x", "매출 [원]", Total::Sum),
            "=SUBTOTAL(109,data_x[매출 '[원']])"
        );
        assert_eq!(
            formula("data_x", "Ben's #1", Total::Count),
            "=SUBTOTAL(103,data_x[Ben''s '#1])"
        );
    }
}
