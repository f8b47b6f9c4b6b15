//! A block that is one question per range of a key, asked side by side.
//!
//! For a single large statement on a database that answers several sessions faster than one. The
//! ranges are cut at equal lengths between the smallest and the greatest key the table has now, but
//! the first has no lower and the last no upper end: whatever a key is, it is in exactly one of them,
//! also the greatest there can be, and one that no row of the table had a moment ago. Rows without a
//! key are in none; they are counted, and people are told.

use std::path::Path;

use futures::FutureExt;
use lang::grouped;
use report::{Bounds, KeyRange, Split, Statement};
use rows::ColumnData;

use super::block_reader::{BlockReader, Read, side_by_side};
use super::unify_schema;
use crate::meter::blocking;
use crate::pipeline::Done;
use crate::stage::{Answer, Encoding, StageFile};
use crate::{EngineError, PartitionsDiffer, Warning};

/// # Errors
/// As [`run`](super::run).
pub(super) async fn run(
    block_reader: &BlockReader<'_>,
    split: &Split,
    path: &Path,
) -> Result<Done, EngineError> {
    let work = read_all(block_reader, split, path);
    block_reader
        .pipeline
        .meter
        .report(block_reader.place(), &block_reader.counter, work)
        .await
}

async fn read_all(
    block_reader: &BlockReader<'_>,
    split: &Split,
    path: &Path,
) -> Result<Done, EngineError> {
    let folder = path.with_extension("parts");
    std::fs::create_dir_all(&folder)
        .map_err(|error| EngineError::disk("create", &folder, error))?;
    let edges = edges(block_reader, split, &folder.join("edges.parquet")).await?;
    let ranges = ranges(edges.keys, split.into);
    let reads = ranges.iter().enumerate().map(|(number, range)| {
        let (range, path) = (*range, folder.join(format!("{number:06}.parquet")));
        async move { Ok((number, one(block_reader, range, &path).await?)) }.boxed()
    });
    let parts: Vec<Read> = side_by_side(reads.collect()).await?;
    let endpoint = parts.last().and_then(|read| read.endpoint.clone());
    let files: Vec<StageFile> = parts.into_iter().map(|read| read.file).collect();
    let read_at = files
        .iter()
        .map(|file| file.read_at)
        .min()
        .unwrap_or(block_reader.pipeline.now);
    let alike = {
        let (files, folder) = (files.clone(), folder.clone());
        blocking(move || unify_schema::unify(files, &folder, unify_schema::Numbers::Alike)).await?
    };
    let files = alike.map_err(|difference| {
        let part = |number: usize| {
            let (from, until) = (shown(ranges[number].from), shown(ranges[number].until));
            let kind = files[number]
                .columns
                .iter()
                .find(|column| column.name == difference.column)
                .map(|column| column.kind);
            (format!("{} {from} .. {until}", split.column), kind)
        };
        EngineError::PartitionsDiffer(Box::new(PartitionsDiffer {
            block: block_reader.block.name.clone(),
            column: difference.column.clone(),
            first: part(difference.first),
            second: part(difference.second),
        }))
    })?;
    let warnings =
        (edges.without_key > 0).then(|| without_key(block_reader, split, edges.without_key));
    Ok(Done {
        endpoint,
        ranges: u32::try_from(ranges.len()).unwrap_or(u32::MAX),
        warnings: warnings.into_iter().collect(),
        ..Done::of(Answer::of_parts(files, read_at))
    })
}

async fn one(
    block_reader: &BlockReader<'_>,
    range: KeyRange,
    path: &Path,
) -> Result<Read, EngineError> {
    let bounds = Bounds {
        range: Some(range),
        ..Bounds::default()
    };
    let statement = block_reader.bind(bounds)?;
    block_reader.read(statement, path, Encoding::Plain).await
}

/// What is known of a table's keys before its rows are read.
struct Edges {
    /// The smallest and the greatest key; `None` when there is none.
    keys: Option<(i128, i128)>,
    /// Rows without a key.
    without_key: u64,
}

