//! A period: buttons with the days they mean today, or two dates.

use leptos::prelude::*;

use super::field_frame::{FieldFrame, Parts, posted_name};
use super::icon::{Glyph, Icon};
use crate::context::texts;
use crate::view::{FieldView, PeriodPreset};

/// The value posted when the two dates count.
const CUSTOM: &str = "custom";

/// Radio buttons, so that it works by keyboard and without JavaScript; CSS shows the dates when "custom" is chosen.
#[component]
pub fn PeriodField(field: FieldView) -> impl IntoView {
    let texts = texts();
    let parts = Parts::of(&field);
    let chosen = field.values.first().cloned().unwrap_or_default();
    // A value no button stands for is shown by its dates, so that it can be seen and changed.
    let is_custom = !field
        .presets
        .iter()
        .any(|preset| preset.expression == chosen);
    let name = posted_name(&field.name);
    let first = parts.control.clone();
    let preset = |(index, preset): (usize, &PeriodPreset)| {
        let id = if index == 0 {
            first.clone()
        } else {
            format!("{first}-{index}")
        };
        let is_chosen = preset.expression == chosen;
        view! { <Preset name=name.clone() id preset=preset.clone() is_chosen /> }
    };
    let presets = field.presets.iter().enumerate().map(preset).collect_view();
    let custom_id = if field.presets.is_empty() {
        first.clone()
    } else {
        format!("{first}-custom")
    };
    let (from_id, last_id) = (format!("{first}-from"), format!("{first}-last-day"));
    let (from_name, last_name) = (
        format!("params[{}.from]", field.name),
        format!("params[{}.last_day]", field.name),
    );
    let invalid = (is_custom && field.error.is_some()).then_some("true");
    view! {
        <FieldFrame field=field.clone() is_group=true>
            <div class="PeriodField">
                <div class="PeriodField-presets">
                    {presets}
                    <label class="PeriodPreset">
                        <input type="radio" name=name.clone() id=custom_id value=CUSTOM checked=is_custom />
                        <span class="PeriodPreset-face">
                            <span class="PeriodPreset-label">
                                <Icon glyph=Glyph::Calendar />
                                {texts.period_custom}
                            </span>
                            {" "}
                            <span class="PeriodPreset-days">{texts.period_custom_hint}</span>
                        </span>
                    </label>
                </div>
                <div class="PeriodField-custom">
                    <div>
                        <label for=from_id.clone()>{texts.period_from}</label>
                        <input class="TextInput date" type="date" id=from_id name=from_name value=field.from.clone() aria-invalid=invalid />
                    </div>
                    <span class="PeriodField-until" aria-hidden="true">
                        "~"
                    </span>
                    <div>
                        <label for=last_id.clone()>{texts.period_last_day}</label>
                        <input
                            class="TextInput date"
                            type="date"
                            id=last_id
                            name=last_name
                            value=field.last_day.clone()
                            aria-invalid=invalid
                        />
                    </div>
                    <p class="Field-help">{texts.period_inclusive}</p>
                </div>
            </div>
        </FieldFrame>
    }
    .into_any()
}

#[component]
fn Preset(name: String, id: String, preset: PeriodPreset, is_chosen: bool) -> impl IntoView {
    let days = if preset.from == preset.last_day {
        preset.from
    } else {
        format!("{} ~ {}", preset.from, preset.last_day)
    };
    view! {
        <label class="PeriodPreset">
            <input type="radio" name=name id=id value=preset.expression checked=is_chosen />
            <span class="PeriodPreset-face">
                <span class="PeriodPreset-label">{preset.label}</span>
                {" "}
                <span class="PeriodPreset-days">{days}</span>
            </span>
        </label>
    }
    .into_any()
}
