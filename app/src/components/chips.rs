//! The values of a run, one chip each.

use leptos::prelude::*;

use crate::view::Chip;

/// Nothing at all when there are no values.
#[component]
pub fn Chips(chips: Vec<Chip>) -> impl IntoView {
    (!chips.is_empty()).then(|| {
        let chips = chips.into_iter().map(|chip| {
            view! {
                <li class="Chip">
                    <span class="Chip-label">{chip.label}</span>
                    {" "}
                    <span class="Chip-value">{chip.value}</span>
                </li>
            }
        });
        view! { <ul class="Chips">{chips.collect_view()}</ul> }
    })
}
