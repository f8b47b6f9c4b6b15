//! A failed run: what happened, whether data is affected, what to do, what to quote.

use leptos::prelude::*;

use crate::components::{DataTable, ErrorBox, Steps};
use crate::context::texts;
use crate::pages::live::steps;
use crate::view::{ColumnView, RunError, RunView};

/// The error first, then where it stopped.
#[component]
pub fn Failure(view: RunView) -> impl IntoView {
    let texts = texts();
    let error = view.error.unwrap_or_else(|| RunError {
        reference: view.id.clone(),
        ..RunError::default()
    });
    let or = |text: String, otherwise: &str| {
        if text.is_empty() {
            otherwise.to_owned()
        } else {
            text
        }
    };
    let mut rows = error.rows.into_iter();
    let columns = rows.next().unwrap_or_default();
    let columns = columns
        .into_iter()
        .map(|title| ColumnView {
            title,
            is_right: false,
        })
        .collect::<Vec<_>>();
    let rows = rows
        .map(|row| row.into_iter().map(Some).collect())
        .collect::<Vec<Vec<_>>>();
    view! {
        <ErrorBox
            what=or(error.what, texts.run_failed)
            affected=or(error.affected, texts.nothing_affected)
            advice=or(error.advice, texts.failed_advice)
            reference=error.reference
            chain=error.chain.unwrap_or_default()
        >
            {(!rows.is_empty()).then(|| view! { <DataTable caption=texts.failed_check_rows columns rows /> })}
        </ErrorBox>
        <section class="Panel">
            <h2>{texts.steps_title}</h2>
            <Steps steps=Signal::stored(steps(texts, &view.live.steps)) />
        </section>
    }
    .into_any()
}
