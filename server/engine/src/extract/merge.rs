//! Puts newer rows in place of older ones with the same key.
//!
//! A row that was just read always wins over a kept one: the statement returned every row from
//! `:incremental.since` on, so a kept row that is newer than the one just read is gone at the
//! source. Among rows read together the one with the greatest value wins, and of equal ones the last.
//!
//! The kept rows pass through one row group at a time; in memory are the keys of the new rows.

use std::path::Path;

use polars::prelude::*;
use report::Incremental;

use crate::EngineError;
use crate::stage::{Answer, Packing, StageFile, StageWriter, stage_error};

/// The kept rows and the new ones in one file; also how many of the new ones were superseded or
/// stayed. Without kept rows the new ones only lose those that are superseded among themselves.
///
/// # Errors
/// A failed disk, or rows Polars cannot compare.
pub(super) fn merge(
    old: Option<&StageFile>,
    new: &StageFile,
    incremental: &Incremental,
    path: &Path,
) -> Result<(StageFile, u64), EngineError> {
    let failed = |error| stage_error("merge", &new.path, error);
    let winners = winners(new, incremental).map_err(failed)?;
    let mut writer = StageWriter::create(path, &new.columns, Packing::Tight)?;
    let mut rows = 0;
    if let Some(old) = old {
        for frame in old.frames()? {
            let rest = without(frame?, &winners, incremental).map_err(failed)?;
            rows += rest.height() as u64;
            writer.push_frame(&rest)?;
        }
    }
    let keep = winners
        .column(POSITION)
        .and_then(|rows| rows.idx())
        .map_err(failed)?;
    let mut wanted = keep.into_no_null_iter().peekable();
    let mut from: IdxSize = 0;
    for frame in new.frames()? {
        let frame = frame?;
        let until = from + frame.height() as IdxSize;
        let mut places = Vec::new();
        while let Some(place) = wanted.next_if(|place| *place < until) {
            places.push(place - from);
        }
        let kept = if places.len() == frame.height() {
            frame
        } else {
            frame
                .take(&IdxCa::from_vec(POSITION.into(), places))
                .map_err(failed)?
        };
        rows += kept.height() as u64;
        writer.push_frame(&kept)?;
        from = until;
    }
    writer.set_quotients(new.quotients.iter().cloned());
    writer.finish()?;
    let file = StageFile::open(path, new.read_at)?;
    Ok((file, rows))
}

/// A name no database gives a column.
const POSITION: &str = "\u{1}position";

/// The keys of the new rows that count, with their positions in the file, in that order.
fn winners(new: &StageFile, incremental: &Incremental) -> PolarsResult<DataFrame> {
    let mut names: Vec<&str> = incremental.keys.iter().map(String::as_str).collect();
    if !names.contains(&incremental.column.as_str()) {
        names.push(&incremental.column);
    }
    let keys: Vec<PlSmallStr> = names_of(&incremental.keys);
    let columns: Vec<Expr> = names_of(&names).into_iter().map(col).collect();
    // Absent values come first, so that any value wins over none.
    let newest_last = SortMultipleOptions::default()
        .with_nulls_last(false)
        .with_maintain_order(true);
    Answer::from(new.clone())
        .scan()?
        .select(columns)
        .with_row_index(POSITION, None)
        .sort([incremental.column.as_str()], newest_last)
        .unique_stable(
            Some(Selector::ByName {
                names: keys.clone().into(),
                strict: true,
            }),
            UniqueKeepStrategy::Last,
        )
        .select(
            keys.into_iter()
                .chain([POSITION.into()])
                .map(col)
                .collect::<Vec<_>>(),
        )
        .sort([POSITION], SortMultipleOptions::default())
        .collect()
}

/// The rows whose keys are not among the winners'.
fn without(
    frame: DataFrame,
    winners: &DataFrame,
    incremental: &Incremental,
) -> PolarsResult<DataFrame> {
    let keys: Vec<Expr> = names_of(&incremental.keys).into_iter().map(col).collect();
    let mut arguments = JoinArgs::new(JoinType::Anti);
    arguments.nulls_equal = true;
    arguments.maintain_order = MaintainOrderJoin::Left;
    frame
        .lazy()
        .join(winners.clone().lazy(), keys.clone(), keys, arguments)
        .collect()
}

fn names_of<S: AsRef<str>>(names: &[S]) -> Vec<PlSmallStr> {
    names
        .iter()
        .map(|name| PlSmallStr::from_str(name.as_ref()))
        .collect()
}
