//! Short words with a colour and a sign; never a colour alone.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::notice::Tone;
use crate::context::texts;
use crate::view::RunState;

/// A word with a sign.
#[component]
pub fn Badge(
    #[prop(optional)] tone: Tone,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <span class=format!("Badge {}", tone.class())>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            {label}
        </span>
    }
}

/// The state of a run.
#[component]
pub fn StateBadge(state: RunState) -> impl IntoView {
    let texts = texts();
    let (tone, glyph) = match state {
        RunState::Queued => (Tone::Neutral, Glyph::Clock),
        RunState::Running => (Tone::Active, Glyph::Again),
        RunState::Succeeded => (Tone::Good, Glyph::Check),
        RunState::Failed => (Tone::Bad, Glyph::Cross),
        RunState::Cancelled => (Tone::Neutral, Glyph::Stop),
    };
    view! { <Badge tone glyph label=texts.state(state) /> }
}
