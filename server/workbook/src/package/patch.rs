//! What is changed in parts that rust_xlsxwriter wrote.

use super::PackageError;

/// A worksheet without its rows.
pub(super) struct Frame {
    /// Up to the end of the header row.
    pub head: String,
    /// From the row of totals on.
    pub tail: String,
}

impl Frame {
    /// Takes a worksheet apart that has a header and perhaps a row of totals, and says which cells it
    /// really spans.
    pub(super) fn of(part: &str, text: &str, range: &str) -> Result<Self, PackageError> {
        let missing = |what: &str| PackageError::Part {
            part: part.to_owned(),
            what: format!("it has no `{what}`"),
        };
        let find = |from: usize, what: &str| {
            let found = text[from..].find(what).map(|at| from + at);
            found.ok_or_else(|| missing(what))
        };
        let rows = find(0, "<sheetData>")?;
        let end_of_header = find(rows, "</row>")? + "</row>".len();
        let (head, tail) = text.split_at(end_of_header);
        let dimension = find(0, "<dimension ")?;
        let behind = find(dimension, "/>")? + "/>".len();
        let head = format!(
            "{}<dimension ref=\"{range}\"/>{}",
            &head[..dimension],
            &head[behind..]
        );
        Ok(Self {
            head,
            tail: tail.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worksheet_is_taken_apart_behind_its_header() {
        let text = "<worksheet><dimension ref=\"A1:B1\"/><cols/><sheetData><row r=\"1\"><c/></row>\
                    <row r=\"9\"/></sheetData></worksheet>";
        let frame =
            Frame::of("sheet1.xml", text, "A1:B9").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            frame.head,
            "<worksheet><dimension ref=\"A1:B9\"/><cols/><sheetData><row r=\"1\"><c/></row>"
        );
        assert_eq!(frame.tail, "<row r=\"9\"/></sheetData></worksheet>");
        assert!(Frame::of("sheet1.xml", "<worksheet><sheetData/></worksheet>", "A1").is_err());
    }
}
