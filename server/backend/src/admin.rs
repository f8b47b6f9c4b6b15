//! What administrators see: every report file with everything that is wrong with it.

use app::AppError;
use app::view::{AdminReport, AdminReportState, AdminReportsView, Moment, Viewer};
use catalogue::Entry;
use lang::Lang;
use report::{Report, Severity};

use super::{BackendService, OrUnavailable, local_time};

impl BackendService {
    pub(super) async fn admin_reports_view(
        &self,
        viewer: &Viewer,
    ) -> Result<AdminReportsView, AppError> {
        self.administrator(viewer).await?;
        let mut entries = Vec::new();
        for entry in self.catalogue.entries() {
            let state = self.state_of(&entry, viewer).await?;
            entries.push((entry, state));
        }
        let lang = viewer.lang;
        // Drawing the problems of many files takes a while, and every other page waits for the threads of the runtime.
        let drawing = tokio::task::spawn_blocking(move || {
            let views = entries
                .into_iter()
                .map(|(entry, state)| view(&entry, state, lang));
            views.collect::<Vec<_>>()
        });
        let mut reports = drawing
            .await
            .map_err(|error| AppError::internal("draw the problems of reports", &error))?;
        reports.sort_by(|a, b| {
            let rank = |report: &AdminReport| (report.errors == 0, report.warnings == 0);
            rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id))
        });
        Ok(AdminReportsView {
            folder: self.settings.queries_dir.display().to_string(),
            read_at: Some(local_time::of(
                self.catalogue.read_at(),
                &local_time::default_zone(),
                viewer.lang,
            )),
            reports,
        })
    }

    async fn state_of(&self, entry: &Entry, viewer: &Viewer) -> Result<AdminReportState, AppError> {
        Ok(match &entry.report {
            None => AdminReportState::Broken,
            Some(report) if entry.is_outdated => AdminReportState::LastGood {
                since: self.first_seen(report, viewer).await?.unwrap_or_default(),
            },
            Some(_) => AdminReportState::InUse,
        })
    }

    /// Since when the version in use was good, when the file on disk is not; administrators only.
    pub(super) async fn last_good_since(
        &self,
        viewer: &Viewer,
        report: &Report,
    ) -> Result<Option<Moment>, AppError> {
        let entries = self.catalogue.entries();
        let is_outdated = entries
            .iter()
            .any(|entry| entry.is_outdated && entry.id.as_ref() == Some(&report.id));
        if !is_outdated || !viewer.is_admin {
            return Ok(None);
        }
        self.first_seen(report, viewer).await
    }

    async fn first_seen(
        &self,
        report: &Report,
        viewer: &Viewer,
    ) -> Result<Option<Moment>, AppError> {
        let revision = self.store.revision(&report.hash).await.or_unavailable()?;
        Ok(revision
            .map(|revision| local_time::of(revision.first_seen_at, &report.timezone, viewer.lang)))
    }
}

fn view(entry: &Entry, state: AdminReportState, lang: Lang) -> AdminReport {
    let path = entry.path.display().to_string();
    let count = |severity: Severity| {
        let found = entry
            .problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    let rendered: Vec<String> = entry
        .problems
        .iter()
        .map(|problem| problem.render(&path, &entry.text))
        .collect();
    AdminReport {
        id: entry
            .id
            .as_ref()
            .map_or_else(|| path.clone(), ToString::to_string),
        title: entry
            .report
            .as_ref()
            .map(|report| report.title.get(lang).to_owned()),
        state,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        rendered: rendered.join("\n"),
        run_groups: entry
            .report
            .as_ref()
            .map(|report| report.access.run.clone())
            .unwrap_or_default(),
        path,
    }
}
