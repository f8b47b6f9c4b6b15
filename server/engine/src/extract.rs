//! Reads one block from its source into staged files.
//!
//! There are four ways: the whole answer, ranges of a key side by side, the partitions of a period,
//! and the rows that are newer than those of the last run. All but the second may find what they
//! need in the stage.

mod block_reader;
mod convert;
mod incremental;
mod merge;
mod partitioned;
pub(crate) mod partitions;
mod rows;
mod split;
mod unify_schema;
mod watermark;
mod whole;

use std::path::Path;
use std::sync::Arc;

use report::{Block, BlockKind, Bounds, PartitionBounds, Statement};
use source::Source;

use self::block_reader::BlockReader;
pub(crate) use self::partitioned::partitions_of;
use crate::EngineError;
use crate::fingerprint::Ingredients;
use crate::pipeline::{Done, Pipeline};
use crate::stage::keep::KeptAs;
use crate::stage::{Entry, Kept, Key};

/// Runs an extraction, or takes what is kept of it.
///
/// # Errors
/// [`EngineError::Source`], [`EngineError::TooManyRows`], [`EngineError::Bind`],
/// [`EngineError::PartitionsDiffer`], what is wrong with an increment, or a failed disk.
pub(crate) async fn run(
    pipeline: &Pipeline<'_>,
    block: &Block,
    source_name: &str,
    path: &Path,
) -> Result<Done, EngineError> {
    let BlockKind::Extract {
        partition,
        incremental,
        split,
        ..
    } = &block.kind
    else {
        return Err(EngineError::Internal {
            what: format!("`{}` is not read from a source", block.name),
        });
    };
    let source = pipeline
        .sources
        .get(source_name)
        .ok_or_else(|| EngineError::UnknownSource {
            block: block.name.clone(),
            source_name: source_name.to_owned(),
        })?;
    let block_reader = BlockReader::new(pipeline, block, source)?;
    match (partition, incremental, split) {
        (Some(partition), ..) => partitioned::run(&block_reader, partition, path).await,
        (_, Some(incremental), _) => incremental::run(&block_reader, incremental, path).await,
        (.., Some(split)) => split::run(&block_reader, split, path).await,
        (None, None, None) => whole::run(&block_reader, path).await,
    }
}

/// The statement of a block for its source.
///
/// # Errors
/// [`EngineError::Bind`] for values that do not fit.
pub(crate) fn bind(
    report: &report::Report,
    values: &report::Values,
    block: &Block,
    source: &Arc<dyn Source>,
    bounds: Bounds<'_>,
) -> Result<Statement, EngineError> {
    let dialect = convert::dialect(source.dialect());
    block
        .bind(report, dialect, values, bounds)
        .map_err(|source| EngineError::Bind {
            block: block.name.clone(),
            source,
        })
}

/// What an answer of this statement is kept under.
pub(crate) fn key(
    kept_as: KeptAs,
    report: &report::Report,
    source: &Arc<dyn Source>,
    statement: &Statement,
    partition: Option<&PartitionBounds>,
    increment: Option<&report::Incremental>,
) -> Key {
    let fingerprint = Ingredients {
        kept_as,
        source: source.name(),
        identity: &source.identity(),
        statement,
        partition,
        increment,
        zone: &report.timezone,
    }
    .fingerprint();
    Key {
        kept_as,
        fingerprint,
    }
}

impl BlockReader<'_> {
    /// The answers of earlier jobs, where there are any.
    fn kept(&self) -> Option<&Kept> {
        self.pipeline.shared.and_then(|shared| shared.kept.as_ref())
    }

    /// The manifest entry of a file of this block that is kept.
    fn entry(&self, key: Key) -> Entry {
        Entry {
            key,
            report: self.pipeline.report.id.to_string(),
            block: self.block.name.clone(),
            source: self.source.name().to_owned(),
            partition: None,
            expires: None,
        }
    }
}
