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
use rows::ColumnType;

use crate::EngineError;
use crate::stage::{Answer, Encoding, StageFile, StageWriter, stage_error};

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
    let keys = Keys::of(new, incremental);
    let winners = winners(new, incremental, &keys).map_err(failed)?;
    let mut writer = StageWriter::create(path, &new.columns, Encoding::Compressed)?;
    let mut rows = 0;
    if let Some(old) = old {
        for frame in old.frames()? {
            let rest = without(frame?, &winners, &keys).map_err(failed)?;
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

/// The key of a row, in columns that Polars can compare and that have names of their own.
struct Keys {
    columns: Vec<Expr>,
    names: Vec<PlSmallStr>,
}

impl Keys {
    /// Polars cannot group by 128 bits as it is built here. Both files have the same types, so decimals
    /// are the same when their digits are.
    fn of(file: &StageFile, incremental: &Incremental) -> Self {
        let is_decimal = |name: &str| {
            let mut columns = file.columns.iter();
            columns.any(|column| {
                column.name == name && matches!(column.kind, ColumnType::Decimal { .. })
            })
        };
        let names: Vec<PlSmallStr> = (0..incremental.keys.len())
            .map(|place| PlSmallStr::from_string(format!("\u{1}key {place}")))
            .collect();
        let columns = incremental.keys.iter().zip(&names).map(|(key, name)| {
            let column = col(PlSmallStr::from_str(key));
            let column = if is_decimal(key) {
                column.cast(DataType::String)
            } else {
                column
            };
            column.alias(name.clone())
        });
        Self {
            columns: columns.collect(),
            names,
        }
    }

    fn expressions(&self) -> Vec<Expr> {
        self.names.iter().cloned().map(col).collect()
    }
}

/// The keys of the new rows that count, with their positions in the file, in that order.
fn winners(new: &StageFile, incremental: &Incremental, keys: &Keys) -> PolarsResult<DataFrame> {
    let mut columns = keys.columns.clone();
    columns.push(col(PlSmallStr::from_str(&incremental.column)));
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
                names: keys.names.clone().into(),
                strict: true,
            }),
            UniqueKeepStrategy::Last,
        )
        .select(
            keys.expressions()
                .into_iter()
                .chain([col(POSITION)])
                .collect::<Vec<_>>(),
        )
        .sort([POSITION], SortMultipleOptions::default())
        .collect()
}

/// The rows whose keys are not among the winners'.
fn without(frame: DataFrame, winners: &DataFrame, keys: &Keys) -> PolarsResult<DataFrame> {
    let own: Vec<Expr> = frame
        .get_column_names_owned()
        .into_iter()
        .map(col)
        .collect();
    let mut arguments = JoinArgs::new(JoinType::Anti);
    arguments.nulls_equal = true;
    arguments.maintain_order = MaintainOrderJoin::Left;
    frame
        .lazy()
        .with_columns(keys.columns.clone())
        .join(
            winners.clone().lazy(),
            keys.expressions(),
            keys.expressions(),
            arguments,
        )
        .select(own)
        .collect()
}
