//! The steps of a run as a list: what is done, what happens now, what is ahead.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::app::{session, texts};
use crate::format;
use crate::view::{StepState, StepView};

/// One line per step with rows, bytes and time; percent only where the total is really known.
#[component]
pub fn Steps(#[prop(into)] steps: Signal<Vec<StepView>>) -> impl IntoView {
    let lines = move || {
        steps
            .get()
            .into_iter()
            .map(|step| view! { <Line step /> })
            .collect_view()
    };
    view! { <ol class="Steps">{lines}</ol> }
}

#[component]
fn Line(step: StepView) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    let (class, word, glyph) = match step.state {
        StepState::Ahead => ("Step ahead", texts.step_ahead, None),
        StepState::Active => ("Step active", texts.step_active, None),
        StepState::Done => ("Step done", texts.step_done, Some(Glyph::Check)),
        StepState::Stopped => ("Step stopped", texts.step_stopped, Some(Glyph::Cross)),
    };
    let rows = match (step.rows, step.total) {
        (Some(rows), Some(total)) => {
            Some(format!("{} / {}", lang::grouped(rows), (texts.rows)(total)))
        }
        (Some(rows), None) => Some((texts.rows)(rows)),
        (None, _) => None,
    };
    let share = step
        .total
        .filter(|_| step.state == StepState::Active)
        .map(|total| format::percent(step.rows.unwrap_or(0), total));
    let details = [
        rows,
        step.bytes.filter(|bytes| *bytes > 0).map(format::bytes),
        share.map(|share| format!("{share}%")),
    ];
    let details = details
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    view! {
        <li class=class aria-current=(step.state == StepState::Active).then_some("step")>
            <span class="Step-mark">{glyph.map(|glyph| view! { <Icon glyph /> })}</span>
            <span class="Step-name">
                {texts.step(step.step)} <span class="visually-hidden">{format!(" ({word})")}</span>
            </span>
            <span class="Step-details">{details}</span>
            <span class="Step-time">{step.ms.map(|ms| format::duration(lang, ms))}</span>
        </li>
    }
    .into_any()
}
