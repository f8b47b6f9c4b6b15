//! Everything that can be wrong with a report file, as data and as text for a terminal.

mod excerpt;

use std::borrow::Cow;
use std::ops::Range;
use std::panic::catch_unwind;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan};
use serde::{Deserialize, Serialize};

use excerpt::Excerpt;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file is not loaded.
    Error,
    /// The file is loaded; somebody should look.
    Warning,
}

/// One thing that is wrong with a report file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code, for example `report::unknown_key`.
    pub code: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, without what to do.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Two or three words under the marked place.
    pub label: Option<String>,
    /// The place in the text, in bytes.
    pub span: Option<Range<usize>>,
    /// Line of the place, from 1; 1 without a place.
    pub line: usize,
    /// Character in that line, from 1; 1 without a place.
    pub column: usize,
}

impl Problem {
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            severity: Severity::Error,
            message: message.into(),
            help: None,
            label: None,
            span: None,
            line: 1,
            column: 1,
        }
    }

    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message)
        }
    }

    pub(crate) fn at(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// Fills line and column from the span.
    pub(crate) fn placed(mut self, text: &str) -> Self {
        if let Some(span) = &self.span {
            let before = &text[..floor(text, span.start)];
            self.line = before.matches('\n').count() + 1;
            self.column = before
                .rsplit('\n')
                .next()
                .map_or(0, |line| line.chars().count())
                + 1;
        }
        self
    }

    /// The problem as a terminal shows it: code, message, the marked lines, help. No colours.
    ///
    /// `path` heads the marked lines, of which long ones are cut; `text` must be the text the problem was found
    /// in. What cannot be drawn is told in one line.
    pub fn render(&self, path: &str, text: &str) -> String {
        // One problem that cannot be drawn must not take the page with all others.
        let drawn = catch_unwind(|| self.draw(path, text)).ok().flatten();
        drawn.unwrap_or_else(|| {
            format!(
                "{}: {path}:{}:{}: {}\n",
                self.code,
                self.line,
                self.column,
                visible(&self.message)
            )
        })
    }

    fn draw(&self, path: &str, text: &str) -> Option<String> {
        let start = floor(text, self.span.as_ref().map_or(0, |span| span.start));
        let end = self.span.as_ref().map_or(start, |span| span.end.max(start));
        let excerpt = Excerpt::new(path, text, start..floor(text, end));
        let labels = self.span.as_ref().map(|_| {
            vec![LabeledSpan::new_primary_with_span(
                self.label.clone(),
                excerpt.span.clone(),
            )]
        });
        let mut diagnostic = miette::MietteDiagnostic::new(&self.message)
            .with_code(&*self.code)
            .with_severity(match self.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            });
        diagnostic.help = self.help.clone();
        diagnostic.labels = labels;
        let report = miette::Report::new(diagnostic).with_source_code(excerpt);
        let mut out = String::new();
        // 100 columns: messages wrap as in the documentation, whatever the terminal.
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .with_width(100)
            .with_links(false);
        handler.render_report(&mut out, report.as_ref()).ok()?;
        let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
        Some(visible(&(lines.join("\n") + "\n")))
    }
}

/// The text with letters that a terminal obeys, or that turn around what follows, as signs one can see: a report's text
/// must not clear the screen it is shown on.
fn visible(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' | '\t' => letter,
        // The pictures of control characters stand in the same order as they do.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        letter => letter,
    };
    text.chars().map(shown).collect()
}

/// The nearest character boundary at or before a place, inside the text.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_a_sign() {
        let text = "SELECT '\u{1b}[2J\u{202e}' AS x";
        let problem = Problem::error("report::test", "wrong \u{7}")
            .at(7..9)
            .placed(text);
        let drawn = problem.render("q/x.sql", text);
        assert!(drawn.contains("'\u{241b}[2J\u{fffd}'"), "{drawn}");
        assert!(drawn.contains("wrong \u{2407}"), "{drawn}");
    }

    #[test]
    fn a_problem_in_a_line_of_any_length_is_drawn_with_its_true_place() {
        let before = "x".repeat(70_000);
        let text = format!("first\n{before}HERE{before}\nlast {before}");
        let start = "first\n".len() + before.len();
        let problem = Problem::error("report::test", "something is wrong")
            .at(start..start + 4)
            .label("here")
            .placed(&text);
        let drawn = problem.render("q/x.sql", &text);
        assert!(drawn.contains("q/x.sql:2:70001"), "{drawn}");
        assert!(drawn.contains("xxHERExx"), "{drawn}");
        assert!(drawn.contains("last x"), "{drawn}");
        let longest = drawn.lines().map(|line| line.chars().count()).max();
        assert!(longest < Some(300), "{longest:?}");
    }
}
