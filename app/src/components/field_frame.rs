//! What stands around the control of a field: label above, help and error below, bound together for screen readers.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::context::texts;
use crate::view::FieldView;

/// Ids that tie a field's parts together.
pub(super) struct Parts {
    /// Of the first control; the error summary links to it.
    pub(super) control: String,
    help: String,
    error: String,
    /// For `aria-describedby`: what exists of error, help.
    pub(super) described: Option<String>,
}

impl Parts {
    pub(super) fn of(field: &FieldView) -> Self {
        let help = format!("help-{}", field.name);
        let error = format!("error-{}", field.name);
        let described = [
            field.error.as_ref().map(|_| error.as_str()),
            field.help.as_ref().map(|_| help.as_str()),
        ];
        let described = described
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let described = (!described.is_empty()).then_some(described);
        Parts {
            control: control_id(&field.name),
            help,
            error,
            described,
        }
    }
}

/// The id of a field's first control.
pub fn control_id(name: &str) -> String {
    format!("field-{name}")
}

/// The name a field is posted under.
pub(super) fn posted_name(name: &str) -> String {
    format!("params[{name}]")
}

/// A label above one control of a small fixed form, such as signing in.
#[component]
pub fn Labelled(
    /// The id of the control.
    control: &'static str,
    label: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="Field">
            <label class="Field-head" for=control>
                <span class="Field-label">{label}</span>
            </label>
            {children()}
        </div>
    }
    .into_any()
}

/// Label, control and remarks. A group of controls becomes a fieldset with a legend.
#[component]
pub fn FieldFrame(
    field: FieldView,
    /// Several controls under one label.
    #[prop(optional)]
    is_group: bool,
    /// Neither required nor optional: a yes or no always has a value.
    #[prop(optional)]
    is_unmarked: bool,
    children: Children,
) -> impl IntoView {
    let texts = texts();
    let parts = Parts::of(&field);
    let class = if field.error.is_some() {
        "Field has-error"
    } else {
        "Field"
    };
    let label = view! {
        <span class="Field-label">{field.label}</span>
        // Without it a screen reader reads both as one word.
        {" "}
        {(!field.required && !is_unmarked).then(|| view! { <span class="Field-optional">{texts.optional}</span> })}
        {(field.required && !is_unmarked).then(|| view! { <span class="Field-required">{texts.required}</span> })}
    };
    let remarks = view! {
        {field
            .error
            .map(|error| {
                view! {
                    <p class="Field-error" id=parts.error>
                        <Icon glyph=Glyph::Warning />
                        <span>{error}</span>
                    </p>
                }
            })}
        {field.options_problem.map(|problem| view! { <p class="Field-note">{problem}</p> })}
        {field.help.map(|help| view! { <p class="Field-help" id=parts.help>{help}</p> })}
    };
    if is_group {
        let described = parts.described;
        view! {
            <fieldset class=class aria-describedby=described>
                <legend class="Field-head">{label}</legend>
                {children()}
                {remarks}
            </fieldset>
        }
        .into_any()
    } else {
        view! {
            <div class=class>
                <label class="Field-head" for=parts.control>
                    {label}
                </label>
                {children()}
                {remarks}
            </div>
        }
        .into_any()
    }
}
