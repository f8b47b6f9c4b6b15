//! Texts that rust_xlsxwriter would take for markup.
//!
//! It writes a text from `<r>` to `</r>` into its list as the markup of a rich one, without escaping it, and
//! what such a text holds can end the list. We write no rich texts. So their first letter is hidden behind one
//! that no text of ours has ([`without_control_letters`](super::cell::without_control_letters) sees to that),
//! and put back in the parts rust_xlsxwriter has written. Names of charts are kept from being taken for references in
//! the same way.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Worksheet};

use crate::WorkbookError;
use crate::error::excel;

/// Not a letter of any language, in no text of ours, and not allowed in XML.
const HIDDEN: char = '\u{FFFE}';
/// The beginning of such a text in the list of shared texts, and what it stands for. A text that really begins
/// so has its `_` escaped.
const IN_LIST: &str = "<t>_xFFFE_r&gt;";
const SHOWN: &str = "<t>&lt;r&gt;";

/// As rust_xlsxwriter writes it in charts, where nothing else is escaped so.
const WRITTEN: &str = "_xFFFE_";
/// Both ends of a name in a chart, and what they stand for.
const NAME: &str = "<a:t>_xFFFE_";
const NAME_SHOWN: &str = "<a:t>";
const NAME_END: &str = "_xFFFE_</a:t>";
const NAME_END_SHOWN: &str = "</a:t>";

/// The text to be handed to rust_xlsxwriter.
pub(crate) fn hidden(text: &str) -> Cow<'_, str> {
    match text.strip_prefix('<') {
        Some(rest) if rest.starts_with("r>") && rest.ends_with("</r>") => {
            Cow::Owned(format!("{HIDDEN}{rest}"))
        }
        _ => Cow::Borrowed(text),
    }
}

/// The list of shared texts as it should be.
pub(crate) fn shown_in_list(list: &str) -> Cow<'_, str> {
    if list.contains(IN_LIST) {
        Cow::Owned(list.replace(IN_LIST, SHOWN))
    } else {
        Cow::Borrowed(list)
    }
}

/// A part that names columns in attributes, as it should be.
pub(crate) fn shown_in_attributes(part: &str) -> Cow<'_, str> {
    if part.contains(HIDDEN) {
        Cow::Owned(part.replace(HIDDEN, "&lt;"))
    } else {
        Cow::Borrowed(part)
    }
}

/// The name of a chart or an axis to be handed to rust_xlsxwriter, which takes `=…` and `Sheet!A1` for references to
/// cells: with a letter on both sides it is neither.
pub(crate) fn name(text: &str) -> Cow<'_, str> {
    // What looks like the hidden letter is hidden as well, so that only those are taken away again.
    if text.starts_with('=') || text.contains('!') || text.contains(WRITTEN) {
        Cow::Owned(format!("{HIDDEN}{text}{HIDDEN}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A chart as it should be.
pub(crate) fn shown_in_chart(part: &str) -> Cow<'_, str> {
    if !part.contains(NAME) {
        return Cow::Borrowed(part);
    }
    let mut shown = String::with_capacity(part.len());
    let mut pieces = part.split(NAME);
    shown.extend(pieces.next());
    for piece in pieces {
        // A name that is hidden ends as it begins.
        shown.push_str(NAME_SHOWN);
        shown.push_str(&piece.replacen(NAME_END, NAME_END_SHOWN, 1));
    }
    Cow::Owned(shown)
}

/// Writes a text into a cell.
///
/// # Errors
/// [`WorkbookError::Package`] when it is longer than a cell's text may be.
pub(crate) fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), WorkbookError> {
    excel(sheet.write_string_with_format(row, column, hidden(text), format))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_markup_is_hidden() {
        for plain in [
            "",
            "<",
            "r>",
            "<r>",
            "<r>a",
            "a</r>",
            "<b>a</r>",
            "<r >a</r>",
        ] {
            assert_eq!(hidden(plain), plain);
        }
        for rich in ["<r></r>", "<r>a</r></si></sst></r>", "<r>한</r>"] {
            let hidden = hidden(rich);
            assert_eq!(hidden.chars().count(), rich.chars().count());
            assert!(!hidden.starts_with("<r>"));
        }
    }

    #[test]
    fn what_was_hidden_is_shown_again() {
        assert_eq!(
            shown_in_list(
                "<sst><si><t>_xFFFE_r&gt;a&lt;/r&gt;</t></si><si><t>_x005F_xFFFE_r&gt;</t></si></sst>"
            ),
            "<sst><si><t>&lt;r&gt;a&lt;/r&gt;</t></si><si><t>_x005F_xFFFE_r&gt;</t></si></sst>"
        );
        assert_eq!(
            shown_in_attributes("<tableColumn name=\"\u{FFFE}r&gt;&lt;/r&gt;\"/>"),
            "<tableColumn name=\"&lt;r&gt;&lt;/r&gt;\"/>"
        );
    }
}
