//! The steps of a run as a list: what is done, what happens now, what is ahead.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::icon::{Glyph, Icon};
use crate::view::StepState;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepWords {
    /// Where the step stands.
    pub state: StepState,
    /// The same in words.
    pub state_word: String,
    /// What it is called.
    pub name: String,
    /// Rows, bytes, and percent only where the total is really known.
    pub details: String,
    /// Time spent in it; empty before it begins.
    pub time: String,
}

/// One line per step.
#[component]
pub fn Steps(#[prop(into)] steps: Signal<Vec<StepWords>>) -> impl IntoView {
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
fn Line(step: StepWords) -> impl IntoView {
    let (class, glyph) = match step.state {
        StepState::Ahead => ("Step ahead", None),
        StepState::Active => ("Step active", None),
        StepState::Done => ("Step done", Some(Glyph::Check)),
        StepState::Stopped => ("Step stopped", Some(Glyph::Cross)),
    };
    view! {
        <li class=class aria-current=(step.state == StepState::Active).then_some("step")>
            <span class="Step-mark">{glyph.map(|glyph| view! { <Icon glyph /> })}</span>
            <span class="Step-name">
                {step.name} <span class="visually-hidden">{format!(" ({})", step.state_word)}</span>
            </span>
            {" "}
            <span class="Step-details">{step.details}</span>
            {" "}
            <span class="Step-time">{step.time}</span>
        </li>
    }
    .into_any()
}
