//! A block that is one question per range of a key, asked side by side.
//!
//! For a single large statement on a database that answers several sessions faster than one. The
//! ranges are of equal length between the smallest and the greatest key the table has now; rows
//! that come later are as if the statement had been sent a moment earlier.

use std::path::Path;

use futures::FutureExt;
use report::{Bounds, KeyRange, Split, Statement};
use source::ColumnData;

use super::ask::{Ask, Read, side_by_side};
use super::{alike, bind};
use crate::meter::blocking;
use crate::pipeline::Done;
use crate::stage::{Answer, Packing, StageFile};
use crate::{EngineError, PartitionsDiffer};

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(ask: &Ask<'_>, split: &Split, path: &Path) -> Result<Done, EngineError> {
    let work = read_all(ask, split, path);
    ask.pipeline
        .meter
        .report(ask.place(), &ask.counter, work)
        .await
}

async fn read_all(ask: &Ask<'_>, split: &Split, path: &Path) -> Result<Done, EngineError> {
    let folder = path.with_extension("parts");
    std::fs::create_dir_all(&folder)
        .map_err(|error| EngineError::disk("create", &folder, error))?;
    let (least, most) = edges(ask, split, &folder.join("edges.parquet")).await?;
    let ranges = ranges(least, most, split.into);
    let reads = ranges.iter().enumerate().map(|(number, range)| {
        let (range, path) = (*range, folder.join(format!("{number:06}.parquet")));
        async move { Ok((number, one(ask, range, &path).await?)) }.boxed()
    });
    let parts: Vec<Read> = side_by_side(reads.collect()).await?;
    let endpoint = parts.last().and_then(|read| read.endpoint.clone());
    let files: Vec<StageFile> = parts.into_iter().map(|read| read.file).collect();
    let read_at = files
        .iter()
        .map(|file| file.read_at)
        .min()
        .unwrap_or(ask.pipeline.now);
    let alike = {
        let (files, folder) = (files.clone(), folder.clone());
        blocking(move || alike::make_alike(files, &folder, alike::Numbers::Alike)).await?
    };
    let files = alike.map_err(|difference| {
        let part = |number: usize| {
            let KeyRange { from, until } = ranges[number];
            let kind = files[number]
                .columns
                .iter()
                .find(|column| column.name == difference.column)
                .map(|column| column.kind);
            (format!("{} {from} .. {until}", split.column), kind)
        };
        EngineError::PartitionsDiffer(Box::new(PartitionsDiffer {
            block: ask.block.name.clone(),
            column: difference.column.clone(),
            first: part(difference.first),
            second: part(difference.second),
        }))
    })?;
    Ok(Done {
        endpoint,
        ..Done::of(Answer::of_parts(files, read_at))
    })
}

async fn one(ask: &Ask<'_>, range: KeyRange, path: &Path) -> Result<Read, EngineError> {
    let (report, values) = (ask.pipeline.report, ask.pipeline.values);
    let bounds = Bounds {
        range: Some(range),
        ..Bounds::default()
    };
    let statement = bind(report, values, ask.block, ask.source, bounds)?;
    ask.read(statement, path, Packing::Loose).await
}

/// The smallest and the greatest key; both 0 when there is none.
async fn edges(ask: &Ask<'_>, split: &Split, path: &Path) -> Result<(i64, i64), EngineError> {
    let Split { column, table, .. } = split;
    // Plain names of the author, checked when the report was read: nothing of a form is in here.
    let sql = format!("SELECT MIN({column}) AS least, MAX({column}) AS most FROM {table}");
    let Read { file, .. } = ask
        .read(Statement::new(sql, Vec::new()), path, Packing::Loose)
        .await?;
    ask.counter.sub(file.rows);
    let first = blocking(move || file.chunks()?.next().transpose()).await?;
    let edge = |place: usize| {
        let column = first.as_ref().and_then(|chunk| chunk.columns.get(place));
        match column {
            Some(ColumnData::Integer(values)) => Ok(values.at(0)),
            // Without a single row the source cannot say what the column would hold.
            Some(ColumnData::Text(values)) if values.at(0).is_none() => Ok(None),
            Some(other) => Err(format!("{other:?}")),
            None => Ok(None),
        }
    };
    let both = edge(0).and_then(|least| edge(1).map(|most| least.zip(most)));
    both.map(Option::unwrap_or_default)
        .map_err(|_| EngineError::SplitColumn {
            block: ask.block.name.clone(),
            column: column.clone(),
        })
}

/// At most `into` ranges that together hold every key from `least` to `most`.
fn ranges(least: i64, most: i64, into: u32) -> Vec<KeyRange> {
    let until = most.saturating_add(1);
    let length = i128::from(until) - i128::from(least);
    let edge = |number: u32| {
        let at = i128::from(least) + length * i128::from(number) / i128::from(into);
        i64::try_from(at).unwrap_or(until)
    };
    let mut ranges: Vec<KeyRange> = (0..into)
        .map(|number| KeyRange {
            from: edge(number),
            until: edge(number + 1),
        })
        .collect();
    ranges.retain(|range| range.from < range.until);
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_exactly_one_range() {
        for (least, most, into) in [
            (1, 1_000_000, 4),
            (-7, 12, 16),
            (5, 5, 4),
            (0, 0, 2),
            (i64::MIN, i64::MAX - 1, 3),
        ] {
            let ranges = ranges(least, most, into);
            assert!(!ranges.is_empty() && ranges.len() <= into as usize);
            assert_eq!(ranges[0].from, least);
            assert_eq!(ranges.last().unwrap().until, most + 1);
            for pair in ranges.windows(2) {
                assert_eq!(pair[0].until, pair[1].from);
            }
        }
    }
}
