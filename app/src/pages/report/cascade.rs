//! Options that follow other fields: when a parent changes, its children ask the server for theirs.
//!
//! Without JavaScript the form has a button that loads the same page with the typed values instead.

use std::collections::{BTreeMap, HashMap};

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use crate::api;
use crate::components::OptionState;
use crate::view::{FieldView, FormInput};

/// The options of every choice of a form, and who follows whom.
#[derive(Clone)]
pub struct Cascade {
    report: String,
    states: HashMap<String, OptionState>,
    /// Parent name to the names of its children.
    children: BTreeMap<String, Vec<String>>,
}

impl Cascade {
    /// Empty states are made for other fields too; they cost nothing.
    pub fn new(report: &str, fields: &[FieldView]) -> Self {
        let states = fields
            .iter()
            .map(|field| (field.name.clone(), OptionState::new(field)))
            .collect();
        let mut children = BTreeMap::<String, Vec<String>>::new();
        for field in fields {
            for parent in &field.depends_on {
                children
                    .entry(parent.clone())
                    .or_default()
                    .push(field.name.clone());
            }
        }
        Cascade {
            report: report.to_owned(),
            states,
            children,
        }
    }

    /// No field follows another.
    pub fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The options of one field.
    pub fn state_of(&self, field: &FieldView) -> OptionState {
        self.states
            .get(&field.name)
            .copied()
            .unwrap_or_else(|| OptionState::new(field))
    }

    /// Loads the options of every field that follows the changed one.
    pub fn follow(&self, event: &web_sys::Event, form: &HtmlFormElement) {
        let changed = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let name = changed
            .and_then(|element| element.get_attribute("name"))
            .unwrap_or_default();
        let Some(parent) = field_of(&name) else {
            return;
        };
        // `p.from` and `p.last_day` are parts of `p`.
        let parent = parent.split('.').next().unwrap_or(parent);
        for child in self.children.get(parent).into_iter().flatten() {
            if let Some(state) = self.states.get(child) {
                load(
                    self.report.clone(),
                    child.clone(),
                    typed_values(form),
                    *state,
                );
            }
        }
    }
}

fn load(report: String, param: String, input: FormInput, state: OptionState) {
    state.is_loading.set(true);
    state.has_failed.set(false);
    spawn_local(async move {
        let answer = api::choices(report, param, input).await;
        // The page may have been left meanwhile.
        if state.is_loading.try_set(false).is_some() {
            return;
        }
        match answer {
            Ok(view) => state.replace(view.options),
            Err(_) => state.has_failed.set(true),
        }
    });
}

/// `region` of `params[region]`; nothing for other names.
pub fn field_of(name: &str) -> Option<&str> {
    name.strip_prefix("params[")?.strip_suffix(']')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parameters_are_fields() {
        assert_eq!(field_of("params[region]"), Some("region"));
        assert_eq!(field_of("params[period.last_day]"), Some("period.last_day"));
        assert_eq!(field_of("next"), None);
    }
}
