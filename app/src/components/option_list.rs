//! Choosing from a long list: a filter, chips for what is chosen, "select all", and a plain list underneath.
//!
//! The list is one string and one listener (see [`crate::markup`]): 5,000 options as components would take seconds to
//! hydrate. Without JavaScript the plain list is all there is, and it is enough.

use leptos::html::Ul;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use super::field::{FieldFrame, Parts, posted_name};
use super::icon::{Glyph, Icon};
use crate::app::texts;
use crate::markup::push_escaped;
use crate::search::matches;
use crate::view::{Choice, FieldView};

/// More chips than this are a number.
const CHIPS_SHOWN: usize = 8;

/// The options of one field, which change when a field they depend on changes.
#[derive(Clone, Copy)]
pub struct OptionState {
    /// What is offered.
    pub options: RwSignal<Vec<Choice>>,
    /// Values that are chosen.
    pub chosen: RwSignal<Vec<String>>,
    /// Labels of chosen values that are no longer offered.
    pub dropped: RwSignal<Vec<String>>,
    /// New options are on their way.
    pub is_loading: RwSignal<bool>,
    /// New options could not be loaded.
    pub has_failed: RwSignal<bool>,
}

impl OptionState {
    /// The state a field starts with.
    pub fn new(field: &FieldView) -> Self {
        OptionState {
            options: RwSignal::new(field.options.clone()),
            chosen: RwSignal::new(field.values.clone()),
            dropped: RwSignal::new(field.dropped.clone()),
            is_loading: RwSignal::new(false),
            has_failed: RwSignal::new(false),
        }
    }

    /// Takes new options: values that are still valid stay chosen, the others are named.
    pub fn replace(self, options: Vec<Choice>) {
        let (kept, dropped) = split_chosen(
            &self.chosen.get_untracked(),
            &self.options.get_untracked(),
            &options,
        );
        self.chosen.set(kept);
        self.dropped.set(dropped);
        self.options.set(options);
    }
}

/// Chosen values that `new` still offers, and the labels of the others as `old` had them.
fn split_chosen(chosen: &[String], old: &[Choice], new: &[Choice]) -> (Vec<String>, Vec<String>) {
    let (kept, lost): (Vec<_>, Vec<_>) = chosen
        .iter()
        .filter(|value| !value.is_empty())
        .cloned()
        .partition(|value| new.iter().any(|option| option.value == *value));
    let label = |value: String| {
        old.iter()
            .find(|option| option.value == value)
            .map_or(value, |option| option.label.clone())
    };
    (kept, lost.into_iter().map(label).collect())
}

/// Check boxes (`is_multiple`) or radio buttons.
#[component]
pub fn OptionList(field: FieldView, state: OptionState, is_multiple: bool) -> impl IntoView {
    let texts = texts();
    let list = NodeRef::<Ul>::new();
    let is_alive = RwSignal::new(false);
    let filter = RwSignal::new(String::new());
    // Browsers restore check marks on "back" without telling; read them once the page is alive.
    Effect::new(move |_| {
        is_alive.set(true);
        state.options.track();
        if let Some(list) = list.get() {
            state.chosen.set(chosen_in(&list));
            show_matching(&list, &filter.get_untracked());
        }
    });
    let set_all = move |is_on: bool| {
        if let Some(list) = list.get_untracked() {
            for (item, input) in items(&list) {
                input.set_checked(if item.hidden() {
                    input.checked()
                } else {
                    is_on
                });
            }
            state.chosen.set(chosen_in(&list));
        }
    };
    let parts = Parts::of(&field);
    let html = {
        let (name, first_id, is_required) = (
            posted_name(&field.name),
            parts.control.clone(),
            field.required,
        );
        move || {
            list_html(
                &state.options.get(),
                &state.chosen.get_untracked(),
                &name,
                &first_id,
                is_multiple,
                is_required,
                texts.not_chosen,
            )
        }
    };
    let filter_label = format!("{} – {}", field.label, texts.filter_options);
    let tools = view! {
        <div class="OptionList-tools">
            <div class="OptionList-filter">
                <Icon glyph=Glyph::Search />
                <input
                    class="TextInput"
                    type="search"
                    autocomplete="off"
                    aria-label=filter_label
                    placeholder=texts.filter_options
                    on:input=move |event| {
                        filter.set(event_target_value(&event));
                        if let Some(list) = list.get_untracked() {
                            show_matching(&list, &filter.get_untracked());
                        }
                    }
                    on:keydown=move |event| {
                        if event.key() == "Enter" && !event.ctrl_key() && !event.meta_key() {
                            event.prevent_default();
                        }
                    }
                />
            </div>
            {is_multiple
                .then(|| {
                    view! {
                        <button type="button" class="Button quiet" on:click=move |_| set_all(true)>
                            {move || {
                                let shown = state.options.with(|options| options.iter().filter(|option| filter.with(|filter| matches(filter, &option.label))).count());
                                (texts.select_all)(&lang::grouped(shown as u64))
                            }}
                        </button>
                        <button type="button" class="Button quiet" on:click=move |_| set_all(false)>
                            {texts.select_none}
                        </button>
                    }
                })}
        </div>
    };
    view! {
        <FieldFrame field=field.clone() is_group=true>
            <div class="OptionList" class:alive=move || is_alive.get()>
                {move || (is_alive.get() && is_multiple).then(|| view! { <ChosenChips state list /> })}
                {tools}
                <ul
                    class="OptionList-list"
                    node_ref=list
                    on:change=move |_| {
                        if let Some(list) = list.get_untracked() {
                            state.chosen.set(chosen_in(&list));
                        }
                    }
                    inner_html=html
                ></ul>
                <OptionRemarks state />
            </div>
        </FieldFrame>
    }
    .into_any()
}

