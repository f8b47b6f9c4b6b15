//! A run one watches: right as rendered, then kept up to date by events, or by asking when events do not come through.
//!
//! The words come with every news: what a state or a step is called is known by the server alone.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::components::{Button, Glyph, Look, Notice, Pace, PaceWords, StepWords, Steps, Tone};

/// Screen readers hear progress at most this often, in seconds.
#[cfg(feature = "hydrate")]
const ANNOUNCE_EVERY: u64 = 10;

/// Runs longer than this are not stopped by one slip of the finger.
#[cfg(feature = "hydrate")]
const CONFIRM_AFTER_MS: u64 = 120_000;

/// News of a run as its page shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveNews {
    /// Number of the newest event; grows.
    pub seq: u64,
    /// So far, milliseconds.
    pub elapsed_ms: u64,
    /// Everything else.
    pub words: LiveWords,
}

/// What a run says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveWords {
    /// Nothing will change any more.
    pub is_finished: bool,
    /// A worker has it.
    pub is_running: bool,
    /// Its state, and its rows while it runs, for the title of the document.
    pub state: String,
    /// The heading above the steps.
    pub heading: String,
    /// Its place in line and what keeps it, and who shares it.
    pub notes: Vec<String>,
    /// A failed attempt will be repeated.
    pub retry: Option<String>,
    /// The steps in order.
    pub steps: Vec<StepWords>,
    /// What is read out: the step and its rows.
    pub progress: String,
    /// The button that stops it; absent where one may not.
    pub stop: Option<String>,
    /// The button only leaves it to the others.
    pub is_leaving: bool,
    /// It is being stopped.
    pub is_stopping: bool,
}

/// What the page says whatever the run does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveTexts {
    /// Asked before a long run is stopped.
    pub confirm: String,
    /// It is being stopped.
    pub stopping: String,
    /// The link that looks again.
    pub refresh: String,
    /// See [`Connection::Reconnecting`].
    pub reconnecting: String,
    /// See [`Connection::Polling`].
    pub polling: String,
    /// See [`Connection::Lost`].
    pub lost: String,
    /// The window may be closed.
    pub close: String,
}

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

/// Steps, pace, cancel. When the run ends, the page is loaded anew and shows the result.
#[island]
pub fn LiveRun(
    id: String,
    title: String,
    first: LiveNews,
    pace: PaceWords,
    texts: LiveTexts,
) -> impl IntoView {
    let news = RwSignal::new(first);
    let connection = RwSignal::new(Connection::Static);
    let seconds_since = RwSignal::new(0_u64);
    let elapsed =
        Signal::derive(move || news.with(|news| news.elapsed_ms) + seconds_since.get() * 1_000);
    let said = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    {
        let feed = super::feed::Feed {
            news,
            seconds_since,
            connection,
        };
        feed.start(&id);
        announce(news, elapsed, pace.lang, said);
        Effect::new(move |_| {
            let state = news.with(|news| news.words.state.clone());
            document().set_title(&format!("{state} · {title} · Digger"));
        });
    }
    #[cfg(not(feature = "hydrate"))]
    drop(title);
    let is_running = Memo::new(move |_| news.with(|news| news.words.is_running));
    let heading = Memo::new(move |_| news.with(|news| news.words.heading.clone()));
    let steps = Memo::new(move |_| news.with(|news| news.words.steps.clone()));
    let notes = Memo::new(move |_| news.with(|news| news.words.notes.clone()));
    let retry = Memo::new(move |_| news.with(|news| news.words.retry.clone()));
    let note = |text: String| view! { <p class="LiveRun-queue">{text}</p> };
    let close = texts.close.clone();
    let address = format!("/runs/{id}");
    view! {
        <section class="Panel LiveRun" aria-labelledby="live-title">
            <div class="LiveRun-head">
                <h2 id="live-title">{move || heading.get()}</h2>
                <Cancel address=address.clone() news elapsed texts=texts.clone() />
            </div>
            {move || notes.get().into_iter().map(note).collect_view()}
            {move || retry.get().map(|message| view! { <Notice tone=Tone::Warn message /> })}
            <Pace elapsed_ms=elapsed words=pace is_active=is_running />
            <Steps steps />
            <ConnectionNote connection address texts />
            <p class="LiveRun-close">{close}</p>
        </section>
        <p class="visually-hidden" role="status">
            {move || said.get()}
        </p>
    }
    .into_any()
}

/// Says progress politely and rarely; a change of state at once.
#[cfg(feature = "hydrate")]
fn announce(
    news: RwSignal<LiveNews>,
    elapsed: Signal<u64>,
    lang: lang::Lang,
    said: RwSignal<String>,
) {
    let state = Memo::new(move |_| news.with(|news| news.words.heading.clone()));
    Effect::new(move |before: Option<(String, u64)>| {
        let now = (state.get(), elapsed.get() / (ANNOUNCE_EVERY * 1_000));
        if before.is_some_and(|before| before != now) {
            let progress = news.with_untracked(|news| news.words.progress.clone());
            let time = crate::format::duration(lang, elapsed.get_untracked());
            said.set(format!("{progress}, {time}"));
        }
        now
    });
}

#[component]
fn Cancel(
    address: String,
    news: RwSignal<LiveNews>,
    elapsed: Signal<u64>,
    texts: LiveTexts,
) -> impl IntoView {
    let LiveTexts {
        confirm, stopping, ..
    } = texts;
    let confirm = StoredValue::new(confirm);
    let ask = move |event: leptos::ev::SubmitEvent| {
        #[cfg(feature = "hydrate")]
        {
            // Leaving stops nothing.
            let is_leaving = news.with_untracked(|news| news.words.is_leaving);
            let is_long = elapsed.get_untracked() > CONFIRM_AFTER_MS;
            let question = confirm.get_value();
            if is_long && !is_leaving && !window().confirm_with_message(&question).unwrap_or(true) {
                event.prevent_default();
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (event, confirm, elapsed);
    };
    let button =
        Memo::new(move |_| news.with(|news| (news.words.is_stopping, news.words.stop.clone())));
    move || match button.get() {
        (true, _) => view! {
            <p class="LiveRun-stopping" role="status">
                {stopping.clone()}
            </p>
        }
        .into_any(),
        (false, Some(label)) => view! {
            <form method="post" action=format!("{address}/cancel") on:submit=ask>
                <Button look=Look::Danger glyph=Glyph::Stop label />
            </form>
        }
        .into_any(),
        (false, None) => ().into_any(),
    }
}

/// Nothing while events flow; a link to look again while the page is not alive.
#[component]
fn ConnectionNote(
    connection: RwSignal<Connection>,
    address: String,
    texts: LiveTexts,
) -> impl IntoView {
    let note = |text: String| view! { <p class="LiveRun-connection">{text}</p> }.into_any();
    move || match connection.get() {
        Connection::Live => ().into_any(),
        Connection::Static => view! {
            <p class="LiveRun-refresh">
                <a href=address.clone()>{texts.refresh.clone()}</a>
            </p>
        }
        .into_any(),
        Connection::Reconnecting => note(texts.reconnecting.clone()),
        Connection::Polling => note(texts.polling.clone()),
        Connection::Lost => {
            view! { <Notice tone=Tone::Warn message=texts.lost.clone() /> }.into_any()
        }
    }
}
