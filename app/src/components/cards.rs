//! A report and a run as they are found on the home page.

use leptos::prelude::*;

use super::badge::{Badge, StateBadge};
use super::button::{LinkButton, Look, PostButton};
use super::chips::Chips;
use super::icon::{Glyph, Icon};
use super::notice::Tone;
use super::pace::{Pace, PaceWords};
use crate::context::{session, texts};
use crate::format;
use crate::view::{Moment, ReportCard, RunCard, RunState, Usual};

/// A point in time that programs can read too.
#[component]
pub fn TimeText(moment: Moment) -> impl IntoView {
    view! { <time datetime=moment.iso>{moment.text}</time> }
}

/// A report: what it is for, what a row is, how long it takes.
#[component]
pub fn ReportTile(report: ReportCard) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    view! {
        <article class="ReportTile">
            <h3>
                <a href=format!("/reports/{}", report.id)>{report.title}</a>
                {report.is_broken.then(|| view! { <Badge tone=Tone::Warn glyph=Glyph::Warning label=texts.broken_badge /> })}
            </h3>
            {report.description.map(|description| view! { <p class="ReportTile-purpose">{description}</p> })}
            <ul class="Facts">
                {report
                    .usual_ms
                    .map(|usual| view! { <li><Icon glyph=Glyph::Clock />{format::rough_duration(lang, usual)}</li> })}
                {report
                    .last_run
                    .map(|last| {
                        view! {
                            <li>
                                <Icon glyph=Glyph::Again />
                                <span>{texts.last_run} " " <TimeText moment=last /></span>
                            </li>
                        }
                    })}
                {report.owner.map(|owner| view! { <li><Icon glyph=Glyph::Person />{owner}</li> })}
            </ul>
        </article>
    }
    .into_any()
}

/// A run: its values, its state, and the next thing to do with it.
#[component]
pub fn RunTile(run: RunCard) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    let href = format!("/runs/{}", run.id);
    let usual = run.usual_ms.map(|ms| Usual {
        p10_ms: ms,
        p50_ms: ms,
        p90_ms: ms,
        runs: 1,
        rows: None,
    });
    let is_running = run.state == RunState::Running;
    let title = run.title.clone();
    view! {
        <article class=format!("RunTile {}", run.state.as_str())>
            <div class="RunTile-head">
                <h3>
                    <a href=href>{run.title}</a>
                </h3>
                <StateBadge state=run.state />
            </div>
            <Chips chips=run.chips />
            {is_running
                .then(|| {
                    view! {
                        <p class="RunTile-step">
                            {run.step.map(|step| texts.step(step))}
                            {run.rows.map(|rows| format!(" · {}", (texts.rows)(rows)))}
                        </p>
                        <Pace elapsed_ms=run.elapsed_ms.unwrap_or(0) words=PaceWords::of(usual) is_active=true />
                    }
                })}
            {run.note.map(|note| view! { <p class="RunTile-step">{note}</p> })}
            {run.error.map(|error| view! { <p class="RunTile-error">{error}</p> })}
            <ul class="Facts">
                <li>
                    <TimeText moment=run.created />
                </li>
                {(!is_running)
                    .then(|| {
                        view! {
                            {run.rows.map(|rows| view! { <li>{(texts.rows)(rows)}</li> })}
                            {run.elapsed_ms.map(|ms| view! { <li>{format::duration(lang, ms)}</li> })}
                        }
                    })}
            </ul>
            {run.state
                .is_finished()
                .then(|| {
                    view! {
                        <div class="RunTile-actions">
                            {run
                                .file
                                .map(|file| {
                                    view! {
                                        <LinkButton
                                            glyph=Glyph::Download
                                            href=file.href
                                            label=texts.download
                                            of=file.name
                                        />
                                    }
                                })}
                            {run
                                .can_run_again
                                .then(|| {
                                    view! {
                                        <PostButton
                                            action=format!("/runs/{}/again", run.id)
                                            fields=vec![("shift", String::from("0"))]
                                            look=Look::Quiet
                                            glyph=Glyph::Again
                                            label=texts.run_again
                                            of=title
                                        />
                                    }
                                })}
                        </div>
                    }
                })}
        </article>
    }
    .into_any()
}
