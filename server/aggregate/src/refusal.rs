//! What a block may not say, with its place and what to write instead.

use sqlparser::tokenizer::Span;

/// Where something stands in a block's statement. Lines and columns are counted from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// Line of its first character.
    pub line: u64,
    /// Column of its first character.
    pub column: u64,
    /// Line of its end.
    pub end_line: u64,
    /// Column behind its last character.
    pub end_column: u64,
}

impl Location {
    /// `None` for what the parser knows no place of.
    pub(crate) fn of(span: Span) -> Option<Self> {
        (span.start.line > 0).then_some(Self {
            line: span.start.line,
            column: span.start.column,
            end_line: span.end.line,
            end_column: span.end.column,
        })
    }
}

/// The kinds of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    /// A table that is no block of this report.
    Table,
    /// A column no table has, or several have.
    Column,
    /// A function or operator that does not exist, or not for these types.
    Function,
    /// Types that do not go together.
    Type,
    /// Something PostgreSQL has and blocks do not.
    Unsupported,
    /// Something PostgreSQL refuses, too: a column that is not grouped, a second ORDER BY.
    Rule,
}

/// Why a block is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Of which kind it is.
    pub kind: Refused,
    /// What is wrong, without what to do.
    pub what: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Where.
    pub place: Option<Location>,
}

impl Refusal {
    pub(crate) fn new(kind: Refused, what: impl Into<String>, span: Span) -> Self {
        Self {
            kind,
            what: what.into(),
            help: None,
            place: Location::of(span),
        }
    }

    pub(crate) fn unsupported(what: impl Into<String>, help: &str, span: Span) -> Self {
        Self::new(Refused::Unsupported, what, span).help(help)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Places a refusal that was made without one.
    pub(crate) fn or_at(mut self, span: Span) -> Self {
        self.place = self.place.or_else(|| Location::of(span));
        self
    }
}
