//! Sources as lanes: how many runs each carries, how many wait for it, and the button that pauses it.

use leptos::prelude::*;

use super::table::Table;
use super::{Act, now_texts};
use crate::components::{Badge, Glyph, Tone};
use crate::view::{Lane, NowAction};

/// More lanes than this are a number only.
const DRAWN: u32 = 12;

#[component]
pub(super) fn Sources(lanes: Vec<Lane>) -> impl IntoView {
    let texts = now_texts();
    let heads = vec![
        texts.source,
        texts.runs_on_it,
        texts.waiting_for_it,
        texts.state,
    ];
    let rows = lanes
        .into_iter()
        .map(|lane| view! { <Row lane /> }.into_any());
    view! { <Table caption=texts.sources heads rows=rows.collect() has_actions=true nothing=texts.no_sources /> }
}

#[component]
fn Row(lane: Lane) -> impl IntoView {
    let texts = now_texts();
    let state = if lane.is_paused {
        view! { <Badge tone=Tone::Warn glyph=Glyph::Pause label=texts.source_paused /> }
    } else {
        view! { <Badge tone=Tone::Good glyph=Glyph::Check label=texts.source_open /> }
    };
    let (action, glyph, label) = if lane.is_paused {
        (NowAction::ResumeSource, Glyph::Play, texts.resume_source)
    } else {
        (NowAction::PauseSource, Glyph::Pause, texts.pause_source)
    };
    let drawn = (lane.max_running <= DRAWN).then(|| {
        let tracks = 0..lane.max_running.max(lane.running).min(DRAWN);
        let track = |index| if index < lane.running { "taken" } else { "" };
        tracks
            .map(|index| view! { <i class=track(index)></i> })
            .collect_view()
    });
    let row = format!("source-{}", lane.name);
    view! {
        <tr id=row>
            <th scope="row" class="RunTable-report">
                <span class="NowName">{lane.name.clone()}</span>
            </th>
            <td data-label=texts.runs_on_it>
                <span class="NowLanes" aria-hidden="true">
                    {drawn}
                </span>
                {(texts.running_of)(lane.running, lane.max_running)}
            </td>
            <td data-label=texts.waiting_for_it>{(texts.count)(lane.queued)}</td>
            <td>{state}</td>
            <td class="RunTable-actions">
                <div>
                    <Act action of=lane.name.clone() name=lane.name glyph label />
                </div>
            </td>
        </tr>
    }
    .into_any()
}
