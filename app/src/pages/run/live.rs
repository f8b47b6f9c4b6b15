//! A run one watches: right as rendered, then kept up to date by events, or by asking when events do not come through.

mod feed;

use leptos::prelude::*;
use leptos_meta::Title;

use self::feed::{Connection, Feed};
use crate::app::{session, texts};
use crate::components::{Button, Glyph, Look, Notice, Pace, Steps, Tone};
use crate::format;
use crate::view::{RunLive, RunState, RunView};

/// Screen readers hear progress at most this often, in seconds.
const ANNOUNCE_EVERY: u64 = 10;

/// Runs longer than this are not stopped by one slip of the finger.
const CONFIRM_AFTER_MS: u64 = 120_000;

/// Steps, pace, cancel. When the run ends, `again` loads the finished page.
#[component]
pub fn LiveRun(view: RunView, again: Callback<()>) -> impl IntoView {
    let texts = texts();
    let feed = Feed::start(&view.id, view.live.clone());
    let live = feed.live;
    let elapsed = Signal::derive(move || {
        live.with(|live| live.elapsed_ms) + feed.seconds_since.get() * 1_000
    });
    Effect::new(move |_| {
        if live.with(|live| live.state.is_finished()) {
            again.run(());
        }
    });
    let steps = Memo::new(move |_| live.with(|live| live.steps.clone()));
    let state = Memo::new(move |_| live.with(|live| live.state));
    // The server writes the title after the page, when no owner of signals is active any more: it must be a text by then.
    let title = ArcRwSignal::new(live.with_untracked(|live| title_text(live, &view.title)));
    let (shown, name) = (title.clone(), view.title.clone());
    Effect::new(move |_| title.set(live.with(|live| title_text(live, &name))));
    view! {
        <Title text=move || shown.get() />
        <section class="Panel LiveRun" aria-labelledby="live-title">
            <div class="LiveRun-head">
                <h2 id="live-title">{move || texts.live_title(state.get())}</h2>
                <Cancel id=view.id.clone() live elapsed />
            </div>
            <Note text=Memo::new(move |_| live.with(queue_text)) />
            <Note text=Memo::new(move |_| live.with(|live| live.shared.clone())) />
            <RetryNote live />
            <Pace
                elapsed_ms=elapsed
                usual=view.usual
                is_active=Signal::derive(move || state.get() == RunState::Running)
            />
            <Steps steps />
            <ConnectionNote connection=feed.connection id=view.id.clone() />
            <p class="LiveRun-close">{texts.may_close_window}</p>
        </section>
        <Announcer live elapsed />
    }
    .into_any()
}

/// `실행 중 184,000행 · 월별 매출`.
fn title_text(live: &RunLive, name: &str) -> String {
    let texts = texts();
    let state = texts.state(live.state);
    match live.state {
        RunState::Running if live.rows > 0 => {
            format!("{state} {} · {name}", (texts.rows)(live.rows))
        }
        _ => format!("{state} · {name}"),
    }
}

#[component]
fn Cancel(id: String, live: RwSignal<RunLive>, elapsed: Signal<u64>) -> impl IntoView {
    let texts = texts();
    let can_leave = Memo::new(move |_| live.with(|live| live.can_leave));
    let ask = move |event: leptos::ev::SubmitEvent| {
        // Leaving stops nothing.
        let is_long = elapsed.get_untracked() > CONFIRM_AFTER_MS;
        if is_long
            && !can_leave.get_untracked()
            && !window()
                .confirm_with_message(texts.confirm_cancel)
                .unwrap_or(true)
        {
            event.prevent_default();
        }
    };
    move || {
        if live.with(|live| live.is_stopping) {
            view! {
                <p class="LiveRun-stopping" role="status">
                    {texts.stopping}
                </p>
            }
            .into_any()
        } else if live.with(|live| live.can_cancel) {
            let label = if can_leave.get() {
                texts.leave
            } else {
                texts.cancel
            };
            view! {
                <form method="post" action=format!("/runs/{id}/cancel") on:submit=ask>
                    <Button look=Look::Danger glyph=Glyph::Stop label />
                </form>
            }
            .into_any()
        } else {
            ().into_any()
        }
    }
}

/// Where it stands in line, and what keeps it.
fn queue_text(live: &RunLive) -> Option<String> {
    let parts = [live.queue_line.clone(), live.queue_reason.clone()];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>();
    (live.state == RunState::Queued && !parts.is_empty()).then(|| parts.join(" "))
}

#[component]
fn Note(text: Memo<Option<String>>) -> impl IntoView {
    move || {
        text.get()
            .map(|text| view! { <p class="LiveRun-queue">{text}</p> })
    }
}

#[component]
fn RetryNote(live: RwSignal<RunLive>) -> impl IntoView {
    let texts = texts();
    let retry = Memo::new(move |_| live.with(|live| live.retry.clone()));
    move || {
        retry.get().map(|retry| {
            let message = (texts.retry_note)(
                &retry.reason,
                &retry.at.text,
                retry.attempt,
                retry.max_attempts,
            );
            view! { <Notice tone=Tone::Warn message /> }
        })
    }
}

/// Nothing while events flow; a link to look again while the page is not alive.
#[component]
fn ConnectionNote(connection: RwSignal<Connection>, id: String) -> impl IntoView {
    let texts = texts();
    move || match connection.get() {
        Connection::Live => ().into_any(),
        Connection::Static => view! {
            <p class="LiveRun-refresh">
                <a href=format!("/runs/{id}") rel="external">
                    {texts.refresh}
                </a>
            </p>
        }
        .into_any(),
        Connection::Reconnecting => {
            view! { <p class="LiveRun-connection">{texts.reconnecting}</p> }.into_any()
        }
        Connection::Polling => {
            view! { <p class="LiveRun-connection">{texts.polling}</p> }.into_any()
        }
        Connection::Lost => {
            view! { <Notice tone=Tone::Warn message=texts.connection_lost /> }.into_any()
        }
    }
}

/// Says progress politely and rarely; a change of state at once.
#[component]
fn Announcer(live: RwSignal<RunLive>, elapsed: Signal<u64>) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    let said = RwSignal::new(String::new());
    Effect::new(move |before: Option<(RunState, u64)>| {
        let (state, slot) = (
            live.with(|live| live.state),
            elapsed.get() / (ANNOUNCE_EVERY * 1_000),
        );
        if before.is_some_and(|before| before != (state, slot)) {
            let live = live.get_untracked();
            let step = live
                .steps
                .iter()
                .find(|step| step.state == crate::view::StepState::Active);
            let step = step.map_or(texts.state(state), |step| texts.step(step.step));
            said.set(format!(
                "{step}, {}, {}",
                (texts.rows)(live.rows),
                format::duration(lang, elapsed.get_untracked())
            ));
        }
        (state, slot)
    });
    view! {
        <p class="visually-hidden" role="status">
            {move || said.get()}
        </p>
    }
}
