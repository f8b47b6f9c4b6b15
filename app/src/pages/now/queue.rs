//! Runs that wait: in which place, since when, and for what.

use leptos::prelude::*;

use super::table::Table;
use super::{Act, now_texts};
use crate::components::{Glyph, Look};
use crate::context::session;
use crate::format;
use crate::view::{NowAction, QueuedRun};

#[component]
pub(super) fn Queue(runs: Vec<QueuedRun>, all: u32) -> impl IntoView {
    let texts = now_texts();
    let shown = runs.len() as u64;
    let heads = vec![
        texts.place,
        texts.report,
        texts.reason,
        texts.source,
        texts.waited,
    ];
    let rows = runs.into_iter().map(|run| view! { <Row run /> }.into_any());
    view! {
        <Table caption=texts.queue heads rows=rows.collect() has_actions=true nothing=texts.nothing_waits />
        {(0 < shown && shown < u64::from(all))
            .then(|| view! { <p class="NowSection-none">{(texts.first_of)(shown, all)}</p> })}
    }
}

#[component]
fn Row(run: QueuedRun) -> impl IntoView {
    let texts = now_texts();
    let lang = session().preferences.lang;
    let (row, href) = (format!("run-{}", run.id), format!("/runs/{}", run.id));
    view! {
        <tr id=row>
            <td class="NowPlace">{(texts.place_of)(run.place)}</td>
            <th scope="row" class="RunTable-report">
                <a href=href>{run.title.clone()}</a>
                <span class="NowSmall">{run.person}</span>
            </th>
            <td class="NowReason">
                {run.reason.unwrap_or_else(|| texts.its_turn.to_owned())}
                {run.expected.map(|expected| view! { <span class="NowSmall">{expected}</span> })}
            </td>
            <td data-label=texts.source>{run.sources.join(", ")}</td>
            <td data-label=texts.waited>{format::duration(lang, run.waited_ms)}</td>
            <td class="RunTable-actions">
                <div>
                    <Act
                        action=NowAction::CancelRun
                        of=run.id
                        name=run.title
                        look=Look::Danger
                        glyph=Glyph::Stop
                        label=texts.cancel_run
                    />
                </div>
            </td>
        </tr>
    }
    .into_any()
}
