//! Home and the history: lists of reports and runs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use app::AppError;
use app::view::{
    Chip, Folder, HomeView, Moment, ReportCard, RunCard, RunState, RunsFilter, RunsView, Viewer,
};
use catalogue::Found;
use identity::rights::{may_run, may_view};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lang::Lang;
use report::Report;
use report::Summary;
use store::{Page, Person, RunFilter, RunId, RunSummary};

use super::{BackendService, OrUnavailable, durations, local_time, messages};

/// Finished runs on the home page.
const RECENT: u32 = 6;
/// Runs on one page of the history.
const PAGE: u32 = 25;

const FINISHED: [RunState; 3] = [RunState::Succeeded, RunState::Failed, RunState::Cancelled];

impl BackendService {
    pub(super) async fn home_view(
        &self,
        viewer: &Viewer,
        now: Timestamp,
    ) -> Result<HomeView, AppError> {
        let person = self.person(viewer).await?;
        let open = self.store.running_for(&person.id).await.or_unavailable()?;
        let filter = RunFilter {
            user_id: Some(person.id.clone()),
            without_left: true,
            states: FINISHED.to_vec(),
            ..RunFilter::default()
        };
        let page = Page {
            before: None,
            limit: RECENT,
        };
        let (recent, _) = self.store.runs(&filter, &page).await.or_unavailable()?;
        let entries = self.catalogue.entries();
        let broken = entries.iter().filter(|entry| entry.is_broken()).count();
        Ok(HomeView {
            running: self.cards(viewer, &person, &open, now).await?,
            recent: self.cards(viewer, &person, &recent, now).await?,
            folders: self.folders(viewer, &person).await?,
            broken_reports: if person.is_admin {
                u32::try_from(broken).unwrap_or(u32::MAX)
            } else {
                0
            },
        })
    }

    async fn folders(&self, viewer: &Viewer, person: &Person) -> Result<Vec<Folder>, AppError> {
        let last_runs: HashMap<String, Timestamp> = self
            .store
            .reports_run_by(&person.id)
            .await
            .or_unavailable()?
            .into_iter()
            .map(|(report, _, last_at)| (report, last_at))
            .collect();
        let outdated: Vec<_> = self
            .catalogue
            .entries()
            .into_iter()
            .filter(|entry| person.is_admin && entry.is_broken())
            .filter_map(|entry| entry.id)
            .collect();
        let mut folders: BTreeMap<String, Vec<ReportCard>> = BTreeMap::new();
        let mut reports = self.catalogue.reports();
        reports.retain(|report| may_view(person, report));
        let ids: Vec<&str> = reports.iter().map(|report| report.id.as_str()).collect();
        let usual = self.usual_of_all(&ids).await?;
        for report in &reports {
            let last_run = last_runs
                .get(report.id.as_str())
                .map(|at| local_time::of(*at, &report.timezone, viewer.lang));
            let usual_ms = usual
                .get(report.id.as_str())
                .map(|usual| durations::ms(usual.p50));
            let is_broken = outdated.contains(&report.id);
            let card = report_card(report, person, viewer.lang, last_run, usual_ms, is_broken);
            folders
                .entry(report.id.folder().to_owned())
                .or_default()
                .push(card);
        }
        Ok(folders
            .into_iter()
            .map(|(name, mut reports)| {
                reports.sort_by(|a, b| a.title.cmp(&b.title));
                Folder { name, reports }
            })
            .collect())
    }

    pub(super) async fn runs_view(
        &self,
        viewer: &Viewer,
        filter: RunsFilter,
        now: Timestamp,
    ) -> Result<RunsView, AppError> {
        let person = self.person(viewer).await?;
        let everyone = filter.everyone && person.is_admin;
        let wanted = RunFilter {
            user_id: (!everyone).then(|| person.id.clone()),
            states: filter.state.into_iter().collect(),
            report_id: filter.report,
            ..RunFilter::default()
        };
        let page = Page {
            before: filter.before,
            limit: PAGE,
        };
        let (rows, older) = self.store.runs(&wanted, &page).await.or_unavailable()?;
        let reports = self
            .store
            .reports_run_by(&person.id)
            .await
            .or_unavailable()?;
        Ok(RunsView {
            runs: self.cards(viewer, &person, &rows, now).await?,
            older,
            reports: reports
                .into_iter()
                .map(|(id, title, _)| (id, title))
                .collect(),
        })
    }

    /// The viewer's latest run of a report.
    pub(super) async fn last_run(
        &self,
        viewer: &Viewer,
        person: &Person,
        report: &str,
        now: Timestamp,
    ) -> Result<Option<RunCard>, AppError> {
        let filter = RunFilter {
            user_id: Some(person.id.clone()),
            without_left: true,
            report_id: Some(report.to_owned()),
            ..RunFilter::default()
        };
        let page = Page {
            before: None,
            limit: 1,
        };
        let (rows, _) = self.store.runs(&filter, &page).await.or_unavailable()?;
        Ok(self.cards(viewer, person, &rows, now).await?.pop())
    }

