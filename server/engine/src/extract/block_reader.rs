//! Asks a source one question of a block and stages the answer in one file.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use report::{Block, BlockKind, Bounds, Statement};
use source::{Dialect, Extract, Reading, Source, SourceError};
use tokio::sync::mpsc;

use super::rows::Limit;
use super::{convert, rows};
use crate::early_sheet::EarlySheet;
use crate::meter::{Counter, Location, blocking};
use crate::permits::Permits;
use crate::pipeline::Pipeline;
use crate::stage::{ClosedPartition, Encoding, Entry, Key, StageFile};
use crate::{EngineError, RunningSession, Step};

/// Questions of one block that are worked on at the same time. Each holds a row group in memory; how
/// many of them the source hears at once is decided by its permits.
const AT_ONCE: usize = 4;

/// One of several questions, which brings its number and what it found.
pub(super) type Numbered<'a, T> = BoxFuture<'a, Result<(usize, T), EngineError>>;

/// Works on questions of one block side by side; what they bring, by number. The first error ends
/// them all.
pub(super) async fn side_by_side<T>(reads: Vec<Numbered<'_, T>>) -> Result<Vec<T>, EngineError> {
    let mut done: Vec<(usize, T)> = stream::iter(reads)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    done.sort_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// The questions of one block to its source.
pub(super) struct BlockReader<'a> {
    pub(super) pipeline: &'a Pipeline<'a>,
    pub(super) block: &'a Block,
    pub(super) source: &'a Arc<dyn Source>,
    /// Every row of the block that is staged, read now or kept.
    pub(super) counter: Counter,
    timeout: Option<Duration>,
    cache: Option<SignedDuration>,
    permits: Option<Permits>,
    /// The furthest step so far: several statements pass each step once together.
    reached: AtomicUsize,
}

/// What one question brought.
pub(super) struct Read {
    pub(super) file: StageFile,
    pub(super) endpoint: Option<String>,
}

impl<'a> BlockReader<'a> {
    /// # Errors
    /// A failed disk.
    pub(super) fn new(
        pipeline: &'a Pipeline<'a>,
        block: &'a Block,
        source: &'a Arc<dyn Source>,
    ) -> Result<Self, EngineError> {
        let (timeout, cache) = match &block.kind {
            BlockKind::Extract { timeout, cache, .. } => (*timeout, *cache),
            BlockKind::Polars => (None, None),
        };
        let permits = pipeline
            .shared
            .map(|shared| {
                let name = source.name();
                let limit = shared.at_once.get(name).copied().unwrap_or(1);
                Permits::join(&shared.stage_dir, name, limit)
            })
            .transpose()?;
        Ok(Self {
            pipeline,
            block,
            source,
            counter: Counter::default(),
            timeout,
            cache: cache.and_then(|time| SignedDuration::try_from(time).ok()),
            permits,
            reached: AtomicUsize::new(0),
        })
    }

    /// The statement of the block for its source.
    ///
    /// # Errors
    /// [`EngineError::Bind`] for values that do not fit.
    pub(super) fn bind(&self, bounds: Bounds<'_>) -> Result<Statement, EngineError> {
        let (report, values) = (self.pipeline.report, self.pipeline.values);
        super::bind(report, values, self.block, self.source, bounds)
    }

