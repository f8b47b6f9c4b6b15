//! A block that is one question per partition of a period.
//!
//! Partitions that ended before `now - lookback` are read once and kept, each as soon as it is
//! read: a run that fails later, or is tried again, finds them.

use std::path::{Path, PathBuf};

use futures::FutureExt;
use jiff::Timestamp;
use report::{BindError, Bounds, Partitioning, Value};
use rows::ColumnType;

use super::block_reader::{BlockReader, Read, side_by_side};
use super::key;
use super::partitions::{self, Partition};
use super::unify_schema::{self, Difference, Numbers};
use crate::pipeline::Done;
use crate::stage::keep::{KeptAs, KeptPartition};
use crate::stage::{Answer, Encoding, Entry, StageFile};
use crate::{EngineError, PartitionsDiffer};

/// One partition on its way.
struct ReadPartition {
    partition: Partition,
    file: StageFile,
    from_stage: bool,
    endpoint: Option<String>,
}

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(
    block_reader: &BlockReader<'_>,
    partitioning: &Partitioning,
    path: &Path,
) -> Result<Done, EngineError> {
    let work = read_all(block_reader, partitioning, path);
    block_reader
        .pipeline
        .meter
        .report(block_reader.place(), &block_reader.counter, work)
        .await
}

/// The partitions of a block for these values, and until when they are closed.
///
/// # Errors
/// [`EngineError::Bind`] when the period has no value.
pub(crate) fn partitions_of(
    report: &report::Report,
    values: &report::Values,
    block: &str,
    partitioning: &Partitioning,
    now: Timestamp,
) -> Result<(Vec<Partition>, Option<Timestamp>), EngineError> {
    let Some(Value::Period { from, until }) = values.get(&partitioning.over) else {
        return Err(EngineError::Bind {
            block: block.to_owned(),
            source: BindError::Missing {
                block: block.to_owned(),
                name: partitioning.over.clone(),
            },
        });
    };
    let zone = &report.timezone;
    let partitions = partitions::divide(partitioning.unit, *from, *until, zone)?;
    let closed = partitions::closed_until(now, partitioning.lookback.as_ref(), zone);
    Ok((partitions, closed))
}

async fn read_all(
    block_reader: &BlockReader<'_>,
    partitioning: &Partitioning,
    path: &Path,
) -> Result<Done, EngineError> {
    let (report, values) = (block_reader.pipeline.report, block_reader.pipeline.values);
    let (partitions, closed) = partitions_of(
        report,
        values,
        &block_reader.block.name,
        partitioning,
        block_reader.pipeline.now,
    )?;
    let folder = path.with_extension("parts");
    std::fs::create_dir_all(&folder)
        .map_err(|error| EngineError::disk("create", &folder, error))?;
    let file_of = |number: usize| folder.join(format!("{number:06}.parquet"));
    let reads = partitions
        .into_iter()
        .enumerate()
        .map(|(number, partition)| {
            let path = file_of(number);
            async move {
                Ok((
                    number,
                    one(block_reader, partition, closed, &path, true).await?,
                ))
            }
            .boxed()
        });
    let mut parts: Vec<ReadPartition> = side_by_side(reads.collect()).await?;

    let files = match unify(&parts, &folder).await? {
        Ok(files) => files,
        // What the source returned for kept partitions then is not what it returns now.
        Err(difference) if parts.iter().any(|part| part.from_stage) => {
            tracing::info!(
                block = block_reader.block.name,
                column = difference.column,
                "Kept partitions have other columns than the source returns now and are read again"
            );
            for (number, part) in parts
                .iter_mut()
                .enumerate()
                .filter(|(_, part)| part.from_stage)
            {
                block_reader.counter.sub(part.file.rows);
                let path = folder.join(format!("{number:06}-again.parquet"));
                *part = one(block_reader, part.partition.clone(), closed, &path, false).await?;
            }
            unify(&parts, &folder)
                .await?
                .map_err(|difference| differ(block_reader, &parts, difference))?
        }
        Err(difference) => return Err(differ(block_reader, &parts, difference)),
    };
    if parts.iter().any(|part| !part.from_stage) && (closed.is_some() || block_reader.is_cached()) {
        block_reader.tidy().await;
    }
    Ok(done(&parts, files))
}

