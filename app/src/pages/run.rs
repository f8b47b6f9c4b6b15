//! One run with its own address: live while it runs, then its result, or why there is none.

mod failure;
mod result;

use leptos::prelude::*;

use self::failure::Failure;
use self::result::RunResult;
use super::live::news;
use crate::components::{
    Chips, Glyph, LinkButton, Look, Notice, PaceWords, PageHead, PostButton, StateBadge, TimeText,
    Tone,
};
use crate::context::{session, texts};
use crate::format;
use crate::islands::{LiveRun, LiveTexts};
use crate::view::{RunState, RunView};

/// The page at `/runs/{id}`.
#[component]
pub fn Run(view: RunView) -> impl IntoView {
    let texts = texts();
    let state = view.live.state;
    let actions = view.clone();
    let up = (String::from("/runs"), texts.nav_runs.to_owned());
    view! {
        <PageHead title=view.title.clone() up>
            <Actions view=actions />
        </PageHead>
        <div class="RunHead">
            <StateBadge state />
            <Chips chips=view.chips.clone() />
        </div>
        <Facts view=view.clone() />
        {view.live.shared.clone().filter(|_| state.is_finished()).map(|message| view! { <Notice message /> })}
        {match state {
            RunState::Queued | RunState::Running => view! { <Watched view /> }.into_any(),
            RunState::Succeeded => view! { <RunResult view /> }.into_any(),
            RunState::Failed => view! { <Failure view /> }.into_any(),
            RunState::Cancelled => view! { <Notice tone=Tone::Neutral message=texts.cancelled(view.stop_confirmed) /> }.into_any(),
        }}
    }
    .into_any()
}

#[component]
fn Watched(view: RunView) -> impl IntoView {
    let texts = texts();
    let first = news(texts, &view.live);
    let words = LiveTexts {
        confirm: texts.confirm_cancel.to_owned(),
        stopping: texts.stopping.to_owned(),
        refresh: texts.refresh.to_owned(),
        reconnecting: texts.reconnecting.to_owned(),
        polling: texts.polling.to_owned(),
        lost: texts.connection_lost.to_owned(),
        close: texts.may_close_window.to_owned(),
    };
    view! { <LiveRun id=view.id title=view.title first pace=PaceWords::of(view.usual) texts=words /> }
}

/// Download, again, and the neighbouring periods; all plain links and posts.
#[component]
fn Actions(view: RunView) -> impl IntoView {
    let texts = texts();
    let is_finished = view.live.state.is_finished();
    let action = format!("/runs/{}/again", view.id);
    let again = move |shift: i8, look: Look, glyph: Glyph, label: String| {
        view! { <PostButton action=action.clone() fields=vec![("shift", shift.to_string())] look glyph label /> }
    };
    let file = view.file().cloned();
    let shift = view.shift.clone();
    view! {
        {file
            .map(|file| {
                view! {
                    <LinkButton
                        look=Look::Primary
                        glyph=Glyph::Download
                        href=file.href
                        label=format!("{} ({})", texts.download_excel, format::bytes(file.bytes))
                    />
                }
            })}
        {(is_finished && view.can_run_again)
            .then(|| {
                view! {
                    {again(0, Look::Plain, Glyph::Again, texts.run_again.to_owned())}
                    {shift
                        .map(|shift| {
                            view! {
                                {again(-1, Look::Plain, Glyph::Left, (texts.run_previous)(&shift.previous))}
                                {shift.next.map(|next| again(1, Look::Plain, Glyph::Right, (texts.run_next)(&next)))}
                            }
                        })}
                    <LinkButton href=format!("/reports/{}?from={}", view.report_id, view.id) label=texts.change_values />
                }
            })}
    }
    .into_any()
}

#[component]
fn Facts(view: RunView) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    let fact =
        |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let result = view.result;
    let revision = view.revision.chars().take(12).collect::<String>();
    view! {
        <dl class="FactList wide">
            {result.as_ref().map(|result| fact(texts.fact_rows, lang::grouped(result.rows).into_any()))}
            {result.as_ref().map(|result| fact(texts.fact_duration, format::duration(lang, result.duration_ms).into_any()))}
            {fact(texts.fact_asked, view! { <TimeText moment=view.created /> }.into_any())}
            {view.finished.map(|finished| fact(texts.fact_finished, view! { <TimeText moment=finished /> }.into_any()))}
            {result.and_then(|result| result.data_time).map(|time| fact(texts.fact_data_time, view! { <TimeText moment=time /> }.into_any()))}
            {fact(texts.fact_person, view.person.into_any())}
            {view.executed_by.map(|worker| fact(texts.fact_worker, worker.into_any()))}
            {(!revision.is_empty()).then(|| fact(texts.fact_revision, view! { <code>{revision}</code> }.into_any()))}
        </dl>
    }
    .into_any()
}
