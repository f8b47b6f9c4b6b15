//! The processes that execute runs: where, since when, what they have, and the button that lets them run empty.

use leptos::prelude::*;

use super::table::Table;
use super::{Act, now_texts};
use crate::components::{Badge, Glyph, TimeText, Tone};
use crate::context::session;
use crate::format;
use crate::view::{NowAction, WorkerState, WorkerView};

#[component]
pub(super) fn Workers(workers: Vec<WorkerView>) -> impl IntoView {
    let texts = now_texts();
    let heads = vec![
        texts.worker,
        texts.state,
        texts.runs,
        texts.memory,
        texts.heartbeat,
        texts.since,
    ];
    let rows = workers
        .into_iter()
        .map(|worker| view! { <Row worker /> }.into_any());
    view! { <Table caption=texts.workers heads rows=rows.collect() has_actions=true nothing=texts.no_workers /> }
}

#[component]
fn Row(worker: WorkerView) -> impl IntoView {
    let texts = now_texts();
    let lang = session().preferences.lang;
    let (tone, glyph) = match worker.state {
        WorkerState::Working => (Tone::Good, Glyph::Check),
        WorkerState::Draining => (Tone::Warn, Glyph::Clock),
        WorkerState::Drained => (Tone::Neutral, Glyph::Pause),
        WorkerState::Lost => (Tone::Bad, Glyph::Cross),
    };
    let button = match worker.state {
        WorkerState::Working => Some((NowAction::DrainWorker, Glyph::Pause, texts.drain_worker)),
        WorkerState::Draining | WorkerState::Drained => {
            Some((NowAction::ResumeWorker, Glyph::Play, texts.resume_worker))
        }
        WorkerState::Lost => None,
    };
    let name = worker.worker.name;
    let runs = worker.runs.into_iter().map(|(id, title)| {
        view! {
            <li>
                <a href=format!("/runs/{id}")>{title}</a>
            </li>
        }
    });
    let runs = runs.collect::<Vec<_>>();
    view! {
        <tr id=format!("worker-{name}")>
            <th scope="row" class="RunTable-report">
                <span class="NowName">{worker.worker.host}</span>
                <code class="NowSmall">{name.clone()}</code>
                <span class="NowSmall">{(texts.process)(worker.pid, &worker.version)}</span>
            </th>
            <td>
                <Badge tone glyph label=texts.worker_state(worker.state) />
            </td>
            <td data-label=texts.runs>
                {if runs.is_empty() {
                    texts.no_runs.into_any()
                } else {
                    view! { <ul class="NowRuns">{runs}</ul> }.into_any()
                }}
            </td>
            <td data-label=texts.memory>{texts.memory_of(worker.memory_used_mb, worker.memory_mb)}</td>
            <td data-label=texts.heartbeat>{(texts.ago)(&format::duration(lang, worker.beat_age_ms))}</td>
            <td data-label=texts.since>
                <TimeText moment=worker.since />
            </td>
            <td class="RunTable-actions">
                <div>
                    {button
                        .map(|(action, glyph, label)| {
                            view! { <Act action of=name.clone() name=name.clone() glyph label /> }
                        })}
                </div>
            </td>
        </tr>
    }
    .into_any()
}
