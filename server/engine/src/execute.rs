//! A job from its first block to the proven file.

use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::deadline::Deadline;
use crate::early_sheet::EarlySheet;
use crate::meter::{Counter, Location, Meter};
use crate::pipeline::{Pipeline, Shared, Staged};
use crate::stage::{Kept, Scratch};
use crate::{
    BlockRows, EngineError, Job, Outcome, Progress, Seen, Step, Warning, checks, finish, plan,
    run_block, sheets,
};

/// How long an ended job waits for its statements to stop. Whoever started the job knows their
/// sessions and stops what is left.
const STOPPING: Duration = Duration::from_secs(3);

/// Runs a report: extracts, stages, aggregates, writes the workbook and proves it.
///
/// `progress` is called from the task that polls this future, at most about five times a second for
/// rows; it should return at once. Cancelling `cancel`, passing `limits.runtime` or dropping the future
/// ends the job within a fraction of a second: statements at sources are stopped, the job's files
/// are removed, and work on other threads ends at its next look.
///
/// # Errors
/// See [`EngineError`]. No file is left in `output_dir` after an error.
pub async fn execute(
    job: Job,
    progress: &(dyn Fn(Progress) + Send + Sync),
    cancel: CancellationToken,
) -> Result<Outcome, EngineError> {
    let deadline = Deadline::new(cancel, job.report.limits.runtime);
    let meter = Meter::new(progress);
    let work = run(&job, &deadline, &meter);
    tokio::pin!(work);
    let ended = tokio::select! {
        biased;
        // Looked at first, so that a job is never begun for somebody who changed their mind.
        ended = deadline.ended() => ended,
        result = &mut work => return result,
    };
    deadline.stop_all();
    if meter.has_sessions() {
        // A statement on a server stops from a second connection, which needs somebody to wait for it.
        let _ = tokio::time::timeout(STOPPING, work).await;
    }
    Err(ended)
}

async fn run(job: &Job, deadline: &Deadline, meter: &Meter<'_>) -> Result<Outcome, EngineError> {
    let report = &*job.report;
    let blocks = plan::of_run(report, &job.sources)?;
    let kept = Kept::below(&job.stage_dir, job.stage_bytes);
    let shared = Shared {
        kept: Some(kept.clone()),
        stage_dir: job.stage_dir.clone(),
        at_once: job.at_once.clone(),
    };
    let scratch = open_scratch(job, &kept, meter).await?;
    let comment = format!(
        "digger run {} report {} user {}",
        job.run.id, report.id, job.run.person
    );
    let early_sheet = EarlySheet::new(job, scratch.path(), deadline.stop());
    let pipeline = Pipeline {
        report,
        values: &job.values,
        sources: &job.sources,
        folder: scratch.path(),
        shared: Some(&shared),
        comment: &comment,
        max_rows: report.limits.rows,
        early_sheet: Some(&early_sheet),
        deadline,
        meter,
        now: job.run.started,
    };

    let seen = Seen::below(&job.stage_dir);
    let mut staged = Staged::new();
    let mut rows: Vec<BlockRows> = Vec::with_capacity(blocks.len());
    let mut warnings: Vec<Warning> = Vec::new();
    for block in blocks {
        deadline.check()?;
        let (answer, counted, remarks) = run_block::run(&pipeline, block, &staged).await?;
        seen.remember(report, block, &answer.columns, answer.rows);
        sheets::check(report, &block.name, &answer.columns, job.lang)?;
        let failed = checks::look(meter, block, &answer).await?;
        for warning in remarks.into_iter().chain(failed) {
            meter.warn(&warning);
            warnings.push(warning);
        }
        rows.push(counted);
        staged.insert(block.name.clone(), answer);
    }
    finish::finish(finish::Finish {
        job,
        scratch: &scratch,
        early_sheet: &early_sheet,
        staged: &staged,
        rows,
        warnings,
        deadline,
        meter,
    })
    .await
}

async fn open_scratch(job: &Job, kept: &Kept, meter: &Meter<'_>) -> Result<Scratch, EngineError> {
    let (kept, stage_dir, now) = (kept.clone(), job.stage_dir.clone(), Timestamp::now());
    let place = Location {
        step: Step::Connecting,
        block: None,
        total: None,
    };
    let work = move || {
        let scratch = Scratch::create(&stage_dir)?;
        kept.tidy(now);
        Ok(scratch)
    };
    meter.run(place, &Counter::default(), work).await
}
