//! Reads rows as ECMA-376 describes them, and refuses what strict readers refuse.

use std::io::Read;

use crc32fast::Hasher;
use flate2::read::DeflateDecoder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Number(f64),
    Boolean(bool),
    Shared(u32),
    Text(String),
    Blank,
}

/// A row: its number, and its cells as column, style and content.
#[derive(Debug, Default)]
pub struct Row {
    pub number: Option<u32>,
    pub cells: Vec<(Option<usize>, u32, Found)>,
}

/// Inflates a stream and reads its rows.
pub fn read(stream: &[u8], sum: &Hasher) -> Vec<Row> {
    let mut xml = String::new();
    DeflateDecoder::new(stream)
        .read_to_string(&mut xml)
        .expect("UTF-8");
    assert_eq!(crc32fast::hash(xml.as_bytes()), sum.clone().finalize());
    assert_eq!(xml.len() as u64, sum.total_len());
    let mut reader = Reader::from_str(&xml);
    let mut rows: Vec<Row> = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let (mut kind, mut keeps_blanks, mut text) = (String::new(), false, String::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => break,
            Event::Start(element) => {
                begin(&element, &path, &mut rows, &mut kind, &mut keeps_blanks);
                path.push(name(&element));
                text.clear();
            }
            Event::Empty(element) => {
                assert_eq!(name(&element), "c", "only a blank cell is empty");
                begin(&element, &path, &mut rows, &mut kind, &mut keeps_blanks);
            }
            Event::Text(part) => text.push_str(&part.decode().unwrap()),
            Event::GeneralRef(entity) => text.push(match entity.decode().unwrap().as_ref() {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                other => panic!("the entity {other} is not expected"),
            }),
            Event::End(_) => {
                let cell = rows.last_mut().and_then(|row| row.cells.last_mut());
                match path.join("/").as_str() {
                    "row/c/v" => {
                        cell.unwrap().2 = match kind.as_str() {
                            "n" => Found::Number(text.parse().unwrap()),
                            "b" => Found::Boolean(text == "1"),
                            "s" => Found::Shared(text.parse().unwrap()),
                            other => panic!("a value of type {other}"),
                        };
                    }
                    "row/c/is/t" => {
                        assert_eq!(kind, "inlineStr");
                        let blank = |letter: char| matches!(letter, ' ' | '\t' | '\n');
                        let has_outer = text.starts_with(blank) || text.ends_with(blank);
                        assert!(
                            keeps_blanks || !has_outer,
                            "a reader would drop the blanks of {text:?}"
                        );
                        cell.unwrap().2 = Found::Text(unescaped(&text));
                    }
                    "row/c/is" | "row/c" | "row" => {}
                    other => panic!("{other} is not expected"),
                }
                path.pop();
            }
            other => panic!("{other:?} is not expected"),
        }
    }
    let numbers: Vec<_> = rows.iter().filter_map(|row| row.number).collect();
    assert!(
        numbers.is_sorted_by(|one, other| one < other),
        "rows must ascend"
    );
    for row in &rows {
        let columns: Vec<_> = row.cells.iter().filter_map(|cell| cell.0).collect();
        assert!(
            columns.is_sorted_by(|one, other| one < other),
            "cells must ascend"
        );
    }
    rows
}

fn begin(
    element: &BytesStart<'_>,
    path: &[String],
    rows: &mut Vec<Row>,
    kind: &mut String,
    keeps_blanks: &mut bool,
) {
    let attributes: Vec<(String, String)> = element
        .attributes()
        .map(|attribute| {
            let attribute = attribute.expect("an attribute");
            let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
            (key, attribute.unescape_value().unwrap().into_owned())
        })
        .collect();
    let get = |name: &str| {
        attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let only = |names: &[&str]| {
        assert!(
            attributes
                .iter()
                .all(|(key, _)| names.contains(&key.as_str())),
            "{attributes:?}"
        )
    };
    match (path.join("/").as_str(), name(element).as_str()) {
        ("", "row") => {
            only(&["r"]);
            let number = get("r").map(|number| number.parse().unwrap());
            rows.push(Row {
                number,
                cells: Vec::new(),
            });
        }
        ("row", "c") => {
            only(&["r", "s", "t"]);
            let row = rows.last_mut().unwrap();
            let column = get("r").map(|reference| {
                let digits = reference
                    .find(|letter: char| letter.is_ascii_digit())
                    .unwrap();
                assert_eq!(reference[digits..].parse().ok(), row.number, "{reference}");
                let letters = reference[..digits].bytes();
                letters.fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1) - 1
            });
            let style = get("s").map_or(0, |style| style.parse().unwrap());
            assert_ne!(get("s"), Some("0"), "the usual style is not named");
            *kind = get("t").unwrap_or("n").to_owned();
            row.cells.push((column, style, Found::Blank));
        }
        ("row/c", "v" | "is") => only(&[]),
        ("row/c/is", "t") => {
            only(&["xml:space"]);
            *keeps_blanks = get("xml:space") == Some("preserve");
        }
        (path, name) => panic!("{name} in {path:?} is not expected"),
    }
}

fn name(element: &BytesStart<'_>) -> String {
    String::from_utf8(element.name().as_ref().to_vec()).unwrap()
}

/// Excel's own escapes resolved, from left to right.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let escape = rest.get(at..at + 7).filter(|escape| {
            escape.ends_with('_') && escape[2..6].bytes().all(|digit| digit.is_ascii_hexdigit())
        });
        let letter =
            escape.and_then(|escape| char::from_u32(u32::from_str_radix(&escape[2..6], 16).ok()?));
        match letter {
            Some(letter) => {
                out.push(letter);
                rest = &rest[at + 7..];
            }
            None => {
                out.push('_');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}
