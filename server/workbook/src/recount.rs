//! Counts the finished file again, knowing nothing of how it was written.
//!
//! Every part of the package is inflated and its checksum compared; the rows of each worksheet are
//! counted from its XML. What is a header and what a total is read from the table's own part. A broken
//! or shortened file is an error, a missing row a smaller number.

mod rows;
mod side_by_side;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::Breaks;
use crate::WorkbookError;
use side_by_side::Part;

/// What the counting stumbled over.
#[derive(Debug, thiserror::Error)]
enum RecountError {
    #[error("part `{part}` of the package is broken")]
    Part {
        part: String,
        #[source]
        source: std::io::Error,
    },
    #[error("the package is broken")]
    Package(#[source] zip::result::ZipError),
    #[error("part `{part}` is not well-formed")]
    Xml {
        part: String,
        #[source]
        source: quick_xml::Error,
    },
    #[error("part `{part}` ends before its last row does")]
    Unfinished { part: String },
    #[error("the table of sheet `{sheet}` spans {table} rows, but {found} are there")]
    Table {
        sheet: String,
        table: u64,
        found: u64,
    },
    #[error("sheet `{sheet}` names no part of the package")]
    Sheet { sheet: String },
}

type Archive = ZipArchive<BufReader<File>>;

/// Data rows of every worksheet, in the order of the workbook; sheets without a table have none.
///
/// # Errors
/// [`WorkbookError::Disk`] when the file cannot be opened, [`WorkbookError::Package`] when it is broken.
pub fn recount(path: &Path) -> Result<Vec<(String, u64)>, WorkbookError> {
    recount_side_by_side(path, &Breaks::new())
}

/// The same on several threads where the file can be inflated from other places than the beginnings of its
/// parts.
///
/// # Errors
/// As [`recount`].
pub fn recount_side_by_side(
    path: &Path,
    breaks: &Breaks,
) -> Result<Vec<(String, u64)>, WorkbookError> {
    let file = File::open(path).map_err(|error| WorkbookError::disk("open", path, error))?;
    count(path, BufReader::with_capacity(256 * 1024, file), breaks).map_err(|error| {
        WorkbookError::Package {
            action: "count again",
            source: Box::new(error),
        }
    })
}

fn count(
    path: &Path,
    file: BufReader<File>,
    breaks: &Breaks,
) -> Result<Vec<(String, u64)>, RecountError> {
    let mut archive = ZipArchive::new(file).map_err(RecountError::Package)?;
    let sheets = sheet_parts(&mut archive)?;
    let mut rows: HashMap<String, u64> = HashMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(RecountError::Package)?;
        let name = part.name().map_err(RecountError::Package)?.into_owned();
        // Reading to the end compares the checksum, also of parts nobody counts.
        if name.starts_with("xl/worksheets/sheet") {
            let found = breaks.get(&name).and_then(|breaks| {
                let start = part.data_start()?;
                let part = Part {
                    bytes: start..start + part.compressed_size(),
                    length: part.size(),
                    checksum: part.crc32(),
                };
                side_by_side::count(path, &part, breaks)
            });
            let found = match found {
                Some(found) => found,
                None => rows::count(&name, &mut part)?,
            };
            rows.insert(name.clone(), found);
        } else {
            std::io::copy(&mut part, &mut std::io::sink())
                .map_err(|source| RecountError::Part { part: name, source })?;
        }
    }
    let mut counted = Vec::new();
    for (sheet, part) in sheets {
        let Some(found) = rows.get(&part) else {
            return Err(RecountError::Sheet { sheet });
        };
        let data = match table_of(&mut archive, &part)? {
            None => 0,
            Some(table) => {
                let data = found.saturating_sub(table.headers + table.totals);
                let expected = table.height.saturating_sub(table.headers + table.totals);
                if data != expected {
                    return Err(RecountError::Table {
                        sheet,
                        table: expected,
                        found: data,
                    });
                }
                data
            }
        };
        counted.push((sheet, data));
    }
    Ok(counted)
}

