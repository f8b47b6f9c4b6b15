//! How fast statements are, and how much memory they take.
//!
//! `speed rows FILE COUNT` writes Parquet by seed, `speed right FILE COUNT` the rows other ones are
//! joined with, and `speed run SQL NAME=FILE…` runs a statement over such files and prints seconds,
//! peak memory in bytes and the number of rows as a line of JSON. `scripts/bench/aggregates.py` does
//! all of that beside DuckDB.

use std::collections::BTreeMap;
use std::fs::File;
use std::time::Instant;

use aggregate::{Column as Named, Rows, Scale, SqlType, Table};
use polars::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

const SEED: u64 = 11;
/// Rows that are made at once, and stand in a row group: as many as in those the stage keeps.
const BATCH: usize = 65_536;
/// Microseconds: 2025-01-01, and how long a year is.
const YEAR: (i64, i64) = (1_735_689_600_000_000, 365 * 86_400_000_000);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["rows", path, count] => write(path, parsed(count), rows),
        ["right", path, count] => write(path, parsed(count), right),
        ["run", sql, files @ ..] => run(sql, files),
        _ => {
            Err("speed rows FILE COUNT | speed right FILE COUNT | speed run SQL NAME=FILE…".into())
        }
    };
    if let Err(error) = done {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

type Done = Result<(), Box<dyn std::error::Error>>;

fn parsed(count: &str) -> usize {
    count.replace('_', "").parse().unwrap_or(0)
}

fn write(path: &str, count: usize, make: fn(&mut StdRng, usize, usize) -> Vec<Column>) -> Done {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut start = 0;
    let mut writer = None;
    while start < count {
        let height = BATCH.min(count - start);
        let frame = DataFrame::new(height, make(&mut random, start, height))?;
        let writer = match &mut writer {
            Some(writer) => writer,
            None => writer.insert(
                ParquetWriter::new(File::create(path)?)
                    // As the stage packs what it keeps.
                    .with_compression(ParquetCompression::Lz4Raw)
                    .with_row_group_size(Some(BATCH))
                    .batched(frame.schema())?,
            ),
        };
        writer.write_batch(&frame)?;
        start += height;
    }
    if let Some(writer) = writer {
        writer.finish()?;
    }
    Ok(())
}

/// Keys of three sizes, times, whole numbers and amounts.
fn rows(random: &mut StdRng, _: usize, height: usize) -> Vec<Column> {
    let mut whole = |name: &str, from: i64, until: i64| {
        let values = (0..height)
            .map(|_| random.random_range(from..until))
            .collect();
        Int64Chunked::from_vec(name.into(), values)
    };
    let small = whole("k10", 0, 10).into_column();
    let middle = whole("k1000", 0, 1_000).into_column();
    let large = whole("k1m", 0, 1_000_000).into_column();
    let time = whole("t", YEAR.0, YEAR.0 + YEAR.1)
        .into_datetime(TimeUnit::Microseconds, None)
        .into_column();
    let number = whole("v", -1_000_000, 1_000_000).into_column();
    let amounts = whole("d", 0, 1_000_000);
    let amounts: Vec<i128> = amounts.into_no_null_iter().map(i128::from).collect();
    let amount = Int128Chunked::from_vec("d".into(), amounts)
        .into_decimal_unchecked(12, 2)
        .into_column();
    vec![small, middle, large, time, number, amount]
}

fn right(random: &mut StdRng, start: usize, height: usize) -> Vec<Column> {
    let from = i64::try_from(start).unwrap_or(i64::MAX);
    let keys = (from..).take(height).collect();
    let groups = (0..height).map(|_| random.random_range(0..100)).collect();
    vec![
        Int64Chunked::from_vec("k".into(), keys).into_column(),
        Int64Chunked::from_vec("g".into(), groups).into_column(),
    ]
}

fn run(sql: &str, files: &[&str]) -> Done {
    let mut all = BTreeMap::new();
    let mut tables = Vec::new();
    for file in files {
        let (name, path) = file.split_once('=').ok_or("a file is NAME=FILE")?;
        let rows = Rows::of_files(&[path.into()])?;
        let columns = rows
            .schema()?
            .iter()
            .map(|(name, dtype)| Named {
                name: name.to_string(),
                kind: kind(dtype),
            })
            .collect();
        all.insert(name.to_owned(), rows);
        tables.push(Table {
            name: name.to_owned(),
            columns: Some(columns),
        });
    }
    let query = report::parse_query(sql).map_err(|error| error.to_string())?;
    let plan = aggregate::plan(&query, &tables).map_err(|refusal| format!("{refusal:?}"))?;
    let start = Instant::now();
    let answer = plan
        .run_until(&all, &|| false)
        .map_err(|fault| format!("{fault:?}"))?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{{\"seconds\": {seconds:.3}, \"peak\": {}, \"rows\": {}}}",
        peak(),
        answer.height()
    );
    if std::env::var_os("SPEED_SHOW").is_some() {
        eprintln!("{answer:?}");
    }
    Ok(())
}

fn kind(dtype: &DataType) -> SqlType {
    match dtype {
        DataType::Int64 => SqlType::BigInt,
        DataType::Decimal(_, scale) => {
            SqlType::Numeric(Scale::Fixed(u8::try_from(*scale).unwrap_or(u8::MAX)))
        }
        DataType::Datetime(_, _) => SqlType::Timestamp,
        DataType::Float64 => SqlType::Double,
        _ => SqlType::Text,
    }
}

/// The most memory this process had, in bytes; 0 where nothing tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes * 1024)
}
