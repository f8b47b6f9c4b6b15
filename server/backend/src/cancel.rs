//! Stopping runs: for everybody, or only for one of those who want them.

use app::AppError;
use app::view::{CancelView, NowAction, Viewer};
use jiff::Timestamp;
use store::CancelOutcome;
use worker::Why;

use super::{BackendService, OrUnavailable};

impl BackendService {
    /// Asks a run to stop, for one of those who want it: with others it goes on.
    pub(super) async fn cancel(
        &self,
        viewer: &Viewer,
        run: &str,
        now: Timestamp,
    ) -> Result<CancelView, AppError> {
        let person = self.person(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        let store = &self.store;
        let outcome = match store.is_owner(&row.id, &person.id).await {
            Ok(true) => store.leave(&row.id, &person.id, now).await,
            // Administrators see everybody's runs; what they stop is stopped for all.
            Ok(false) => store.cancel(&row.id, &person.id, now).await,
            Err(error) => Err(error),
        };
        let outcome = outcome.or_unavailable()?;
        self.stopped(viewer, &row.id, outcome, now).await
    }

    /// Asks a run to stop, whoever wants it; for administrators.
    pub(super) async fn stop_for_all(
        &self,
        viewer: &Viewer,
        run: &str,
        now: Timestamp,
    ) -> Result<CancelView, AppError> {
        let person = self.administrator(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        let outcome = self
            .store
            .cancel(&row.id, &person.id, now)
            .await
            .or_unavailable()?;
        self.stopped(viewer, &row.id, outcome, now).await
    }

    async fn stopped(
        &self,
        viewer: &Viewer,
        run: &str,
        outcome: CancelOutcome,
        now: Timestamp,
    ) -> Result<CancelView, AppError> {
        let asked = match outcome {
            CancelOutcome::AtOnce => CancelView::AtOnce,
            CancelOutcome::Asked => {
                // The heartbeat brings the wish within seconds; in this process it arrives at once.
                if let Some(running) = self.heartbeat.running(run) {
                    running.stop(Why::Cancelled);
                }
                CancelView::Asked
            }
            CancelOutcome::Left => {
                tracing::info!(run.id = run, person.id = %viewer.id, "Left run {run}, which goes on for others");
                return Ok(CancelView::Left);
            }
            CancelOutcome::AlreadyFinished(_) | CancelOutcome::Unknown => {
                return Ok(CancelView::AlreadyFinished);
            }
        };
        self.record(viewer, NowAction::CancelRun, run, now).await?;
        Ok(asked)
    }
}
