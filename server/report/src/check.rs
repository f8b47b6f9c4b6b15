//! Checks that need to know more than one file: sources, result columns, other reports.

use std::collections::BTreeMap;

use crate::block::{Block, BlockKind};
use crate::id::ReportId;
use crate::nearest::nearest;
use crate::param::Options;
use crate::problem::Problem;
use crate::report::Report;
use crate::workbook::Sheet;

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
        for sheet in self
            .workbook
            .sheets
            .iter()
            .filter(|sheet| sheet.query == block)
        {
            for (what, column) in uses(sheet) {
                if !columns.contains(column) {
                    problems.push(self.unknown_column(
                        &format!("sheet \"{}\" {what}", first(sheet)),
                        column,
                        columns,
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
                        problems.push(self.unknown_column(&who, column, columns));
                    }
                }
            }
        }
        if let Some(Block {
            kind:
                BlockKind::Extract {
                    incremental: Some(incremental),
                    ..
                },
            ..
        }) = self.block(block)
        {
            for column in std::iter::once(&incremental.column).chain(&incremental.keys) {
                if !columns.contains(column) {
                    problems.push(self.unknown_column(
                        &format!("the increment of `{block}` needs"),
                        column,
                        columns,
                    ));
                }
            }
        }
        problems.dedup();
        problems
    }

    fn unknown_column(&self, who: &str, column: &str, columns: &[String]) -> Problem {
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
        match self.column_place(column) {
            Some(at) => problem
                .at(at..at + column.len())
                .label("no such column")
                .placed(&self.text),
            None => problem.placed(&self.text),
        }
    }

    /// Where a column is named in the sections: below the last statement, else above the first.
    fn column_place(&self, column: &str) -> Option<usize> {
        let start = self
            .blocks
            .iter()
            .map(|block| block.span.end)
            .max()
            .unwrap_or(0);
        let end = self
            .blocks
            .iter()
            .map(|block| block.name_span.start)
            .min()
            .unwrap_or(0);
        word(&self.text[start..], column)
            .map(|at| start + at)
            .or_else(|| word(&self.text[..end], column))
    }
}

/// Where a column is named in the sections; the beginning of the file when it is not.
pub(crate) fn word_place(report: &Report, column: &str) -> std::ops::Range<usize> {
    report
        .column_place(column)
        .map_or(0..0, |at| at..at + column.len())
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

/// Every column a sheet names, with what it does with it.
fn uses(sheet: &Sheet) -> Vec<(&'static str, &String)> {
    let mut uses: Vec<(&'static str, &String)> = Vec::new();
    // A pivot's columns are values; those that are formatted need not be columns of the query.
    if sheet.pivot.is_none() {
        uses.extend(sheet.columns.keys().map(|column| ("formats", column)));
        uses.extend(sheet.rules.iter().map(|rule| ("colours", &rule.column)));
        for chart in &sheet.charts {
            uses.extend(
                std::iter::once(&chart.x)
                    .chain(&chart.y)
                    .chain(&chart.series)
                    .map(|column| ("draws", column)),
            );
        }
    }
    if let Some(pivot) = &sheet.pivot {
        let columns = pivot.rows.iter().chain([&pivot.columns, &pivot.values]);
        uses.extend(columns.map(|column| ("turns", column)));
    }
    uses
}

/// Ids, present or former, that two reports claim. Every report that claims one is told.
pub fn check_ids(reports: &[&Report]) -> Vec<(ReportId, Problem)> {
    let mut claims: BTreeMap<&ReportId, Vec<&Report>> = BTreeMap::new();
    for report in reports {
        for id in std::iter::once(&report.id).chain(&report.formerly) {
            let claimants = claims.entry(id).or_default();
            if !claimants.iter().any(|other| other.id == report.id) {
                claimants.push(report);
            }
        }
    }
    let mut problems = Vec::new();
    for (id, claimants) in claims
        .into_iter()
        .filter(|(_, claimants)| claimants.len() > 1)
    {
        for report in &claimants {
            let others: Vec<String> = claimants
                .iter()
                .filter(|other| other.id != report.id)
                .map(|other| format!("`{}`", other.id))
                .collect();
            let mut problem = Problem::error(
                "report::id_taken",
                format!("`{id}` is claimed by {} files", counted(claimants.len())),
            )
            .help(format!(
                "also claimed by {}; remove it from `formerly` of one of them",
                others.join(", ")
            ));
            if let Some(at) = report.text.find(&format!("\"{id}\"")) {
                problem = problem.at(at..at + id.as_str().len() + 2);
            }
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
