//! The changing part of a run.

use app::AppError;
use app::view::{Retry, RunLive, RunState, Step, StepView};
use engine::Outcome;
use jiff::Timestamp;
use lang::Lang;
use store::{EventRow, Person, RunRow, RunSummary};
use worker::Detail;

use super::list::{elapsed_ms, ms};
use super::{BackendService, OrUnavailable, local_time, messages};

impl BackendService {
    /// Where a run stands now, as one person reads it.
    pub(super) async fn live(
        &self,
        row: &RunRow,
        person: &Person,
        lang: Lang,
        now: Timestamp,
    ) -> Result<RunLive, AppError> {
        let sharing = self.sharing(row, person, lang, now).await?;
        let events = self.store.events(&row.id, 0).await.or_unavailable()?;
        let state = row.state;
        let mut live = RunLive {
            seq: events.last().map_or(0, |event| ms(event.seq)),
            state,
            elapsed_ms: elapsed_ms(row, now)
                .unwrap_or_else(|| local_time::ms_between(row.created_at, now)),
            rows: ms(row.rows_done),
            bytes: ms(row.bytes_done),
            is_stopping: state == RunState::Running && row.cancel_at.is_some(),
            can_cancel: sharing.may_stop && !state.is_finished(),
            can_leave: sharing.can_leave,
            shared: sharing.sentence,
            ..RunLive::default()
        };
        live.steps = match state {
            RunState::Succeeded => self.finished_steps(row, &events).await?,
            _ => open_steps(row, &events, now),
        };
        if state == RunState::Queued {
            let place = self.store.queue_place(&row.id).await.or_unavailable()?;
            if let Some(place) = place {
                live.queue_place = u32::try_from(place.place).ok();
                live.queue_reason = messages::queue_reason(&place, &self.settings.limits, lang);
                let zone = self.zone_of(row);
                let line = self.in_line(&row.id, &row.report_id, &place, &zone, lang, now);
                live.queue_line = Some(line.await?);
            }
            live.retry = retry(row, lang);
        }
        Ok(live)
    }

    async fn finished_steps(
        &self,
        row: &RunRow,
        events: &[EventRow],
    ) -> Result<Vec<StepView>, AppError> {
        let mut steps = StepView::list(None, true);
        let detail = detail(row);
        let outcome = self.store.outcome(&row.id).await.or_unavailable()?;
        let outcome: Option<Outcome> =
            outcome.and_then(|outcome| serde_json::from_str(&outcome.outcome_json).ok());
        for line in &mut steps {
            fill(line, &detail, None);
            let exact = outcome
                .as_ref()
                .and_then(|outcome| outcome.steps.iter().find(|step| step.step == line.step));
            if let Some(exact) = exact {
                line.ms = Some(exact.millis);
            }
            if line.step == Step::Waiting {
                line.ms = Some(waited_ms(row, events));
            }
        }
        Ok(steps)
    }
}

fn open_steps(row: &RunRow, events: &[EventRow], now: Timestamp) -> Vec<StepView> {
    let state = row.state;
    let detail = detail(row);
    let present = match (state, row.attempt) {
        (RunState::Queued, _) | (_, 0) => Step::Waiting,
        _ => furthest(row, &detail),
    };
    let mut steps = StepView::list(Some(present), state.is_finished());
    if state == RunState::Queued {
        return steps;
    }
    for line in &mut steps {
        let running_ms = (state == RunState::Running && Some(line.step) == row.step)
            .then(|| local_time::ms_between(detail.since, now))
            .filter(|_| detail.since > Timestamp::UNIX_EPOCH);
        fill(line, &detail, running_ms);
        if line.step == Step::Waiting && row.attempt > 0 {
            line.ms = Some(waited_ms(row, events));
        }
    }
    steps
}

/// Steps return for every extraction; the list never goes back for that.
fn furthest(row: &RunRow, detail: &Detail) -> Step {
    let seen = detail.steps.keys().copied();
    seen.chain(row.step).max().unwrap_or(Step::Connecting)
}

fn fill(line: &mut StepView, detail: &Detail, running_ms: Option<u64>) {
    let Some(step) = detail.steps.get(&line.step) else {
        return;
    };
    line.rows = Some(step.rows).filter(|rows| *rows > 0);
    line.bytes = Some(step.bytes).filter(|bytes| *bytes > 0);
    line.total = step.total;
    line.ms = Some(step.ms + running_ms.unwrap_or(0));
}

/// What the worker said about the progress.
pub(super) fn detail(row: &RunSummary) -> Detail {
    row.detail_json
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// From being queued to the first claim.
fn waited_ms(row: &RunRow, events: &[EventRow]) -> u64 {
    let claimed = events
        .iter()
        .find(|event| event.kind == "claimed")
        .map(|event| event.at);
    let claimed = claimed.or(row.started_at).unwrap_or(row.created_at);
    local_time::ms_between(row.created_at, claimed)
}

fn retry(row: &RunRow, lang: Lang) -> Option<Retry> {
    (row.fails > 0 || row.crashes > 0).then(|| Retry {
        attempt: u32::try_from(row.attempt).unwrap_or(0),
        max_attempts: u32::try_from(if row.fails > 0 {
            row.max_attempts
        } else {
            row.max_crashes
        })
        .unwrap_or(0),
        at: local_time::of(row.not_before, &local_time::default_zone(), lang),
        reason: messages::error_sentence(row, lang),
    })
}
