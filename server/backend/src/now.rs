//! What happens now, over all processes of this installation; administrators only.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use app::AppError;
use app::error::Thing;
use app::view::{
    ActiveRun, FireView, Lane, NowAction, NowView, QueuedRun, Viewer, WorkerName, WorkerState,
    WorkerView,
};
use catalogue::Found;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lang::Lang;
use store::{
    LaneRow, Page, Person, PersonId, QueuedRow, RunFilter, RunId, RunRow, RunState, RunSummary,
    StoreError, UpcomingFire, Usual, WorkerRow,
};

use super::list::{elapsed_ms, ms};
use super::live::detail;
use super::names::Names;
use super::{BackendService, OrUnavailable, durations, local_time, messages, unavailable};

/// Queued runs that are listed; the rest is a number.
const LISTED: u32 = 50;
/// Running runs that are listed: more than any installation has.
const RUNNING: u32 = 200;
/// How far fires are foreseen, and how long a lost worker is remembered.
const DAY: Duration = Duration::from_hours(24);

impl BackendService {
    pub(super) async fn now_view(
        &self,
        viewer: &Viewer,
        now: Timestamp,
    ) -> Result<NowView, AppError> {
        self.administrator(viewer).await?;
        let only_running = RunFilter {
            states: vec![RunState::Running],
            ..RunFilter::default()
        };
        let page = Page {
            before: None,
            limit: RUNNING,
        };
        let store = &self.store;
        let ((running, _), queue, queued, lanes, workers, reads, owners, fires) = tokio::try_join!(
            store.runs(&only_running, &page),
            store.queue(LISTED),
            store.queued(),
            store.lanes(),
            store.workers(now - DAY),
            store.sources_of_open_runs(),
            store.owners_of_open_runs(),
            store.upcoming_fires(now + DAY),
        )
        .or_unavailable()?;
        let mut sources: HashMap<RunId, Vec<String>> = HashMap::new();
        for (run, source) in reads {
            sources.entry(run).or_default().push(source);
        }
        let listed = running.iter().map(|row| row.id.as_str());
        let listed: HashSet<&str> = listed
            .chain(queue.iter().map(|row| row.id.as_str()))
            .collect();
        let mut owned: HashMap<RunId, Vec<PersonId>> = HashMap::new();
        for (run, person) in owners {
            if listed.contains(run.as_str()) {
                owned.entry(run).or_default().push(person);
            }
        }
        let people = owned.values().flatten();
        let people = people.chain(fires.iter().map(|fire| &fire.owner_id));
        let names = self.names_of(people).await?;
        let reports: BTreeSet<&str> = running.iter().map(|row| row.report_id.as_str()).collect();
        let reports: Vec<&str> = reports.into_iter().collect();
        let usual = self.usual_of_all(&reports).await?;
        let look = Look {
            service: self,
            viewer,
            now,
            names,
            usual,
            sources,
            owned,
        };
        let workers: Vec<WorkerView> = workers
            .iter()
            .map(|worker| look.worker(worker, &running))
            .collect();
        let is_worked = workers
            .iter()
            .any(|worker| worker.state == WorkerState::Working);
        let mut active: Vec<ActiveRun> = running
            .iter()
            .map(|row| look.active(row, &workers))
            .collect();
        let mut waiting = Vec::with_capacity(queue.len());
        for row in &queue {
            waiting.push(look.queued(row, is_worked).await?);
        }
        active.sort_by_key(|run| std::cmp::Reverse(run.elapsed_ms));
        Ok(NowView {
            at: local_time::of(now, &local_time::default_zone(), viewer.lang),
            running: active,
            queue: waiting,
            queued: count(queued),
            sources: self.known_lanes(lanes),
            workers,
            fires: fires.iter().map(|fire| look.fire(fire)).collect(),
        })
    }

