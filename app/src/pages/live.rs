//! What a run says of itself, for its island and in the events that keep it up to date.

use lang::Lang;
use serde::Serialize;

use crate::components::StepWords;
use crate::format;
use crate::islands::{LiveNews, LiveWords};
use crate::text::{Texts, texts_of};
use crate::view::{RunLive, RunState, StepState, StepView};

/// A run as it changes, with the words its page shows beside the plain values.
#[derive(Debug, Serialize)]
pub struct SpokenLive {
    #[serde(flatten)]
    live: RunLive,
    words: LiveWords,
}

/// What events and `/api/run/live` carry.
pub fn live_news(live: RunLive, lang: Lang) -> SpokenLive {
    let words = words(texts_of(lang), &live);
    SpokenLive { live, words }
}

/// What the island starts with.
pub(crate) fn news(texts: &Texts, live: &RunLive) -> LiveNews {
    LiveNews {
        seq: live.seq,
        elapsed_ms: live.elapsed_ms,
        words: words(texts, live),
    }
}

/// `실행 중 184,000행 · 월별 매출`.
pub(crate) fn title(texts: &Texts, live: &RunLive, name: &str) -> String {
    format!("{} · {name}", state_and_rows(texts, live))
}

fn state_and_rows(texts: &Texts, live: &RunLive) -> String {
    let state = texts.state(live.state);
    match live.state {
        RunState::Running if live.rows > 0 => format!("{state} {}", (texts.rows)(live.rows)),
        _ => state.to_owned(),
    }
}

/// The steps in words.
pub(crate) fn steps(texts: &Texts, steps: &[StepView]) -> Vec<StepWords> {
    steps.iter().map(|step| step_words(texts, step)).collect()
}

fn words(texts: &Texts, live: &RunLive) -> LiveWords {
    let active = live
        .steps
        .iter()
        .find(|step| step.state == StepState::Active);
    let step = active.map_or(texts.state(live.state), |step| texts.step(step.step));
    let label = if live.can_leave {
        texts.leave
    } else {
        texts.cancel
    };
    LiveWords {
        is_finished: live.state.is_finished(),
        is_running: live.state == RunState::Running,
        state: state_and_rows(texts, live),
        heading: texts.live_title(live.state).to_owned(),
        notes: queue_line(live)
            .into_iter()
            .chain(live.shared.clone())
            .collect(),
        retry: live.retry.as_ref().map(|retry| {
            let (at, attempt, most) = (&retry.at.text, retry.attempt, retry.max_attempts);
            (texts.retry_note)(&retry.reason, at, attempt, most)
        }),
        steps: steps(texts, &live.steps),
        progress: format!("{step}, {}", (texts.rows)(live.rows)),
        stop: live.can_cancel.then(|| label.to_owned()),
        is_leaving: live.can_leave,
        is_stopping: live.is_stopping,
    }
}

/// Where it stands in line, and what keeps it.
fn queue_line(live: &RunLive) -> Option<String> {
    let parts = [live.queue_line.clone(), live.queue_reason.clone()];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>();
    (live.state == RunState::Queued && !parts.is_empty()).then(|| parts.join(" "))
}

fn step_words(texts: &Texts, step: &StepView) -> StepWords {
    let state_word = match step.state {
        StepState::Ahead => texts.step_ahead,
        StepState::Active => texts.step_active,
        StepState::Done => texts.step_done,
        StepState::Stopped => texts.step_stopped,
    };
    let rows = match (step.rows, step.total) {
        (Some(rows), Some(total)) => {
            Some(format!("{} / {}", lang::grouped(rows), (texts.rows)(total)))
        }
        (Some(rows), None) => Some((texts.rows)(rows)),
        (None, _) => None,
    };
    let share = step
        .total
        .filter(|_| step.state == StepState::Active)
        .map(|total| format!("{}%", format::percent(step.rows.unwrap_or(0), total)));
    let bytes = step.bytes.filter(|bytes| *bytes > 0).map(format::bytes);
    let details = [rows, bytes, share].into_iter().flatten();
    let time = step.ms.map(|ms| format::duration(texts.lang, ms));
    StepWords {
        state: step.state,
        state_word: state_word.to_owned(),
        name: texts.step(step.step).to_owned(),
        details: details.collect::<Vec<_>>().join(" · "),
        time: time.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Step;

    fn running() -> RunLive {
        RunLive {
            seq: 7,
            state: RunState::Running,
            steps: StepView::list(Some(Step::FetchingRows), false),
            elapsed_ms: 3_000,
            rows: 184_000,
            can_cancel: true,
            ..RunLive::default()
        }
    }

    #[test]
    fn what_the_browser_reads_of_an_event_is_what_the_page_began_with() {
        for lang in [Lang::Ko, Lang::En] {
            let sent = serde_json::to_string(&live_news(running(), lang)).unwrap();
            let read: LiveNews = serde_json::from_str(&sent).unwrap();
            assert_eq!(read, news(texts_of(lang), &running()));
            assert!(sent.contains("\"state\":\"running\""), "{sent}");
        }
    }

    #[test]
    fn a_run_that_is_left_is_not_cancelled() {
        let live = RunLive {
            can_leave: true,
            ..running()
        };
        let words = words(texts_of(Lang::En), &live);
        assert_eq!(words.stop.as_deref(), Some("Stop following"));
        assert!(words.is_leaving);
        assert_eq!(words.state, "Running 184,000 rows");
    }
}
