//! The frame that the tables of the page share.

use leptos::prelude::*;

use super::{Nothing, now_texts};

/// Rows below their heads, or one sentence when there are none.
#[component]
pub(super) fn Table(
    /// Read instead of a visible caption; the section's heading says it to everybody else.
    caption: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<AnyView>,
    /// The rows end with buttons; the head above them is only read.
    #[prop(optional)]
    has_actions: bool,
    /// Said when there are no rows.
    nothing: &'static str,
) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Nothing sentence=nothing /> }.into_any();
    }
    let heads = heads
        .into_iter()
        .map(|head| view! { <th scope="col">{head}</th> });
    let actions = has_actions.then(|| {
        view! {
            <th scope="col">
                <span class="visually-hidden">{now_texts().actions}</span>
            </th>
        }
    });
    view! {
        <table class="RunTable NowTable">
            <caption class="visually-hidden">{caption}</caption>
            <thead>
                <tr>
                    {heads.collect_view()}
                    {actions}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
