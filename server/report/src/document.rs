//! A file cut into its sections and queries, before anything is understood.

mod head;
mod parts;

use std::ops::Range;

use self::parts::{Part, Scans, parts};
use crate::nearest::nearest;
use crate::problem::Problem;
use crate::scan::{Kind, Rules, Token, Unclosed};

/// Keys a query may have, in the order of the documentation.
pub(crate) const QUERY_KEYS: [&str; 8] = [
    "source",
    "engine",
    "partition",
    "incremental",
    "split",
    "cache",
    "timeout",
    "check",
];

/// The parts of a file. All ranges are bytes of the file.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The report section, if there is one.
    pub report: Option<Section>,
    /// The workbook section, if there is one.
    pub workbook: Option<Section>,
    /// The queries in file order.
    pub blocks: Vec<RawBlock>,
    /// There is a section with a name close to `report`.
    pub misspelt: bool,
}

/// A fenced section.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// The opening fence.
    pub fence: Range<usize>,
    /// The TOML between the fences.
    pub body: Range<usize>,
}

/// A query as it stands in the file.
#[derive(Debug)]
pub(crate) struct RawBlock {
    pub name: String,
    pub name_span: Range<usize>,
    pub keys: Vec<RawKey>,
    pub description: Option<String>,
    /// The statement: one reading where all databases agree about it, else one for each family, the
    /// standard's first.
    pub readings: Vec<RawReading>,
}

/// A statement by some rules.
#[derive(Debug)]
pub(crate) struct RawReading {
    pub rules: Rules,
    /// Tokens of the statement, without the closing `;` and blanks around it; may be empty.
    pub tokens: Vec<Token>,
    /// The statement.
    pub body: Range<usize>,
    /// What is wrong with it by these rules.
    pub problems: Vec<Problem>,
}

/// A `-- key: value` line.
#[derive(Debug)]
pub(crate) struct RawKey {
    pub key: String,
    pub key_span: Range<usize>,
    pub value: String,
    pub value_span: Range<usize>,
}

/// Cuts a file. Everything that stands in the wrong place is a problem.
pub(crate) fn cut(text: &str, problems: &mut Vec<Problem>) -> Document {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut cutter = Cutter {
        text,
        problems,
        document: Document::default(),
        told_stray: false,
    };
    for part in parts(text, start) {
        cutter.part(part);
    }
    let document = cutter.document;
    // A misspelt section is said once, not also missed.
    if document.report.is_none() && !document.misspelt {
        let line = text[start..].trim_start();
        let at = text.len() - line.len();
        let end = at + line.lines().next().unwrap_or_default().trim_end().len();
        problems.push(
            Problem::error("report::missing_section", "this file has no report section")
                .at(at.min(text.len())..end.max(at))
                .help("begin with `/*--- report`, a title, and `---*/`"),
        );
    }
    document
}

fn unclosed(open: &Unclosed) -> Problem {
    let help = match open.what {
        "string" => "end it with `'`; a quote inside a string is written `''`",
        "comment" => "end it with `*/`",
        "section" => "end it with a line `---*/`",
        "dollar quote" => "end it with the same `$…$` it begins with",
        _ => "end it with the quote it begins with",
    };
    Problem::error(
        "report::unclosed",
        format!("this {} is never closed", open.what),
    )
    .at(open.range.clone())
    .label("opened here")
    .help(help)
}

struct Cutter<'a> {
    text: &'a str,
    problems: &'a mut Vec<Problem>,
    document: Document,
    told_stray: bool,
}