    /// Where rows of this block are counted for people.
    pub(super) fn place(&self) -> Location<'_> {
        Location {
            step: Step::FetchingRows,
            block: Some(&self.block.name),
            total: None,
        }
    }

    /// Answers read before this moment are too old for the block's `cache`; `None` without one.
    pub(super) fn cached_since(&self) -> Option<Timestamp> {
        let cache = self.cache?;
        let now = self.pipeline.now;
        Some(now.checked_sub(cache).unwrap_or(Timestamp::MIN))
    }

    /// Whether answers are used again for the time of the block's `cache`.
    pub(super) fn is_cached(&self) -> bool {
        self.cache.is_some()
    }

    /// When an answer read at this moment may not be used any more.
    pub(super) fn expires(&self, read_at: Timestamp) -> Option<Timestamp> {
        let cache = self.cache?;
        Some(read_at.checked_add(cache).unwrap_or(Timestamp::MAX))
    }

    /// Waits for its permit, sends a statement and stages its rows in a new file.
    ///
    /// # Errors
    /// [`EngineError::Source`], [`EngineError::TooManyRows`] over all rows of the block,
    /// [`EngineError::Proof`] when not every row was staged, or a failed disk.
    pub(super) async fn read(
        &self,
        statement: Statement,
        path: &Path,
        encoding: Encoding,
    ) -> Result<Read, EngineError> {
        self.read_to(statement, path, encoding, None).await
    }

    /// As [`read`](Self::read), for a statement that brings all rows of the block in their order: they may go into the
    /// first sheet while they arrive.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub(super) async fn read_all(
        &self,
        statement: Statement,
        path: &Path,
        encoding: Encoding,
    ) -> Result<Read, EngineError> {
        self.read_to(statement, path, encoding, self.pipeline.early_sheet)
            .await
    }

    async fn read_to(
        &self,
        statement: Statement,
        path: &Path,
        encoding: Encoding,
        early_sheet: Option<&EarlySheet<'_>>,
    ) -> Result<Read, EngineError> {
        self.reach(Step::Connecting);
        let _turn = match &self.permits {
            Some(permits) => Some(permits.take().await?),
            None => None,
        };
        let failed = |error: SourceError| self.failed(error, Some(&statement));
        // Taken before the statement runs: no row in the answer is older than this says.
        let read_at = Timestamp::now();
        self.reach(Step::DatabaseWorking);
        let (mut reading, session) = self.open(&statement).await.map_err(failed)?;
        // Which file a file is does not change from run to run, and its path is nobody's business.
        let endpoint = match self.source.dialect() {
            Dialect::Sqlite => None,
            Dialect::Postgres | Dialect::Mysql => Some(reading.endpoint().to_owned()),
        };
        let first = reading.next().await.transpose().map_err(failed)?;
        self.reach(Step::FetchingRows);
        let work = {
            let (counter, path) = (self.counter.clone(), path.to_owned());
            let limit = self.limit();
            let listener = early_sheet
                .and_then(|early_sheet| early_sheet.listen(&self.block.name, &reading.columns));
            move || {
                rows::stage(
                    reading,
                    first,
                    (&path, encoding),
                    listener,
                    &counter,
                    &limit,
                )
            }
        };
        let rows_read = blocking(work).await?.map_err(failed)?;
        if let Some(session) = &session {
            self.pipeline.meter.end_session(session);
        }
        let file = StageFile::open(path, read_at)?;
        if file.rows != rows_read {
            return Err(EngineError::Proof {
                what: self.block.name.clone(),
                expected: rows_read,
                found: file.rows,
                place: "in the staged file",
            });
        }
        Ok(Read { file, endpoint })
    }

    /// Opens a session and sends the statement. The session is told before the database begins to
    /// work, which may take long until the first row.
    async fn open(
        &self,
        statement: &Statement,
    ) -> Result<(Reading, Option<RunningSession>), SourceError> {
        let (opened, mut heard) = mpsc::unbounded_channel();
        let extract = Extract {
            opened: Some(opened),
            ..self.extract(statement)
        };
        let stop = self.pipeline.deadline.stop().clone();
        let reading = self.source.read(extract, stop);
        tokio::pin!(reading);
        let mut session = None;
        let opened = loop {
            tokio::select! {
                biased;
                Some(name) = heard.recv(), if session.is_none() => {
                    session = Some(self.begin_session(&name));
                }
                reading = &mut reading => break reading,
            }
        };
        match opened {
            Ok(reading) => {
                let session =
                    session.or_else(|| reading.session().map(|name| self.begin_session(name)));
                Ok((reading, session))
            }
            Err(error) => {
                // A statement that was refused is over; one that was lost may go on.
                if let Some(session) = session
                    && !matches!(error, SourceError::Down { .. } | SourceError::Cancelled)
                {
                    self.pipeline.meter.end_session(&session);
                }
                Err(error)
            }
        }
    }

    fn begin_session(&self, name: &str) -> RunningSession {
        let session = RunningSession {
            source: self.source.name().to_owned(),
            session: name.to_owned(),
        };
        self.pipeline.meter.begin_session(&session);
        session
    }

    /// Takes a kept file, linked to `path`, when there is a sound one read at `not_before` or later.
    ///
    /// # Errors
    /// Only when the thread that looks stops.
    pub(super) async fn find(
        &self,
        key: &Key,
        not_before: Option<Timestamp>,
        path: &Path,
    ) -> Result<Option<StageFile>, EngineError> {
        let Some(kept) = self.kept() else {
            return Ok(None);
        };
        let (kept, key, path) = (kept.clone(), key.clone(), path.to_owned());
        blocking(move || Ok(kept.find(&key, not_before, &path))).await
    }

    /// Counts the rows of a kept file as if they had been read.
    ///
    /// # Errors
    /// [`EngineError::TooManyRows`] over all rows of the block.
    pub(super) fn count(&self, file: &StageFile) -> Result<(), EngineError> {
        self.counter.add(file.rows, 0);
        self.limit().check(self.counter.rows())
    }

    /// `limits.rows` of the report.
    pub(super) fn limit(&self) -> Limit {
        Limit {
            block: self.block.name.clone(),
            rows: self.pipeline.max_rows,
        }
    }

    /// Keeps a file for later jobs. This one has its rows already, so a failure is only logged.
    pub(super) async fn keep(
        &self,
        entry: Entry,
        file: &StageFile,
    ) -> Option<Arc<ClosedPartition>> {
        let kept = self.kept()?.clone();
        let file = file.clone();
        match blocking(move || kept.add(entry, &file)).await {
            Ok(closed) => closed,
            Err(error) => {
                tracing::warn!(chain = %error.chain(), "Cannot keep an answer for later runs");
                None
            }
        }
    }

    /// Brings the kept files back into their budget, after some were added.
    pub(super) async fn tidy(&self) {
        let Some(kept) = self.kept() else { return };
        let kept = kept.clone();
        let work = move || {
            kept.tidy(Timestamp::now());
            Ok(())
        };
        if let Err(error) = blocking(work).await {
            tracing::warn!(chain = %error.chain(), "Cannot tidy the kept files");
        }
    }

    /// The error of the source, with the place in the report where there is one.
    pub(super) fn failed(&self, error: SourceError, statement: Option<&Statement>) -> EngineError {
        match error {
            SourceError::Cancelled => EngineError::Cancelled,
            SourceError::TooManyRows { limit } => EngineError::TooManyRows {
                block: self.block.name.clone(),
                limit,
            },
            source => EngineError::Source {
                place: place(&source, statement)
                    .map(|byte| Box::new(self.pipeline.report.place(byte))),
                block: self.block.name.clone(),
                source_name: self.source.name().to_owned(),
                source: Box::new(source),
            },
        }
    }

    fn extract(&self, statement: &Statement) -> Extract {
        let left = self.pipeline.deadline.remaining();
        Extract {
            sql: statement.sql.clone(),
            params: statement
                .binds
                .iter()
                .cloned()
                .map(convert::param)
                .collect(),
            backslash: convert::backslash(statement.backslash),
            comment: self.pipeline.comment.to_owned(),
            // Without a timeout of its own the block gets the source's, which the job's limit ends too.
            timeout: self
                .timeout
                .map(|timeout| left.map_or(timeout, |left| timeout.min(left))),
            max_rows: self.pipeline.max_rows,
            zone: self.pipeline.report.timezone.clone(),
            opened: None,
        }
    }

    fn reach(&self, step: Step) {
        let place = Step::ALL
            .iter()
            .position(|other| *other == step)
            .map_or(0, |place| place + 1);
        if self.reached.fetch_max(place, Ordering::Relaxed) < place {
            self.pipeline.meter.step(step);
        }
    }
}

/// The byte of the report's text a source complains about.
fn place(error: &SourceError, statement: Option<&Statement>) -> Option<usize> {
    match error {
        SourceError::Sql {
            offset: Some(offset),
            ..
        } => statement?.written_at(*offset),
        _ => None,
    }
}
