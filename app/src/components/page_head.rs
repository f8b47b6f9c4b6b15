//! The top of a page.

use leptos::prelude::*;

use crate::context::texts;

/// The heading of a page, the way back above it, and its actions beside it.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// Where the page hangs: (address, words).
    #[prop(optional)]
    up: Option<(String, String)>,
    #[prop(optional, into)] lead: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="PageHead">
            <div class="PageHead-text">
                {up.map(|(href, label)| {
                    view! {
                        <nav class="PageHead-up" aria-label=texts().breadcrumb>
                            <a href=href>{label}</a>
                        </nav>
                    }
                })}
                <h1>{title}</h1>
                {lead.filter(|lead| !lead.is_empty()).map(|lead| view! { <p class="PageHead-lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="PageHead-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}
