//! The sentence about data that is here already, which follows the values of the form.
//!
//! It stands in the page the server renders; afterwards every change asks for it again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlFormElement;

use super::cascade::typed_values;
use crate::api;
use crate::app::texts;
use crate::view::StagedView;

/// What is here for the values as they are now.
#[derive(Clone, Copy)]
pub struct Staged {
    /// `None` when the report keeps nothing, which no value changes.
    view: RwSignal<Option<StagedView>>,
    /// Only the answer to the latest question counts.
    asked: StoredValue<u32>,
}

impl Staged {
    /// As the server rendered it.
    pub fn new(view: Option<StagedView>) -> Self {
        Staged {
            view: RwSignal::new(view),
            asked: StoredValue::new(0),
        }
    }

    /// Asks again after a value changed.
    pub fn follow(self, report: &str, form: &HtmlFormElement) {
        if self.view.get_untracked().is_none() {
            return;
        }
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        let (report, input) = (report.to_owned(), typed_values(form));
        spawn_local(async move {
            let answer = api::staged(report, input).await;
            // The page may have been left meanwhile, and the old sentence is better than none.
            if let (Some(latest), Ok(view)) = (self.asked.try_get_value(), answer)
                && latest == number
            {
                let _ = self.view.try_set(view);
            }
        });
    }
}

/// The sentence.
#[component]
pub fn StagedLine(staged: Staged) -> impl IntoView {
    let texts = texts();
    let sentence = move || staged.view.get().and_then(|view| texts.staged(view));
    view! {
        <Show when=move || sentence().is_some()>
            <p class="Cost-staged" role="status">
                {sentence}
            </p>
        </Show>
    }
}
