//! What queued runs expect: their place in line, and when they will start and be done.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::AppError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lang::Lang;
use store::{OpenRow, QueuePlace, RunId, RunState, RunSummary};
use tokio::sync::Mutex;

use super::messages::line;
use super::queue_simulation::{Queue, RunningRun, SourceLimit, Waiting, rest};
use super::{BackendService, OrUnavailable, local_time};

/// Everybody who waits looks every two seconds; one look is enough for all of them.
const FRESH: Duration = Duration::from_secs(1);
/// Runs further back in line are not played: nobody knows that far.
const LOOK_AHEAD: usize = 200;

/// The queue as it was seen last. Whoever looks holds the lock, so that the others wait for that look.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<Option<(Instant, Arc<Outlook>)>>);

/// What is expected of every queued run.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    /// When each starts; `None` where nobody can know.
    starts: HashMap<String, Option<Timestamp>>,
    /// What each queued run reads.
    reads: Vec<Vec<String>>,
}

/// When a run starts and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// From now.
    pub(super) starts_in: Duration,
    /// Wall time; absent when nobody knows how long it takes.
    pub(super) done_at: Option<String>,
}

impl BackendService {
    /// Place, start and end of a queued run in one sentence.
    pub(super) async fn in_line(
        &self,
        run: &str,
        report: &str,
        place: &QueuePlace,
        zone: &TimeZone,
        lang: Lang,
        now: Timestamp,
    ) -> Result<String, AppError> {
        let expected = self.expected(run, report, zone, lang, now).await?;
        let expected = expected.filter(|_| !place.source_paused);
        Ok(line::in_line(
            place.place,
            &place.source_id,
            expected.as_ref().map(|expected| expected.starts_in),
            expected
                .as_ref()
                .and_then(|expected| expected.done_at.as_deref()),
            lang,
        ))
    }

    /// Where a queued run stands in line.
    pub(super) async fn line_of(
        &self,
        row: &RunSummary,
        zone: &TimeZone,
        lang: Lang,
        now: Timestamp,
    ) -> Result<Option<String>, AppError> {
        if row.state != RunState::Queued {
            return Ok(None);
        }
        let place = self.store.queue_place(&row.id).await.or_unavailable()?;
        Ok(match place {
            Some(place) => Some(
                self.in_line(&row.id, &row.report_id, &place, zone, lang, now)
                    .await?,
            ),
            None => None,
        })
    }

    /// When a queued run starts and ends; `None` where nobody can know.
    pub(super) async fn expected(
        &self,
        run: &str,
        report: &str,
        zone: &TimeZone,
        lang: Lang,
        now: Timestamp,
    ) -> Result<Option<Expected>, AppError> {
        let outlook = self.outlook(Some(run), now).await?;
        let Some(start) = outlook.starts.get(run).copied().flatten() else {
            return Ok(None);
        };
        let start = start.max(now);
        let usual = self.usual_of(report).await?;
        Ok(Some(Expected {
            starts_in: Duration::try_from(start.duration_since(now)).unwrap_or_default(),
            done_at: usual.map(|usual| local_time::clock(start + usual.p50, now, zone, lang)),
        }))
    }

    /// Queued runs that read one of these sources.
    pub(super) async fn queued_for(
        &self,
        sources: &[&str],
        now: Timestamp,
    ) -> Result<usize, AppError> {
        let outlook = self.outlook(None, now).await?;
        let shares =
            |reads: &&Vec<String>| reads.iter().any(|read| sources.contains(&read.as_str()));
        Ok(outlook.reads.iter().filter(shares).count())
    }

    /// The queue as it is, or was a second ago; not from before `run` was queued.
    async fn outlook(&self, run: Option<&str>, now: Timestamp) -> Result<Arc<Outlook>, AppError> {
        let mut known = self.expected.0.lock().await;
        if let Some((since, outlook)) = known.as_ref()
            && since.elapsed() < FRESH
            && run.is_none_or(|run| outlook.starts.contains_key(run))
        {
            return Ok(Arc::clone(outlook));
        }
        let outlook = Arc::new(self.look_ahead(now).await?);
        *known = Some((Instant::now(), Arc::clone(&outlook)));
        Ok(outlook)
    }

    async fn look_ahead(&self, now: Timestamp) -> Result<Outlook, AppError> {
        let store = &self.store;
        let (open, reads, lanes, workers) = tokio::try_join!(
            store.open_runs(),
            store.sources_of_open_runs(),
            store.lanes(),
            // Only those that live.
            store.workers(Timestamp::MAX),
        )
        .or_unavailable()?;
        let mut sources: HashMap<RunId, Vec<String>> = HashMap::new();
        for (run, source) in reads {
            sources.entry(run).or_default().push(source);
        }
        let reports: BTreeSet<&str> = open.iter().map(|run| run.report_id.as_str()).collect();
        let reports: Vec<&str> = reports.into_iter().collect();
        let usual = self.usual_of_all(&reports).await?;
        let limits = &self.settings.limits;
        let count = |number: i64| usize::try_from(number).unwrap_or(0);
        // All runs are given the same memory, so a worker's memory is a number of runs.
        let each = i64::from(limits.memory_per_run_mb.max(1));
        let slots = workers.iter().filter(|worker| worker.drain_at.is_none());
        let mut queue = Queue {
            now,
            per_user: limits.runs_per_user as usize,
            slots: slots
                .map(|worker| count(worker.memory_mb / each).max(1))
                .sum(),
            ..Queue::default()
        };
        for lane in lanes {
            let limit = SourceLimit {
                max_running: count(lane.max_running),
                is_paused: lane.paused,
            };
            queue.lanes.insert(lane.id, limit);
        }
        let mut outlook = Outlook::default();
        for run in open {
            let reads = sources.remove(&run.id).unwrap_or_default();
            let usual = usual.get(&run.report_id).copied();
            if run.state == RunState::Running {
                let elapsed = run.claimed_at.map_or(Duration::ZERO, |since| {
                    Duration::from_millis(local_time::ms_between(since, now))
                });
                queue.running.push(RunningRun {
                    user: run.user_id.to_string(),
                    sources: reads,
                    rest: usual.map(|usual| rest(elapsed, usual)),
                });
                continue;
            }
            outlook.starts.insert(run.id.to_string(), None);
            outlook.reads.push(reads.clone());
            if queue.waiting.len() < LOOK_AHEAD {
                let lasts = usual.map(|usual| usual.p50);
                queue.waiting.push(waiting(run, reads, lasts));
            }
        }
        for (run, at) in queue.starts() {
            outlook.starts.insert(run, Some(at));
        }
        Ok(outlook)
    }
}

fn waiting(run: OpenRow, sources: Vec<String>, lasts: Option<Duration>) -> Waiting {
    Waiting {
        id: run.id.to_string(),
        user: run.user_id.to_string(),
        sources,
        priority: run.priority,
        created_at: run.created_at,
        not_before: run.not_before,
        served_at: run.served_at,
        lasts,
    }
}
