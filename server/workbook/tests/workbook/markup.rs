//! Texts that look like the file's own markup, wherever authors, users and databases can put them.

use lang::Lang;
use quick_xml::Reader;
use quick_xml::events::Event;
use tokio_util::sync::CancellationToken;
use workbook::{About, write_within};

use crate::book::*;

/// Each once ended a list, looked like two texts, or lost a letter.
const LIKE_MARKUP: [&str; 6] = [
    "<r>a</r></si></sst></r>",
    "<r>a</r></si><si><t>b</t></si></r>",
    "<r>_x0041_</r>",
    "<r>&amp;</r>",
    "<r></r>",
    "_xFFFE_r>",
];

fn is_well_formed(part: &str, xml: &str) {
    let mut reader = Reader::from_str(xml);
    let (mut depth, mut roots) = (0_i32, 0);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                roots += i32::from(depth == 0);
                depth += 1;
            }
            Ok(Event::Empty(_)) => roots += i32::from(depth == 0),
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{part}: {error}"),
        }
    }
    assert_eq!((depth, roots), (0, 1), "{part} has one root");
}

#[test]
fn texts_like_markup_are_texts_everywhere() {
    for limits in every_storage() {
        for text in LIKE_MARKUP {
            let about = About {
                title: text.into(),
                description: Some(text.into()),
                person: text.into(),
                values: vec![(text.into(), text.into())],
                warnings: vec![text.into()],
                ..about()
            };
            // The second sheet is empty: its headings are cells, not those of a table.
            let rows = input(
                sheet("Rows", "rows"),
                vec![
                    (text, words(&["a", text, "z"])),
                    ("n", integers(&[1, 2, 3])),
                ],
            );
            let mut none = sheet("None", "none");
            none.empty = Some(lang::Text::same(text));
            let none = input(none, vec![(text, words(&[]))]);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("book.xlsx");
            let mut book = book(vec![rows, none], Lang::En, folder.path());
            book.about = about;
            let written = write_within(
                book,
                &path,
                &mut |_| {},
                &CancellationToken::default(),
                limits,
            )
            .unwrap();
            let finished = Finished {
                folder,
                path,
                written,
            };
            for (name, xml) in finished.parts() {
                if name.ends_with(".xml") {
                    is_well_formed(&name, &xml);
                }
            }
            for (sheet, row) in [("Rows", 0), ("Rows", 2), ("None", 0), ("None", 1)] {
                let cell = finished.cell(sheet, row, 0);
                assert_eq!(cell, string(text), "{sheet} {row} {limits:?}");
            }
            let about = finished.range("About");
            let shown = about.cells().filter(|(_, _, cell)| **cell == string(text));
            assert_eq!(
                shown.count(),
                6,
                "title, description, person, label, value, warning"
            );
        }
    }
}
