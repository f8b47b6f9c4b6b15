//! Where news of a run come from: an event stream, and asking every few seconds when the stream does not come through.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use super::fetch::{NoAnswer, ask};
use super::live::{Connection, LiveNews};

/// After this many failed connections in a row the stream is given up: some proxies never let it through.
const GIVE_UP_AFTER: u32 = 3;

/// How often to ask then.
const ASK_EVERY: Duration = Duration::from_secs(3);

/// The newest state of a run and how fresh it is.
#[derive(Clone, Copy)]
pub(super) struct Feed {
    /// What is known.
    pub(super) news: RwSignal<LiveNews>,
    /// Whole seconds since it arrived, for clocks that tick in between.
    pub(super) seconds_since: RwSignal<u64>,
    /// How news arrive.
    pub(super) connection: RwSignal<Connection>,
}

#[derive(Serialize)]
struct Question<'a> {
    id: &'a str,
}

impl Feed {
    /// Opens the stream once the page is alive. The page of a run that has ended is another one.
    pub(super) fn start(self, run_id: &str) {
        let run_id = run_id.to_owned();
        Effect::new(move |_| {
            self.tick();
            self.listen(&run_id);
        });
        Effect::new(move |_| {
            if self.news.with(|news| news.words.is_finished) {
                let _ = window().location().reload();
            }
        });
    }

    fn tick(self) {
        set_interval(
            move || {
                self.seconds_since.try_update(|seconds| *seconds += 1);
            },
            Duration::from_secs(1),
        );
    }

    fn is_over(self) -> bool {
        self.news
            .try_with_untracked(|news| news.words.is_finished)
            .unwrap_or(true)
    }

    /// Takes news unless they are older than what is known.
    fn take(self, news: LiveNews) {
        if self.news.try_with_untracked(|known| news.seq >= known.seq) == Some(true) {
            self.seconds_since.set(0);
            self.news.set(news);
        }
    }

    fn listen(self, run_id: &str) {
        let Ok(source) = EventSource::new(&format!("/events/runs/{run_id}")) else {
            self.poll(run_id);
            return;
        };
        let failures = StoredValue::new(0_u32);
        let on_run = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let news = event
                .data()
                .as_string()
                .and_then(|data| serde_json::from_str::<LiveNews>(&data).ok());
            if let Some(news) = news {
                failures.try_set_value(0);
                self.connection.try_set(Connection::Live);
                self.take(news);
            }
        });
        let on_open = Closure::<dyn FnMut()>::new(move || {
            self.connection.try_set(Connection::Live);
        });
        let stream = source.clone();
        let id = run_id.to_owned();
        let on_error = Closure::<dyn FnMut()>::new(move || {
            // A finished run closes its stream; that is an end, not an error.
            if self.is_over() {
                stream.close();
                return;
            }
            let count = failures.try_update_value(|count| {
                *count += 1;
                *count
            });
            if stream.ready_state() == EventSource::CLOSED
                || count.is_none_or(|count| count >= GIVE_UP_AFTER)
            {
                stream.close();
                self.poll(&id);
            } else {
                self.connection.try_set(Connection::Reconnecting);
            }
        });
        let _ = source.add_event_listener_with_callback("run", on_run.as_ref().unchecked_ref());
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // The island lives as long as the document, and the browser ends the stream with it.
        on_run.forget();
        on_open.forget();
        on_error.forget();
    }

    fn poll(self, run_id: &str) {
        if self.connection.try_set(Connection::Polling).is_some() {
            return;
        }
        ask_later(self, run_id.to_owned());
    }
}

/// Asks once after a pause, then again, until the run ends or the page is left.
fn ask_later(feed: Feed, run_id: String) {
    set_timeout(
        move || {
            if feed.is_over() {
                return;
            }
            spawn_local(async move {
                match ask::<LiveNews>("/api/run/live", &Question { id: &run_id }).await {
                    Ok(news) => {
                        feed.connection.try_set(Connection::Polling);
                        feed.take(news);
                    }
                    // Signed out, not allowed any more, or gone.
                    Err(NoAnswer::Refused(401 | 403 | 404)) => {
                        feed.connection.try_set(Connection::Lost);
                        return;
                    }
                    Err(_) => {
                        feed.connection.try_set(Connection::Reconnecting);
                    }
                }
                ask_later(feed, run_id);
            });
        },
        ASK_EVERY,
    );
}
