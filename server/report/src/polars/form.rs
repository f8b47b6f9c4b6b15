//! The forms of an aggregation: what remains of it when some of its conditions are dropped.

use std::collections::BTreeSet;
use std::ops::Range;

use sqlparser::ast::Query;

use super::{masked, parse_query, place_of};
use crate::binding::BindError;
use crate::block::Block;
use crate::condition::Piece;
use crate::problem::Problem;
use crate::report::Report;

/// With so many conditions every form is read; with more, those in which one is kept or dropped alone,
/// all and none. What runs is planned again, whatever its form.
const ALL_FORMS: usize = 6;

/// One form of an aggregation, with a value in the place of every parameter.
pub struct Form {
    /// The statement.
    pub query: Query,
    /// What is said of it in messages: empty for the whole statement.
    pub words: String,
}

/// The names of the conditions that are kept, form by form; the whole statement comes first.
pub(super) fn kept(block: &Block) -> Vec<BTreeSet<String>> {
    let mut names: Vec<String> = Vec::new();
    for piece in &block.pieces {
        if let Piece::If { name, .. } = piece
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    let of = |is_kept: &dyn Fn(usize) -> bool| -> BTreeSet<String> {
        names
            .iter()
            .enumerate()
            .filter(|(place, _)| is_kept(*place))
            .map(|(_, name)| name.clone())
            .collect()
    };
    let count = names.len();
    if count <= ALL_FORMS {
        return (0..1_usize << count)
            .rev()
            .map(|bits| of(&|place| bits >> place & 1 == 1))
            .collect();
    }
    let mut forms = vec![of(&|_| true), of(&|_| false)];
    for one in 0..count {
        forms.push(of(&|place| place == one));
        forms.push(of(&|place| place != one));
    }
    forms
}

/// What is said of a form in messages.
pub(super) fn words(block: &Block, kept: &BTreeSet<String>) -> String {
    let all = super::form::kept(block);
    let Some(whole) = all.first() else {
        return String::new();
    };
    if whole == kept {
        return String::new();
    }
    if kept.is_empty() {
        return " when its conditions are dropped".to_owned();
    }
    let names: Vec<String> = kept.iter().map(|name| format!("`{name}`")).collect();
    format!(" when only the conditions of {} are kept", names.join(", "))
}

impl Block {
    /// Every form of an aggregation, with examples for its parameters. Forms that cannot be read are
    /// left out: reading the report said so.
    pub fn polars_forms(&self, report: &Report) -> Vec<Form> {
        kept(self)
            .iter()
            .filter_map(|kept| {
                let query = self.polars_example(report, kept)?;
                Some(Form {
                    query,
                    words: words(self, kept),
                })
            })
            .collect()
    }

    fn polars_example(&self, report: &Report, kept: &BTreeSet<String>) -> Option<Query> {
        let mut query = parse_query(&masked(self, &|name| kept.contains(name))).ok()?;
        let literals = self.examples(report);
        // What is no parameter stays a placeholder, and is refused with its place like anything else.
        let _ = super::literal::fill(&mut query, &literals);
        Some(query)
    }

    /// The byte of the report's text at a line and a column of the statement, both from 1 and counted
    /// in characters.
    pub fn byte_at(&self, line: u64, column: u64) -> usize {
        place_of(&self.sql, line, column).map_or(self.span.start, |at| self.span.start + at)
    }

    /// A problem of this aggregation, at a place of its statement.
    pub fn problem(
        &self,
        report: &Report,
        code: &'static str,
        message: String,
        help: Option<String>,
        range: Option<Range<usize>>,
    ) -> Problem {
        Problem::error(code, message)
            .maybe_help(help)
            .at(range.unwrap_or_else(|| self.name_span.clone()))
            .placed(&report.text)
    }
}

/// Values for what the block uses.
pub(super) fn missing(block: &Block, name: String) -> BindError {
    BindError::Missing {
        block: block.name.clone(),
        name,
    }
}
