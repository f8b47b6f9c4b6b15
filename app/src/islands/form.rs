//! The run form around an island: what is typed into it, and when that changes.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, FormData, HtmlFormElement};

use crate::view::FormInput;

/// The form an element belongs to.
pub(super) fn form_of(element: &Element) -> Option<HtmlFormElement> {
    element.closest("form").ok()??.dyn_into().ok()
}

/// Calls `follow` with the name of the field whenever one of the form changes, for as long as the page is there.
pub(super) fn on_change(form: &HtmlFormElement, mut follow: impl FnMut(&str) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let changed = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let name = changed
            .and_then(|element| element.get_attribute("name"))
            .unwrap_or_default();
        // `p.from` and `p.last_day` are parts of `p`.
        if let Some(name) = field_of(&name) {
            follow(name.split('.').next().unwrap_or(name));
        }
    });
    let _ = form.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Runs once, as soon as the element of the island is there.
pub(super) fn once_alive<E>(element: NodeRef<E>, start: impl FnOnce(E::Output) + 'static)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    let mut start = Some(start);
    Effect::new(move |_| {
        if let Some(element) = element.get()
            && let Some(start) = start.take()
        {
            start(element);
        }
    });
}

/// Every value of the form as it would be sent.
pub(super) fn typed_values(form: &HtmlFormElement) -> FormInput {
    let mut input = FormInput::new();
    let Ok(data) = FormData::new_with_form(form) else {
        return input;
    };
    for entry in data.entries().into_iter().flatten() {
        let entry = js_sys::Array::from(&entry);
        let (name, value) = (
            entry.get(0).as_string().unwrap_or_default(),
            entry.get(1).as_string(),
        );
        if let (Some(name), Some(value)) = (field_of(&name), value) {
            input.entry(name.to_owned()).or_default().push(value);
        }
    }
    input
}

/// `region` of `params[region]`; nothing for other names.
fn field_of(name: &str) -> Option<&str> {
    name.strip_prefix("params[")?.strip_suffix(']')
}
