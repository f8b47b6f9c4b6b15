//! Checks that need to know more than one file: sources, result columns, other reports.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::block::{Block, BlockKind};
use crate::id::ReportId;
use crate::nearest::nearest;
use crate::param::Options;
use crate::problem::Problem;
use crate::report::Report;
use crate::workbook::{How, Sheet};

/// So many columns are listed in a message; the rest is `…`.
const MOST_LISTED: usize = 12;

impl Report {
    /// Sources the report names but the server does not have, in file order.
    pub fn check_sources(&self, configured: &[&str]) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self
            .blocks
            .iter()
            .filter_map(|block| {
                let source = block
                    .source()
                    .filter(|source| !configured.contains(source))?;
                Some(self.unknown_source(block, source, configured))
            })
            .collect();
        problems.sort_by_key(|problem| problem.line);
        problems
    }

    fn unknown_source(&self, block: &Block, source: &str, configured: &[&str]) -> Problem {
        // The key stands between name and statement; the name is the fallback.
        let head = &self.text[block.name_span.end..block.span.start.max(block.name_span.end)];
        let at = head
            .find("-- source:")
            .and_then(|key| Some(key + head[key..].find(source)?));
        let span = match at {
            Some(at) => block.name_span.end + at..block.name_span.end + at + source.len(),
            None => block.name_span.clone(),
        };
        let mut known: Vec<&str> = configured.to_vec();
        known.sort_unstable();
        let list = if known.is_empty() {
            "No source is configured".to_owned()
        } else {
            format!("Configured: {}", known.join(", "))
        };
        let help = match nearest(source, known) {
            Some(close) => format!("did you mean `{close}`? {list}"),
            None => list,
        };
        Problem::error(
            "report::unknown_source",
            format!("there is no source `{source}`"),
        )
        .at(span)
        .label("unknown source")
        .help(help)
        .placed(&self.text)
    }

    /// Columns that sheets, choices and increments use but the block's result does not have.
    ///
    /// `columns` are the names the block returns, in order.
    pub fn check_columns(&self, block: &str, columns: &[String]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let sheets = self.workbook.sheets.iter().zip(&self.workbook.mentions);
        for (sheet, mentions) in sheets.filter(|(sheet, _)| sheet.query == block) {
            for (how, column) in mentions.all() {
                // A pivot's columns are values; those that are formatted need not be columns of the query.
                let is_named = (how == How::Turns) == sheet.pivot.is_some();
                if is_named && !columns.iter().any(|known| known == column) {
                    problems.push(self.unknown_column(
                        &format!("sheet \"{}\" {}", first(sheet), how.verb()),
                        column,
                        columns,
                        mentions.place(how, column),
                    ));
                }
            }
        }
        for param in self.params.values() {
            if let Some(Options::Query {
                block: name,
                value,
                label,
            }) = &param.options
                && name == block
            {
                for column in [value, label] {
                    if !columns.contains(column) {
                        let who = format!("`{}` takes its choices from", param.name);
                        let place = self.option_place(&param.name, column);
                        problems.push(self.unknown_column(&who, column, columns, place));
                    }
                }
            }
        }
        if let Some(
            named @ Block {
                kind:
                    BlockKind::Extract {
                        incremental: Some(incremental),
                        ..
                    },
                ..
            },
        ) = self.block(block)
        {
            for column in std::iter::once(&incremental.column).chain(&incremental.keys) {
                if !columns.contains(column) {
                    problems.push(self.unknown_column(
                        &format!("the increment of `{block}` needs"),
                        column,
                        columns,
                        self.word_in(named.name_span.end..named.span.start, column),
                    ));
                }
            }
        }
        problems.dedup();
        problems
    }

    fn unknown_column(
        &self,
        who: &str,
        column: &str,
        columns: &[String],
        place: Option<Range<usize>>,
    ) -> Problem {
        let mut listed = columns
            .iter()
            .take(MOST_LISTED)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        if columns.len() > MOST_LISTED {
            listed.push_str(", …");
        }
        let problem = Problem::error(
            "report::unknown_column",
            format!("{who} `{column}`; the query returns {listed}"),
        );
        let problem = match nearest(column, columns.iter().map(String::as_str)) {
            Some(close) => problem.help(format!("did you mean `{close}`?")),
            None => problem.help("select it in the query, or remove it here"),
        };
        match place {
            Some(place) => problem
                .at(self.bare(place))
                .label("no such column")
                .placed(&self.text),
            None => problem.placed(&self.text),
        }
    }

    /// Where a sheet does something with a column; the beginning of the file when it is not known.
    pub(crate) fn mention_place(&self, sheet: usize, how: How, column: &str) -> Range<usize> {
        let mentions = self.workbook.mentions.get(sheet);
        let place = mentions.and_then(|mentions| mentions.place(how, column));
        place.map_or(0..0, |place| self.bare(place))
    }

    /// A place without the quotes around what stands there.
    fn bare(&self, place: Range<usize>) -> Range<usize> {
        let written = self.text.get(place.clone()).unwrap_or_default();
        let is_quoted =
            |quote| written.len() > 2 && written.starts_with(quote) && written.ends_with(quote);
        if is_quoted('"') || is_quoted('\'') {
            place.start + 1..place.end - 1
        } else {
            place
        }
    }

    /// Where the options of a parameter name a column.
    fn option_place(&self, param: &str, column: &str) -> Option<Range<usize>> {
        let end = self
            .blocks
            .iter()
            .map(|block| block.name_span.start)
            .min()?;
        let head = self.text[..end].find(&format!("[params.{param}]"))?;
        self.word_in(head..end, column)
    }

    fn word_in(&self, range: Range<usize>, wanted: &str) -> Option<Range<usize>> {
        let at = range.start + word(self.text.get(range)?, wanted)?;
        Some(at..at + wanted.len())
    }
}