/// Reads one partition, or takes it from the stage.
async fn one(
    block_reader: &BlockReader<'_>,
    partition: Partition,
    closed: Option<Timestamp>,
    path: &Path,
    may_be_kept: bool,
) -> Result<ReadPartition, EngineError> {
    let report = block_reader.pipeline.report;
    let bounds = Some(&partition.bounds);
    let statement = block_reader.bind(Bounds {
        partition: bounds,
        ..Bounds::default()
    })?;
    let is_closed = closed.is_some_and(|closed| partition.bounds.until <= closed);
    let kept_as = if is_closed {
        KeptAs::Partition
    } else {
        KeptAs::Cache
    };
    let not_before = block_reader.cached_since().filter(|_| !is_closed);
    let is_kept = block_reader.kept().is_some() && (is_closed || not_before.is_some());
    let key = key(
        kept_as,
        report,
        block_reader.source,
        &statement,
        bounds,
        None,
    );
    if is_kept
        && may_be_kept
        && let Some(file) = block_reader.find(&key, not_before, path).await?
    {
        block_reader.count(&file)?;
        return Ok(ReadPartition {
            partition,
            file,
            from_stage: true,
            endpoint: None,
        });
    }
    let encoding = if is_kept {
        Encoding::Compressed
    } else {
        Encoding::Plain
    };
    let Read { mut file, endpoint } = block_reader.read(statement, path, encoding).await?;
    if is_kept {
        let entry = Entry {
            partition: Some(KeptPartition {
                name: partition.name.clone(),
                from: partition.bounds.from,
                until: partition.bounds.until,
            }),
            expires: block_reader.expires(file.read_at).filter(|_| !is_closed),
            ..block_reader.entry(key)
        };
        file.closed_partition = block_reader.keep(entry, &file).await;
    }
    Ok(ReadPartition {
        partition,
        file,
        from_stage: false,
        endpoint,
    })
}

async fn unify(
    parts: &[ReadPartition],
    folder: &Path,
) -> Result<Result<Vec<StageFile>, Difference>, EngineError> {
    let files: Vec<StageFile> = parts.iter().map(|part| part.file.clone()).collect();
    let folder: PathBuf = folder.to_owned();
    let numbers = numbers(parts);
    crate::meter::blocking(move || unify_schema::unify(files, &folder, numbers)).await
}

/// Kept partitions whose numbers agree among themselves and not with what was just read come from a
/// statement, or a view, that has changed since.
fn numbers(parts: &[ReadPartition]) -> Numbers {
    let kept = || parts.iter().filter(|part| part.from_stage);
    let has = |column: usize, kind: ColumnType| {
        kept().any(|part| {
            part.file
                .columns
                .get(column)
                .is_some_and(|c| c.kind == kind)
        })
    };
    let columns = parts.first().map_or(0, |part| part.file.columns.len());
    let agree = (0..columns)
        .all(|column| !(has(column, ColumnType::Integer) && has(column, ColumnType::Float)));
    let is_mixed = kept().next().is_some() && parts.iter().any(|part| !part.from_stage);
    if is_mixed && agree {
        Numbers::Different
    } else {
        Numbers::Alike
    }
}

fn differ(
    block_reader: &BlockReader<'_>,
    parts: &[ReadPartition],
    difference: Difference,
) -> EngineError {
    let part = |number: usize| {
        let part = &parts[number];
        let kind = part
            .file
            .columns
            .iter()
            .find(|column| column.name == difference.column)
            .map(|column| column.kind);
        (part.partition.name.clone(), kind)
    };
    EngineError::PartitionsDiffer(Box::new(PartitionsDiffer {
        block: block_reader.block.name.clone(),
        column: difference.column.clone(),
        first: part(difference.first),
        second: part(difference.second),
    }))
}

fn done(parts: &[ReadPartition], files: Vec<StageFile>) -> Done {
    let count = |parts: usize| u32::try_from(parts).unwrap_or(u32::MAX);
    let kept = parts.iter().filter(|part| part.from_stage);
    let new = parts.iter().filter(|part| !part.from_stage);
    // Kept partitions are final by the author's word: what was read now says how old the answer is.
    let read_at = new
        .clone()
        .map(|part| part.file.read_at)
        .min()
        .or_else(|| kept.clone().map(|part| part.file.read_at).max())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let kept_parts = count(kept.clone().count());
    let answer = Answer::of_parts(files, read_at);
    Done {
        rows_read: parts.iter().map(|part| part.file.rows).sum(),
        rows_now: new.clone().map(|part| part.file.rows).sum(),
        from_stage: new.clone().next().is_none(),
        partitions: Some((count(parts.len()), kept_parts)),
        kept_since: kept.map(|part| part.file.read_at).min(),
        endpoint: new.filter_map(|part| part.endpoint.clone()).next_back(),
        ..Done::of(answer)
    }
}
