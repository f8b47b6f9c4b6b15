//! One block of a report becomes a staged file, whatever kind it is.

use std::time::Instant;

use futures::FutureExt;
use report::{Block, BlockKind};

use crate::pipeline::{Pipeline, Staged};
use crate::stage::Answer;
use crate::{BlockRows, EngineError, Warning, aggregate, extract};

/// Runs one block whose reads are all in `staged`.
///
/// # Errors
/// The block's own, and [`EngineError::Proof`] when not every row read was staged.
pub(crate) async fn run(
    pipeline: &Pipeline<'_>,
    block: &Block,
    staged: &Staged,
) -> Result<(Answer, BlockRows, Vec<Warning>), EngineError> {
    let started = Instant::now();
    let path = pipeline.folder.join(&block.name).with_extension("parquet");
    let done = match &block.kind {
        BlockKind::Extract { source, .. } => {
            // Boxed: callers that spawn would else have to prove `Send` for every lifetime in it.
            extract::run(pipeline, block, source, &path).boxed().await?
        }
        BlockKind::Polars => aggregate::run(pipeline, block, staged, &path).await?,
    };
    if done.rows_read != done.answer.rows {
        return Err(EngineError::Proof {
            what: block.name.clone(),
            expected: done.rows_read,
            found: done.answer.rows,
            place: "in the staged file",
        });
    }
    let rows = BlockRows {
        block: block.name.clone(),
        source: block.source().map(str::to_owned),
        rows_read: done.rows_read,
        rows_staged: done.answer.rows,
        rows_now: done.rows_now,
        from_stage: done.from_stage,
        partitions: done.partitions.map_or(0, |(all, _)| all),
        partitions_kept: done.partitions.map_or(0, |(_, kept)| kept),
        ranges: done.ranges,
        kept_since: done.kept_since,
        endpoint: done.endpoint,
        millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    tracing::info!(
        block = rows.block,
        rows = rows.rows_staged,
        from_stage = rows.from_stage,
        partitions = rows.partitions,
        partitions_kept = rows.partitions_kept,
        duration_ms = rows.millis,
        "Staged {} rows of {}",
        rows.rows_staged,
        rows.block,
    );
    Ok((done.answer, rows, done.warnings))
}