/// The place of a whole word.
fn word(text: &str, wanted: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(wanted).map(|(at, _)| at).find(|at| {
        !text[..*at].ends_with(is_part) && !text[at + wanted.len()..].starts_with(is_part)
    })
}

pub(crate) fn first(sheet: &Sheet) -> &str {
    sheet
        .name
        .en
        .as_deref()
        .or(sheet.name.ko.as_deref())
        .unwrap_or_default()
}

/// Former ids that are not free. A report in use keeps its id, whatever others claim: only they are told. A former id
/// that several reports claim leads to none of them, and all are warned.
pub fn check_ids(reports: &[&Report]) -> Vec<(ReportId, Problem)> {
    let living: BTreeSet<&ReportId> = reports.iter().map(|report| &report.id).collect();
    let mut claims: BTreeMap<&ReportId, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        let former: BTreeSet<&ReportId> = report.formerly.iter().collect();
        for id in former.into_iter().filter(|id| **id != report.id) {
            claims.entry(id).or_default().push(report);
        }
    }
    let mut problems = Vec::new();
    for (id, claimants) in claims {
        for report in &claimants {
            let problem = if living.contains(id) {
                Problem::error(
                    "report::id_taken",
                    format!("`{id}` in `formerly` is a report that is there"),
                )
                .help("remove it from `formerly`, or remove that report")
            } else if claimants.len() > 1 {
                let others: Vec<String> = claimants
                    .iter()
                    .filter(|other| other.id != report.id)
                    .map(|other| format!("`{}`", other.id))
                    .collect();
                Problem::warning(
                    "report::id_taken",
                    format!(
                        "`{id}` is claimed by {} files and leads to none of them",
                        counted(claimants.len())
                    ),
                )
                .help(format!(
                    "also claimed by {}; remove it from `formerly` of all but one",
                    others.join(", ")
                ))
            } else {
                continue;
            };
            let problem = match report.text.find(&format!("\"{id}\"")) {
                Some(at) => problem.at(at..at + id.as_str().len() + 2),
                None => problem,
            };
            problems.push((report.id.clone(), problem.placed(&report.text)));
        }
    }
    problems
}

/// Small numbers as words.
fn counted(count: usize) -> String {
    match count {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        more => more.to_string(),
    }
}
