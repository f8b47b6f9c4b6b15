//! One pass over the blocks of a report: each becomes a staged file.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use report::{Block, BlockKind, Report, Values};

use crate::meter::Meter;
use crate::plan::Sources;
use crate::stage::{Kept, StageFile};
use crate::watch::Watch;
use crate::{BlockRows, EngineError, aggregate, extract};

/// The finished files of blocks that ran, by block.
pub(crate) type Staged = BTreeMap<String, StageFile>;

/// What every block of one job shares.
pub(crate) struct Pipeline<'a> {
    pub(crate) report: &'a Report,
    pub(crate) values: &'a Values,
    pub(crate) sources: &'a Sources,
    /// Where staged files are written; emptied when the job ends.
    pub(crate) folder: &'a Path,
    /// Answers of earlier jobs; `None` reads everything again.
    pub(crate) kept: Option<&'a Kept>,
    /// Says at the source who asks.
    pub(crate) comment: &'a str,
    /// More rows than this in one block stop the job.
    pub(crate) max_rows: Option<u64>,
    pub(crate) watch: &'a Watch,
    pub(crate) meter: &'a Meter<'a>,
    /// The moment the job began; decides whether a kept answer is young enough.
    pub(crate) now: Timestamp,
}

/// A block that ran.
pub(crate) struct Done {
    pub(crate) file: StageFile,
    pub(crate) rows_read: u64,
    pub(crate) from_stage: bool,
}

impl Pipeline<'_> {
    /// Runs one block whose reads are all in `staged`.
    ///
    /// # Errors
    /// The block's own, and [`EngineError::Proof`] when not every row read was staged.
    pub(crate) async fn run(
        &self,
        block: &Block,
        staged: &Staged,
    ) -> Result<(StageFile, BlockRows), EngineError> {
        let started = Instant::now();
        let path = self.folder.join(&block.name).with_extension("parquet");
        let done = match &block.kind {
            BlockKind::Extract { source, .. } => extract::run(self, block, source, &path).await?,
            BlockKind::Polars => aggregate::run(self, block, staged, &path).await?,
        };
        if done.rows_read != done.file.rows {
            return Err(EngineError::Proof {
                what: block.name.clone(),
                expected: done.rows_read,
                found: done.file.rows,
                place: "in the staged file",
            });
        }
        let rows = BlockRows {
            block: block.name.clone(),
            source: block.source().map(str::to_owned),
            rows_read: done.rows_read,
            rows_staged: done.file.rows,
            from_stage: done.from_stage,
            millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        tracing::info!(
            block = rows.block,
            rows = rows.rows_staged,
            from_stage = rows.from_stage,
            duration_ms = rows.millis,
            "Staged {} rows of {}",
            rows.rows_staged,
            rows.block,
        );
        Ok((done.file, rows))
    }
}
