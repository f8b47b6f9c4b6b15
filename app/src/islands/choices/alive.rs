//! What happens to the options in the browser.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement};

use super::{ChoiceField, Control, Follows, State};
use crate::islands::dom::elements;
use crate::islands::fetch::ask;
use crate::islands::form::{form_of, on_change, typed_values};
use crate::islands::matches::matches;
use crate::islands::options::{list_html, select_html};
use crate::view::{Choice, ChoicesView, FormInput};

#[derive(Serialize)]
struct Question<'a> {
    report: &'a str,
    param: &'a str,
    input: FormInput,
}

/// Looks at what is there – browsers restore check marks on "back" without telling – and follows other fields.
pub(super) fn start(root: &Element, state: State, field: ChoiceField, not_chosen: String) {
    state.is_alive.set(true);
    state.read(root);
    let Some(follows) = field.follows.clone() else {
        return;
    };
    let Some(form) = form_of(root) else { return };
    // The button that loads the form again is for browsers without JavaScript.
    if let Ok(Some(button)) = form.query_selector(".RunForm-reload") {
        let _ = button.set_attribute("hidden", "");
    }
    let (root, values) = (root.clone(), form.clone());
    let asked = StoredValue::new(0_u32);
    on_change(&form, move |changed| {
        if !follows.parents.iter().any(|parent| parent == changed) {
            return;
        }
        let number = asked.get_value() + 1;
        asked.set_value(number);
        let (root, field) = (root.clone(), field.clone());
        let (question, not_chosen) = (question(&follows, &values), not_chosen.clone());
        state.is_loading.set(true);
        state.has_failed.set(false);
        spawn_local(async move {
            let answer = question.await;
            // Only the answer to the latest question counts.
            if asked.get_value() != number {
                return;
            }
            state.is_loading.set(false);
            match answer {
                Some(options) => state.replace(&root, &field, &options, &not_chosen),
                None => state.has_failed.set(true),
            }
        });
    });
}

fn question(
    follows: &Follows,
    form: &HtmlFormElement,
) -> impl Future<Output = Option<Vec<Choice>>> + 'static {
    let (follows, input) = (follows.clone(), typed_values(form));
    async move {
        let question = Question {
            report: &follows.report,
            param: &follows.param,
            input,
        };
        let answer = ask::<ChoicesView>("/api/form/choices", &question).await;
        answer.ok().map(|view| view.options)
    }
}

impl State {
    /// Reads what is chosen and how much is shown.
    pub(super) fn read(self, root: &Element) {
        if let Some(select) = select_in(root) {
            self.count.set(select.length() as usize);
            let value = select.value();
            let label = select.selected_options().item(0);
            let label = label.and_then(|option| option.text_content());
            self.chosen.set(match value.is_empty() {
                true => Vec::new(),
                false => vec![Choice {
                    value,
                    label: label.unwrap_or_default(),
                }],
            });
            return;
        }
        let (mut count, mut shown, mut chosen) = (0, 0, Vec::new());
        for (item, input) in items(root) {
            count += 1;
            shown += usize::from(!item.hidden());
            if input.checked() && !input.value().is_empty() {
                chosen.push(Choice {
                    value: input.value(),
                    label: item.text_content().unwrap_or_default(),
                });
            }
        }
        self.count.set(count);
        self.shown.set(shown);
        self.chosen.set(chosen);
    }

    /// Hides what the filter does not find.
    pub(super) fn show_matching(self, root: &Element) {
        let filter = self.filter.get_untracked();
        let mut shown = 0;
        for (item, _) in items(root) {
            let is_match = matches(&filter, &item.text_content().unwrap_or_default());
            item.set_hidden(!is_match);
            shown += usize::from(is_match);
        }
        self.shown.set(shown);
    }

    /// Sets or takes away the checks that `wanted` says something about.
    pub(super) fn check(
        self,
        root: &Element,
        wanted: impl Fn(&HtmlElement, &HtmlInputElement) -> Option<bool>,
    ) {
        for (item, input) in items(root) {
            if let Some(is_on) = wanted(&item, &input) {
                input.set_checked(is_on);
            }
        }
        self.read(root);
    }

    /// Takes new options: values that are still offered stay chosen, the others are named.
    fn replace(self, root: &Element, field: &ChoiceField, options: &[Choice], not_chosen: &str) {
        self.read(root);
        let (kept, lost): (Vec<Choice>, Vec<Choice>) = self
            .chosen
            .get_untracked()
            .into_iter()
            .partition(|chosen| options.iter().any(|option| option.value == chosen.value));
        let kept: Vec<String> = kept.into_iter().map(|choice| choice.value).collect();
        let not_chosen = (!field.is_required).then_some(not_chosen);
        if let Some(select) = select_in(root) {
            select.set_inner_html(&select_html(options, &kept, not_chosen));
        } else if let Ok(Some(list)) = root.query_selector(".OptionList-list") {
            let names = (field.posted_name.as_str(), field.control_id.as_str());
            list.set_inner_html(&list_html(field.control, names, options, &kept, not_chosen));
            self.show_matching(root);
        }
        self.dropped
            .set(lost.into_iter().map(|choice| choice.label).collect());
        self.read(root);
        if field.control == Control::Select {
            self.count.set(options.len());
        }
    }
}

fn select_in(root: &Element) -> Option<HtmlSelectElement> {
    root.query_selector("select").ok()??.dyn_into().ok()
}

fn items(root: &Element) -> impl Iterator<Item = (HtmlElement, HtmlInputElement)> {
    elements::<HtmlInputElement>(root.query_selector_all(".OptionList-list input")).filter_map(
        |input| {
            let item = input.closest("li").ok()??.dyn_into().ok()?;
            Some((item, input))
        },
    )
}
