//! Runs under way: how far, against what is usual, where, and the button that stops them.

use leptos::prelude::*;

use super::table::Table;
use super::{Act, now_texts};
use crate::components::{Badge, Glyph, Look, Pace, PaceWords, Tone};
use crate::context::texts;
use crate::format;
use crate::view::{ActiveRun, NowAction, Step};

/// Runs longer than this are not stopped by one slip of the finger; the same as on a run's own page.
const CONFIRM_AFTER_MS: u64 = 120_000;

#[component]
pub(super) fn RunningRuns(runs: Vec<ActiveRun>) -> impl IntoView {
    let texts = now_texts();
    let heads = vec![texts.report, texts.progress, texts.source, texts.worker];
    let rows = runs.into_iter().map(|run| view! { <Row run /> }.into_any());
    view! { <Table caption=texts.running heads rows=rows.collect() has_actions=true nothing=texts.nothing_runs /> }
}

#[component]
fn Row(run: ActiveRun) -> impl IntoView {
    let texts = now_texts();
    let worker = match run.worker {
        Some(worker) => view! {
            <span class="NowHost">{worker.host}</span>
            <code class="NowSmall">{worker.name}</code>
        }
        .into_any(),
        None => texts.unknown_worker.into_any(),
    };
    let (row, href) = (format!("run-{}", run.id), format!("/runs/{}", run.id));
    let confirm = (run.elapsed_ms > CONFIRM_AFTER_MS).then_some(texts.confirm_cancel);
    view! {
        <tr id=row>
            <th scope="row" class="RunTable-report">
                <a href=href>{run.title.clone()}</a>
                <span class="NowSmall">
                    {run.person} {(run.attempt > 1).then(|| format!(" · {}", (texts.attempt)(run.attempt)))}
                </span>
            </th>
            <td class="NowProgress">
                <p>{how_far(run.step, run.rows, run.total)}</p>
                <Pace elapsed_ms=run.elapsed_ms words=PaceWords::of(run.usual) is_active=true />
            </td>
            <td data-label=texts.source>{run.sources.join(", ")}</td>
            <td data-label=texts.worker>{worker}</td>
            <td class="RunTable-actions">
                <div data-confirm=confirm>
                    {if run.is_stopping {
                        view! { <Badge tone=Tone::Warn glyph=Glyph::Stop label=texts.stopping /> }.into_any()
                    } else {
                        view! {
                            <Act
                                action=NowAction::CancelRun
                                of=run.id
                                name=run.title
                                look=Look::Danger
                                glyph=Glyph::Stop
                                label=texts.cancel_run
                            />
                        }
                            .into_any()
                    }}
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// `데이터 가져오기 · 184,000행 (62%)`; a percentage only of a total that is known.
fn how_far(step: Option<Step>, rows: u64, total: Option<u64>) -> String {
    let texts = texts();
    let step = step.map(|step| texts.step(step).to_owned());
    let rows = (rows > 0).then(|| match total {
        Some(total) => format!("{} ({}%)", (texts.rows)(rows), format::percent(rows, total)),
        None => (texts.rows)(rows),
    });
    [step, rows]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}
