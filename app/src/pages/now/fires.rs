//! What schedules will start within a day.

use leptos::prelude::*;

use super::{Nothing, now_texts};
use crate::components::TimeText;
use crate::view::FireView;

#[component]
pub(super) fn Fires(fires: Vec<FireView>) -> impl IntoView {
    let texts = now_texts();
    if fires.is_empty() {
        return view! { <Nothing sentence=texts.no_fires /> }.into_any();
    }
    let rows = fires.into_iter().map(|fire| {
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
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <table class="RunTable NowTable">
            <caption class="visually-hidden">{texts.fires}</caption>
            <thead>
                <tr>
                    <th scope="col">{texts.report}</th>
                    <th scope="col">{texts.at}</th>
                    <th scope="col">{texts.zone}</th>
                    <th scope="col">{texts.owner}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