    async fn cards(
        &self,
        viewer: &Viewer,
        person: &Person,
        rows: &[RunSummary],
        now: Timestamp,
    ) -> Result<Vec<RunCard>, AppError> {
        let names = self.names_of(rows.iter().map(|row| &row.user_id)).await?;
        let reports: BTreeSet<&str> = rows.iter().map(|row| row.report_id.as_str()).collect();
        let reports: Vec<&str> = reports.into_iter().collect();
        let usual = self.usual_of_all(&reports).await?;
        let left = self.store.left_runs(&person.id).await.or_unavailable()?;
        let succeeded = rows.iter().filter(|row| row.state == RunState::Succeeded);
        let succeeded: Vec<&RunId> = succeeded.map(|row| &row.id).collect();
        let mut files = self.first_files(&succeeded).await?;
        let mut cards = Vec::with_capacity(rows.len());
        for row in rows {
            let mut card = self.card(viewer, person, row, now).await?;
            card.person = names.of(&row.user_id);
            card.usual_ms = usual
                .get(&row.report_id)
                .map(|usual| durations::ms(usual.p50));
            card.file = files.remove(&row.id);
            if left.contains(&row.id) {
                card.note = Some(messages::shared::left(viewer.lang));
            }
            cards.push(card);
        }
        Ok(cards)
    }

    /// A card without what is asked for once for all of a list: name, usual time and file.
    async fn card(
        &self,
        viewer: &Viewer,
        person: &Person,
        row: &RunSummary,
        now: Timestamp,
    ) -> Result<RunCard, AppError> {
        let report = self.report_of(row);
        let zone = self.zone_of(row);
        let state = row.state;
        let error = (state == RunState::Failed).then(|| messages::error_sentence(row, viewer.lang));
        Ok(RunCard {
            id: row.id.to_string(),
            report_id: row.report_id.clone(),
            title: row.title.clone(),
            state,
            chips: self.chips(row, viewer.lang),
            person: String::new(),
            created: local_time::of(row.created_at, &zone, viewer.lang),
            elapsed_ms: elapsed_ms(row, now),
            usual_ms: None,
            step: row.step.filter(|_| state == RunState::Running),
            rows: matches!(state, RunState::Running | RunState::Succeeded)
                .then(|| ms(row.rows_done)),
            file: None,
            error,
            note: self.line_of(row, &zone, viewer.lang, now).await?,
            can_run_again: report.is_some_and(|report| may_run(person, &report)),
        })
    }

    /// The zone in which people read the times of a run: its report's.
    pub(super) fn zone_of(&self, row: &RunSummary) -> TimeZone {
        self.report_of(row)
            .map_or_else(local_time::default_zone, |report| report.timezone.clone())
    }

    /// The report of a run as it is today.
    pub(super) fn report_of(&self, row: &RunSummary) -> Option<std::sync::Arc<Report>> {
        let id = row.report_id.parse().ok()?;
        match self.catalogue.find(&id) {
            Found::Report(report) => Some(report),
            Found::Moved(present) => match self.catalogue.find(&present) {
                Found::Report(report) => Some(report),
                Found::Moved(_) | Found::Nothing => None,
            },
            Found::Nothing => None,
        }
    }

    /// The values of a run for people: in the reader's language while the report is unchanged, else
    /// as they were written down.
    pub(super) fn chips(&self, row: &RunSummary, lang: Lang) -> Vec<Chip> {
        let stored: Summary = serde_json::from_str(&row.chips_json).unwrap_or_default();
        let unchanged = self
            .report_of(row)
            .filter(|report| report.hash == row.report_revision);
        let chips = match (unchanged, serde_json::from_str(&row.values_json)) {
            (Some(report), Ok(values)) => report.describe(&values, lang, &stored.labels),
            _ => stored.chips,
        };
        chips
            .into_iter()
            .map(|(label, value)| Chip { label, value })
            .collect()
    }
}

fn report_card(
    report: &Report,
    person: &Person,
    lang: Lang,
    last_run: Option<Moment>,
    usual_ms: Option<u64>,
    is_broken: bool,
) -> ReportCard {
    let words = lang;
    ReportCard {
        id: report.id.to_string(),
        title: report.title.get(words).to_owned(),
        description: report
            .description
            .as_ref()
            .map(|text| text.get(words).to_owned()),
        owner: report.owner.clone(),
        last_run,
        usual_ms,
        can_run: may_run(person, report),
        is_broken,
    }
}

/// From its last claim to its end or until `now`; absent while queued.
pub(super) fn elapsed_ms(row: &RunSummary, now: Timestamp) -> Option<u64> {
    let since = row.claimed_at?;
    let until = match row.state {
        RunState::Queued => return None,
        RunState::Running => now,
        _ => row.finished_at.unwrap_or(since),
    };
    Some(local_time::ms_between(since, until))
}

/// A count of the tables, which are never negative there.
pub(super) fn ms(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
