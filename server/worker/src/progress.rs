//! What a run has done so far, step by step, as it is stored with every heartbeat.

use std::collections::BTreeMap;

use engine::{Progress, Step};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Beat;

use super::sessions;

/// The steps of a running attempt; the JSON in `detail_json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What each step did.
    pub steps: BTreeMap<Step, StepDetail>,
    /// When the present step began this time; in JSON in milliseconds since 1970 in UTC.
    #[serde(
        rename = "since_ms",
        with = "jiff::fmt::serde::timestamp::millisecond::required"
    )]
    pub since: Timestamp,
}

/// What one step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDetail {
    /// Rows moved.
    pub rows: u64,
    /// Bytes moved; 0 where unknown.
    pub bytes: u64,
    /// Rows there will be, where known.
    pub total: Option<u64>,
    /// Time spent before the present visit; steps return for every extraction.
    pub ms: u64,
}

/// Follows the events of one child.
#[derive(Debug, Default)]
pub struct Tracker {
    step: Option<Step>,
    detail: Detail,
    /// Rows and bytes per step and block: events count from the start of each.
    counts: BTreeMap<(Step, Option<String>), (u64, u64)>,
}

impl Tracker {
    /// Notes an event and writes what is known now into the next beat.
    pub fn note(&mut self, progress: Progress, now: Timestamp, beat: &mut Beat) {
        match progress {
            Progress::Step { step } => self.enter(step, now),
            Progress::Rows {
                step,
                block,
                rows,
                bytes,
                total,
            } => {
                self.enter(step, now);
                self.counts.insert((step, block), (rows, bytes));
                let (rows, bytes) = self.sum(step);
                let detail = self.detail.steps.entry(step).or_default();
                detail.rows = rows;
                detail.bytes = bytes;
                detail.total = total.or(detail.total);
            }
            // Warnings are part of the outcome, where they are stored once.
            Progress::Warning { .. } => return,
            Progress::Sessions { running } => {
                beat.db_session = Some(sessions::to_text(&running));
                return;
            }
        }
        let (rows, bytes) = self.sum(Step::FetchingRows);
        beat.step = self.step;
        beat.rows_done = i64::try_from(rows).unwrap_or(i64::MAX);
        beat.bytes_done = i64::try_from(bytes).unwrap_or(i64::MAX);
        beat.detail_json = serde_json::to_string(&self.detail).ok();
    }

    fn enter(&mut self, step: Step, now: Timestamp) {
        if self.step == Some(step) {
            return;
        }
        if let Some(before) = self.step {
            let spent = now.duration_since(self.detail.since).as_millis();
            let spent = u64::try_from(spent).unwrap_or(0);
            self.detail.steps.entry(before).or_default().ms += spent;
        }
        self.step = Some(step);
        self.detail.since = now;
        self.detail.steps.entry(step).or_default();
    }

    fn sum(&self, step: Step) -> (u64, u64) {
        self.counts
            .iter()
            .filter(|((of, _), _)| *of == step)
            .fold((0, 0), |(rows, bytes), (_, (more_rows, more_bytes))| {
                (rows + more_rows, bytes + more_bytes)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    fn fetched(block: &str, rows: u64) -> Progress {
        Progress::Rows {
            step: Step::FetchingRows,
            block: Some(block.to_owned()),
            rows,
            bytes: rows * 10,
            total: None,
        }
    }

    #[test]
    fn the_sessions_named_last_are_stored() {
        let mut tracker = Tracker::default();
        let mut beat = Beat::default();
        let session = engine::RunningSession {
            source: "shop".to_owned(),
            session: "7@8".to_owned(),
        };
        let named = |running| Progress::Sessions { running };
        tracker.note(named(vec![session]), at(1), &mut beat);
        let stored = beat.db_session.clone().unwrap();
        assert!(stored.contains("7@8"), "{stored}");
        tracker.note(named(Vec::new()), at(2), &mut beat);
        assert_eq!(beat.db_session.as_deref(), Some("[]"));
        assert_eq!(beat.step, None, "sessions are no step");
    }

    #[test]
    fn rows_of_several_blocks_add_up_and_times_too() {
        let mut tracker = Tracker::default();
        let mut beat = Beat::default();
        tracker.note(
            Progress::Step {
                step: Step::Connecting,
            },
            at(1_000),
            &mut beat,
        );
        tracker.note(fetched("orders", 100), at(1_500), &mut beat);
        tracker.note(fetched("orders", 250), at(1_700), &mut beat);
        tracker.note(
            Progress::Step {
                step: Step::Connecting,
            },
            at(2_000),
            &mut beat,
        );
        tracker.note(fetched("customers", 50), at(2_100), &mut beat);
        assert_eq!(beat.rows_done, 300);
        assert_eq!(beat.bytes_done, 3_000);
        assert_eq!(beat.step, Some(Step::FetchingRows));
        let detail: Detail = serde_json::from_str(beat.detail_json.as_deref().unwrap()).unwrap();
        assert_eq!(detail.steps[&Step::Connecting].ms, 600);
        assert_eq!(detail.steps[&Step::FetchingRows].ms, 500);
        assert_eq!(detail.since, at(2_100));
    }
}