    pub(super) async fn pause(
        &self,
        viewer: &Viewer,
        source: &str,
        is_paused: bool,
        now: Timestamp,
    ) -> Result<(), AppError> {
        self.administrator(viewer).await?;
        self.store
            .pause_source(source, is_paused)
            .await
            .map_err(|error| missing(&error, Thing::Source))?;
        let action = match is_paused {
            true => NowAction::PauseSource,
            false => NowAction::ResumeSource,
        };
        self.record(viewer, action, source, now).await
    }

    pub(super) async fn drain(
        &self,
        viewer: &Viewer,
        worker: &str,
        is_draining: bool,
        now: Timestamp,
    ) -> Result<(), AppError> {
        self.administrator(viewer).await?;
        self.store
            .drain_worker(&worker.into(), is_draining, now)
            .await
            .map_err(|error| missing(&error, Thing::Worker))?;
        let action = match is_draining {
            true => NowAction::DrainWorker,
            false => NowAction::ResumeWorker,
        };
        self.record(viewer, action, worker, now).await
    }

    /// Writes who did what into the audit log, and says it in ours.
    pub(super) async fn record(
        &self,
        viewer: &Viewer,
        action: NowAction,
        of: &str,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let action = action.as_str();
        tracing::info!(person.id = %viewer.id, action, of, "Asked for {action} of {of}");
        self.store
            .audit(&viewer.id, action, of, "{}", now)
            .await
            .or_unavailable()
    }

    /// Who executes or executed a run last, as its page says it to those who may know.
    pub(super) async fn executed_by(
        &self,
        person: &Person,
        lang: Lang,
        row: &RunRow,
    ) -> Result<Option<String>, AppError> {
        let Some(name) = row
            .last_worker
            .as_ref()
            .filter(|_| self.shows_endpoints(person))
        else {
            return Ok(None);
        };
        let worker = self.store.worker(name).await.or_unavailable()?;
        Ok(worker.map(|worker| messages::executed_by(&worker.host, worker.pid, lang)))
    }

    /// Sources of the settings, and others only while runs still need them.
    fn known_lanes(&self, lanes: Vec<LaneRow>) -> Vec<Lane> {
        let is_configured = |name: &str| {
            let mut sources = self.settings.sources.iter();
            sources.any(|source| source.name == name)
        };
        lanes
            .into_iter()
            .filter(|lane| lane.running > 0 || lane.queued > 0 || is_configured(&lane.id))
            .map(|lane| Lane {
                running: count(lane.running),
                max_running: count(lane.max_running),
                queued: count(lane.queued),
                is_paused: lane.paused,
                name: lane.id,
            })
            .collect()
    }
}

/// What every row of the page needs to know.
struct Look<'a> {
    service: &'a BackendService,
    viewer: &'a Viewer,
    now: Timestamp,
    names: Names,
    /// By report that runs.
    usual: HashMap<String, Usual>,
    /// By run.
    sources: HashMap<RunId, Vec<String>>,
    /// By run: who wants it.
    owned: HashMap<RunId, Vec<PersonId>>,
}