struct TableRange {
    height: u64,
    headers: u64,
    totals: u64,
}

/// The table of a worksheet, found through its relations.
fn table_of(archive: &mut Archive, part: &str) -> Result<Option<TableRange>, RecountError> {
    let file = part.rsplit('/').next().unwrap_or(part);
    let relations = format!("xl/worksheets/_rels/{file}.rels");
    let Some(text) = text_of(archive, &relations)? else {
        return Ok(None);
    };
    let mut target = None;
    each_element(&relations, &text, |element| {
        if element.local_name().as_ref() == b"Relationship"
            && attribute(element, "Type").is_some_and(|kind| kind.ends_with("/table"))
        {
            target = attribute(element, "Target");
        }
    })?;
    let Some(target) = target else {
        return Ok(None);
    };
    let table = format!(
        "xl/{}",
        target.trim_start_matches("../").trim_start_matches("/xl/")
    );
    let Some(text) = text_of(archive, &table)? else {
        return Ok(None);
    };
    let mut range = None;
    each_element(&table, &text, |element| {
        if element.local_name().as_ref() == b"table" {
            let number = |name, default| {
                attribute(element, name)
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(default)
            };
            range = Some(TableRange {
                height: attribute(element, "ref").map_or(0, |range| height(&range)),
                headers: number("headerRowCount", 1),
                totals: number("totalsRowCount", 0),
            });
        }
    })?;
    Ok(range)
}

/// Rows of a range such as `A1:C12`.
fn height(range: &str) -> u64 {
    let row = |cell: &str| {
        cell.trim_start_matches(|letter: char| !letter.is_ascii_digit())
            .parse::<u64>()
            .ok()
    };
    let (from, to) = range.split_once(':').unwrap_or((range, range));
    match (row(from), row(to)) {
        (Some(from), Some(to)) => (to + 1).saturating_sub(from),
        _ => 0,
    }
}

/// Names of the sheets with their parts, in the order of the workbook.
fn sheet_parts(archive: &mut Archive) -> Result<Vec<(String, String)>, RecountError> {
    let relations = "xl/_rels/workbook.xml.rels";
    let mut targets: HashMap<String, String> = HashMap::new();
    let text = text_of(archive, relations)?.unwrap_or_default();
    each_element(relations, &text, |element| {
        if let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target")) {
            let target = target.trim_start_matches("/xl/").to_owned();
            targets.insert(id, format!("xl/{target}"));
        }
    })?;
    let workbook = "xl/workbook.xml";
    let text = text_of(archive, workbook)?.unwrap_or_default();
    let mut sheets = Vec::new();
    each_element(workbook, &text, |element| {
        if element.local_name().as_ref() == b"sheet"
            && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "r:id"))
        {
            sheets.push((name, targets.get(&id).cloned().unwrap_or_default()));
        }
    })?;
    Ok(sheets)
}

fn text_of(archive: &mut Archive, part: &str) -> Result<Option<String>, RecountError> {
    let mut file = match archive.by_name(part) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(RecountError::Package(error)),
    };
    let mut text = String::new();
    file.read_to_string(&mut text)
        .map_err(|source| RecountError::Part {
            part: part.to_owned(),
            source,
        })?;
    Ok(Some(text))
}

fn each_element(
    part: &str,
    text: &str,
    mut see: impl FnMut(&BytesStart<'_>),
) -> Result<(), RecountError> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => see(&element),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(source) => {
                return Err(RecountError::Xml {
                    part: part.to_owned(),
                    source,
                });
            }
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name.as_bytes())?;
    found.unescape_value().ok().map(|value| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_heights() {
        assert_eq!(height("A1:C12"), 12);
        assert_eq!(height("B3:XFD3"), 1);
        assert_eq!(height("nonsense"), 0);
    }
}
