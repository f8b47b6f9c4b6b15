//! Where in the file a sheet names columns, for messages that are about one of them.

use std::fmt;
use std::ops::Range;

use crate::section::Placed;

/// What a sheet does with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Describes it below `[sheet.columns]`.
    Formats,
    /// Colours it by a rule.
    Colours,
    /// Draws it in a chart.
    Draws,
    /// Turns it in a pivot.
    Turns,
}

impl How {
    /// The verb of messages.
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Formats => "formats",
            Self::Colours => "colours",
            Self::Draws => "draws",
            Self::Turns => "turns",
        }
    }
}

/// The columns one sheet names, in file order within each way of naming them.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Mentions(Vec<(How, Placed<String>)>);

/// Places are no part of what a report means.
impl fmt::Debug for Mentions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mentions")
    }
}

impl Mentions {
    pub(crate) fn add(&mut self, how: How, column: &str, span: Range<usize>) {
        let value = column.to_owned();
        self.0.push((how, Placed { value, span }));
    }

    /// Adds what was read as a text.
    pub(crate) fn add_text<'a>(
        &mut self,
        how: How,
        columns: impl IntoIterator<Item = &'a Placed<String>>,
    ) {
        for column in columns {
            self.add(how, &column.value, column.span.clone());
        }
    }

    /// Every column with what the sheet does with it.
    pub(crate) fn all(&self) -> impl Iterator<Item = (How, &str)> {
        self.0
            .iter()
            .map(|(how, column)| (*how, column.value.as_str()))
    }

    /// The first place where the sheet does this with the column, in quotes or not.
    pub(crate) fn place(&self, how: How, column: &str) -> Option<Range<usize>> {
        let found = self
            .0
            .iter()
            .find(|(done, named)| *done == how && named.value == column);
        found.map(|(_, named)| named.span.clone())
    }
}
