//! Sheets that go past rust_xlsxwriter: what strict readers check, and what happens when it fails.

use std::collections::HashSet;
use std::path::Path;

use calamine::Data;
use lang::Lang;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use report::{Condition, Format, Op, Operand, Rule, RuleStyle, Total};
use rows::{Bytes, ColumnData, ColumnInfo, ColumnType, Values};
use tokio_util::sync::CancellationToken;
use workbook::{Limits, SheetInput, WorkbookError, recount, write, write_within};

use crate::book::*;

const ROWS: u64 = 5_000;

fn everything_large() -> Limits {
    Limits {
        memory_cells: 0,
        ..Limits::default()
    }
}

/// Orders in several chunks with everything a sheet can have: totals, rules, absent values, quoted texts,
/// long numbers.
fn orders(name: &str, rows: u64) -> SheetInput {
    let mut spec = sheet(name, "orders");
    spec.columns.insert(
        "amount".into(),
        column("매출 & <합>", Some(Format::Krw), Some(Total::Sum)),
    );
    spec.rules.push(Rule {
        column: "amount".into(),
        when: Condition {
            op: Op::Lt,
            value: Operand::Text("\"<&>\"".repeat(40)),
        },
        style: RuleStyle::Bad,
    });
    let kinds = [
        ("amount", ColumnType::Decimal { scale: 2 }),
        ("code", ColumnType::Text),
        ("number", ColumnType::Integer),
        ("day", ColumnType::Date),
    ];
    let columns = kinds.map(|(name, kind)| ColumnInfo {
        name: name.into(),
        kind,
        is_narrow: false,
        is_mixed: false,
        is_guess: false,
    });
    generated(spec, columns.into(), rows, |range| {
        let rows = || range.clone().map(|row| i64::try_from(row).unwrap());
        let mut codes = Bytes::default();
        for row in rows() {
            let code = match row % 5 {
                0 => Some("서울".to_owned()),
                1 => None,
                2 => Some(format!("{row:07}")),
                3 => Some(String::new()),
                _ => Some(format!(" note {}", row % 100)),
            };
            codes.push(code.as_deref().map(str::as_bytes));
        }
        let flags = rows().map(|row| row % 3 != 0).collect();
        vec![
            ColumnData::Decimal {
                mantissa: Values {
                    data: rows().map(i128::from).collect(),
                    valid: None,
                },
                scale: 2,
            },
            ColumnData::Text(codes),
            integers(
                &rows()
                    .map(|row| {
                        if row % 1_000 == 7 {
                            i64::MAX - row
                        } else {
                            row
                        }
                    })
                    .collect::<Vec<_>>(),
            ),
            ColumnData::Date(Values {
                data: rows().map(|row| i32::try_from(row).unwrap()).collect(),
                valid: Some(flags),
            }),
        ]
    })
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).unwrap()?;
    Some(found.unescape_value().unwrap().into_owned())
}

fn elements(xml: &str, mut see: impl FnMut(&BytesStart<'_>)) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => see(&element),
            Event::Eof => return,
            _ => {}
        }
    }
}

/// Row and column of a reference, counted from 1.
fn place(reference: &str) -> (u32, u32) {
    let digits = reference
        .find(|letter: char| letter.is_ascii_digit())
        .unwrap();
    let letters = reference[..digits].bytes();
    let column = letters.fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (reference[digits..].parse().unwrap(), column)
}

/// The order of elements in a worksheet by ECMA-376, 18.3.1.99.
const ORDER: [&str; 15] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "mergeCells",
    "conditionalFormatting",
    "hyperlinks",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "ignoredErrors",
    "drawing",
    "tableParts",
];

