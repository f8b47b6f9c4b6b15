//! Text made safe for HTML and SVG that is built as a string.
//!
//! Large tables, long option lists and charts are strings: ten thousand cells as components would cost the browser
//! half a second for nothing.

/// Escapes the five characters that mean something in markup, for element text and quoted attributes.
#[cfg(feature = "ssr")]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    push_escaped(&mut safe, text);
    safe
}

/// Appends `text` escaped. Control characters that HTML forbids become U+FFFD.
pub fn push_escaped(safe: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(letter),
            letter if letter.is_control() => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::push_escaped;

    fn escaped(text: &str) -> String {
        let mut safe = String::new();
        push_escaped(&mut safe, text);
        safe
    }

    #[test]
    fn markup_in_data_stays_text() {
        assert_eq!(
            escaped(r#"<a href="x">'&'</a>"#),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"
        );
        assert_eq!(escaped("=1+1 \u{1}😀"), "=1+1 \u{fffd}😀");
    }
}
