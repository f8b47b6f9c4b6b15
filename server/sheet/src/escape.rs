//! Texts as XML holds them.

use std::borrow::Cow;

/// Bytes looked at together when searching for one that needs care.
const STRIDE: usize = 32;

/// Whether a byte may begin something that cannot stand in XML as it is: markup, control letters, the
/// `_` of an escape, and U+FFFE and U+FFFF.
fn needs_care(byte: u8) -> bool {
    (byte < 0x20) | matches!(byte, b'&' | b'<' | b'>' | b'_' | 0xEF)
}

/// Whether the text can be copied.
fn is_plain(text: &[u8]) -> bool {
    let (strides, rest) = text.as_chunks::<STRIDE>();
    // Without an early end inside of a stride the compiler looks at many bytes at once.
    let any = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(false, |any, byte| any | needs_care(*byte))
    };
    !strides.iter().any(|stride| any(stride)) && !any(rest)
}

/// The text with everything escaped that XML, or Excel's own `_xHHHH_`, would read differently.
///
/// Bytes that are no UTF-8 are replaced by U+FFFD. What has to be changed is changed in `scratch`.
pub(crate) fn escaped<'a>(text: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    if is_plain(text) && simdutf8::basic::from_utf8(text).is_ok() {
        return text;
    }
    scratch.clear();
    push(scratch, text);
    scratch
}

fn push(into: &mut Vec<u8>, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => into.extend_from_slice(b"&amp;"),
            '<' => into.extend_from_slice(b"&lt;"),
            '>' => into.extend_from_slice(b"&gt;"),
            '\t' | '\n' => into.push(letter as u8),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => {
                into.extend_from_slice(format!("_x{:04X}_", u32::from(letter)).as_bytes());
            }
            '_' if is_escape(&text.as_bytes()[at..]) => into.extend_from_slice(b"_x005F_"),
            _ => into.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Whether readers would take a part of the text for one letter, `_x0041_` for `A`.
pub fn has_escape(text: &str) -> bool {
    let marks = text.match_indices('_');
    marks
        .into_iter()
        .any(|(at, _)| is_escape(&text.as_bytes()[at..]))
}

/// The text as readers read it who take `_x0041_` for `A`.
pub fn escape_marks(text: &str) -> Cow<'_, str> {
    if !has_escape(text) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for (at, letter) in text.char_indices() {
        if letter == '_' && is_escape(&text.as_bytes()[at..]) {
            escaped.push_str("_x005F_");
        } else {
            escaped.push(letter);
        }
    }
    Cow::Owned(escaped)
}

/// Whether readers would take the beginning for one letter, `_x0041_` for `A`.
fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

/// Whether readers would drop blanks at the ends of the text unless told otherwise.
pub(crate) fn has_outer_blanks(text: &[u8]) -> bool {
    let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t' | b'\n' | b'\r'));
    is_blank(text.first()) || is_blank(text.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &[u8]) -> String {
        String::from_utf8(escaped(text, &mut Vec::new()).to_vec()).unwrap()
    }

    #[test]
    fn markup_and_control_letters_are_escaped() {
        for (text, expected) in [
            ("서울 & <b>", "서울 &amp; &lt;b&gt;"),
            ("a\u{1}b\r\n\t", "a_x0001_b_x000D_\n\t"),
            ("_x0041_", "_x005F_x0041_"),
            ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
            ("_x00G1_ _x004", "_x00G1_ _x004"),
            ("\u{FFFE}\u{FFFD}ﾊ", "_xFFFE_\u{FFFD}ﾊ"),
            ("]]>", "]]&gt;"),
        ] {
            assert_eq!(shown(text.as_bytes()), expected);
        }
    }

    #[test]
    fn only_what_reads_as_a_letter_is_escaped() {
        for (text, expected) in [
            ("_x0041_", "_x005F_x0041_"),
            ("가_xaF09_나", "가_x005F_xaF09_나"),
            ("_x_ _x00G1_ __", "_x_ _x00G1_ __"),
        ] {
            assert_eq!(escape_marks(text), expected);
            assert_eq!(has_escape(text), text != expected);
        }
    }

    #[test]
    fn bytes_that_are_no_text_do_not_break_the_file() {
        assert_eq!(shown(&[b'<', 0xFF, b'a']), "&lt;\u{FFFD}a");
        assert_eq!(shown(&[0xFF]), "\u{FFFD}");
    }
}
