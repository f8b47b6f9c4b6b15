//! Runs that wait: in which place, since when, and for what.

use leptos::prelude::*;

use super::{Act, Nothing, now_texts};
use crate::app::session;
use crate::components::{Glyph, Look};
use crate::format;
use crate::view::{NowAction, QueuedRun};

#[component]
pub(super) fn Queue(runs: Vec<QueuedRun>, all: u32) -> impl IntoView {
    let texts = now_texts();
    if runs.is_empty() {
        return view! { <Nothing sentence=texts.nothing_waits /> }.into_any();
    }
    let shown = runs.len() as u64;
    let rows = runs
        .into_iter()
        .map(|run| view! { <Row run /> })
        .collect_view();
    view! {
        <table class="RunTable NowTable">
            <caption class="visually-hidden">{texts.queue}</caption>
            <thead>
                <tr>
                    <th scope="col">{texts.place}</th>
                    <th scope="col">{texts.report}</th>
                    <th scope="col">{texts.reason}</th>
                    <th scope="col">{texts.source}</th>
                    <th scope="col">{texts.waited}</th>
                    <th scope="col">
                        <span class="visually-hidden">{texts.actions}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {(shown < u64::from(all)).then(|| view! { <p class="NowSection-none">{(texts.first_of)(shown, all)}</p> })}
    }
    .into_any()
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
            <td class="NowReason">{run.reason.unwrap_or_else(|| texts.its_turn.to_owned())}</td>
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
