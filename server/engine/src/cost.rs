//! What a run would find in the stage, for the line people read before they start one.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use report::{Block, BlockKind, Bounds, PartitionUnit, Partitioning, Report, Value, Values};

use crate::extract::{self, partitions};
use crate::plan::{self, Sources};
use crate::stage::Kept;
use crate::stage::keep::KeptAs;

/// The partitions of a run: how many there are, how many are kept, and what reading the rest means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// How long a partition is; `None` when several queries have different ones.
    pub unit: Option<PartitionUnit>,
    /// All partitions of all queries that keep theirs.
    pub partitions: u64,
    /// Those that will not be read.
    pub kept: u64,
    /// Rows that will be read, as the kept partitions suggest; `None` when nothing suggests
    /// anything.
    pub rows: Option<u64>,
}

/// Partitions that are looked for, two years of hours. Looking for more would take longer than anybody waits for a line.
const MOST: u64 = 20_000;

/// The parameters [`cost`] needs the values of; empty when no query keeps partitions.
pub fn cost_needs(report: &Report) -> BTreeSet<String> {
    report
        .blocks
        .iter()
        .filter(|block| kept_partition(block).is_some())
        .flat_map(|block| block.params.iter().cloned())
        .collect()
}

/// Looks which partitions of a run are kept. Asks no source and verifies nothing, so a damaged
/// file counts as kept until the run finds it out. May take milliseconds per hundred partitions.
///
/// `None` when no query of the run keeps partitions, when the values do not fit, or when there are more partitions than
/// can be looked for while somebody waits.
pub fn cost(
    report: &Report,
    values: &Values,
    sources: &Sources,
    stage_dir: &Path,
    now: Timestamp,
) -> Option<Cost> {
    let kept = Kept::below(stage_dir, u64::MAX);
    let blocks = plan::of_run(report, sources).ok()?;
    let mut all: Option<Cost> = None;
    for block in blocks {
        let Some((source, partitioning)) = kept_partition(block) else {
            continue;
        };
        let source = sources.get(source)?;
        if let Some(Value::Period { from, until }) = values.get(&partitioning.over)
            && partitions::hours_in(*from, *until) / hours_of(partitioning.unit) > MOST
        {
            return None;
        }
        let (partitions, closed) =
            extract::partitions_of(report, values, &block.name, partitioning, now).ok()?;
        let mut look = Look::default();
        for partition in &partitions {
            let length = length(partition, now);
            if closed.is_some_and(|closed| partition.bounds.until <= closed) {
                let bounds = Some(&partition.bounds);
                let asked = Bounds {
                    partition: bounds,
                    ..Bounds::default()
                };
                let statement = extract::bind(report, values, block, source, asked).ok()?;
                let key = extract::key(KeptAs::Partition, report, source, &statement, bounds, None);
                if let Some(manifest) = kept.peek(&key) {
                    look.kept += 1;
                    look.kept_rows += manifest.rows;
                    look.kept_length += length;
                    continue;
                }
            }
            look.new_length += length;
        }
        let one = Cost {
            unit: Some(partitioning.unit),
            partitions: partitions.len() as u64,
            kept: look.kept,
            rows: look.rows(),
        };
        all = Some(all.map_or(one, |all| all.and(one)));
    }
    all
}

/// What is known about the partitions of one query. Lengths are in seconds: half a month has half
/// of its rows.
#[derive(Default)]
struct Look {
    kept: u64,
    kept_rows: u64,
    kept_length: u64,
    new_length: u64,
}

impl Look {
    fn rows(&self) -> Option<u64> {
        if self.new_length == 0 {
            return Some(0);
        }
        let product = u128::from(self.kept_rows) * u128::from(self.new_length);
        let rows = product.checked_div(u128::from(self.kept_length))?;
        u64::try_from(rows).ok()
    }
}

impl Cost {
    fn and(self, other: Self) -> Self {
        Self {
            unit: self.unit.filter(|_| self.unit == other.unit),
            partitions: self.partitions + other.partitions,
            kept: self.kept + other.kept,
            rows: self.rows.zip(other.rows).map(|(one, more)| one + more),
        }
    }
}

/// Seconds of a partition that have passed; nothing has happened in the rest.
fn length(partition: &partitions::Partition, now: Timestamp) -> u64 {
    let until = partition.bounds.until.min(now);
    let seconds = until.duration_since(partition.bounds.from).as_secs();
    u64::try_from(seconds).unwrap_or(0)
}

/// Hours of a partition, at least.
fn hours_of(unit: PartitionUnit) -> u64 {
    match unit {
        PartitionUnit::Hour => 1,
        PartitionUnit::Day => 24,
        PartitionUnit::Week => 7 * 24,
        PartitionUnit::Month => 28 * 24,
    }
}

/// The source and the partition of a query that keeps its partitions.
fn kept_partition(block: &Block) -> Option<(&str, &Partitioning)> {
    match &block.kind {
        BlockKind::Extract {
            source,
            partition: Some(partition),
            ..
        } if partition.lookback.is_some() => Some((source, partition)),
        _ => None,
    }
}
