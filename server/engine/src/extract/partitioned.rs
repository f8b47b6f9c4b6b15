//! A block that is one question per partition of a period.
//!
//! Partitions that ended before `now - lookback` are read once and kept, each as soon as it is
//! read: a run that fails later, or is tried again, finds them.

use std::path::{Path, PathBuf};

use futures::FutureExt;
use jiff::Timestamp;
use report::{BindError, Bounds, Partition, Value};
use source::ColumnType;

use super::block_reader::{BlockReader, Read, side_by_side};
use super::key;
use super::partitions::{self, Cut};
use super::unify_schema::{self, Difference, Numbers};
use crate::pipeline::Done;
use crate::stage::keep::{KeptAs, KeptPartition};
use crate::stage::{Answer, Encoding, Entry, StageFile};
use crate::{EngineError, PartitionsDiffer};

/// One partition on its way.
struct Part {
    cut: Cut,
    file: StageFile,
    from_stage: bool,
    endpoint: Option<String>,
}

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(
    block_reader: &BlockReader<'_>,
    partition: &Partition,
    path: &Path,
) -> Result<Done, EngineError> {
    let work = read_all(block_reader, partition, path);
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
pub(crate) fn cuts(
    report: &report::Report,
    values: &report::Values,
    block: &str,
    partition: &Partition,
    now: Timestamp,
) -> Result<(Vec<Cut>, Option<Timestamp>), EngineError> {
    let Some(Value::Period { from, until }) = values.get(&partition.over) else {
        return Err(EngineError::Bind {
            block: block.to_owned(),
            source: BindError::Missing {
                block: block.to_owned(),
                name: partition.over.clone(),
            },
        });
    };
    let zone = &report.timezone;
    let cuts = partitions::cut(partition.unit, *from, *until, zone)?;
    let closed = partitions::closed_until(now, partition.lookback.as_ref(), zone);
    Ok((cuts, closed))
}

async fn read_all(
    block_reader: &BlockReader<'_>,
    partition: &Partition,
    path: &Path,
) -> Result<Done, EngineError> {
    let (report, values) = (block_reader.pipeline.report, block_reader.pipeline.values);
    let (cuts, closed) = cuts(
        report,
        values,
        &block_reader.block.name,
        partition,
        block_reader.pipeline.now,
    )?;
    let folder = path.with_extension("parts");
    std::fs::create_dir_all(&folder)
        .map_err(|error| EngineError::disk("create", &folder, error))?;
    let file_of = |number: usize| folder.join(format!("{number:06}.parquet"));
    let reads = cuts.into_iter().enumerate().map(|(number, cut)| {
        let path = file_of(number);
        async move { Ok((number, one(block_reader, cut, closed, &path, true).await?)) }.boxed()
    });
    let mut parts: Vec<Part> = side_by_side(reads.collect()).await?;

    let files = match make_alike(&parts, &folder).await? {
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
                *part = one(block_reader, part.cut.clone(), closed, &path, false).await?;
            }
            make_alike(&parts, &folder)
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
    cut: Cut,
    closed: Option<Timestamp>,
    path: &Path,
    may_be_kept: bool,
) -> Result<Part, EngineError> {
    let report = block_reader.pipeline.report;
    let slice = Some(&cut.slice);
    let bounds = Bounds {
        slice,
        ..Bounds::default()
    };
    let statement = block_reader.bind(bounds)?;
    let is_closed = closed.is_some_and(|closed| cut.slice.until <= closed);
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
        slice,
        None,
    );
    if is_kept
        && may_be_kept
        && let Some(file) = block_reader.find(&key, not_before, path).await?
    {
        block_reader.count(&file)?;
        return Ok(Part {
            cut,
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
                name: cut.name.clone(),
                from: cut.slice.from,
                until: cut.slice.until,
            }),
            expires: block_reader.expires(file.read_at).filter(|_| !is_closed),
            ..block_reader.entry(key)
        };
        file.origin = block_reader.keep(entry, &file).await;
    }
    Ok(Part {
        cut,
        file,
        from_stage: false,
        endpoint,
    })
}

async fn make_alike(
    parts: &[Part],
    folder: &Path,
) -> Result<Result<Vec<StageFile>, Difference>, EngineError> {
    let files: Vec<StageFile> = parts.iter().map(|part| part.file.clone()).collect();
    let folder: PathBuf = folder.to_owned();
    let numbers = numbers(parts);
    crate::meter::blocking(move || unify_schema::make_alike(files, &folder, numbers)).await
}

/// Kept partitions whose numbers agree among themselves and not with what was just read come from a
/// statement, or a view, that has changed since.
fn numbers(parts: &[Part]) -> Numbers {
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

fn differ(block_reader: &BlockReader<'_>, parts: &[Part], difference: Difference) -> EngineError {
    let part = |number: usize| {
        let part = &parts[number];
        let kind = part
            .file
            .columns
            .iter()
            .find(|column| column.name == difference.column)
            .map(|column| column.kind);
        (part.cut.name.clone(), kind)
    };
    EngineError::PartitionsDiffer(Box::new(PartitionsDiffer {
        block: block_reader.block.name.clone(),
        column: difference.column.clone(),
        first: part(difference.first),
        second: part(difference.second),
    }))
}

fn done(parts: &[Part], files: Vec<StageFile>) -> Done {
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
