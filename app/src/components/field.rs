//! One field of the run form, by the type of its parameter.

use leptos::prelude::*;

use super::choice_field::ChoiceControl;
use super::field_frame::{FieldFrame, Parts, posted_name};
use super::period_field::PeriodField;
use crate::context::texts;
use crate::view::{FieldKind, FieldView};

/// The control a parameter of a report needs.
#[component]
pub fn Field(report: String, field: FieldView) -> impl IntoView {
    match field.kind {
        FieldKind::Period => view! { <PeriodField field /> }.into_any(),
        FieldKind::Boolean => view! { <YesNo field /> }.into_any(),
        FieldKind::Choice | FieldKind::Choices if field.options_problem.is_some() => {
            view! { <Input field kind="text" /> }.into_any()
        }
        FieldKind::Choice | FieldKind::Choices => {
            view! { <ChoiceControl report field /> }.into_any()
        }
        FieldKind::Text => view! { <Input field kind="text" /> }.into_any(),
        FieldKind::Integer | FieldKind::Decimal => {
            view! { <Input field kind="number" /> }.into_any()
        }
        FieldKind::Date => view! { <Input field kind="date" /> }.into_any(),
        FieldKind::Datetime => view! { <Input field kind="datetime-local" /> }.into_any(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_are_shown_by_a_date_control() {
        assert!(is_date("2026-09-03"));
        assert!(!is_date("2026-9-3"));
        assert!(!is_date("어제"));
    }
}