async fn edges(
    block_reader: &BlockReader<'_>,
    split: &Split,
    path: &Path,
) -> Result<Edges, EngineError> {
    let Split { column, table, .. } = split;
    // Plain names of the author, checked when the report was read: nothing of a form is in here. Each
    // part is a look into the index of a key.
    let sql = format!(
        "SELECT MIN({column}) AS least, MAX({column}) AS most, \
         (SELECT COUNT(*) FROM {table} WHERE {column} IS NULL) AS without_key FROM {table}"
    );
    let Read { file, .. } = block_reader
        .read(Statement::new(sql, Vec::new()), path, Encoding::Plain)
        .await?;
    block_reader.counter.sub(file.rows);
    let first = blocking(move || file.chunks()?.next().transpose()).await?;
    let value = |place: usize| {
        let column = first.as_ref().and_then(|chunk| chunk.columns.get(place));
        column.map_or(Ok(None), whole)
    };
    let keys = value(0).and_then(|least| Ok(least.zip(value(1)?)));
    // Nothing that is bound is greater.
    let is_bound = |key: i128| (KeyRange::BEFORE_ALL + 1..KeyRange::BEHIND_ALL - 1).contains(&key);
    let refused = |()| EngineError::SplitColumn {
        block: block_reader.block.name.clone(),
        column: column.clone(),
    };
    let keys = keys.map_err(refused)?;
    if keys.is_some_and(|(least, most)| !is_bound(least) || !is_bound(most)) {
        return Err(refused(()));
    }
    let without_key = value(2).ok().flatten();
    Ok(Edges {
        keys,
        without_key: without_key
            .and_then(|rows| u64::try_from(rows).ok())
            .unwrap_or(0),
    })
}

/// The whole number at or below the value of the first row; `Err` for what is no number of this kind.
fn whole(column: &ColumnData) -> Result<Option<i128>, ()> {
    match column {
        ColumnData::Integer(values) => Ok(values.at(0).map(i128::from)),
        // MySQL's largest keys, and whole numbers declared as decimals.
        ColumnData::Decimal { mantissa, scale } => {
            let unit = 10i128.checked_pow(u32::from(*scale)).ok_or(())?;
            Ok(mantissa.at(0).map(|mantissa| mantissa.div_euclid(unit)))
        }
        // Without a single row the source cannot say what the column would hold.
        ColumnData::Text(values) if values.at(0).is_none() => Ok(None),
        _ => Err(()),
    }
}

/// At most `into` ranges that together hold every key there can be.
fn ranges(keys: Option<(i128, i128)>, into: u32) -> Vec<KeyRange> {
    let (least, most) = keys.unwrap_or_default();
    let length = most + 1 - least;
    let mut cuts: Vec<i128> = (1..into)
        .map(|number| least + length * i128::from(number) / i128::from(into))
        .filter(|cut| *cut > least)
        .collect();
    cuts.dedup();
    cuts.insert(0, KeyRange::BEFORE_ALL);
    cuts.push(KeyRange::BEHIND_ALL);
    cuts.windows(2)
        .map(|ends| KeyRange {
            from: ends[0],
            until: ends[1],
        })
        .collect()
}

/// An end of a range for people.
fn shown(edge: i128) -> String {
    match edge {
        KeyRange::BEFORE_ALL | KeyRange::BEHIND_ALL => "…".to_owned(),
        edge => edge.to_string(),
    }
}

fn without_key(block_reader: &BlockReader<'_>, split: &Split, rows: u64) -> Warning {
    let (block, Split { column, table, .. }) = (&block_reader.block.name, split);
    let count = grouped(rows);
    let (has, are) = match rows {
        1 => ("row has", "is in no range and was not read"),
        _ => ("rows have", "are in no range and were not read"),
    };
    Warning::new(
        "run::split_without_key",
        format!(
            "‘{block}’ 조회는 ‘{column}’ 열의 구간으로 나누어 읽습니다. ‘{table}’의 {count}행은 그 열이 비어 있어 어느 구간에도 없으므로 읽지 않았습니다."
        ),
        format!(
            "“{block}” is read in ranges of “{column}”. {count} {has} no “{column}” in “{table}”, {are}."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_exactly_one_range() {
        let (i64_min, i64_max) = (i128::from(i64::MIN), i128::from(i64::MAX));
        for (keys, into) in [
            (Some((1, 1_000_000)), 4),
            (Some((-7, 12)), 16),
            (Some((5, 5)), 4),
            (Some((5, 6)), 3),
            (None, 2),
            (Some((i64_min, i64_max)), 3),
            (Some((0, i128::from(u64::MAX))), 16),
            (Some((-(10i128.pow(28)) + 1, 10i128.pow(28) - 2)), 16),
        ] {
            let ranges = ranges(keys, into);
            assert!(!ranges.is_empty() && ranges.len() <= into as usize);
            assert_eq!(ranges[0].from, KeyRange::BEFORE_ALL);
            assert_eq!(ranges.last().unwrap().until, KeyRange::BEHIND_ALL);
            for pair in ranges.windows(2) {
                assert_eq!(pair[0].until, pair[1].from);
                assert!(pair[1].from < pair[1].until);
            }
            // The cuts lie between the keys.
            if let Some((least, most)) = keys {
                for range in &ranges[1..] {
                    assert!(least < range.from && range.from <= most);
                }
            }
        }
    }
}
