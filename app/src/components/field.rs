//! One field of the run form: label above, control, help and error below, bound together for screen readers.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::option_list::{OptionList, OptionState};
use super::period_field::PeriodField;
use crate::app::texts;
use crate::markup::push_escaped;
use crate::view::{Choice, FieldKind, FieldView};

/// Options up to this many are a plain select; more get a list with a filter.
const SELECT_LIMIT: usize = 12;

/// The control a parameter needs. `options` is given for choice and choices.
#[component]
pub fn Field(
    field: FieldView,
    #[prop(optional_no_strip)] options: Option<OptionState>,
) -> impl IntoView {
    let state = options.unwrap_or_else(|| OptionState::new(&field));
    match field.kind {
        FieldKind::Period => view! { <PeriodField field /> }.into_any(),
        FieldKind::Boolean => view! { <YesNo field /> }.into_any(),
        FieldKind::Choice | FieldKind::Choices if field.options_problem.is_some() => {
            view! { <Input field kind="text" /> }.into_any()
        }
        FieldKind::Choices => view! { <OptionList field state is_multiple=true /> }.into_any(),
        FieldKind::Choice if field.options.len() > SELECT_LIMIT => {
            view! { <OptionList field state is_multiple=false /> }.into_any()
        }
        FieldKind::Choice => view! { <Select field state /> }.into_any(),
        FieldKind::Text => view! { <Input field kind="text" /> }.into_any(),
        FieldKind::Integer | FieldKind::Decimal => {
            view! { <Input field kind="number" /> }.into_any()
        }
        FieldKind::Date => view! { <Input field kind="date" /> }.into_any(),
        FieldKind::Datetime => view! { <Input field kind="datetime-local" /> }.into_any(),
    }
}

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

/// One line of text, a number or a date. What cannot be shown by a native control is shown as text, so that nothing
/// typed is lost.
#[component]
fn Input(field: FieldView, kind: &'static str) -> impl IntoView {
    let parts = Parts::of(&field);
    let value = field.values.join(", ");
    let fits = match kind {
        "number" => value.is_empty() || value.parse::<f64>().is_ok(),
        "date" => value.is_empty() || is_date(&value),
        "datetime-local" => {
            value.is_empty() || value.split_once('T').is_some_and(|(date, _)| is_date(date))
        }
        _ => true,
    };
    let shown = if fits { kind } else { "text" };
    let step = match (shown, field.kind) {
        ("number", FieldKind::Decimal) => Some("any"),
        ("number", _) => Some("1"),
        _ => None,
    };
    let mode = match field.kind {
        FieldKind::Integer => Some("numeric"),
        FieldKind::Decimal => Some("decimal"),
        _ => None,
    };
    let bounded = move |bound: &Option<String>| bound.clone().filter(|_| shown != "text");
    let pattern = field
        .pattern
        .clone()
        .filter(|_| shown == "text" && field.kind == FieldKind::Text);
    view! {
        <FieldFrame field=field.clone()>
            <input
                class=format!("TextInput {shown}")
                id=parts.control
                name=posted_name(&field.name)
                type=shown
                value=value
                inputmode=mode
                step=step
                min=bounded(&field.min)
                max=bounded(&field.max)
                pattern=pattern
                maxlength=(field.kind == FieldKind::Text).then_some("10000")
                required=field.required
                autocomplete="off"
                aria-invalid=field.error.is_some().then_some("true")
                aria-describedby=parts.described
            />
        </FieldFrame>
    }
    .into_any()
}

/// `2026-09-03`, with any digits: the browser does the rest.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| {
            if place == 4 || place == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
}

#[component]
fn YesNo(field: FieldView) -> impl IntoView {
    let parts = Parts::of(&field);
    let is_on = field.values.iter().any(|value| value == "true");
    let label = field.label.clone();
    view! {
        <FieldFrame field=field.clone() is_group=true is_unmarked=true>
            <label class="Check">
                <input
                    type="checkbox"
                    id=parts.control
                    name=posted_name(&field.name)
                    value="true"
                    checked=is_on
                />
                <span>{texts().yes} <span class="visually-hidden">{format!(" – {label}")}</span></span>
            </label>
        </FieldFrame>
    }
    .into_any()
}

#[component]
fn Select(field: FieldView, state: OptionState) -> impl IntoView {
    let parts = Parts::of(&field);
    let (is_required, empty) = (field.required, texts().not_chosen);
    let options = move || {
        options_html(
            &state.options.get(),
            &state.chosen.get_untracked(),
            (!is_required).then_some(empty),
        )
    };
    view! {
        <FieldFrame field=field.clone()>
            <div class="Select">
                <select
                    id=parts.control
                    name=posted_name(&field.name)
                    required=is_required
                    aria-invalid=field.error.is_some().then_some("true")
                    aria-describedby=parts.described
                    on:change=move |event| state.chosen.set(vec![event_target_value(&event)])
                    inner_html=options
                ></select>
                <Icon glyph=Glyph::Down />
            </div>
            <super::option_list::OptionRemarks state />
        </FieldFrame>
    }
    .into_any()
}

/// A required select without a value starts with an empty option, so that nobody sends the first one unseen.
fn options_html(options: &[Choice], chosen: &[String], empty: Option<&str>) -> String {
    let is_chosen = |value: &str| chosen.iter().any(|chosen| chosen == value);
    let mut html = String::new();
    if empty.is_some() || !options.iter().any(|option| is_chosen(&option.value)) {
        html.push_str("<option value=\"\">");
        push_escaped(&mut html, empty.unwrap_or_default());
        html.push_str("</option>");
    }
    for option in options {
        html.push_str("<option value=\"");
        push_escaped(&mut html, &option.value);
        html.push_str(if is_chosen(&option.value) {
            "\" selected>"
        } else {
            "\">"
        });
        push_escaped(&mut html, &option.label);
        html.push_str("</option>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_are_shown_by_a_date_control() {
        assert!(is_date("2026-09-03"));
        assert!(!is_date("2026-9-3"));
        assert!(!is_date("어제"));
    }

    #[test]
    fn a_required_select_without_a_value_starts_empty() {
        let options = [Choice {
            value: String::from("a"),
            label: String::from("A & B"),
        }];
        assert_eq!(
            options_html(&options, &[], None),
            "<option value=\"\"></option><option value=\"a\">A &amp; B</option>"
        );
        assert_eq!(
            options_html(&options, &[String::from("a")], None),
            "<option value=\"a\" selected>A &amp; B</option>"
        );
    }
}
