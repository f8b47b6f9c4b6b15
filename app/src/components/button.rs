//! Buttons, links that look like them, and one-button forms.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How loud a button is. One [`Look::Primary`] per page at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "ssr"),
    allow(dead_code, reason = "islands need only some of them")
)]
pub enum Look {
    /// The one thing to do here.
    Primary,
    /// Everything else.
    #[default]
    Plain,
    /// Among text, without a border.
    Quiet,
    /// Stops something.
    Danger,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Primary => "Button primary",
            Look::Plain => "Button",
            Look::Quiet => "Button quiet",
            Look::Danger => "Button danger",
        }
    }
}

/// A button that posts the form around it.
#[component]
pub fn Button(
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(into)] label: String,
    /// Read after the label, for buttons that repeat in a list.
    #[prop(optional, into)]
    of: Option<String>,
) -> impl IntoView {
    view! {
        <button type="submit" class=look.class()>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span>{label}</span>
            {of.map(|of| view! { <span class="visually-hidden">{format!(" – {of}")}</span> })}
        </button>
    }
}

/// A link that looks like a button.
#[cfg(feature = "ssr")]
#[component]
pub fn LinkButton(
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    /// Read after the label, for links that repeat in a list.
    #[prop(optional, into)]
    of: Option<String>,
) -> impl IntoView {
    view! {
        <a class=look.class() href=href>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span>{label}</span>
            {of.map(|of| view! { <span class="visually-hidden">{format!(" – {of}")}</span> })}
        </a>
    }
}

/// A form that is nothing but a button; works without JavaScript.
#[cfg(feature = "ssr")]
#[component]
pub fn PostButton(
    #[prop(into)] action: String,
    /// Posted with it.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    #[prop(optional)] look: Look,
    #[prop(optional)] glyph: Option<Glyph>,
    #[prop(into)] label: String,
    #[prop(optional, into)] of: Option<String>,
) -> impl IntoView {
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form class="PostButton" method="post" action=action>
            {fields.collect_view()}
            <button type="submit" class=look.class()>
                {glyph.map(|glyph| view! { <Icon glyph /> })}
                <span>{label}</span>
                {of.map(|of| view! { <span class="visually-hidden">{format!(" – {of}")}</span> })}
            </button>
        </form>
    }
    .into_any()
}
