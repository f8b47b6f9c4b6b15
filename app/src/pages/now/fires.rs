//! What schedules will start within a day.

use leptos::prelude::*;

use super::now_texts;
use super::table::Table;
use crate::components::TimeText;
use crate::view::FireView;

#[component]
pub(super) fn Fires(fires: Vec<FireView>) -> impl IntoView {
    let texts = now_texts();
    let heads = vec![
        texts.report,
        texts.at,
        texts.zone,
        texts.owner,
        texts.fired_by,
    ];
    let rows = fires
        .into_iter()
        .map(|fire| view! { <Row fire /> }.into_any());
    view! { <Table caption=texts.fires heads rows=rows.collect() nothing=texts.no_fires /> }
}

#[component]
fn Row(fire: FireView) -> impl IntoView {
    let texts = now_texts();
    view! {
        <tr>
            <th scope="row" class="RunTable-report">
                <a href=format!("/reports/{}", fire.report_id)>{fire.title}</a>
            </th>
            <td data-label=texts.at>
                <TimeText moment=fire.at />
            </td>
            <td data-label=texts.zone>{fire.zone}</td>
            <td data-label=texts.owner>{fire.owner}</td>
            <td data-label=texts.fired_by>{fire.fired_by.unwrap_or_else(|| String::from("–"))}</td>
        </tr>
    }
    .into_any()
}