#[test]
fn a_large_sheet_obeys_what_strict_readers_check() {
    for (text_bytes, has_references) in [(1 << 20, true), (1 << 20, false), (0, true)] {
        let limits = Limits {
            text_bytes,
            has_references,
            memory_cells: 10,
            ..Limits::default()
        };
        let sheets = vec![
            orders("주문", ROWS),
            input(sheet("작은", "small"), vec![("t", words(&["서울", "x"]))]),
        ];
        let finished = finish_within(sheets, Lang::Ko, limits);
        let styles = finished.part("xl/styles.xml");
        let formats = styles[styles.find("<cellXfs").unwrap()..styles.find("</cellXfs>").unwrap()]
            .matches("<xf ")
            .count();
        let texts = finished.part("xl/sharedStrings.xml");
        let different = texts.matches("<si>").count();
        let mut shown = 0;
        for part in ["sheet1", "sheet2", "sheet3"] {
            let xml = finished.part(&format!("xl/worksheets/{part}.xml"));
            let mut reader = Reader::from_str(&xml);
            let (mut last_row, mut last_cell, mut is_shared) = (0, (0, 0), false);
            let (mut top, mut depth, mut spans) = (Vec::new(), 0, String::new());
            let mut largest = (0, 0);
            loop {
                let event = reader.read_event().unwrap();
                let element = match &event {
                    Event::Eof => break,
                    Event::Start(element) | Event::Empty(element) => element,
                    Event::Text(text) if is_shared => {
                        let index: usize = text.decode().unwrap().parse().unwrap();
                        assert!(index < different, "text {index} of {different}");
                        shown += 1;
                        is_shared = false;
                        continue;
                    }
                    Event::End(_) => {
                        depth -= 1;
                        continue;
                    }
                    _ => continue,
                };
                let name = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
                if depth == 1 {
                    top.push(name.clone());
                }
                if let Event::Start(_) = event {
                    depth += 1;
                }
                match name.as_str() {
                    "dimension" => spans = attribute(element, "ref").unwrap(),
                    "row" => {
                        let row = attribute(element, "r")
                            .map_or(last_row + 1, |row| row.parse().unwrap());
                        assert!(row > last_row, "row {row} after {last_row}");
                        last_row = row;
                        last_cell = (row, 0);
                    }
                    "c" => {
                        let cell = attribute(element, "r")
                            .map_or((last_row, last_cell.1 + 1), |cell| place(&cell));
                        assert!(
                            cell.0 == last_row && cell.1 > last_cell.1,
                            "{cell:?} after {last_cell:?}"
                        );
                        last_cell = cell;
                        largest = (largest.0.max(cell.0), largest.1.max(cell.1));
                        let style: usize =
                            attribute(element, "s").map_or(0, |style| style.parse().unwrap());
                        assert!(style < formats, "style {style} of {formats}");
                        is_shared = attribute(element, "t").as_deref() == Some("s");
                    }
                    _ => {}
                }
            }
            assert_eq!(depth, 0, "every element ends");
            let order: Vec<_> = top
                .iter()
                .map(|name| {
                    ORDER
                        .iter()
                        .position(|known| known == name)
                        .unwrap_or_else(|| panic!("{name}"))
                })
                .collect();
            assert!(order.is_sorted(), "{top:?}");
            if part != "sheet3" {
                assert_eq!(
                    place(spans.split(':').nth(1).unwrap()),
                    largest,
                    "{spans} of {part}"
                );
            }
        }
        let count = |name: &str| -> usize {
            let from = texts.find(name).unwrap() + name.len();
            texts[from..from + texts[from..].find('"').unwrap()]
                .parse()
                .unwrap()
        };
        assert_eq!(
            (count(" count=\""), count(" uniqueCount=\"")),
            (shown, different)
        );
        let unique: HashSet<&str> = texts.split("<si>").skip(1).collect();
        assert_eq!(unique.len(), different, "a text is there twice");
        let counted = recount(&finished.path).unwrap();
        assert_eq!(
            counted[..2],
            [("주문".to_owned(), ROWS), ("작은".to_owned(), 2)]
        );
        assert_eq!(finished.cell("작은", 1, 0), string("서울"));
        assert_eq!(finished.cell("주문", 1, 1), string("서울"));
        assert_eq!(finished.cell("주문", 3, 1), string("0000002"));
        assert_eq!(
            finished.cell("주문", 8, 2),
            string(&(i64::MAX - 7).to_string())
        );
    }
}

/// The first parts say what kind of file it is, to programs that look no further.
#[test]
fn the_lists_of_parts_come_first() {
    let finished = finish_within(vec![orders("S", ROWS)], Lang::En, everything_large());
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&finished.path).unwrap()).unwrap();
    let mut names: Vec<(u64, String)> = (0..archive.len())
        .map(|index| {
            let part = archive.by_index(index).unwrap();
            (part.header_start(), part.name().unwrap().into_owned())
        })
        .collect();
    names.sort();
    let first: Vec<&str> = names
        .iter()
        .map(|(_, name)| name.as_str())
        .take(3)
        .collect();
    assert_eq!(
        first,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "xl/_rels/workbook.xml.rels"
        ]
    );
    assert!(names[2].0 - names[1].0 < 6_000, "`file` looks no further");
    let types = finished.part("[Content_Types].xml");
    elements(&types, |_| {});
    assert!(types.contains("/xl/worksheets/sheet1.xml"));
}

