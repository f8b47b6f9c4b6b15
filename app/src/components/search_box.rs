//! One search box, focused by `/` or Ctrl K. Works as a plain GET form before the page is alive.

use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::{Glyph, Icon};
use crate::app::texts;

/// Filters while typing through `query`; Enter without JavaScript asks the server.
#[component]
pub fn SearchBox(
    query: RwSignal<String>,
    #[prop(into)] label: String,
    #[prop(into)] placeholder: String,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    Effect::new(move |_| {
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if wants_search(&event)
                && let Some(input) = input.get_untracked()
            {
                event.prevent_default();
                let _ = input.focus();
                input.select();
            }
        });
        on_cleanup(move || listener.remove());
    });
    view! {
        <form class="SearchBox" role="search" method="get" action="/">
            <Icon glyph=Glyph::Search />
            <input
                node_ref=input
                class="TextInput"
                type="search"
                name="q"
                autocomplete="off"
                aria-label=label
                placeholder=placeholder
                value=query.get_untracked()
                on:input=move |event| query.set(event_target_value(&event))
            />
            <kbd aria-hidden="true" title=texts().search_key>
                "/"
            </kbd>
        </form>
    }
    .into_any()
}

/// Never while Hangul is being composed, and never `/` inside another field.
fn wants_search(event: &web_sys::KeyboardEvent) -> bool {
    if event.is_composing() || event.key_code() == 229 {
        return false;
    }
    let has_modifier = event.ctrl_key() || event.meta_key();
    if has_modifier
        && !event.alt_key()
        && !event.shift_key()
        && event.key().eq_ignore_ascii_case("k")
    {
        return true;
    }
    event.key() == "/" && !has_modifier && !event.alt_key() && !is_typing(event)
}

fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    target.is_some_and(|element| {
        element.is_content_editable()
            || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}
