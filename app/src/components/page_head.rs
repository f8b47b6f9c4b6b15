//! The top of a page, and what stands in its place while it loads.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::app::texts;

/// The heading of a page, the way back above it, and its actions beside it.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    /// Where the page hangs: (address, words).
    #[prop(optional)]
    up: Option<(String, String)>,
    #[prop(optional, into)] lead: Option<String>,
    /// The page names the document itself.
    #[prop(optional)]
    is_untitled: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let document_title = title.clone();
    view! {
        {(!is_untitled).then(|| view! { <Title text=document_title /> })}
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

/// Grey lines in the shape of a page, read as one word.
#[component]
pub fn Loading() -> impl IntoView {
    view! {
        <div class="Loading" role="status">
            <span class="visually-hidden">{texts().loading}</span>
            <div class="Loading-line short"></div>
            <div class="Loading-block"></div>
            <div class="Loading-block"></div>
        </div>
    }
}
