//! Everything that can be wrong with a report file, as data and as text for a terminal.

use std::ops::Range;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource};
use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file is not loaded.
    Error,
    /// The file is loaded; somebody should look.
    Warning,
}

/// One thing that is wrong with a report file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code, for example `report::unknown_key`.
    pub code: &'static str,
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
            code,
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
    /// `path` heads the marked lines; `text` must be the text the problem was found in.
    pub fn render(&self, path: &str, text: &str) -> String {
        let labels = self.span.clone().map(|span| {
            let start = floor(text, span.start);
            let end = floor(text, span.end.max(start));
            vec![LabeledSpan::new_primary_with_span(
                self.label.clone(),
                start..end,
            )]
        });
        let mut diagnostic = miette::MietteDiagnostic::new(&self.message)
            .with_code(self.code)
            .with_severity(match self.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            });
        diagnostic.help = self.help.clone();
        diagnostic.labels = labels;
        let report = miette::Report::new(diagnostic)
            .with_source_code(NamedSource::new(path, text.to_owned()));
        let mut out = String::new();
        // 100 columns: messages wrap as in the documentation, whatever the terminal.
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .with_width(100)
            .with_links(false);
        if handler.render_report(&mut out, report.as_ref()).is_err() {
            return format!(
                "{}: {path}:{}:{}: {}\n",
                self.code, self.line, self.column, self.message
            );
        }
        out.lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
            + "\n"
    }
}

/// The nearest character boundary at or before a place, inside the text.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
