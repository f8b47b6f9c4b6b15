//! One thing people must know, in a sentence.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What a badge or a notice means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "ssr"),
    allow(dead_code, reason = "islands need only some of them")
)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Neutral,
    /// Under way.
    Active,
    /// Went well.
    Good,
    /// Look at it.
    Warn,
    /// Went wrong.
    Bad,
}

impl Tone {
    /// The class of CSS that carries the colour.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Active => "active",
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }
}

/// One sentence in a coloured frame, with whatever helps below it.
#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(into)] message: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let glyph = match tone {
        Tone::Good => Glyph::Check,
        Tone::Warn | Tone::Bad => Glyph::Warning,
        Tone::Neutral | Tone::Active => Glyph::Info,
    };
    view! {
        <div class=format!("Notice {}", tone.class())>
            <Icon glyph />
            <div class="Notice-text">
                <p>{message}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
    .into_any()
}
