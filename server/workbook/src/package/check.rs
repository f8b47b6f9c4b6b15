//! Whether the workbook gave the styles the numbers our rows say.
//!
//! Rows are written before rust_xlsxwriter lists its styles, by the numbers it will give. They are read
//! back here, so that a file with wrong formats is an error and never a download.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use sheet::ColumnStyle;

use super::PackageError;

/// The styles of a large sheet's columns.
pub(crate) struct Styles(pub Vec<ColumnStyle>);

impl Styles {
    /// Compares the columns' own styles with those the worksheet declares for them.
    pub(super) fn check_sheet(&self, part: &str, head: &str) -> Result<(), PackageError> {
        let mut declared = vec![0; self.0.len()];
        each(part, head, |element| {
            if element.name().as_ref() == b"col" {
                let number = |name| number(element, name).unwrap_or(0);
                let columns = number("min").max(1) - 1..number("max");
                for column in columns {
                    if let Some(declared) = declared.get_mut(column as usize) {
                        *declared = number("style");
                    }
                }
            }
        })?;
        let own = self.0.iter().map(|styles| styles.column);
        if own.eq(declared.iter().copied()) {
            Ok(())
        } else {
            Err(PackageError::Part {
                part: part.to_owned(),
                what: format!("its columns have the styles {declared:?}"),
            })
        }
    }

    /// Looks whether quoted texts are quoted in the workbook's list of styles.
    pub(super) fn check_workbook(&self, styles: &str) -> Result<(), PackageError> {
        let part = "xl/styles.xml";
        let mut quoted = Vec::new();
        let mut is_in_list = false;
        each(part, styles, |element| match element.name().as_ref() {
            b"cellXfs" => is_in_list = true,
            b"cellStyles" | b"dxfs" => is_in_list = false,
            b"xf" if is_in_list => quoted.push(number(element, "quotePrefix") == Some(1)),
            _ => {}
        })?;
        let is_quoted = |style: u32| quoted.get(style as usize).copied();
        let is_right = |styles: &ColumnStyle| {
            is_quoted(styles.quoted) == Some(true)
                && is_quoted(styles.column) == Some(false)
                && is_quoted(styles.plain) == Some(false)
        };
        match self.0.iter().find(|styles| !is_right(styles)) {
            None => Ok(()),
            Some(styles) => Err(PackageError::Part {
                part: part.to_owned(),
                what: format!("the styles {styles:?} are others"),
            }),
        }
    }
}

fn each(part: &str, text: &str, mut see: impl FnMut(&BytesStart<'_>)) -> Result<(), PackageError> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => see(&element),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => {
                return Err(PackageError::Part {
                    part: part.to_owned(),
                    what: error.to_string(),
                });
            }
        }
    }
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    let attribute = element.try_get_attribute(name).ok()??;
    attribute.unescape_value().ok()?.parse().ok()
}
