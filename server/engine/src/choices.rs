//! The choices of a form that come from a query.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use lang::Lang;
use report::{Block, Options, Report, Values};
use rows::ColumnData;
use source::Dialect;
use tokio_util::sync::CancellationToken;

use crate::deadline::Deadline;
use crate::meter::{Counter, Location, Meter};
use crate::pipeline::{Pipeline, Shared, Staged};
use crate::plan::{self, Sources};
use crate::stage::{Answer, Scratch};
use crate::{EngineError, Step, run_block};

/// The most choices a form offers; more do not help anybody find one.
const MOST: usize = 5_000;
/// How long a statement that is stopped may take to end.
const STOPPING: Duration = Duration::from_secs(2);

/// The choices of one parameter, to be read from its query.
#[derive(Clone, Copy)]
pub struct Choices<'a> {
    /// The report.
    pub report: &'a Report,
    /// The parameter. When its choices stand in the report there are none to read.
    pub param: &'a str,
    /// Values of at least the parameters the query itself uses.
    pub values: &'a Values,
    /// Databases by name.
    pub sources: &'a Sources,
    /// In which people read yes and no.
    pub lang: Lang,
    /// Where jobs take permits at sources: the stage folder.
    pub stage_dir: &'a Path,
    /// Statements a source allows at the same time; 1 for sources that are not named.
    pub at_once: &'a BTreeMap<String, u32>,
}

/// The sources that the choices of a parameter are read from; none when they stand in the report, or when its queries do
/// not fit.
pub fn choices_read<'a>(report: &'a Report, param: &str, sources: &Sources) -> BTreeSet<&'a str> {
    let Some(Options::Query { block, .. }) = options(report, param) else {
        return BTreeSet::new();
    };
    let blocks = plan::needed_for(std::iter::once(block.as_str()), report, sources);
    let blocks = blocks.into_iter().flatten();
    blocks.filter_map(Block::source).collect()
}

fn options<'a>(report: &'a Report, param: &str) -> Option<&'a Options> {
    report.params.get(param)?.options.as_ref()
}

/// Runs the query behind the choices and returns value and label, in the query's order.
///
/// A value without a label is its own label; absent values are left out; of a repeated value the first label
/// counts. A truth value is the text its source compares it with; people read yes or no. Each statement takes a permit
/// at its source, as those of runs do. Raising `cancel` stops the statement.
///
/// # Errors
/// [`EngineError::TooManyChoices`] above 5,000, [`EngineError::ChoiceColumn`] when the query lacks a
/// named column, and whatever running the query gives.
pub async fn choices(
    asked: Choices<'_>,
    cancel: CancellationToken,
) -> Result<Vec<(String, String)>, EngineError> {
    let Choices {
        report,
        param,
        values,
        sources,
        lang,
        stage_dir,
        at_once,
    } = asked;
    let Some(Options::Query {
        block: name,
        value,
        label,
    }) = options(report, param)
    else {
        return Ok(Vec::new());
    };
    let folder = tempfile::tempdir()
        .map_err(|error| EngineError::disk("create a folder in", std::env::temp_dir(), error))?;
    let scratch = Scratch::create(folder.path())?;
    let deadline = Deadline::new(cancel, report.limits.runtime);
    let quiet = |_| ();
    let meter = Meter::new(&quiet);
    let comment = format!("digger choices of {param} report {}", report.id);
    let blocks = plan::needed_for(std::iter::once(name.as_str()), report, sources)?;
    let truth = Truth::of(&blocks, sources);
    // Only the choices themselves are few; a query they read may be as large as any.
    let is_single = blocks.len() == 1;
    let shared = Shared {
        kept: None,
        stage_dir: stage_dir.to_owned(),
        at_once: at_once.clone(),
    };
    let pipeline = Pipeline {
        report,
        values,
        sources,
        folder: scratch.path(),
        shared: Some(&shared),
        comment: &comment,
        max_rows: if is_single {
            Some(MOST as u64)
        } else {
            report.limits.rows
        },
        early_sheet: None,
        deadline: &deadline,
        meter: &meter,
        now: Timestamp::now(),
    };
    let too_many = || EngineError::TooManyChoices {
        param: param.to_owned(),
        block: name.clone(),
        limit: MOST,
    };
    let work = async {
        let mut staged = Staged::new();
        for block in &blocks {
            let (answer, ..) =
                run_block::run(&pipeline, block, &staged)
                    .await
                    .map_err(|error| match error {
                        EngineError::TooManyRows { .. } if is_single => too_many(),
                        error => error,
                    })?;
            staged.insert(block.name.clone(), answer);
        }
        let answer = staged
            .remove(name)
            .ok_or_else(|| EngineError::UnknownBlock {
                block: name.clone(),
            })?;
        if answer.rows > MOST as u64 {
            return Err(too_many());
        }
        let find = |column: &str| position(&answer, column, param, name);
        let (value, label) = (find(value)?, find(label)?);
        let place = Location {
            step: Step::FetchingRows,
            block: None,
            total: None,
        };
        meter
            .run(place, &Counter::default(), move || {
                pairs(&answer, (value, label), truth, lang)
            })
            .await
    };
    tokio::pin!(work);
    let ended = tokio::select! {
        ended = deadline.ended() => ended,
        pairs = &mut work => return pairs,
    };
    deadline.stop_all();
    if meter.has_sessions() {
        // A statement on a server stops from a second connection, which needs somebody to wait for it.
        let _ = tokio::time::timeout(STOPPING, work).await;
    }
    Err(ended)
}

