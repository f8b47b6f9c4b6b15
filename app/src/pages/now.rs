//! What happens now, for administrators.
//!
//! Buttons are plain forms. `live.js` asks for the page every few seconds and changes what changed; without it the
//! page is right at every reload. Everything that changes stands in `#now`, rows and buttons carry ids, so that what
//! has the focus is found again.

mod fires;
mod queue;
mod running;
mod sources;
mod table;
mod workers;

use leptos::prelude::*;

use self::fires::Fires;
use self::queue::Queue;
use self::running::RunningRuns;
use self::sources::Sources;
use self::workers::Workers;
use crate::components::{Glyph, LinkButton, Look, PageHead, PostButton, TimeText};
use crate::context::session;
use crate::text::Texts;
use crate::text::now::{NowTexts, now_texts_of};
use crate::view::{NowAction, NowDone, NowView};

/// Where the page is, and where its buttons post to.
const ADDRESS: &str = "/admin/now";

/// Between two looks of the script, milliseconds.
const EVERY_MS: &str = "5000";

/// The page at `/admin/now`.
#[component]
pub fn NowPage(now: NowView, done: Option<NowDone>) -> impl IntoView {
    let texts = now_texts();
    let said = done.and_then(|done| sentence(texts, &now, done));
    view! {
        <PageHead title=texts.title lead=texts.lead>
            // Shown by the script: without it nothing updates by itself.
            <button
                type="button"
                class="Button"
                id="live-switch"
                hidden=true
                data-stop=texts.stop_updates
                data-start=texts.start_updates
            >
                {texts.stop_updates}
            </button>
            <LinkButton glyph=Glyph::Again href=ADDRESS label=texts.refresh />
        </PageHead>
        <p id="live-said" class="NowSaid" role="status" data-lost=texts.not_reachable data-ended=texts.signed_out>
            {said}
        </p>
        <div id="now" data-live=EVERY_MS data-live-posts="">
            <p class="NowAt">{texts.read_at} " " <TimeText moment=now.at /></p>
            <Section id="running" title=texts.running count=now.running.len()>
                <RunningRuns runs=now.running />
            </Section>
            <Section id="queue" title=texts.queue count=now.queued as usize>
                <Queue runs=now.queue all=now.queued />
            </Section>
            <Section id="sources" title=texts.sources count=now.sources.len()>
                <Sources lanes=now.sources />
            </Section>
            <Section id="workers" title=texts.workers count=now.workers.len()>
                <Workers workers=now.workers />
            </Section>
            <Section id="fires" title=texts.fires count=now.fires.len()>
                <Fires fires=now.fires />
            </Section>
        </div>
    }
    .into_any()
}

/// What the document is called.
pub(crate) fn title(texts: &Texts) -> String {
    now_texts_of(texts.lang).title.to_owned()
}

/// A part of the page with its heading and how many there are.
#[component]
fn Section(
    id: &'static str,
    title: &'static str,
    count: usize,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    view! {
        <section class="NowSection" id=id aria-labelledby=labelled_by>
            // What had the focus may have ended: the script moves it here.
            <h2 id=heading tabindex="-1">
                {title} " " <span class="NowSection-count">{count}</span>
            </h2>
            {children()}
        </section>
    }
    .into_any()
}

/// Nothing to show, in one sentence.
#[component]
fn Nothing(sentence: &'static str) -> impl IntoView {
    view! { <p class="NowSection-none">{sentence}</p> }
}

/// One button of the page; `name` is read after its label.
#[component]
fn Act(
    action: NowAction,
    /// Id of the source, worker or run.
    of: String,
    name: String,
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    label: &'static str,
) -> impl IntoView {
    let fields = vec![("action", action.as_str().to_owned()), ("of", of)];
    match glyph {
        Some(glyph) => {
            view! { <PostButton action=ADDRESS fields look glyph label of=name /> }.into_any()
        }
        None => view! { <PostButton action=ADDRESS fields look label of=name /> }.into_any(),
    }
}

/// The texts of the page in the reader's language.
fn now_texts() -> &'static NowTexts {
    now_texts_of(session().preferences.lang)
}

/// What a button has done. The address only names it: about what the page does not show, it says nothing.
fn sentence(texts: &NowTexts, now: &NowView, done: NowDone) -> Option<String> {
    let is_source = now.sources.iter().any(|lane| lane.name == done.of);
    let is_worker = now.workers.iter().any(|row| row.worker.name == done.of);
    match done.action {
        NowAction::PauseSource if is_source => Some((texts.source_was_paused)(&done.of)),
        NowAction::ResumeSource if is_source => Some((texts.source_goes_on)(&done.of)),
        NowAction::DrainWorker if is_worker => Some((texts.worker_drains)(&done.of)),
        NowAction::ResumeWorker if is_worker => Some((texts.worker_goes_on)(&done.of)),
        NowAction::CancelRun => Some(texts.run_stops.to_owned()),
        _ => None,
    }
}
