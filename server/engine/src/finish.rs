//! The last steps: the workbook is written, counted again, proven and given its name.

mod origin;
mod prove;
mod store;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use report::Sheet;
use workbook::{About, BlockNote, Book, Known, SheetInput, WorkbookError, Written};

use crate::deadline::Deadline;
use crate::early_sheet::{EarlySheet, Rest, book_path};
use crate::meter::{Counter, Location, Meter, blocking};
use crate::pipeline::Staged;
use crate::stage::Scratch;
use crate::{BlockRows, EngineError, FileInfo, Job, Outcome, Step, Warning};

/// What the last steps work with.
pub(crate) struct Finish<'a> {
    pub(crate) job: &'a Job,
    pub(crate) scratch: &'a Scratch,
    pub(crate) early_sheet: &'a EarlySheet<'a>,
    pub(crate) staged: &'a Staged,
    pub(crate) rows: Vec<BlockRows>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) deadline: &'a Deadline,
    pub(crate) meter: &'a Meter<'a>,
}

/// Writes and proves the file.
///
/// # Errors
/// [`EngineError::Proof`] when a single row is missing or one too many; the file is then withheld.
pub(crate) async fn finish(mut step: Finish<'_>) -> Result<Outcome, EngineError> {
    let data_time = step
        .staged
        .values()
        .map(|answer| answer.read_at)
        .min()
        .unwrap_or(step.job.run.started);
    let (path, mut written) = step.write(data_time).await?;

    step.meter.step(Step::CheckingCounts);
    let place = Location {
        step: Step::CheckingCounts,
        block: None,
        total: None,
    };
    // The bytes that are counted are the bytes that are stored: both look at the same file, which
    // nobody writes to any more.
    let counting = {
        let path = path.clone();
        let breaks = std::mem::take(&mut written.breaks);
        move || Ok(workbook::recount_side_by_side(&path, &breaks)?)
    };
    let sealing = {
        let path = path.clone();
        move || store::seal(&path)
    };
    let nothing = Counter::default();
    let (counted, sealed) =
        tokio::try_join!(step.meter.run(place, &nothing, counting), blocking(sealing))?;
    let sheets = &step.job.report.workbook.sheets;
    prove::rows_agree(sheets, step.staged, &written.sheets, &counted)?;

    step.meter.step(Step::Storing);
    let report = &step.job.report;
    let name = report.file_name_with(
        &step.job.values,
        step.job.lang,
        step.job.run.started,
        &step.job.labels,
    );
    let stored = store::store(&step, path, sealed, &name).await?;

    for remark in written.remarks {
        let warning = Warning::from(remark);
        step.meter.warn(&warning);
        step.warnings.push(warning);
    }
    Ok(Outcome {
        file: FileInfo {
            path: stored.path,
            name,
            bytes: stored.bytes,
            sha256: stored.sha256,
            rows: written.sheets.iter().map(|sheet| sheet.rows).sum(),
        },
        blocks: step.rows,
        sheets: written.sheets.into_iter().map(|sheet| sheet.view).collect(),
        totals: written.totals,
        warnings: step.warnings,
        data_time,
        steps: step.meter.times(),
    })
}

impl Finish<'_> {
    /// The workbook and where it is. What was begun while rows arrived is finished; without that,
    /// or when it failed, everything is written from the stage.
    async fn write(&self, data_time: Timestamp) -> Result<(PathBuf, Written), EngineError> {
        self.meter.step(Step::WritingWorkbook);
        let sheets = &self.job.report.workbook.sheets;
        let rows = |sheet: &Sheet| {
            self.staged
                .get(&sheet.query)
                .map_or(0, |answer| answer.rows)
        };
        let place = Location {
            step: Step::WritingWorkbook,
            block: None,
            total: Some(sheets.iter().map(rows).sum()),
        };
        if let Some(writing) = self.early_sheet.take() {
            let rest = Rest {
                sheets: self.inputs(sheets.get(1..).unwrap_or_default())?,
                about: self.about(data_time),
            };
            if let Some(written) = writing.finish(rest, self.meter, place).await {
                return Ok(written);
            }
            self.deadline.check()?;
        }
        let book = Book {
            sheets: self.inputs(sheets)?,
            about: self.about(data_time),
            lang: self.job.lang,
            zone: self.job.report.timezone.clone(),
            temp_dir: self.scratch.path().to_owned(),
        };
        let path = book_path(self.scratch.path());
        let counter = Counter::default();
        let (stop, count, to) = (self.deadline.stop().clone(), counter.clone(), path.clone());
        let work = move || {
            let written = workbook::write(book, &to, &mut |rows| count.set_rows(rows), &stop)?;
            Ok(written)
        };
        Ok((path, self.meter.run(place, &counter, work).await?))
    }

    fn inputs(&self, sheets: &[Sheet]) -> Result<Vec<SheetInput>, EngineError> {
        let input = |sheet: &Sheet| {
            let answer =
                self.staged
                    .get(&sheet.query)
                    .ok_or_else(|| EngineError::UnknownBlock {
                        block: sheet.query.clone(),
                    })?;
            Ok(SheetInput {
                spec: sheet.clone(),
                block: sheet.query.clone(),
                columns: answer.columns.clone(),
                quotients: answer.quotients(),
                numbers: answer.numbers().map(|numbers| Known {
                    numbers,
                    is_all: true,
                }),
                rows: answer.rows,
                chunks: Box::new(
                    answer
                        .chunks()?
                        .map(|chunk| chunk.map(Arc::new).map_err(WorkbookError::from)),
                ),
            })
        };
        sheets.iter().map(input).collect()
    }

    fn about(&self, data_time: Timestamp) -> About {
        let job = self.job;
        let report = &job.report;
        About {
            title: report.title.get(job.lang).to_owned(),
            report_id: report.id.to_string(),
            description: report
                .description
                .as_ref()
                .map(|text| text.get(job.lang).to_owned()),
            person: job.run.person.clone(),
            run_id: job.run.id.clone(),
            link: job.run.link.clone(),
            values: report.describe(&job.values, job.lang, &job.labels),
            started: job.run.started,
            data_time,
            blocks: self
                .rows
                .iter()
                .map(|rows| BlockNote {
                    block: rows.block.clone(),
                    origin: origin::of(rows, job.shows_endpoints, job.lang, &report.timezone),
                    rows: rows.rows_staged,
                })
                .collect(),
            hash: report.hash.clone(),
            warnings: self
                .warnings
                .iter()
                .map(|warning| warning.message.get(job.lang).to_owned())
                .collect(),
        }
    }
}
