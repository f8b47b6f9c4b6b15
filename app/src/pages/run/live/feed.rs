//! Where news of a run come from: an event stream, and asking every few seconds when the stream does not come through.
//!
//! Nothing here runs on the server: effects do not.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use crate::api;
use crate::error::AppError;
use crate::view::RunLive;

/// After this many failed connections in a row the stream is given up: some proxies never let it through.
const GIVE_UP_AFTER: u32 = 3;

/// How often to ask then.
const ASK_EVERY: Duration = Duration::from_secs(3);

/// How news arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// As rendered on the server; the page is not alive yet, or never will be.
    Static,
    /// Events flow.
    Live,
    /// The browser is trying again.
    Reconnecting,
    /// Asking every few seconds.
    Polling,
    /// Nobody is signed in any more, or the run is gone: no use in asking.
    Lost,
}

/// The newest state of a run and how fresh it is.
#[derive(Clone, Copy)]
pub struct Feed {
    /// What is known.
    pub live: RwSignal<RunLive>,
    /// Whole seconds since it arrived, for clocks that tick in between.
    pub seconds_since: RwSignal<u64>,
    /// How news arrive.
    pub connection: RwSignal<Connection>,
}

impl Feed {
    /// Starts with what the page was rendered with; opens the stream once the page is alive.
    pub fn start(run_id: &str, first: RunLive) -> Self {
        let feed = Feed {
            live: RwSignal::new(first),
            seconds_since: RwSignal::new(0),
            connection: RwSignal::new(Connection::Static),
        };
        let run_id = run_id.to_owned();
        Effect::new(move |_| {
            feed.tick();
            if !feed.live.with_untracked(|live| live.state.is_finished()) {
                feed.listen(&run_id);
            }
        });
        feed
    }

    fn tick(self) {
        let timer = set_interval_with_handle(
            move || {
                self.seconds_since.try_update(|seconds| *seconds += 1);
            },
            Duration::from_secs(1),
        );
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    }

    /// Takes news unless they are older than what is known.
    fn take(self, news: RunLive) {
        if self.live.try_with_untracked(|known| news.seq >= known.seq) == Some(true) {
            self.seconds_since.set(0);
            self.live.set(news);
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
                .and_then(|data| serde_json::from_slice::<RunLive>(data.as_bytes()).ok());
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
            if self
                .live
                .try_with_untracked(|live| live.state.is_finished())
                != Some(false)
            {
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
        let kept = send_wrapper::SendWrapper::new((source, on_run, on_open, on_error));
        on_cleanup(move || {
            let (source, ..) = &*kept;
            source.set_onopen(None);
            source.set_onerror(None);
            source.close();
        });
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
            if feed
                .live
                .try_with_untracked(|live| live.state.is_finished())
                != Some(false)
            {
                return;
            }
            spawn_local(async move {
                match api::run_live(run_id.clone()).await {
                    Ok(news) => {
                        feed.connection.try_set(Connection::Polling);
                        feed.take(news);
                    }
                    Err(
                        AppError::SignedOut
                        | AppError::NotFound { .. }
                        | AppError::Forbidden { .. },
                    ) => {
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
