//! A block whose rows are kept between runs: each run adds what is newer.
//!
//! Two runs at once both add to what they found; whichever is kept last is whole, and the next run
//! goes on from its newest row.

use std::path::Path;

use report::{Bind, Bounds, Incremental, Statement};
use source::{ColumnInfo, ColumnType};

use super::alike;
use super::ask::{Ask, Read};
use super::{bind, key, merge, since};
use crate::EngineError;
use crate::meter::blocking;
use crate::pipeline::Done;
use crate::stage::keep::KeptAs;
use crate::stage::{Entry, Key, Packing, StageFile};

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(
    ask: &Ask<'_>,
    incremental: &Incremental,
    path: &Path,
) -> Result<Done, EngineError> {
    let work = add(ask, incremental, path);
    ask.pipeline
        .meter
        .report(ask.place(), &ask.counter, work)
        .await
}

async fn add(ask: &Ask<'_>, incremental: &Incremental, path: &Path) -> Result<Done, EngineError> {
    // Everything that decides the rows but the moment they begin at.
    let named = statement(ask, &Bind::Null)?;
    let key = key(
        KeptAs::Increment,
        ask.pipeline.report,
        ask.source,
        &named,
        None,
        Some(incremental),
    );
    let old_path = path.with_extension("old.parquet");
    let old = ask.find(&key, None, &old_path).await?;
    if let Some(old) = &old
        && let Some(not_before) = ask.cached_since()
        && old.read_at >= not_before
    {
        ask.count(old)?;
        return Ok(Done::kept(old.clone().into()));
    }
    if let Some(old) = old {
        if let Some(done) = grow(ask, incremental, &key, &old, path).await? {
            return Ok(done);
        }
        tracing::info!(
            block = ask.block.name,
            "The kept rows have other columns than the source returns now; everything is read again"
        );
    }
    begin(ask, incremental, key, &named, path).await
}

/// Adds the newer rows to the kept ones; `None` when their columns do not fit together any more.
async fn grow(
    ask: &Ask<'_>,
    incremental: &Incremental,
    key: &Key,
    old: &StageFile,
    path: &Path,
) -> Result<Option<Done>, EngineError> {
    let Ok(kind) = kind_of(ask, incremental, &old.columns) else {
        return Ok(None);
    };
    let newest = {
        let (old, zone) = (old.clone(), ask.pipeline.report.timezone.clone());
        let incremental = incremental.clone();
        let (column, lookback) = (incremental.column, incremental.lookback);
        blocking(move || since::newest(&old, &column, lookback.as_ref(), &zone)).await?
    };
    let since = match newest {
        Some(newest) => newest,
        None => smallest(ask, incremental, kind)?,
    };
    let new_path = path.with_extension("new.parquet");
    let Read {
        file: new,
        endpoint,
    } = ask
        .read(statement(ask, &since)?, &new_path, Packing::Loose)
        .await?;
    let (rows_now, read_at) = (new.rows, new.read_at);
    if new.rows == 0 {
        // Nothing is newer, which is true as of now.
        let file = StageFile {
            read_at,
            ..old.clone()
        };
        ask.keep(ask.entry(key.clone()), &file).await;
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
            alike::make_alike(files, &folder, alike::Numbers::Different)
        })
        .await?
    };
    let Ok(alike) = alike else {
        ask.counter.sub(rows_now);
        return Ok(None);
    };
    let (file, rows_read) = {
        let (incremental, path) = (incremental.clone(), path.to_owned());
        blocking(move || merge::merge(alike.first(), &alike[1], &incremental, &path)).await?
    };
    ask.limit().check(file.rows)?;
    ask.keep(ask.entry(key.clone()), &file).await;
    ask.tidy().await;
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
    ask: &Ask<'_>,
    incremental: &Incremental,
    key: Key,
    named: &Statement,
    path: &Path,
) -> Result<Done, EngineError> {
    // Only the source can say what type the column has before any row was read.
    let columns = ask
        .source
        .describe(&named.sql)
        .await
        .map_err(|error| ask.failed(error, Some(named)))?;
    let kind = kind_of(ask, incremental, &columns)?;
    let since = smallest(ask, incremental, kind)?;
    let new_path = path.with_extension("new.parquet");
    let Read {
        file: new,
        endpoint,
    } = ask
        .read(statement(ask, &since)?, &new_path, Packing::Loose)
        .await?;
    kind_of(ask, incremental, &new.columns)?;
    let rows_now = new.rows;
    let (file, rows_read) = {
        let (incremental, path) = (incremental.clone(), path.to_owned());
        blocking(move || merge::merge(None, &new, &incremental, &path)).await?
    };
    if ask.kept().is_some() {
        let entry: Entry = ask.entry(key);
        ask.keep(entry, &file).await;
        ask.tidy().await;
    }
    Ok(Done {
        rows_read,
        rows_now,
        endpoint,
        ..Done::of(file.into())
    })
}

fn statement(ask: &Ask<'_>, since: &Bind) -> Result<Statement, EngineError> {
    let (report, values) = (ask.pipeline.report, ask.pipeline.values);
    let bounds = Bounds {
        since: Some(since),
        ..Bounds::default()
    };
    bind(report, values, ask.block, ask.source, bounds)
}

fn smallest(
    ask: &Ask<'_>,
    incremental: &Incremental,
    kind: ColumnType,
) -> Result<Bind, EngineError> {
    since::smallest(kind, ask.source.dialect()).ok_or_else(|| EngineError::ColumnType {
        block: ask.block.name.clone(),
        column: incremental.column.clone(),
        kind: format!("{kind:?}"),
    })
}

/// The type of the incremental column. Every column the increment names must be there.
fn kind_of(
    ask: &Ask<'_>,
    incremental: &Incremental,
    columns: &[ColumnInfo],
) -> Result<ColumnType, EngineError> {
    let find = |name: &str| {
        columns
            .iter()
            .find(|column| column.name == name)
            .map(|column| column.kind)
            .ok_or_else(|| EngineError::IncrementColumn {
                block: ask.block.name.clone(),
                column: name.to_owned(),
                returned: columns.iter().map(|column| column.name.clone()).collect(),
            })
    };
    for key in &incremental.keys {
        find(key)?;
    }
    let kind = find(&incremental.column)?;
    if incremental.lookback.is_some() && !since::can_look_back(kind) {
        return Err(EngineError::IncrementLookback {
            block: ask.block.name.clone(),
            column: incremental.column.clone(),
        });
    }
    Ok(kind)
}
