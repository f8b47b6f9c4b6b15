//! A place where something will be, and how to get it there.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A drawing, a sentence, and a way on.
#[component]
pub fn Empty(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(into)] advice: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="Empty">
            <span class="Empty-mark">
                <Icon glyph />
            </span>
            <p class="Empty-title">{title}</p>
            <p class="Empty-advice">{advice}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
