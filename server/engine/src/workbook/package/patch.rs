//! What is changed in parts that rust_xlsxwriter wrote.

use std::borrow::Cow;

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

/// The shared texts as they should be: counting so many cells more than rust_xlsxwriter knows of, and
/// with texts that look like markup as texts.
pub(super) fn shared_texts(text: &str, more_cells: u64) -> Result<Cow<'_, str>, PackageError> {
    let text = without_markup(text);
    let refuse = |what: &str| PackageError::Part {
        part: "xl/sharedStrings.xml".to_owned(),
        what: what.to_owned(),
    };
    let number = |name: &str| {
        let head = &text[..text.find("<si>").unwrap_or(text.len())];
        let from = head.find(name)? + name.len();
        let to = from + head[from..].find('"')?;
        Some((from, to, head[from..to].parse::<u64>().ok()?))
    };
    if let Cow::Owned(text) = &text {
        // A text that holds the end of an entry and the beginning of another cannot be told from two.
        let (_, _, different) =
            number(" uniqueCount=\"").ok_or_else(|| refuse("it has no count"))?;
        if text.matches("<si>").count() as u64 != different {
            return Err(refuse("a text looks like several"));
        }
    }
    if more_cells == 0 {
        return Ok(text);
    }
    let (from, to, cells) = number(" count=\"").ok_or_else(|| refuse("it has no count"))?;
    let cells = cells + more_cells;
    Ok(format!("{}{cells}{}", &text[..from], &text[to..]).into())
}

/// rust_xlsxwriter takes a text from `<r>` to `</r>` for the markup of a rich one and does not escape
/// it. We write no rich ones.
fn without_markup(text: &str) -> Cow<'_, str> {
    let (start, end) = ("<si><r>", "</r></si>");
    if !text.contains(start) {
        return Cow::Borrowed(text);
    }
    let mut changed = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find(start) {
        let (before, entry) = rest.split_at(at);
        changed.push_str(before);
        // The text may hold anything; its entry ends where another one or the list's end follows.
        let length = entry
            .match_indices(end)
            .map(|(at, _)| at + end.len())
            .find(|at| entry[*at..].starts_with("<si>") || entry[*at..].starts_with("</sst>"));
        let (entry, behind) = entry.split_at(length.unwrap_or(entry.len()));
        let inner = &entry["<si>".len()..entry.len() - "</si>".len()];
        changed.push_str("<si><t>");
        changed.push_str(&quick_xml::escape::partial_escape(inner));
        changed.push_str("</t></si>");
        rest = behind;
    }
    changed.push_str(rest);
    Cow::Owned(changed)
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

    #[test]
    fn shared_texts_count_all_their_cells() {
        let text =
            "<sst xmlns=\"x\" count=\"3\" uniqueCount=\"2\"><si><t> count=\"9\" 지</t></si></sst>";
        let expected = text.replacen("count=\"3\"", "count=\"1003\"", 1);
        assert_eq!(
            shared_texts(text, 1_000).ok().as_deref(),
            Some(expected.as_str())
        );
        assert_eq!(shared_texts(text, 0).ok().as_deref(), Some(text));
    }

    #[test]
    fn texts_that_look_like_markup_are_texts() {
        let text = "<sst uniqueCount=\"3\"><si><r>&</r></si><r></r></si><si><t>b</t></si><si><r></r></si></sst>";
        assert_eq!(
            shared_texts(text, 0).unwrap_or_else(|error| panic!("{error}")),
            "<sst uniqueCount=\"3\"><si><t>&lt;r&gt;&amp;&lt;/r&gt;&lt;/si&gt;&lt;r&gt;&lt;/r&gt;</t></si>\
             <si><t>b</t></si><si><t>&lt;r&gt;&lt;/r&gt;</t></si></sst>"
        );
        let one_like_two =
            "<sst uniqueCount=\"1\"><si><r>a</r></si><si><t>b</t></si></r></si></sst>";
        assert!(shared_texts(one_like_two, 0).is_err());
    }
}