fn position(answer: &Answer, column: &str, param: &str, block: &str) -> Result<usize, EngineError> {
    answer
        .columns
        .iter()
        .position(|other| other.name == column)
        .ok_or_else(|| EngineError::ChoiceColumn {
            param: param.to_owned(),
            block: block.to_owned(),
            column: column.to_owned(),
            returned: answer
                .columns
                .iter()
                .map(|column| column.name.clone())
                .collect(),
        })
}

fn pairs(
    answer: &Answer,
    (value, label): (usize, usize),
    truth: Truth,
    lang: Lang,
) -> Result<Vec<(String, String)>, EngineError> {
    let mut seen = std::collections::HashSet::new();
    let mut pairs = Vec::new();
    for chunk in answer.chunks()? {
        let chunk = chunk?;
        for row in 0..chunk.rows {
            if let Some(choice) = truth.value(&chunk.columns[value], row)
                && seen.insert(choice.clone())
            {
                let words = words(&chunk.columns[label], row, lang)
                    .or_else(|| words(&chunk.columns[value], row, lang));
                pairs.push((choice, words.unwrap_or_default()));
            }
        }
    }
    Ok(pairs)
}

/// How a truth value is written for a statement to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    /// `true` and `false`, as PostgreSQL writes them.
    Words,
    /// `1` and `0`: MySQL and SQLite have no others, and take `true` in quotes for 0. PostgreSQL reads
    /// them as truth values, too.
    Digits,
}

impl Truth {
    /// Words where everything comes from PostgreSQL.
    fn of(blocks: &[&Block], sources: &Sources) -> Self {
        let has_words = blocks
            .iter()
            .filter_map(|block| sources.get(block.source()?))
            .all(|source| source.dialect() == Dialect::Postgres);
        if has_words { Self::Words } else { Self::Digits }
    }

    /// A value as it is bound; `None` for an absent one.
    fn value(self, column: &ColumnData, row: usize) -> Option<String> {
        match column {
            ColumnData::Boolean(values) => Some(
                match (values.at(row)?, self) {
                    (true, Self::Words) => "true",
                    (false, Self::Words) => "false",
                    (true, Self::Digits) => "1",
                    (false, Self::Digits) => "0",
                }
                .to_owned(),
            ),
            other => rows::text(other, row),
        }
    }
}

/// A value as people read it; `None` for an absent one.
fn words(column: &ColumnData, row: usize, lang: Lang) -> Option<String> {
    match column {
        ColumnData::Boolean(values) => Some(report::yes_or_no(values.at(row)?, lang).to_owned()),
        other => rows::text(other, row),
    }
}
