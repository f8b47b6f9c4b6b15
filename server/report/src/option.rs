//! How the value of an option travels through a form, unchanged.
//!
//! A form posts an empty text where nothing was chosen, and writes line ends in its own way. An option
//! that is empty or holds such letters is posted behind a mark, so that what comes back is the option
//! and nothing else. All other values, also those with blanks around them, are posted as they are.

use std::borrow::Cow;

/// Stands before values that a form would change. "Empty set" in mathematics.
const MARK: char = '∅';

/// The value as a form has it; never empty.
pub fn to_field(value: &str) -> Cow<'_, str> {
    let is_plain = !value.is_empty() && !value.starts_with(MARK) && !value.contains(is_escaped);
    if is_plain {
        return Cow::Borrowed(value);
    }
    let mut field = String::from(MARK);
    for letter in value.chars() {
        match letter {
            letter if letter == '%' || is_escaped(letter) => {
                field.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            letter => field.push(letter),
        }
    }
    Cow::Owned(field)
}

/// The value a form means; `None` where nothing was chosen.
pub(crate) fn of_field(field: &str) -> Option<String> {
    let Some(marked) = field.strip_prefix(MARK) else {
        return (!field.is_empty()).then(|| field.to_owned());
    };
    let mut value = String::with_capacity(marked.len());
    let mut rest = marked;
    while let Some((before, behind)) = rest.split_once('%') {
        value.push_str(before);
        let escaped = behind.get(..2);
        let letter = escaped
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .map(char::from);
        match letter {
            Some(letter) => {
                value.push(letter);
                rest = &behind[2..];
            }
            None => {
                value.push('%');
                rest = behind;
            }
        }
    }
    value.push_str(rest);
    Some(value)
}

/// Control letters below 128, line ends among them.
fn is_escaped(letter: char) -> bool {
    letter.is_ascii_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_is() {
        for value in [
            "", " ", "  A1", "A1 ", "a", "∅", "∅∅", "∅%41", "%41", "100 %", "a\nb", "a\r\nb", "\t",
            "\u{0}", "한글", "한", "é", "a\u{301}",
        ] {
            let field = to_field(value);
            assert!(!field.is_empty());
            assert!(!field.contains(is_escaped), "{field:?}");
            assert_eq!(of_field(&field).as_deref(), Some(value));
        }
        assert_eq!(to_field("  A1"), "  A1");
        assert_eq!(to_field(""), "∅");
        assert_eq!(to_field("a\nb"), "∅a%0Ab");
    }

    #[test]
    fn an_empty_field_is_nothing_chosen() {
        assert_eq!(of_field(""), None);
        // Whoever types the mark before something else means just that.
        assert_eq!(of_field("∅5% x").as_deref(), Some("5% x"));
    }
}
