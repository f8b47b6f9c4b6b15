//! Runs Polars SQL over staged files and stages the answer.

mod dates;
mod functions;
mod parts;
mod shape;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use polars::prelude::*;
use polars::sql::SQLContext;
use report::Block;
use source::CancelFlag;

use crate::meter::{Counter, Place, check};
use crate::pipeline::{Done, Pipeline, Staged};
use crate::stage::{Answer, Kept, Packing, StageFile, StageWriter};
use crate::{EngineError, Step};

/// Runs one Polars block over the files of the blocks it reads.
///
/// # Errors
/// [`EngineError::Aggregate`] for what Polars refuses, [`EngineError::ColumnType`] for an answer no
/// sheet can hold, [`EngineError::TooManyRows`], or a failed disk.
pub(crate) async fn run(
    pipeline: &Pipeline<'_>,
    block: &Block,
    staged: &Staged,
    path: &Path,
) -> Result<Done, EngineError> {
    let sql = block
        .polars_sql(pipeline.report, pipeline.values)
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
    pipeline.meter.step(Step::Summarising);
    let counter = Counter::default();
    let place = Place {
        step: Step::Summarising,
        block: Some(&block.name),
        total: None,
    };
    let query = Query {
        report: pipeline.report.id.to_string(),
        block: block.name.clone(),
        sql,
        tables,
        max_rows: pipeline.max_rows,
        // A block that reads nothing is as old as the job.
        now: pipeline.now,
        kept: pipeline.shared.map(|shared| shared.kept.clone()),
        folder: pipeline.folder.to_owned(),
    };
    let (stop, path, count) = (
        pipeline.watch.stop().clone(),
        path.to_owned(),
        counter.clone(),
    );
    pipeline
        .meter
        .run(place, &counter, move || query.stage(&path, &stop, &count))
        .await
}

fn not_staged(name: &str) -> EngineError {
    EngineError::Internal {
        what: format!("`{name}` was not run before the query that reads it"),
    }
}

/// Everything one query needs on its thread.
struct Query {
    report: String,
    block: String,
    sql: String,
    tables: Vec<(String, Answer)>,
    max_rows: Option<u64>,
    now: Timestamp,
    /// Where what partitions contribute is kept; `None` keeps nothing.
    kept: Option<Kept>,
    /// For files of this job.
    folder: PathBuf,
}

impl Query {
    fn stage(self, path: &Path, stop: &CancelFlag, counter: &Counter) -> Result<Done, EngineError> {
        let frame = match parts::answer(&self, stop)? {
            Some(frame) => frame,
            None => self.answer().map_err(|source| EngineError::Aggregate {
                block: self.block.clone(),
                source,
            })?,
        };
        // Polars cannot be stopped in the middle of a query; a job that ended meanwhile must not
        // write its answer.
        check(stop)?;
        let rows = frame.height() as u64;
        if let Some(limit) = self.max_rows
            && rows > limit
        {
            return Err(EngineError::TooManyRows {
                block: self.block,
                limit,
            });
        }
        let (frame, columns) = shape::for_stage(frame, &self.block)?;
        counter.add(rows, 0);
        let mut writer = StageWriter::create(path, &columns, Packing::Loose)?;
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
    fn answer(&self) -> PolarsResult<DataFrame> {
        guarded(|| {
            let mut tables = Vec::with_capacity(self.tables.len());
            for (name, answer) in &self.tables {
                tables.push((name.as_str(), answer.scan()?));
            }
            sql(tables, &self.sql)?.collect()
        })
    }
}

/// A query over these tables, not run yet.
fn sql<'a>(
    tables: impl IntoIterator<Item = (&'a str, LazyFrame)>,
    text: &str,
) -> PolarsResult<LazyFrame> {
    let mut context =
        SQLContext::new().with_function_registry(Arc::new(functions::Functions::new()));
    for (name, frame) in tables {
        context.register(name, frame);
    }
    context.execute(text)
}

/// A mistake in the SQL must not take the program down, so a panic of Polars is an error of the
/// query like any other.
fn guarded<T>(work: impl FnOnce() -> PolarsResult<T>) -> PolarsResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it gave no reason");
        Err(polars_err!(ComputeError: "Polars stopped in the middle of the query: {text}"))
    })
}
