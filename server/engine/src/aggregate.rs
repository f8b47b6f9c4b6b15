//! Plans an aggregation over staged files and stages its answer.

mod parts;
mod types;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use aggregate::{FaultAt, Plan, Table};
use jiff::Timestamp;
use polars::prelude::*;
use report::{Block, Report};
use tokio_util::sync::CancellationToken;

pub(crate) use types::sql_type;

use crate::meter::{Counter, Location, check};
use crate::pipeline::{Done, Pipeline, Staged};
use crate::stage::{Answer, Encoding, Kept, StageFile, StageWriter};
use crate::{EngineError, Step};

/// Runs one aggregation over the files of the blocks it reads.
///
/// # Errors
/// [`EngineError::Refused`] for a statement that would not give what PostgreSQL gives,
/// [`EngineError::Aggregate`] for a value that cannot be computed, [`EngineError::TooManyRows`], or a
/// failed disk.
pub(crate) async fn run(
    pipeline: &Pipeline<'_>,
    block: &Block,
    staged: &Staged,
    path: &Path,
) -> Result<Done, EngineError> {
    let statement = block
        .polars_query(pipeline.report, pipeline.values)
        .map_err(|source| EngineError::Bind {
            block: block.name.clone(),
            source,
        })?;
    let tables: Vec<_> = block
        .reads
        .iter()
        .map(|name| {
            staged
                .get(name)
                .map(|answer| (name.clone(), answer.clone()))
                .ok_or_else(|| not_staged(name))
        })
        .collect::<Result<_, _>>()?;
    let known: Vec<Table> = tables
        .iter()
        .map(|(name, answer)| types::table(name, answer))
        .collect();
    // Only what is planned runs, whatever the report's check has seen of it.
    let plan = aggregate::plan(&statement, &known)
        .map_err(|refusal| refused(pipeline.report, block, refusal))?;
    pipeline.meter.step(Step::Summarising);
    let counter = Counter::default();
    let place = Location {
        step: Step::Summarising,
        block: Some(&block.name),
        total: None,
    };
    let query = Query {
        report: pipeline.report.id.to_string(),
        block: block.name.clone(),
        plan,
        tables,
        max_rows: pipeline.max_rows,
        // A block that reads nothing is as old as the job.
        now: pipeline.now,
        kept: pipeline.shared.and_then(|shared| shared.kept.clone()),
        folder: pipeline.folder.to_owned(),
    };
    let (stop, path, count) = (
        pipeline.deadline.stop().clone(),
        path.to_owned(),
        counter.clone(),
    );
    pipeline
        .meter
        .run(place, &counter, move || query.stage(&path, &stop, &count))
        .await
        .map_err(|error| placed(error, pipeline.report, block))
}

fn not_staged(name: &str) -> EngineError {
    EngineError::Internal {
        what: format!("`{name}` was not run before the query that reads it"),
    }
}

/// A refusal with its place in the report's file.
fn refused(report: &Report, block: &Block, refusal: aggregate::Refusal) -> EngineError {
    EngineError::Refused {
        block: block.name.clone(),
        place: refusal
            .place
            .map(|place| Box::new(report.place(block.byte_at(place.line, place.column)))),
        refusal: Box::new(refusal),
    }
}

/// A fault with its place in the report's file.
fn placed(error: EngineError, report: &Report, block: &Block) -> EngineError {
    match error {
        EngineError::Aggregate {
            block: name, fault, ..
        } => EngineError::Aggregate {
            place: fault
                .place
                .map(|place| Box::new(report.place(block.byte_at(place.line, place.column)))),
            block: name,
            fault,
        },
        other => other,
    }
}

/// Everything one query needs on its thread.
struct Query {
    report: String,
    block: String,
    plan: Plan,
    tables: Vec<(String, Answer)>,
    max_rows: Option<u64>,
    now: Timestamp,
    /// Where what partitions contribute is kept; `None` keeps nothing.
    kept: Option<Kept>,
    /// For files of this job.
    folder: PathBuf,
}

impl Query {
    fn stage(
        self,
        path: &Path,
        stop: &CancellationToken,
        counter: &Counter,
    ) -> Result<Done, EngineError> {
        let answer = match parts::answer(&self, stop)? {
            Some(frame) => Ok(frame),
            None => self.answer(stop),
        };
        // A job that ended meanwhile must not write its answer.
        check(stop)?;
        let frame = answer.map_err(|fault| self.failed(fault))?;
        let rows = frame.height() as u64;
        if let Some(limit) = self.max_rows
            && rows > limit
        {
            return Err(EngineError::TooManyRows {
                block: self.block,
                limit,
            });
        }
        let columns = types::staged(&self.plan, &frame, &self.block)?;
        counter.add(rows, 0);
        let mut writer = StageWriter::create(path, &columns, Encoding::Plain)?;
        writer.set_quotients(types::quotients(&self.plan));
        writer.push_frame(&frame)?;
        writer.finish()?;
        let oldest = self
            .tables
            .iter()
            .map(|(_, answer)| answer.read_at)
            .min()
            .unwrap_or(self.now);
        let answer = Answer::from(StageFile::open(path, oldest)?);
        Ok(Done {
            rows_read: rows,
            ..Done::of(answer)
        })
    }

    /// The whole answer.
    fn answer(&self, stop: &CancellationToken) -> Result<DataFrame, FaultAt> {
        let tables = self
            .tables
            .iter()
            .map(|(name, answer)| Ok((name.clone(), answer.table()?)))
            .collect::<PolarsResult<_>>()
            .map_err(|error| unexpected(&error))?;
        guarded(|| self.plan.run_until(&tables, &|| stop.is_cancelled()))
    }

    fn failed(&self, fault: FaultAt) -> EngineError {
        EngineError::Aggregate {
            block: self.block.clone(),
            fault: Box::new(fault),
            place: None,
        }
    }
}

/// An error of Polars itself.
fn unexpected(error: &dyn std::fmt::Display) -> FaultAt {
    FaultAt {
        fault: aggregate::Fault::Polars(error.to_string()),
        what: String::new(),
        place: None,
    }
}

/// A mistake of ours or of Polars must not take the program down, so a panic is an error of the query
/// like any other.
fn guarded<T>(work: impl FnOnce() -> Result<T, FaultAt>) -> Result<T, FaultAt> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it gave no reason");
        Err(unexpected(&text))
    })
}
