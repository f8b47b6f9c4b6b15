//! The live events of a run, and whether one of them was lost on the way.
//!
//! An event is the whole changing state of the run; its id is the number of the newest event the
//! server has stored. A watcher has therefore missed nothing when the ids never go back, not even
//! after a break, and the last one is the number of the last stored event.

use anyhow::{Context, Result};
use serde_json::Value;

/// One server-sent event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    /// What a browser sends back as `Last-Event-ID`.
    pub(crate) id: u64,
    /// Where the run stands: `queued`, `running`, `succeeded`, `failed` or `cancelled`.
    pub(crate) state: String,
}

/// Cuts a stream of bytes into events. Comments that keep the connection open are dropped.
#[derive(Debug, Default)]
pub(crate) struct Cutter {
    bytes: Vec<u8>,
}

impl Cutter {
    /// The events that are complete with this piece.
    ///
    /// # Errors
    /// When an event has no id or no state.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<Vec<Event>> {
        self.bytes.extend_from_slice(piece);
        let mut events = Vec::new();
        while let Some(end) = self.bytes.windows(2).position(|two| two == b"\n\n") {
            let text: Vec<u8> = self.bytes.drain(..end + 2).collect();
            let text = String::from_utf8(text)?;
            let field = |name: &str| {
                text.lines()
                    .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                    .map(str::trim_start)
            };
            let Some(data) = field("data") else { continue };
            let data: Value = serde_json::from_str(data)?;
            events.push(Event {
                id: field("id").context("an event without an id")?.parse()?,
                state: data["state"]
                    .as_str()
                    .context("an event without a state")?
                    .to_owned(),
            });
        }
        Ok(events)
    }
}

/// What somebody saw of one run, over all connections.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Watched {
    /// Events that came.
    pub(crate) events: u64,
    /// The id of the last one.
    pub(crate) last: Option<u64>,
    /// Events that told of an older state than the one before.
    pub(crate) older: u64,
    /// The state the run ended in, once an event said so.
    pub(crate) end: Option<String>,
    /// Connections that ended before the run and were not cut on purpose.
    pub(crate) broken: u64,
}

impl Watched {
    /// Takes the next event. True when it was the last one.
    pub(crate) fn note(&mut self, event: Event) -> bool {
        self.events += 1;
        self.older += u64::from(self.last.is_some_and(|last| event.id < last));
        self.last = self.last.max(Some(event.id));
        if is_over(&event.state) {
            self.end = Some(event.state);
        }
        self.end.is_some()
    }

    /// Events lost, where `stored` is the number of the newest one the server has of this run: those
    /// after the last one told of, those that went back, and the end if it never came.
    pub(crate) fn lost(&self, stored: u64) -> u64 {
        let untold = stored.saturating_sub(self.last.unwrap_or(0));
        untold + self.older + u64::from(self.end.is_none())
    }
}

/// Whether nothing will change any more.
pub(crate) fn is_over(state: &str) -> bool {
    matches!(state, "succeeded" | "failed" | "cancelled")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: u64, state: &str) -> Event {
        Event {
            id,
            state: state.to_owned(),
        }
    }

    fn watched(events: &[(u64, &str)]) -> Watched {
        let mut watched = Watched::default();
        for (id, state) in events {
            watched.note(event(*id, state));
        }
        watched
    }

    #[test]
    fn events_are_found_wherever_the_stream_is_cut() {
        let stream = ": keep\n\nevent: run\nid: 1\ndata: {\"state\":\"queued\",\"queue_reason\":\"쇼핑몰\"}\n\n\
                      event: run\nid: 4\ndata: {\"state\":\"running\"}\n\n"
            .as_bytes();
        let expected = [event(1, "queued"), event(4, "running")];
        for cut in 0..stream.len() {
            let mut cutter = Cutter::default();
            let mut events = cutter.push(&stream[..cut]).unwrap();
            events.extend(cutter.push(&stream[cut..]).unwrap());
            assert_eq!(events, expected, "cut after {cut} bytes");
        }
    }

    #[test]
    fn an_event_nobody_can_come_back_to_is_an_error() {
        for bad in ["data: {\"state\":\"queued\"}\n\n", "id: 1\ndata: {}\n\n"] {
            assert!(Cutter::default().push(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_watcher_who_saw_the_last_stored_event_lost_nothing() {
        // Several stored events may come as one state; coming back repeats the newest.
        let complete = watched(&[
            (1, "queued"),
            (1, "queued"),
            (4, "running"),
            (7, "succeeded"),
        ]);
        assert_eq!((complete.lost(7), complete.events), (0, 4));
        assert_eq!(complete.end.as_deref(), Some("succeeded"));
    }

    #[test]
    fn what_never_came_went_back_or_did_not_end_is_lost() {
        assert_eq!(watched(&[(1, "queued"), (5, "failed")]).lost(7), 2);
        let back = watched(&[(3, "running"), (2, "queued"), (4, "cancelled")]);
        assert_eq!(back.lost(4), 1);
        assert_eq!(watched(&[(1, "queued"), (4, "running")]).lost(4), 1);
        assert_eq!(Watched::default().lost(2), 3);
    }
}