/// What was dropped, what is loading, what is missing.
#[component]
pub(super) fn OptionRemarks(state: OptionState) -> impl IntoView {
    let texts = texts();
    view! {
        <div class="OptionRemarks" aria-live="polite">
            {move || state.is_loading.get().then(|| view! { <p class="Field-note">{texts.options_loading}</p> })}
            {move || state.has_failed.get().then(|| view! { <p class="Field-note">{texts.options_failed}</p> })}
            {move || {
                let dropped = state.dropped.get();
                (!dropped.is_empty()).then(|| view! { <p class="Field-note">{(texts.options_dropped)(&dropped.join(", "))}</p> })
            }}
            {move || {
                let is_empty = state.options.with(Vec::is_empty) && !state.is_loading.get() && !state.has_failed.get();
                is_empty.then(|| view! { <p class="Field-note">{texts.options_empty}</p> })
            }}
        </div>
    }
    .into_any()
}

#[component]
fn ChosenChips(state: OptionState, list: NodeRef<Ul>) -> impl IntoView {
    let texts = texts();
    let remove = move |value: &str| {
        if let Some(list) = list.get_untracked() {
            items(&list)
                .filter(|(_, input)| input.value() == value)
                .for_each(|(_, input)| input.set_checked(false));
            state.chosen.set(chosen_in(&list));
        }
    };
    let chips = move || {
        let chosen = state.chosen.get();
        let rest = chosen.len().saturating_sub(CHIPS_SHOWN);
        let shown = state.options.with(|options| {
            let labelled = options
                .iter()
                .filter(|option| chosen.contains(&option.value))
                .take(CHIPS_SHOWN);
            labelled.cloned().collect::<Vec<_>>()
        });
        (!chosen.is_empty()).then(|| {
            view! {
                <ul class="Chips">
                    {shown
                        .into_iter()
                        .map(|option| {
                            let value = option.value;
                            view! {
                                <li>
                                    <button type="button" class="Chip removable" on:click=move |_| remove(&value)>
                                        {option.label}
                                        <Icon glyph=Glyph::Remove />
                                        <span class="visually-hidden">{texts.remove}</span>
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()}
                    {(rest > 0).then(|| view! { <li class="Chip">{format!("+{rest}")}</li> })}
                </ul>
            }
        })
    };
    view! { <div class="OptionList-chosen">{chips}</div> }
}

fn list_html(
    options: &[Choice],
    chosen: &[String],
    name: &str,
    first_id: &str,
    is_multiple: bool,
    is_required: bool,
    not_chosen: &str,
) -> String {
    let mut html = String::with_capacity(options.len() * 160);
    let mut is_first = true;
    let mut item = |value: &str, label: &str, is_checked: bool| {
        html.push_str("<li><label class=\"Check\"><input type=\"");
        html.push_str(if is_multiple { "checkbox" } else { "radio" });
        html.push_str("\" name=\"");
        push_escaped(&mut html, name);
        html.push_str("\" value=\"");
        push_escaped(&mut html, value);
        html.push('"');
        if std::mem::take(&mut is_first) {
            html.push_str(" id=\"");
            push_escaped(&mut html, first_id);
            html.push('"');
        }
        if is_checked {
            html.push_str(" checked");
        }
        html.push_str("><span>");
        push_escaped(&mut html, label);
        html.push_str("</span></label></li>");
    };
    if !is_multiple && !is_required {
        item(
            "",
            not_chosen,
            !options.iter().any(|option| chosen.contains(&option.value)),
        );
    }
    for option in options {
        item(&option.value, &option.label, chosen.contains(&option.value));
    }
    html
}

fn items(list: &HtmlElement) -> impl Iterator<Item = (HtmlElement, HtmlInputElement)> {
    let inputs = list.query_selector_all("input").ok();
    let count = inputs.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count).filter_map(move |index| {
        let input = inputs
            .as_ref()?
            .get(index)?
            .dyn_into::<HtmlInputElement>()
            .ok()?;
        let item = input.closest("li").ok()??.dyn_into::<HtmlElement>().ok()?;
        Some((item, input))
    })
}

fn chosen_in(list: &HtmlElement) -> Vec<String> {
    items(list)
        .filter(|(_, input)| input.checked())
        .map(|(_, input)| input.value())
        .collect()
}

fn show_matching(list: &HtmlElement, filter: &str) {
    for (item, _) in items(list) {
        item.set_hidden(!matches(filter, &item.text_content().unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(value: &str, label: &str) -> Choice {
        Choice {
            value: value.to_owned(),
            label: label.to_owned(),
        }
    }

    #[test]
    fn values_no_longer_offered_are_named() {
        let old = [choice("11", "서울"), choice("26", "부산")];
        let new = [choice("26", "부산"), choice("27", "대구")];
        let (kept, dropped) = split_chosen(&[String::from("11"), String::from("26")], &old, &new);
        assert_eq!(kept, ["26"]);
        assert_eq!(dropped, ["서울"]);
    }

    #[test]
    fn the_first_option_carries_the_id_of_the_field() {
        let html = list_html(
            &[choice("a", "A"), choice("b", "B")],
            &[String::from("b")],
            "params[x]",
            "field-x",
            true,
            true,
            "-",
        );
        assert_eq!(html.matches("id=\"field-x\"").count(), 1);
        assert!(html.contains("value=\"b\" checked"), "{html}");
    }

    #[test]
    fn an_optional_single_choice_can_be_left_empty() {
        let html = list_html(
            &[choice("a", "A")],
            &[],
            "params[x]",
            "field-x",
            false,
            false,
            "선택 안 함",
        );
        assert!(
            html.contains("value=\"\" id=\"field-x\" checked><span>선택 안 함"),
            "{html}"
        );
    }
}
