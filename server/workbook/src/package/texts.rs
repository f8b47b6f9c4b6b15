//! The list of shared texts: those of large sheets, then what rust_xlsxwriter has besides.
//!
//! Large sheets number their texts from 0 while their rows come. What rust_xlsxwriter has, for headings and
//! small sheets, comes behind them, and its cells get the new numbers.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

use quick_xml::escape::unescape;
use sheet::{SharedTexts, has_escape};

use super::PackageError;

/// The part that lists them.
pub(super) const PART: &str = "xl/sharedStrings.xml";
/// What stands before the number of a text in a cell rust_xlsxwriter writes.
const TEXT_CELL: &str = " t=\"s\"><v>";
/// What stands before the number of cells that show one of the texts, and of different texts.
const SHOWN: &str = " count=\"";
const DIFFERENT: &str = " uniqueCount=\"";
const BEGIN: &str = "<si>";
const END: &str = "</si>";

/// The list around the texts of large sheets.
#[derive(Debug, PartialEq)]
pub(super) struct Frame {
    /// Up to the first text.
    pub(super) head: String,
    /// The other texts, and the end.
    pub(super) tail: String,
    /// The new number of each text of rust_xlsxwriter.
    numbers: Vec<u32>,
}

impl Frame {
    /// Puts the list rust_xlsxwriter wrote behind the texts of large sheets, which `cells` cells show. A
    /// text that both have stands once.
    pub(super) fn of(list: &str, texts: &SharedTexts, cells: u64) -> Result<Self, PackageError> {
        let begin = list.find(BEGIN).or_else(|| list.find("</sst>"));
        let (head, mut rest) = list.split_at(begin.ok_or_else(|| refuse("it has no end"))?);
        let count = |count: usize| {
            u32::try_from(count).map_err(|_| refuse("it has more texts than numbers"))
        };
        let (mut tail, mut others, mut numbers) = (String::new(), 0, Vec::new());
        while rest.starts_with(BEGIN) {
            let end = rest.find(END).ok_or_else(|| refuse("a text has no end"))? + END.len();
            let (entry, behind) = rest.split_at(end);
            let known = text_of(entry).and_then(|text| texts.find(text.as_bytes()));
            numbers.push(match known.and_then(|id| id.index()) {
                Some(number) => number,
                None => {
                    tail.push_str(entry);
                    others += 1;
                    count(texts.len() + others - 1)?
                }
            });
            rest = behind;
        }
        let mut head = head.to_owned();
        let (place, shown) = number(&head, SHOWN)?;
        head.replace_range(place, &(shown + cells).to_string());
        let (place, different) = number(&head, DIFFERENT)?;
        if rest != "</sst>" || different != numbers.len() as u64 {
            return Err(refuse("it holds something else than its texts"));
        }
        tail.push_str(rest);
        head.replace_range(place, &(texts.len() + others).to_string());
        Ok(Self {
            head,
            tail,
            numbers,
        })
    }

    /// A worksheet of rust_xlsxwriter with the new numbers.
    pub(super) fn renumbered(&self, part: &str, sheet: &str) -> Result<String, PackageError> {
        let mut changed = String::with_capacity(sheet.len() + sheet.len() / 16);
        let mut rest = sheet;
        while let Some(at) = rest.find(TEXT_CELL) {
            let (before, cell) = rest.split_at(at + TEXT_CELL.len());
            let end = cell.find('<').unwrap_or(cell.len());
            let (number, behind) = cell.split_at(end);
            let new = number
                .parse()
                .ok()
                .and_then(|number: usize| self.numbers.get(number))
                .ok_or_else(|| PackageError::Part {
                    part: part.to_owned(),
                    what: format!("it shows the text {number}, which is not in the list"),
                })?;
            changed.push_str(before);
            // Writing to a text never fails.
            let _ = write!(changed, "{new}");
            rest = behind;
        }
        changed.push_str(rest);
        Ok(changed)
    }
}

fn refuse(what: &str) -> PackageError {
    PackageError::Part {
        part: PART.to_owned(),
        what: what.to_owned(),
    }
}

/// The text of an entry. `None` when it says letters in Excel's own way, `_xHHHH_`: then it may stand twice.
fn text_of(entry: &str) -> Option<Cow<'_, str>> {
    let inner = entry.strip_prefix(BEGIN)?.strip_suffix("</t></si>")?;
    let (tag, text) = inner.split_once('>')?;
    if tag.starts_with("<t") && !has_escape(text) {
        unescape(text).ok()
    } else {
        None
    }
}

/// A number in the list's head, and where it stands.
fn number(head: &str, name: &str) -> Result<(Range<usize>, u64), PackageError> {
    let find = || {
        let from = head.find(name)? + name.len();
        let to = from + head[from..].find('"')?;
        Some((from..to, head[from..to].parse().ok()?))
    };
    find().ok_or_else(|| refuse("it has no count"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "<sst xmlns=\"x\" count=\"5\" uniqueCount=\"4\"><si><t>지역</t></si><si><t>a &amp; b</t></si>\
        <si><t xml:space=\"preserve\"> count=\"9\" </t></si><si><t>_x0001_</t></si></sst>";

    fn frame(texts: &[&str], cells: u64) -> Frame {
        let mut shared = SharedTexts::default();
        for text in texts {
            shared.add(text, false).unwrap();
        }
        Frame::of(LIST, &shared, cells).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn texts_of_both_stand_once_and_count_all_their_cells() {
        let frame = frame(&["서울", "a & b", "\u{1}"], 1_000);
        assert_eq!(
            frame.head,
            "<sst xmlns=\"x\" count=\"1005\" uniqueCount=\"6\">"
        );
        assert_eq!(
            frame.tail,
            "<si><t>지역</t></si><si><t xml:space=\"preserve\"> count=\"9\" </t></si><si><t>_x0001_</t></si></sst>"
        );
        assert_eq!(frame.numbers, [3, 1, 4, 5]);
    }

    #[test]
    fn cells_get_the_new_numbers_and_others_stay() {
        let frame = frame(&["서울", "a & b"], 1);
        let sheet = "<c r=\"A1\" s=\"1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\"><v>1</v></c>";
        assert_eq!(
            frame.renumbered("sheet1.xml", sheet).ok().as_deref(),
            Some(
                "<c r=\"A1\" s=\"1\" t=\"s\"><v>2</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\"><v>1</v></c>"
            )
        );
        let strange = "<c t=\"s\"><v>4</v></c>";
        let refused = frame.renumbered("sheet1.xml", strange).unwrap_err();
        assert!(refused.to_string().contains("sheet1.xml"), "{refused}");
        assert!(refused.to_string().contains("the text 4"), "{refused}");
    }

    #[test]
    fn a_list_with_something_else_in_it_is_refused() {
        let refused = |list: &str| Frame::of(list, &SharedTexts::default(), 0).unwrap_err();
        for list in [
            LIST.replace("</sst>", "</sst></r></si></sst>"),
            LIST.replace("uniqueCount=\"4\"", "uniqueCount=\"5\""),
            LIST.replace("<si><t>_x0001_</t></si>", "<phoneticPr/>"),
        ] {
            let refused = refused(&list).to_string();
            assert!(refused.contains("something else"), "{refused}");
        }
    }
}
