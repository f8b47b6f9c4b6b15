//! For administrators: every report file, what is wrong with it, and which version is in use.

use leptos::prelude::*;

use crate::components::{Badge, Empty, Glyph, Icon, PageHead, TimeText, Tone};
use crate::context::texts;
use crate::view::{AdminReport, AdminReportState, AdminReportsView};

/// The page at `/admin/reports`.
#[component]
pub fn AdminReports(view: AdminReportsView) -> impl IntoView {
    let texts = texts();
    let is_empty = view.reports.is_empty();
    let files = view.reports.into_iter().map(|report| {
        view! {
            <li>
                <File report />
            </li>
        }
    });
    let files = files.collect::<Vec<_>>();
    view! {
        <PageHead title=texts.admin_title lead=texts.admin_lead />
        <p class="AdminFolder">
            <Icon glyph=Glyph::Folder />
            <code>{view.folder}</code>
            {view.read_at.map(|read_at| view! { <span>{texts.read_at} " " <TimeText moment=read_at /></span> })}
        </p>
        {if is_empty {
            view! { <Empty glyph=Glyph::Folder title=texts.admin_none advice=texts.admin_none_advice /> }.into_any()
        } else {
            view! { <ul class="AdminReports">{files}</ul> }.into_any()
        }}
    }
    .into_any()
}

#[component]
fn File(report: AdminReport) -> impl IntoView {
    let texts = texts();
    let badge = match &report.state {
        AdminReportState::InUse if report.warnings > 0 => {
            view! { <Badge tone=Tone::Warn glyph=Glyph::Warning label=(texts.warnings)(report.warnings) /> }.into_any()
        }
        AdminReportState::InUse => view! { <Badge tone=Tone::Good glyph=Glyph::Check label=texts.in_use /> }.into_any(),
        AdminReportState::LastGood { .. } | AdminReportState::Broken => {
            view! { <Badge tone=Tone::Bad glyph=Glyph::Cross label=(texts.errors)(report.errors) /> }.into_any()
        }
    };
    let consequence = match &report.state {
        AdminReportState::InUse => None,
        AdminReportState::LastGood { since } => Some((texts.last_good_in_use)(&since.text)),
        AdminReportState::Broken => Some(texts.never_good.to_owned()),
    };
    let is_open = report.state != AdminReportState::InUse;
    let groups = if report.run_groups.is_empty() {
        texts.administrators_only.to_owned()
    } else {
        report.run_groups.join(", ")
    };
    let name = report.title.clone().unwrap_or_else(|| report.id.clone());
    view! {
        <article class="AdminReport">
            <div class="AdminReport-head">
                <h2>{if is_open && report.title.is_none() {
                    name.into_any()
                } else {
                    view! { <a href=format!("/reports/{}", report.id)>{name}</a> }.into_any()
                }}</h2>
                {badge}
            </div>
            <p class="AdminReport-path">
                <code>{report.path}</code>
                <span>{texts.may_run} " " {groups}</span>
            </p>
            {consequence.map(|consequence| view! { <p class="AdminReport-consequence">{consequence}</p> })}
            {(!report.rendered.is_empty())
                .then(|| {
                    view! {
                        <details class="Fold" open=is_open>
                            <summary>{texts.problems}</summary>
                            <pre tabindex="0">{report.rendered}</pre>
                        </details>
                    }
                })}
        </article>
    }
    .into_any()
}