impl Cutter<'_> {
    fn part(&mut self, part: Part) {
        match part {
            Part::Section(scan) => {
                self.problems.extend(scan.unclosed.iter().map(unclosed));
                for token in scan.tokens {
                    self.section(token.range);
                }
            }
            Part::Outside(scan) => {
                self.problems.extend(scan.unclosed.iter().map(unclosed));
                for token in &scan.tokens {
                    self.stray(token);
                }
            }
            Part::Query(scans) => {
                if let Some(workbook) = &self.document.workbook {
                    self.problems.push(
                        Problem::error(
                            "report::misplaced_section",
                            "the workbook section must be last",
                        )
                        .at(workbook.fence.clone())
                        .help("move it below the last query"),
                    );
                }
                let block = self.block(scans);
                self.document.blocks.push(block);
            }
        }
    }

    /// SQL outside any query; said once.
    fn stray(&mut self, token: &Token) {
        if token.kind.is_sql() && !self.told_stray {
            self.told_stray = true;
            let place = if self.document.workbook.is_some() {
                "behind the workbook section"
            } else {
                "before the first query"
            };
            self.problems.push(
                Problem::error("report::stray_text", format!("this text stands {place}"))
                    .at(token.range.clone())
                    .label("belongs to no query")
                    .help("every query begins with a line `-- name: …`"),
            );
        }
    }

    fn section(&mut self, range: Range<usize>) {
        let whole = &self.text[range.clone()];
        let line = whole.lines().next().unwrap_or_default().trim_end();
        let fence = range.start..range.start + line.len();
        let name = line.trim_start_matches("/*---").trim();
        let body_start = range.start + whole.find('\n').map_or(whole.len(), |at| at + 1);
        let body_end = match whole.trim_end().ends_with("---*/") {
            true => {
                range.start
                    + whole
                        .trim_end()
                        .rfind('\n')
                        .map_or(whole.len(), |at| at + 1)
            }
            false => range.end,
        };
        let section = Section {
            fence: fence.clone(),
            body: body_start..body_end.max(body_start),
        };
        match name {
            "report" => {
                if self.document.report.is_some() {
                    self.misplaced(
                        fence,
                        "this file has two report sections",
                        "keep one, at the top of the file",
                    );
                } else {
                    if !self.document.blocks.is_empty()
                        || self.document.workbook.is_some()
                        || self.told_stray
                    {
                        self.misplaced(
                            fence,
                            "the report section must be first",
                            "move it to the top of the file",
                        );
                    }
                    self.document.report = Some(section);
                }
            }
            "workbook" => {
                if self.document.workbook.is_some() {
                    self.misplaced(
                        fence,
                        "this file has two workbook sections",
                        "put all sheets into the last one",
                    );
                } else {
                    self.document.workbook = Some(section);
                }
            }
            other => {
                let close = nearest(other, ["report", "workbook"]);
                self.document.misspelt |= close == Some("report");
                let help = match close {
                    Some(close) => format!("did you mean `/*--- {close}`?"),
                    None => "there are `/*--- report` and `/*--- workbook`".to_owned(),
                };
                self.problems.push(
                    Problem::error(
                        "report::unknown_section",
                        format!("there is no section `{other}`"),
                    )
                    .at(fence)
                    .help(help),
                );
            }
        }
    }

    fn misplaced(&mut self, at: Range<usize>, message: &str, help: &str) {
        self.problems.push(
            Problem::error("report::misplaced_section", message)
                .at(at)
                .help(help),
        );
    }

    fn block(&mut self, scans: Scans) -> RawBlock {
        let mut scans = scans.into_iter();
        let (rules, scan) = scans
            .next()
            .unwrap_or((Rules::Standard, Default::default()));
        let mut tokens = scan.tokens.into_iter();
        let line = tokens.next().map_or(0..0, |token| token.range);
        let name_start = line.start + "-- name:".len();
        let written = &self.text[name_start..line.end];
        let name = written.trim();
        let start = name_start + (written.len() - written.trim_start().len());
        let name_span = if name.is_empty() {
            line
        } else {
            start..start + name.len()
        };
        let mut block = RawBlock {
            name: name.to_owned(),
            name_span,
            keys: Vec::new(),
            description: None,
            readings: Vec::new(),
        };
        let tokens = head::read(self.text, &mut block, tokens.collect(), self.problems);
        // The head is the same by all rules.
        let begins = tokens.first().map(|token| token.range.start);
        self.statement(&mut block, rules, tokens, &scan.unclosed);
        for (rules, scan) in scans {
            let tokens = scan.tokens.into_iter();
            let behind = |token: &Token| begins.is_some_and(|begins| token.range.start >= begins);
            let tokens = tokens.filter(behind).collect();
            self.statement(&mut block, rules, tokens, &scan.unclosed);
        }
        block
    }

    /// Removes what surrounds the statement and looks for a second one.
    fn statement(&self, block: &mut RawBlock, rules: Rules, tokens: Vec<Token>, open: &[Unclosed]) {
        let mut reading = RawReading {
            rules,
            tokens: Vec::new(),
            body: block.name_span.end..block.name_span.end,
            problems: open.iter().map(unclosed).collect(),
        };
        let first = tokens
            .iter()
            .position(|token| token.kind.is_sql() && token.kind != Kind::Semicolon);
        let Some(first) = first else {
            reading.problems.push(
                Problem::error(
                    "report::empty_query",
                    format!("query `{}` has no SQL", block.name),
                )
                .at(block.name_span.clone())
                .help("write a statement below its keys, or remove the query"),
            );
            block.readings.push(reading);
            return;
        };
        let begins = tokens[..first]
            .iter()
            .position(|token| condition_opens(self.text, token))
            .unwrap_or(first);
        let end = tokens[first..]
            .iter()
            .position(|token| token.kind == Kind::Semicolon)
            .map(|at| first + at);
        if let Some(end) = end
            && let Some(second) = tokens[end + 1..]
                .iter()
                .find(|token| token.kind.is_sql() && token.kind != Kind::Semicolon)
        {
            reading.problems.push(
                Problem::error(
                    "report::two_statements",
                    format!(
                        "query `{}` has two statements; the second begins here",
                        block.name
                    ),
                )
                .at(second.range.clone())
                .label("second statement")
                .help("give it a name of its own with a line `-- name: …`"),
            );
        }
        let mut tokens: Vec<Token> = tokens[begins..end.unwrap_or(tokens.len())].to_vec();
        while tokens
            .last()
            .is_some_and(|token| matches!(token.kind, Kind::Space | Kind::LineComment))
        {
            tokens.pop();
        }
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            reading.body = first.range.start..last.range.end;
        }
        reading.tokens = tokens;
        block.readings.push(reading);
    }
}

fn condition_opens(text: &str, token: &Token) -> bool {
    token.kind == Kind::BlockComment && text[token.range.clone()].starts_with("/*if")
}