#[test]
fn both_ways_give_the_same_cells_totals_and_warnings() {
    let small = finish_within(
        vec![orders("S", ROWS)],
        Lang::Ko,
        Limits {
            memory_cells: u64::MAX,
            ..Limits::default()
        },
    );
    let large = finish_within(vec![orders("S", ROWS)], Lang::Ko, everything_large());
    assert_eq!(small.range("S"), large.range("S"));
    assert_eq!(small.formulas("S"), large.formulas("S"));
    let (one, other) = (&small.written, &large.written);
    assert_eq!(format!("{:?}", one.totals), format!("{:?}", other.totals));
    assert_eq!(format!("{:?}", one.remarks), format!("{:?}", other.remarks));
    assert_eq!(
        format!("{:?}", one.sheets[0].view),
        format!("{:?}", other.sheets[0].view)
    );
    // The same look as well, cell by cell.
    let looks = |finished: &Finished| {
        let styles = finished.part("xl/styles.xml");
        let list = &styles[styles.find("<cellXfs").unwrap()..styles.find("</cellXfs>").unwrap()];
        let formats: Vec<String> = list.split("<xf ").skip(1).map(str::to_owned).collect();
        let mut looks = Vec::new();
        elements(&finished.part("xl/worksheets/sheet1.xml"), |element| {
            if element.name().as_ref() == b"c" {
                let style: usize =
                    attribute(element, "s").map_or(0, |style| style.parse().unwrap());
                looks.push((attribute(element, "r"), formats[style].clone()));
            }
        });
        looks
    };
    assert_eq!(looks(&small), looks(&large));
}

#[test]
fn a_cancelled_large_sheet_stops_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let book = book(vec![orders("S", 1_000_000)], Lang::Ko, folder.path());
    let cancel = CancellationToken::default();
    let flag = cancel.clone();
    let mut seen = Vec::new();
    let mut progress = |rows| {
        seen.push(rows);
        if seen.len() == 3 {
            flag.cancel();
        }
    };
    let path = folder.path().join("x");
    let error = write_within(book, &path, &mut progress, &cancel, everything_large()).unwrap_err();
    assert!(matches!(error, WorkbookError::Cancelled));
    assert_eq!(seen.len(), 3);
}

/// Linux has a file on a disk that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_as_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let full = Path::new("/dev/full");
    for limits in [Limits::default(), everything_large()] {
        let book = book(vec![orders("S", ROWS)], Lang::Ko, folder.path());
        let cancel = CancellationToken::default();
        let error = write_within(book, full, &mut |_| {}, &cancel, limits).unwrap_err();
        assert!(matches!(error, WorkbookError::Disk { .. }), "{error:?}");
        assert!(chain(&error).contains("os error 28"), "{error:?}");
    }
}

#[test]
fn rows_of_any_width_are_written() {
    // The most columns a sheet has; their XML is wider than anything deflate can refer back to.
    let names: Vec<&'static str> = (0..16_384)
        .map(|column| &*format!("c{column}").leak())
        .collect();
    let table = names
        .iter()
        .map(|name| (*name, integers(&[1, 2, 3])))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.xlsx");
    let book = book(
        vec![input(sheet("S", "wide"), table)],
        Lang::En,
        folder.path(),
    );
    let written = write_within(
        book,
        &path,
        &mut |_| {},
        &CancellationToken::default(),
        everything_large(),
    )
    .unwrap();
    assert_eq!(written.sheets[0].rows, 3);
    assert_eq!(recount(&path).unwrap()[0], ("S".to_owned(), 3));
}

#[test]
fn a_sheet_just_above_the_limit_is_written_as_one_below() {
    for rows in [37_500, 37_501] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.xlsx");
        let book = book(vec![orders("S", rows)], Lang::Ko, folder.path());
        let written = write(book, &path, &mut |_| {}, &CancellationToken::default()).unwrap();
        assert_eq!(written.sheets[0].rows, rows);
        assert_eq!(recount(&path).unwrap()[0].1, rows);
        let mut workbook: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
        let range = calamine::Reader::worksheet_range(&mut workbook, "S").unwrap();
        let last = range.get_value((u32::try_from(rows).unwrap(), 0)).cloned();
        assert_eq!(last, Some(Data::Float((rows - 1) as f64 / 100.0)));
    }
}
