//! Reads one block from its source into a staged file.

mod bounds;
mod convert;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use report::{Block, BlockKind, Statement};
use source::{Extract, Reading, Source, SourceError};

use crate::fingerprint::Ingredients;
use crate::meter::{Counter, Place};
use crate::pipeline::{Done, Pipeline};
use crate::stage::{Entry, Kept, StageFile, StageWriter};
use crate::{EngineError, Step, columns};

/// Runs an extraction, or takes a kept answer where the block allows one.
///
/// # Errors
/// [`EngineError::Source`], [`EngineError::TooManyRows`], [`EngineError::Bind`] or a failed disk.
pub(crate) async fn run(
    pipeline: &Pipeline<'_>,
    block: &Block,
    source_name: &str,
    path: &Path,
) -> Result<Done, EngineError> {
    let BlockKind::Extract { cache, timeout, .. } = &block.kind else {
        return Err(EngineError::Internal {
            what: format!("`{}` is not read from a source", block.name),
        });
    };
    let source = pipeline
        .sources
        .get(source_name)
        .ok_or_else(|| EngineError::UnknownSource {
            block: block.name.clone(),
            source_name: source_name.to_owned(),
        })?;
    let slice = bounds::slice(pipeline, block)?;
    let since = bounds::since(pipeline, block, source).await?;
    let dialect = convert::dialect(source.dialect());
    let statement = block
        .bind(
            pipeline.report,
            dialect,
            pipeline.values,
            slice.as_ref(),
            since.as_ref(),
        )
        .map_err(|source| EngineError::Bind {
            block: block.name.clone(),
            source,
        })?;

    let Some((kept, cache)) = pipeline
        .kept
        .zip(cache.and_then(|time| SignedDuration::try_from(time).ok()))
    else {
        return read(pipeline, block, source, statement, *timeout, path).await;
    };
    let fingerprint = Ingredients {
        source: source_name,
        identity: &source.identity(),
        statement: &statement,
        slice: slice.as_ref(),
        zone: &pipeline.report.timezone,
    }
    .fingerprint();
    let not_before = pipeline.now.checked_sub(cache).unwrap_or(Timestamp::MIN);
    if let Some(file) = find(pipeline, kept, &fingerprint, not_before, path).await? {
        return Ok(Done {
            rows_read: file.rows,
            file,
            from_stage: true,
        });
    }
    let done = read(pipeline, block, source, statement, *timeout, path).await?;
    let entry = Entry {
        fingerprint,
        source: source_name.to_owned(),
        block: block.name.clone(),
    };
    keep(pipeline, kept, entry, done.file.clone(), cache).await;
    Ok(done)
}

async fn read(
    pipeline: &Pipeline<'_>,
    block: &Block,
    source: &Arc<dyn Source>,
    statement: Statement,
    timeout: Option<Duration>,
    path: &Path,
) -> Result<Done, EngineError> {
    let failed = |error: SourceError| source_error(block, source.name(), error);
    let left = pipeline.watch.remaining();
    let extract = Extract {
        sql: statement.sql,
        params: statement.binds.into_iter().map(convert::param).collect(),
        comment: pipeline.comment.to_owned(),
        // Without a timeout of its own the block gets the source's, which the job's limit ends too.
        timeout: timeout.map(|timeout| left.map_or(timeout, |left| timeout.min(left))),
        max_rows: pipeline.max_rows,
        zone: pipeline.report.timezone.clone(),
    };
    pipeline.meter.step(Step::Connecting);
    // Taken before the statement runs: no row in the answer is older than this says.
    let read_at = Timestamp::now();
    pipeline.meter.step(Step::DatabaseWorking);
    let mut reading = source
        .read(extract, pipeline.watch.stop().clone())
        .await
        .map_err(failed)?;
    let first = reading.next().await.transpose().map_err(failed)?;
    pipeline.meter.step(Step::FetchingRows);

    let counter = Counter::default();
    let place = Place {
        step: Step::FetchingRows,
        block: Some(&block.name),
        total: None,
    };
    let work = {
        let (counter, path) = (counter.clone(), path.to_owned());
        let (block, source_name) = (block.clone(), source.name().to_owned());
        move || {
            let failed = |error| source_error(&block, &source_name, error);
            write(reading, first, &path, &counter, failed)
        }
    };
    let rows_read = pipeline.meter.run(place, &counter, work).await?;
    Ok(Done {
        file: StageFile::open(path, read_at)?,
        rows_read,
        from_stage: false,
    })
}

/// Moves every chunk into the file and counts the rows on the way.
fn write(
    mut reading: Reading,
    first: Option<source::Chunk>,
    path: &Path,
    counter: &Counter,
    failed: impl Fn(SourceError) -> EngineError,
) -> Result<u64, EngineError> {
    let mut writer = StageWriter::create(path, &reading.columns)?;
    let mut rows_read = 0;
    let mut next = first;
    while let Some(chunk) = next {
        let rows = chunk.rows as u64;
        rows_read += rows;
        counter.add(rows, columns::size_bytes(&chunk));
        writer.push(chunk)?;
        next = reading.blocking_next().transpose().map_err(&failed)?;
    }
    writer.finish()?;
    Ok(rows_read)
}

async fn find(
    pipeline: &Pipeline<'_>,
    kept: &Kept,
    fingerprint: &str,
    not_before: Timestamp,
    path: &Path,
) -> Result<Option<StageFile>, EngineError> {
    let (kept, fingerprint, path) = (kept.clone(), fingerprint.to_owned(), path.to_owned());
    let place = Place {
        step: Step::FetchingRows,
        block: None,
        total: None,
    };
    let work = move || Ok(kept.find(&fingerprint, not_before, &path));
    pipeline.meter.run(place, &Counter::default(), work).await
}

/// Keeps an answer for later. The job has its rows already, so a failure here is only logged.
async fn keep(
    pipeline: &Pipeline<'_>,
    kept: &Kept,
    entry: Entry,
    file: StageFile,
    cache: SignedDuration,
) {
    let kept = kept.clone();
    let place = Place {
        step: Step::FetchingRows,
        block: None,
        total: None,
    };
    let work = move || kept.add(&entry, &file, cache);
    if let Err(error) = pipeline.meter.run(place, &Counter::default(), work).await {
        tracing::warn!(chain = %error.chain(), "Cannot keep an answer for later runs");
    }
}

fn source_error(block: &Block, source_name: &str, error: SourceError) -> EngineError {
    match error {
        SourceError::Cancelled => EngineError::Cancelled,
        SourceError::TooManyRows { limit } => EngineError::TooManyRows {
            block: block.name.clone(),
            limit,
        },
        source => EngineError::Source {
            block: block.name.clone(),
            source_name: source_name.to_owned(),
            source: Box::new(source),
        },
    }
}
