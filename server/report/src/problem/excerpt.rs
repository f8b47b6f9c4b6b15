//! A text whose long lines are cut around the place that is marked.
//!
//! A line of tens of thousands of letters cannot be read, and miette counts columns in 16 bits: drawing such a
//! line panics.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// Bytes of a line up to which it is shown whole.
const WHOLE: usize = 400;
/// Letters of a longer line that are shown before the marked place, and from there on.
const BEFORE: usize = 40;
const FROM: usize = 160;
/// Stands where letters are left out.
const LEFT_OUT: &str = "…";

/// The text as it is drawn.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// The marked place in it.
    pub(super) span: Range<usize>,
    /// Bytes of the marked line that are left out before the place.
    left_out: usize,
}

impl Excerpt {
    /// Of a text with a place in it, both ends on boundaries of letters.
    pub(super) fn new(name: &str, text: &str, span: Range<usize>) -> Self {
        let mut excerpt = Self {
            name: name.to_owned(),
            text: String::with_capacity(text.len()),
            span: span.clone(),
            left_out: 0,
        };
        let mut line_start = 0;
        for line in text.split_inclusive('\n') {
            let letters = line.trim_end_matches(['\n', '\r']);
            let line_end = line_start + line.len();
            let focus = [span.start, span.end]
                .into_iter()
                .find(|at| (line_start..line_end).contains(at))
                .unwrap_or(line_start)
                .min(line_start + letters.len());
            let shown = window(letters, focus - line_start);
            let shown = line_start + shown.start..line_start + shown.end;
            if shown.start > line_start {
                excerpt.text.push_str(LEFT_OUT);
            }
            let moved = excerpt.text.len();
            // A place may also be the line's end, or the end of the text.
            let last = if shown.len() == letters.len() {
                line_end
            } else {
                shown.end
            };
            let place = |at: usize| moved + at.clamp(shown.start, last) - shown.start;
            let is_last = line_end == text.len();
            let holds = |at: usize| at >= line_start && (at < line_end || is_last);
            if holds(span.start) {
                excerpt.span.start = place(span.start);
                excerpt.left_out = (shown.start - line_start).saturating_sub(LEFT_OUT.len());
            }
            if holds(span.end) {
                excerpt.span.end = place(span.end);
            }
            excerpt.text.push_str(&text[shown.clone()]);
            if shown.end < line_start + letters.len() {
                excerpt.text.push_str(LEFT_OUT);
            }
            excerpt.text.push_str(&line[letters.len()..]);
            line_start = line_end;
        }
        excerpt
    }
}

/// The part of a line that is shown; `focus` is the place in it that matters.
fn window(line: &str, focus: usize) -> Range<usize> {
    if line.len() <= WHOLE {
        return 0..line.len();
    }
    let start = line[..focus].char_indices().rev().take(BEFORE).last();
    let start = start.map_or(focus, |(at, _)| at);
    let end = line[focus..].char_indices().nth(FROM);
    // What would be longer than its mark is not left out.
    let start = if start > LEFT_OUT.len() { start } else { 0 };
    start..end.map_or(line.len(), |(at, _)| focus + at)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.read_span(span, lines_before, lines_after)?;
        // Without lines around it the place itself is asked for, for the head of the drawing.
        let left_out = if lines_before == 0 { self.left_out } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column() + left_out,
            contents.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lines_stay_as_they_are() {
        for (text, span) in [
            ("", 0..0),
            ("a\nb", 2..3),
            ("가\r\n나\r\n", 5..8),
            ("a\n", 2..2),
        ] {
            let excerpt = Excerpt::new("x.sql", text, span.clone());
            assert_eq!((excerpt.text.as_str(), excerpt.span), (text, span));
            assert_eq!(excerpt.left_out, 0);
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let long = "가나".repeat(20_000);
        let line = format!("{long}HERE{long}");
        let text = format!("{line}\nfirst\n{line}\n{line}");
        let start = line.len() + "\nfirst\n".len() + long.len();
        let excerpt = Excerpt::new("x.sql", &text, start..start + 4);
        assert_eq!(&excerpt.text[excerpt.span.clone()], "HERE");
        let lines: Vec<&str> = excerpt.text.split('\n').collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[1], "first");
        assert!(lines[0].starts_with("가나") && lines[0].ends_with('…'));
        assert!(lines[2].starts_with('…') && lines[2].ends_with('…'));
        assert!(lines.iter().all(|line| line.chars().count() < 210));
        let drawn = lines[2].find("HERE").unwrap();
        assert_eq!(excerpt.left_out, long.len() - drawn);
    }

    #[test]
    fn a_place_over_several_long_lines_keeps_both_ends() {
        let line = "x".repeat(5_000);
        let text = format!("{line}\n{line}\n{line}");
        let (start, end) = (2_500, 2 * 5_001 + 3_000);
        let excerpt = Excerpt::new("x.sql", &text, start..end);
        let marked = &excerpt.text[excerpt.span];
        assert!(marked.starts_with("xxx") && marked.ends_with("xxx"));
        assert_eq!(marked.matches('\n').count(), 2);
    }
}