impl Look<'_> {
    fn active(&self, row: &RunSummary, workers: &[WorkerView]) -> ActiveRun {
        let usual = self.usual.get(&row.report_id).copied();
        let worker = row.worker.as_deref().map(|name| {
            let known = workers.iter().find(|worker| worker.worker.name == name);
            known.map_or_else(
                || WorkerName {
                    name: name.to_owned(),
                    host: String::new(),
                },
                |known| known.worker.clone(),
            )
        });
        ActiveRun {
            id: row.id.to_string(),
            title: row.title.clone(),
            person: self.owners_of(&row.id),
            sources: self.sources_of(&row.id),
            step: row.step,
            rows: ms(row.rows_done),
            total: row
                .step
                .and_then(|step| detail(row).steps.get(&step)?.total),
            elapsed_ms: elapsed_ms(row, self.now).unwrap_or(0),
            usual: usual.map(durations::view),
            attempt: count(row.attempt),
            worker,
            is_stopping: row.cancel_at.is_some(),
        }
    }

    async fn queued(&self, row: &QueuedRow, is_worked: bool) -> Result<QueuedRun, AppError> {
        let (limits, lang) = (&self.service.settings.limits, self.viewer.lang);
        let not_before = row.place.not_before;
        let later = (not_before > self.now)
            .then(|| local_time::of(not_before, &local_time::default_zone(), lang))
            .map(|at| messages::tried_again(&at.text, lang));
        let reason = later
            .or_else(|| messages::queue_reason(&row.place, limits, lang))
            .or_else(|| (!is_worked).then(|| messages::no_worker(lang)));
        let zone = local_time::default_zone();
        let expected = self
            .service
            .expected(&row.id, &row.report_id, &zone, lang, self.now);
        let expected = expected.await?.map(|expected| {
            messages::line::expected(expected.starts_in, expected.done_at.as_deref(), lang)
        });
        Ok(QueuedRun {
            id: row.id.to_string(),
            title: row.title.clone(),
            person: self.owners_of(&row.id),
            sources: self.sources_of(&row.id),
            place: count(row.place.place),
            reason,
            expected,
            waited_ms: local_time::ms_between(row.created_at, self.now),
        })
    }

    fn worker(&self, row: &WorkerRow, running: &[RunSummary]) -> WorkerView {
        let runs: Vec<(String, String)> = running
            .iter()
            .filter(|run| run.worker.as_deref() == Some(row.name.as_str()))
            .map(|run| (run.id.to_string(), run.title.clone()))
            .collect();
        let state = match (row.lost_at, row.drain_at) {
            (Some(_), _) => WorkerState::Lost,
            (None, None) => WorkerState::Working,
            (None, Some(_)) if runs.is_empty() => WorkerState::Drained,
            (None, Some(_)) => WorkerState::Draining,
        };
        WorkerView {
            worker: WorkerName {
                name: row.name.to_string(),
                host: row.host.clone(),
            },
            pid: count(row.pid),
            version: row.version.clone(),
            since: local_time::of(
                row.started_at,
                &local_time::default_zone(),
                self.viewer.lang,
            ),
            beat_age_ms: local_time::ms_between(row.beat_at, self.now),
            memory_used_mb: count(row.memory_given_mb),
            memory_mb: count(row.memory_mb),
            runs,
            state,
        }
    }

    fn fire(&self, fire: &UpcomingFire) -> FireView {
        let found = fire
            .report_id
            .parse()
            .map(|id| self.service.catalogue.find(&id));
        let title = match found {
            Ok(Found::Report(report)) => report.title.get(self.viewer.lang).to_owned(),
            _ => fire.report_id.clone(),
        };
        let zone = TimeZone::get(&fire.zone).unwrap_or(TimeZone::UTC);
        FireView {
            report_id: fire.report_id.clone(),
            title,
            owner: self.names.of(&fire.owner_id),
            at: local_time::of(fire.at, &zone, self.viewer.lang),
            zone: fire.zone.clone(),
            fired_by: fire
                .last_host
                .as_deref()
                .zip(fire.last_pid)
                .map(|(host, pid)| messages::executed_by(host, pid, self.viewer.lang)),
        }
    }

    /// Everybody who wants a run, whoever came first first.
    fn owners_of(&self, run: &str) -> String {
        let owners = self.owned.get(run).into_iter().flatten();
        let names: Vec<String> = owners.map(|person| self.names.of(person)).collect();
        names.join(", ")
    }

    fn sources_of(&self, run: &str) -> Vec<String> {
        self.sources.get(run).cloned().unwrap_or_default()
    }
}

/// A number of the tables, which are never negative there.
fn count(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

fn missing(error: &StoreError, thing: Thing) -> AppError {
    match error {
        StoreError::Missing { .. } => AppError::NotFound { thing },
        error => unavailable(error),
    }
}
