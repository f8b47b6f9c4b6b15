//! One run with everything its page shows.

use app::AppError;
use app::view::{RunError, RunState, RunView, ShiftView, Viewer};
use identity::rights::may_run;
use jiff::Timestamp;
use lang::{FailureClass, Text};
use report::{Report, Value, Values};
use store::RunRow;

use super::{BackendService, OrUnavailable, durations, local_time, messages};

impl BackendService {
    pub(super) async fn run_view(
        &self,
        viewer: &Viewer,
        run: &str,
        now: Timestamp,
    ) -> Result<RunView, AppError> {
        let person = self.person(viewer).await?;
        let row = self.visible_run(&person, run).await?;
        let report = self.report_of(&row);
        let zone = self.zone_of(&row);
        let at = |at| local_time::of(at, &zone, viewer.lang);
        let live = self.live(&row, &person, viewer.lang, now).await?;
        let error =
            (live.state == RunState::Failed).then(|| run_error(&row, viewer, person.is_admin));
        let stop_confirmed = match live.state {
            RunState::Cancelled => self.stop_confirmed(&row).await?,
            _ => None,
        };
        let result = match live.state {
            RunState::Succeeded => Some(
                self.result_view(viewer, &person, &row, report.as_deref(), now)
                    .await?,
            ),
            _ => None,
        };
        let values: Option<Values> = serde_json::from_str(&row.values_json).ok();
        let shift = report
            .as_deref()
            .zip(values.as_ref())
            .and_then(|(report, values)| shift(report, values, now));
        Ok(RunView {
            id: row.id.to_string(),
            report_id: row.report_id.clone(),
            title: row.title.clone(),
            person: if row.user_id == person.id {
                person.name.clone()
            } else {
                self.name_of(&row.user_id).await?
            },
            is_mine: row.user_id == person.id,
            chips: self.chips(&row, viewer.lang),
            created: at(row.created_at),
            started: row.claimed_at.map(at),
            finished: row.finished_at.map(at),
            usual: self.usual_of(&row.report_id).await?.map(durations::view),
            can_run_again: report
                .as_deref()
                .is_some_and(|report| may_run(&person, report)),
            shift,
            revision: row.report_revision.clone(),
            executed_by: self.executed_by(&person, viewer.lang, &row).await?,
            live,
            error,
            stop_confirmed,
            result,
        })
    }
}

impl BackendService {
    /// What the last event of a cancelled run says; a run that never ran had nothing to stop.
    async fn stop_confirmed(&self, row: &RunRow) -> Result<Option<bool>, AppError> {
        let events = self.store.events(&row.id, 0).await.or_unavailable()?;
        let last = events.iter().rev().find(|event| event.kind == "cancelled");
        Ok(last
            .filter(|event| event.attempt > 0)
            .and_then(|event| serde_json::from_str::<serde_json::Value>(&event.data).ok())
            .and_then(|data| data["source_confirmed"].as_bool()))
    }
}

fn run_error(row: &RunRow, viewer: &Viewer, is_admin: bool) -> RunError {
    let told = messages::told(row);
    let message = told.message;
    let part =
        |part: Option<Text>| part.map_or_else(String::new, |part| part.get(viewer.lang).to_owned());
    RunError {
        class: row.failure_class().unwrap_or(FailureClass::Internal),
        what: message.what.get(viewer.lang).to_owned(),
        affected: part(message.affected),
        advice: part(message.advice),
        reference: row.id.to_string(),
        rows: told.rows,
        chain: row.error_chain.clone().filter(|_| is_admin),
    }
}

/// The periods before and after those of the run, as days.
fn shift(report: &Report, values: &Values, now: Timestamp) -> Option<ShiftView> {
    let days = |by: i32| {
        let shifted = report.shift(values, by)?;
        shifted.0.values().find_map(|value| match value {
            Value::Period { from, until } => Some((*from, until.yesterday().ok()?)),
            _ => None,
        })
    };
    let today = now.to_zoned(report.timezone.clone()).date();
    let text = |(from, last_day)| format!("{from} ~ {last_day}");
    Some(ShiftView {
        previous: text(days(-1)?),
        next: days(1).filter(|(from, _)| *from <= today).map(text),
    })
}
