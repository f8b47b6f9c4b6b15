//! Excel tables of any height, in memory that does not grow with the rows.
//!
//! rust_xlsxwriter remembers every cell of a table to find overlaps, which is hundreds of megabytes for
//! a million rows. So each table is declared over its header and one row, and this module writes the
//! real range and the totals row into the table's own small part of the package afterwards.

use report::Total;
use sheet::escape_marks;

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
    pub(crate) fn patched(&self, part: &str) -> String {
        let last = self.columns - 1;
        let filtered = format!("ref=\"A1:{}\"", cell_name(self.rows, last));
        let height = self.rows + u32::from(self.totals.is_some());
        let whole = format!("ref=\"A1:{}\"", cell_name(height, last));
        let declared = format!("ref=\"{}\"", self.declared());
        // The first is the table's own, the second its filter's, which leaves the totals out.
        let mut text = escaped_names(part).replacen(&declared, &whole, 1);
        if let Some(filter) = text.find("<autoFilter") {
            let (before, after) = text.split_at(filter);
            text = format!("{before}{}", after.replacen(&declared, &filtered, 1));
        }
        let Some(totals) = &self.totals else {
            return text;
        };
        text = text.replacen("totalsRowShown=\"0\"", "totalsRowCount=\"1\"", 1);
        // The columns stand in their order, so one pass is enough for the widest table.
        let mut patched = String::with_capacity(text.len() + totals.len() * 32);
        let mut rest = text.as_str();
        for (place, total) in totals.iter().enumerate() {
            let attribute = match total {
                TotalCell::Empty => continue,
                TotalCell::Label(label) => format!("totalsRowLabel=\"{label}\""),
                TotalCell::Total(kind) => format!("totalsRowFunction=\"{}\"", kind.as_str()),
            };
            let column = format!("<tableColumn id=\"{}\" ", place + 1);
            let Some(at) = rest.find(&column) else {
                continue;
            };
            let (before, behind) = rest.split_at(at + column.len());
            patched.push_str(before);
            patched.push_str(&attribute);
            patched.push(' ');
            rest = behind;
        }
        patched.push_str(rest);
        patched
    }
}

/// A table whose columns are called what their headings say: rust_xlsxwriter escapes what readers would take
/// for one letter in headings, and not here.
fn escaped_names(part: &str) -> String {
    const NAME: &str = " name=\"";
    let mut elements = part.split("<tableColumn ");
    let mut escaped = elements.next().unwrap_or_default().to_owned();
    for element in elements {
        escaped.push_str("<tableColumn ");
        let name = element.find(NAME).map(|at| at + NAME.len());
        let (before, name) = element.split_at(name.unwrap_or(0));
        let (name, behind) = name.split_at(name.find('"').unwrap_or(0));
        escaped.push_str(before);
        escaped.push_str(&escape_marks(name));
        escaped.push_str(behind);
    }
    escaped
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
    fn columns_are_called_what_their_headings_say() {
        let table = TableSpec {
            rows: 1,
            totals: None,
            columns: 2,
        };
        let part = PART.replace("지역", "_x0041_ name=_x_");
        let text = table.patched(&part);
        assert!(
            text.contains(r#"<tableColumn id="1" name="_x005F_x0041_ name=_x_"/><tableColumn id="2" name="A1:B2"/>"#),
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
