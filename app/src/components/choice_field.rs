//! A parameter whose value is chosen: a plain select or list, and the island around it where something is alive.

use leptos::prelude::*;

use super::field_frame::{FieldFrame, Parts, posted_name};
use super::icon::{Glyph, Icon};
use crate::context::texts;
use crate::islands::{
    BLANK, ChoiceField, ChoiceWords, Choices, Control, Follows, list_html, select_html,
};
use crate::view::{FieldKind, FieldView};

/// Options up to this many are a plain select; more get a list with a filter.
const SELECT_LIMIT: usize = 12;

/// Whether something of the field is alive: a list with a filter, or options that follow another field.
pub fn has_island(field: &FieldView) -> bool {
    let is_chosen = matches!(field.kind, FieldKind::Choice | FieldKind::Choices);
    is_chosen
        && field.options_problem.is_none()
        && (control_of(field) != Control::Select || !field.depends_on.is_empty())
}

fn control_of(field: &FieldView) -> Control {
    match field.kind {
        FieldKind::Choices => Control::Many,
        _ if field.options.len() > SELECT_LIMIT => Control::One,
        _ => Control::Select,
    }
}

#[component]
pub fn ChoiceControl(report: String, field: FieldView) -> impl IntoView {
    let control = control_of(&field);
    let is_alive = has_island(&field);
    let (island, words) = (choice_field(report, &field), words(&field));
    let inner = match control {
        Control::Select => view! { <Select field=field.clone() /> }.into_any(),
        Control::One | Control::Many => view! { <List field=field.clone() control /> }.into_any(),
    };
    view! {
        <FieldFrame field is_group=control != Control::Select>
            {if is_alive {
                view! {
                    <Choices field=island words>
                        {inner}
                    </Choices>
                }
                    .into_any()
            } else {
                view! {
                    {inner}
                    <Remarks field=island words />
                }
                    .into_any()
            }}
        </FieldFrame>
    }
    .into_any()
}

/// What the island says, for a select that is not alive.
#[component]
fn Remarks(field: ChoiceField, words: ChoiceWords) -> impl IntoView {
    let dropped = (!field.dropped.is_empty())
        .then(|| words.dropped.replacen(BLANK, &field.dropped.join(", "), 1));
    let empty = (field.count == 0).then_some(words.empty);
    let notes = dropped
        .into_iter()
        .chain(empty)
        .map(|note| view! { <p class="Field-note">{note}</p> })
        .collect::<Vec<_>>();
    (!notes.is_empty()).then(|| view! { <div class="OptionRemarks">{notes}</div> })
}

fn choice_field(report: String, field: &FieldView) -> ChoiceField {
    ChoiceField {
        posted_name: posted_name(&field.name),
        control_id: Parts::of(field).control,
        control: control_of(field),
        is_required: field.required,
        count: field.options.len(),
        dropped: field.dropped.clone(),
        follows: (!field.depends_on.is_empty()).then(|| Follows {
            report,
            param: field.name.clone(),
            parents: field.depends_on.clone(),
        }),
    }
}

fn words(field: &FieldView) -> ChoiceWords {
    let texts = texts();
    ChoiceWords {
        filter_label: format!("{} – {}", field.label, texts.filter_options),
        filter: texts.filter_options.to_owned(),
        select_all: (texts.select_all)(BLANK),
        select_none: texts.select_none.to_owned(),
        remove: texts.remove.to_owned(),
        loading: texts.options_loading.to_owned(),
        failed: texts.options_failed.to_owned(),
        empty: texts.options_empty.to_owned(),
        dropped: (texts.options_dropped)(BLANK),
        not_chosen: texts.not_chosen.to_owned(),
    }
}

#[component]
fn Select(field: FieldView) -> impl IntoView {
    let parts = Parts::of(&field);
    let not_chosen = (!field.required).then_some(texts().not_chosen);
    let options = select_html(&field.options, &field.values, not_chosen);
    view! {
        <div class="Select">
            <select
                id=parts.control
                name=posted_name(&field.name)
                required=field.required
                aria-invalid=field.error.is_some().then_some("true")
                aria-describedby=parts.described
                inner_html=options
            ></select>
            <Icon glyph=Glyph::Down />
        </div>
    }
    .into_any()
}

#[component]
fn List(field: FieldView, control: Control) -> impl IntoView {
    let (name, first_id) = (posted_name(&field.name), Parts::of(&field).control);
    let not_chosen = (!field.required).then_some(texts().not_chosen);
    let names = (name.as_str(), first_id.as_str());
    let html = list_html(control, names, &field.options, &field.values, not_chosen);
    view! { <ul class="OptionList-list" inner_html=html></ul> }
}
