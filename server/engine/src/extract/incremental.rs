//! A block whose rows are kept between runs: each run adds what is newer.
//!
//! Two runs at once both add to what they found; whichever is kept last is whole, and the next run
//! goes on from its newest row.

use std::path::Path;

use report::{Bind, Bounds, Incremental, Statement};
use rows::{ColumnInfo, ColumnType};

use super::block_reader::{BlockReader, Read};
use super::unify_schema;
use super::{key, merge, watermark};
use crate::EngineError;
use crate::meter::blocking;
use crate::pipeline::Done;
use crate::stage::keep::KeptAs;
use crate::stage::{Encoding, Entry, Key, StageFile};

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(
    block_reader: &BlockReader<'_>,
    incremental: &Incremental,
    path: &Path,
) -> Result<Done, EngineError> {
    let work = add(block_reader, incremental, path);
    block_reader
        .pipeline
        .meter
        .report(block_reader.place(), &block_reader.counter, work)
        .await
}

async fn add(
    block_reader: &BlockReader<'_>,
    incremental: &Incremental,
    path: &Path,
) -> Result<Done, EngineError> {
    // Everything that decides the rows but the moment they begin at.
    let named = statement(block_reader, &Bind::Null)?;
    let key = key(
        KeptAs::Increment,
        block_reader.pipeline.report,
        block_reader.source,
        &named,
        None,
        Some(incremental),
    );
    let old_path = path.with_extension("old.parquet");
    let old = block_reader.find(&key, None, &old_path).await?;
    if let Some(old) = &old
        && let Some(not_before) = block_reader.cached_since()
        && old.read_at >= not_before
    {
        block_reader.count(old)?;
        return Ok(Done::kept(old.clone().into()));
    }
    if let Some(old) = old {
        if let Some(done) = grow(block_reader, incremental, &key, &old, path).await? {
            return Ok(done);
        }
        tracing::info!(
            block = block_reader.block.name,
            "The kept rows have other columns than the source returns now; everything is read again"
        );
    }
    begin(block_reader, incremental, key, &named, path).await
}

/// Adds the newer rows to the kept ones; `None` when their columns do not fit together any more.
async fn grow(
    block_reader: &BlockReader<'_>,
    incremental: &Incremental,
    key: &Key,
    old: &StageFile,
    path: &Path,
) -> Result<Option<Done>, EngineError> {
    let Ok(kind) = kind_of(block_reader, incremental, &old.columns) else {
        return Ok(None);
    };
    let newest = {
        let (old, zone) = (old.clone(), block_reader.pipeline.report.timezone.clone());
        let incremental = incremental.clone();
        let (column, lookback) = (incremental.column, incremental.lookback);
        blocking(move || watermark::newest(&old, &column, lookback.as_ref(), &zone)).await?
    };
    let since = match newest {
        Some(newest) => newest,
        None => smallest(block_reader, incremental, kind)?,
    };
    let new_path = path.with_extension("new.parquet");
    let Read {
        file: new,
        endpoint,
    } = block_reader
        .read(statement(block_reader, &since)?, &new_path, Encoding::Plain)
        .await?;
    let (rows_now, read_at) = (new.rows, new.read_at);
    if new.rows == 0 {
        // Nothing is newer, which is true as of now.
        let file = StageFile {
            read_at,
            ..old.clone()
        };
        block_reader
            .keep(block_reader.entry(key.clone()), &file)
            .await;
        return Ok(Some(Done {
            rows_now,
            kept_since: Some(old.read_at),
            endpoint,
            ..Done::of(file.into())
        }));
    }
    let folder = path.with_extension("alike");
    let alike = {
        let (files, folder) = (vec![old.clone(), new], folder.clone());
        blocking(move || {
            std::fs::create_dir_all(&folder)
                .map_err(|error| EngineError::disk("create", &folder, error))?;
            unify_schema::unify(files, &folder, unify_schema::Numbers::Different)
        })
        .await?
    };
    let Ok(alike) = alike else {
        block_reader.counter.sub(rows_now);
        return Ok(None);
    };
    let (file, rows_read) = {
        let (incremental, path) = (incremental.clone(), path.to_owned());
        blocking(move || merge::merge(alike.first(), &alike[1], &incremental, &path)).await?
    };
    block_reader.limit().check(file.rows)?;
    block_reader
        .keep(block_reader.entry(key.clone()), &file)
        .await;
    block_reader.tidy().await;
    Ok(Some(Done {
        rows_read,
        rows_now,
        kept_since: Some(old.read_at),
        endpoint,
        ..Done::of(file.into())
    }))
}

/// Reads everything, for the first time or again.
async fn begin(
    block_reader: &BlockReader<'_>,
    incremental: &Incremental,
    key: Key,
    named: &Statement,
    path: &Path,
) -> Result<Done, EngineError> {
    // Only the source can say what type the column has before any row was read.
    let columns = block_reader
        .source
        .describe(&named.sql)
        .await
        .map_err(|error| block_reader.failed(error, Some(named)))?;
    let kind = kind_of(block_reader, incremental, &columns)?;
    let since = smallest(block_reader, incremental, kind)?;
    let new_path = path.with_extension("new.parquet");
    let Read {
        file: new,
        endpoint,
    } = block_reader
        .read(statement(block_reader, &since)?, &new_path, Encoding::Plain)
        .await?;
    kind_of(block_reader, incremental, &new.columns)?;
    let rows_now = new.rows;
    let (file, rows_read) = {
        let (incremental, path) = (incremental.clone(), path.to_owned());
        blocking(move || merge::merge(None, &new, &incremental, &path)).await?
    };
    if block_reader.kept().is_some() {
        let entry: Entry = block_reader.entry(key);
        block_reader.keep(entry, &file).await;
        block_reader.tidy().await;
    }
    Ok(Done {
        rows_read,
        rows_now,
        endpoint,
        ..Done::of(file.into())
    })
}

fn statement(block_reader: &BlockReader<'_>, since: &Bind) -> Result<Statement, EngineError> {
    let bounds = Bounds {
        since: Some(since),
        ..Bounds::default()
    };
    block_reader.bind(bounds)
}

fn smallest(
    block_reader: &BlockReader<'_>,
    incremental: &Incremental,
    kind: ColumnType,
) -> Result<Bind, EngineError> {
    watermark::smallest(kind, block_reader.source.dialect()).ok_or_else(|| {
        EngineError::ColumnType {
            block: block_reader.block.name.clone(),
            column: incremental.column.clone(),
            kind: format!("{kind:?}"),
        }
    })
}

/// The type of the incremental column. Every column the increment names must be there.
fn kind_of(
    block_reader: &BlockReader<'_>,
    incremental: &Incremental,
    columns: &[ColumnInfo],
) -> Result<ColumnType, EngineError> {
    let find = |name: &str| {
        columns
            .iter()
            .find(|column| column.name == name)
            .map(|column| column.kind)
            .ok_or_else(|| EngineError::IncrementColumn {
                block: block_reader.block.name.clone(),
                column: name.to_owned(),
                returned: columns.iter().map(|column| column.name.clone()).collect(),
            })
    };
    for key in &incremental.keys {
        find(key)?;
    }
    let kind = find(&incremental.column)?;
    if incremental.lookback.is_some() && !watermark::can_look_back(kind) {
        return Err(EngineError::IncrementLookback {
            block: block_reader.block.name.clone(),
            column: incremental.column.clone(),
        });
    }
    Ok(kind)
}
