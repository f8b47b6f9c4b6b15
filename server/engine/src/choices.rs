//! The choices of a form that come from a query.

use jiff::Timestamp;
use report::{Block, Lang, Options, Report, Values};
use source::{CancelFlag, ColumnData, Dialect};

use crate::meter::{Counter, Meter, Place};
use crate::pipeline::{Pipeline, Staged};
use crate::plan::{self, Sources};
use crate::stage::{Answer, Scratch};
use crate::watch::Watch;
use crate::{EngineError, Step, cell};

/// The most choices a form offers; more do not help anybody find one.
const MOST: usize = 5_000;

/// Runs the query behind the choices of a parameter and returns value and label, in the query's order.
///
/// `values` needs only those of the parameters the query itself uses. A value without a label is
/// its own label; absent values are left out; of a repeated value the first label counts. A truth value is
/// the text its source compares it with; people read yes or no, in `lang`.
/// A parameter whose choices stand in the report gives an empty list.
///
/// # Errors
/// [`EngineError::TooManyChoices`] above 5,000, [`EngineError::ChoiceColumn`] when the query lacks a
/// named column, and whatever running the query gives.
pub async fn choices(
    report: &Report,
    param: &str,
    values: &Values,
    sources: &Sources,
    lang: Lang,
) -> Result<Vec<(String, String)>, EngineError> {
    let Some(Options::Query {
        block: name,
        value,
        label,
    }) = report
        .params
        .get(param)
        .and_then(|param| param.options.as_ref())
    else {
        return Ok(Vec::new());
    };
    let folder = tempfile::tempdir()
        .map_err(|error| EngineError::disk("create a folder in", std::env::temp_dir(), error))?;
    let scratch = Scratch::create(folder.path())?;
    let watch = Watch::new(CancelFlag::new(), report.limits.runtime);
    let quiet = |_| ();
    let meter = Meter::new(&quiet);
    let comment = format!("digger choices of {param} report {}", report.id);
    let blocks = plan::needed_for(std::iter::once(name.as_str()), report, sources)?;
    let truth = Truth::of(&blocks, sources);
    // Only the choices themselves are few; a query they read may be as large as any.
    let is_single = blocks.len() == 1;
    let pipeline = Pipeline {
        report,
        values,
        sources,
        folder: scratch.path(),
        shared: None,
        comment: &comment,
        max_rows: if is_single {
            Some(MOST as u64)
        } else {
            report.limits.rows
        },
        ahead: None,
        watch: &watch,
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
            let (answer, ..) = pipeline
                .run(block, &staged)
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
        let place = Place {
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
    tokio::select! {
        ended = watch.ended() => Err(ended),
        pairs = work => pairs,
    }
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
            other => cell::text(other, row),
        }
    }
}

/// A value as people read it; `None` for an absent one.
fn words(column: &ColumnData, row: usize, lang: Lang) -> Option<String> {
    match column {
        ColumnData::Boolean(values) => Some(report::yes_or_no(values.at(row)?, lang).to_owned()),
        other => cell::text(other, row),
    }
}
