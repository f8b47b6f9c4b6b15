//! The sentence about data that is here already, which follows the values of the form.
//!
//! It stands in the page the server renders; afterwards every change asks for it again.

use leptos::html::P;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What is here for the values as they are now, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedNews {
    /// Absent while the values are not complete.
    pub sentence: Option<String>,
}

/// The sentence. `report` is its id.
#[island]
pub fn StagedLine(report: String, first: StagedNews) -> impl IntoView {
    let line = NodeRef::<P>::new();
    let news = RwSignal::new(first);
    #[cfg(feature = "hydrate")]
    super::form::once_alive(line, move |line| alive::follow(&line, report, news));
    #[cfg(not(feature = "hydrate"))]
    drop(report);
    let sentence = move || news.with(|news| news.sentence.clone());
    view! {
        <p class="Cost-staged" role="status" node_ref=line hidden=move || sentence().is_none()>
            {sentence}
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod alive {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use serde::Serialize;
    use web_sys::Element;

    use super::StagedNews;
    use crate::islands::fetch::ask;
    use crate::islands::form::{form_of, on_change, typed_values};
    use crate::view::FormInput;

    #[derive(Serialize)]
    struct Question<'a> {
        report: &'a str,
        input: FormInput,
    }

    pub(super) fn follow(line: &Element, report: String, news: RwSignal<StagedNews>) {
        let Some(form) = form_of(line) else { return };
        // Only the answer to the latest question counts.
        let asked = StoredValue::new(0_u32);
        let values = form.clone();
        on_change(&form, move |_| {
            let number = asked.get_value() + 1;
            asked.set_value(number);
            let (report, input) = (report.clone(), typed_values(&values));
            spawn_local(async move {
                let question = Question {
                    report: &report,
                    input,
                };
                let answer = ask::<Option<StagedNews>>("/api/form/staged", &question).await;
                // The old sentence is better than none.
                if let Ok(Some(answer)) = answer
                    && asked.get_value() == number
                {
                    news.set(answer);
                }
            });
        });
    }
}
