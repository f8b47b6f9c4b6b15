//! From the text of a file to a report and its problems.

mod default;
mod header;
mod key;
mod param;
mod template;
mod uses;

use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use crate::block::Block;
use crate::document::cut;
use crate::id::ReportId;
use crate::problem::{Problem, Severity};
use crate::report::Report;
use crate::{graph, workbook};

/// A larger file is no report; it would only make every reader slow. In bytes.
const LARGEST_FILE: usize = 1_000_000;

/// Problems that are told of one file.
const MOST_PROBLEMS: usize = 100;

/// Queries, parameters, groups or sheets of one report: far above any, and few enough to be read at once.
pub(crate) const MOST_PARTS: usize = 500;

/// That a report has more of something than it may have.
pub(crate) fn too_many(what: &str, count: usize) -> Problem {
    Problem::error(
        "report::too_large",
        format!("this report has {count} {what}, and at most {MOST_PARTS} can be read"),
    )
    .help("make several reports of it")
}

/// Reads a report and everything that is wrong with it.
///
/// The report is `None` only when the problems contain an error; warnings still give a report.
/// Problems stand in file order.
pub fn parse(id: ReportId, text: &str) -> (Option<Report>, Vec<Problem>) {
    let mut problems = Vec::new();
    let report = if text.len() > LARGEST_FILE {
        problems.push(
            Problem::error(
                "report::too_large",
                format!(
                    "this file has {} bytes; a report has at most {LARGEST_FILE}",
                    text.len()
                ),
            )
            .help("keep long lists of values in a table of the source"),
        );
        None
    } else {
        read(id, text, &mut problems)
    };
    problems.sort_by_key(|problem| problem.span.as_ref().map_or(0, |span| span.start));
    problems.dedup();
    let failed = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    let problems: Vec<Problem> = bounded(problems)
        .into_iter()
        .map(|problem| problem.placed(text))
        .collect();
    (report.filter(|_| !failed), problems)
}

/// The first of many problems, and how many more there are: nobody reads thousands, and drawing them takes long.
pub fn bounded(mut problems: Vec<Problem>) -> Vec<Problem> {
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    if more > 0 {
        let rest = problems.split_off(MOST_PROBLEMS);
        let message = format!("there are {more} more problems than these");
        let is_error = |problem: &Problem| problem.severity == Severity::Error;
        let problem = match rest.iter().any(is_error) {
            true => Problem::error("report::more", message),
            false => Problem::warning("report::more", message),
        };
        problems.push(problem.help("mend these first"));
    }
    problems
}

fn read(id: ReportId, text: &str, problems: &mut Vec<Problem>) -> Option<Report> {
    let document = cut(text, problems);
    if document.blocks.len() > MOST_PARTS {
        problems.push(too_many("queries", document.blocks.len()));
        return None;
    }
    let header = header::read(text, document.report.as_ref(), problems);
    let mut blocks: Vec<Block> = Vec::new();
    let mut names: IndexMap<String, std::ops::Range<usize>> = IndexMap::new();
    for raw in document.blocks {
        check_name(text, &raw.name, &raw.name_span, &mut names, problems);
        blocks.push(key::block(text, raw, problems));
    }
    if blocks.is_empty() && document.report.is_some() {
        let at = document
            .report
            .as_ref()
            .map_or(0..0, |section| section.fence.clone());
        problems.push(
            Problem::error("report::no_query", "this file has no query")
                .at(at)
                .help("below the section write `-- name: rows`, `-- source: …` and a statement"),
        );
    }
    uses::check(text, &header, &mut blocks, problems);
    let blocks = graph::order(blocks, &header.params, &header.options, problems);
    let workbook = workbook::read(
        text,
        document.workbook.as_ref(),
        &header.title,
        &blocks,
        problems,
    );
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    let report = Report {
        id,
        title: header.title,
        description: header.description,
        owner: header.owner,
        timezone: header.timezone,
        file_name: header.file_name,
        formerly: header.formerly,
        access: header.access,
        limits: header.limits,
        params: header.params,
        blocks,
        workbook,
        hash,
        text: text.to_owned(),
    };
    // What an aggregation returns stands in the file; what a source returns is asked online.
    for block in &report.blocks {
        if let Some(columns) = &block.columns {
            problems.extend(report.check_columns(&block.name, columns));
        }
    }
    Some(report)
}

fn check_name(
    text: &str,
    name: &str,
    span: &std::ops::Range<usize>,
    names: &mut IndexMap<String, std::ops::Range<usize>>,
    problems: &mut Vec<Problem>,
) {
    if !crate::id::is_name(name) || name.len() > 63 {
        problems.push(
            Problem::error(
                "report::bad_name",
                format!("`{name}` cannot be the name of a query"),
            )
            .at(span.clone())
            .help("use small letters, digits and `_`, at most 63, beginning with a letter"),
        );
        return;
    }
    if RESERVED.contains(&name) {
        problems.push(
            Problem::error(
                "report::bad_name",
                format!("a query cannot be named `{name}`"),
            )
            .at(span.clone())
            .help("`partition`, `incremental` and `viewer` have a meaning of their own"),
        );
        return;
    }
    if let Some(first) = names.get(name) {
        let line = |at: usize| text[..at].matches('\n').count() + 1;
        problems.push(
            Problem::error(
                "report::duplicate_query",
                format!(
                    "two queries are named `{name}` (lines {} and {})",
                    line(first.start),
                    line(span.start)
                ),
            )
            .at(span.clone())
            .label("already used above")
            .help("give one of them another name"),
        );
        return;
    }
    names.insert(name.to_owned(), span.clone());
}

/// Names with a meaning of their own, for queries and parameters.
pub(crate) const RESERVED: [&str; 4] = ["partition", "incremental", "split", "viewer"];
