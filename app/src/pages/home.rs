//! "My reports": running now, recent runs, and every report in its folder.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::app::texts;
use crate::components::{
    Empty, Glyph, LinkButton, Loading, Notice, PageHead, ReportTile, RunTile, SearchBox, Tone,
};
use crate::load::load;
use crate::pages::ErrorPage;
use crate::search::matches;
use crate::view::{Folder, HomeView, ReportCard, RunCard};

/// How often running runs are looked at. The run's own page is live; here five seconds are enough.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The page at `/`.
#[component]
pub fn HomePage() -> impl IntoView {
    let home = load(|| (), |()| api::home());
    let query =
        RwSignal::new(use_query_map().with_untracked(|query| query.get("q").unwrap_or_default()));
    view! {
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                match home.await {
                    Ok(view) => view! { <Home view query again=Callback::new(move |()| home.refetch()) /> }.into_any(),
                    Err(error) => view! { <ErrorPage error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Home(view: HomeView, query: RwSignal<String>, again: Callback<()>) -> impl IntoView {
    let texts = texts();
    let is_searching = Signal::derive(move || query.with(|query| !query.trim().is_empty()));
    let has_reports = view.folders.iter().any(|folder| !folder.reports.is_empty());
    let names = view
        .folders
        .iter()
        .flat_map(|folder| folder.reports.iter().map(haystack))
        .collect::<Vec<_>>();
    let found = Memo::new(move |_| {
        query.with(|query| names.iter().filter(|name| matches(query, name)).count())
    });
    view! {
        <PageHead title=texts.home_title lead=texts.home_lead />
        {(view.broken_reports > 0)
            .then(|| {
                view! {
                    <Notice tone=Tone::Warn message=(texts.broken_reports)(view.broken_reports)>
                        <LinkButton href="/admin/reports" label=texts.broken_reports_link />
                    </Notice>
                }
            })}
        {has_reports.then(|| view! { <SearchBox query label=texts.search_label placeholder=texts.search_placeholder /> })}
        <p class="visually-hidden" role="status">
            {move || is_searching.get().then(|| (texts.search_found)(found.get() as u64))}
        </p>
        <RunningNow runs=view.running is_searching again />
        <Recent runs=view.recent is_searching />
        {if has_reports {
            view.folders.into_iter().map(|folder| view! { <FolderSection folder query /> }).collect_view().into_any()
        } else {
            view! { <Empty glyph=Glyph::Folder title=texts.no_reports_title advice=texts.no_reports_advice /> }.into_any()
        }}
        {move || {
            (is_searching.get() && found.get() == 0)
                .then(|| view! { <Empty glyph=Glyph::Search title=texts.search_nothing_title advice=texts.search_nothing_advice /> })
        }}
    }
    .into_any()
}

/// Looks again while something runs; when a run ends the whole page is loaded anew, because it moves to "recent".
#[component]
fn RunningNow(
    runs: Vec<RunCard>,
    is_searching: Signal<bool>,
    again: Callback<()>,
) -> impl IntoView {
    let ids = runs.iter().map(|run| run.id.clone()).collect::<Vec<_>>();
    let running = RwSignal::new(runs);
    Effect::new(move |_| {
        if ids.is_empty() {
            return;
        }
        let ids = ids.clone();
        let look = move || {
            let ids = ids.clone();
            spawn_local(async move {
                let Ok(view) = api::home().await else { return };
                if view.running.iter().map(|run| &run.id).eq(ids.iter()) {
                    let _ = running.try_set(view.running);
                } else {
                    again.try_run(());
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(look, LOOK_AGAIN) {
            on_cleanup(move || timer.clear());
        }
    });
    move || {
        let runs = running.get();
        (!runs.is_empty()).then(|| {
            view! {
                <section class="HomeSection" hidden=move || is_searching.get()>
                    <h2>{texts().running_now}</h2>
                    <div class="RunTiles">{runs.into_iter().map(|run| view! { <RunTile run /> }).collect_view()}</div>
                </section>
            }
        })
    }
}

#[component]
fn Recent(runs: Vec<RunCard>, is_searching: Signal<bool>) -> impl IntoView {
    let texts = texts();
    (!runs.is_empty()).then(|| {
        view! {
            <section class="HomeSection" hidden=move || is_searching.get()>
                <div class="HomeSection-head">
                    <h2>{texts.recent_runs}</h2>
                    <a href="/runs">{texts.all_runs}</a>
                </div>
                <div class="RunTiles">{runs.into_iter().map(|run| view! { <RunTile run /> }).collect_view()}</div>
            </section>
        }
    })
}

#[component]
fn FolderSection(folder: Folder, query: RwSignal<String>) -> impl IntoView {
    let names = folder.reports.iter().map(haystack).collect::<Vec<_>>();
    let is_hidden = move || query.with(|query| !names.iter().any(|name| matches(query, name)));
    let tiles = folder.reports.into_iter().map(|report| {
        let name = haystack(&report);
        view! {
            <li hidden=move || query.with(|query| !matches(query, &name))>
                <ReportTile report />
            </li>
        }
    });
    view! {
        <section class="HomeSection" hidden=is_hidden>
            <h2>{texts().folder(&folder.name)}</h2>
            <ul class="ReportTiles">{tiles.collect_view()}</ul>
        </section>
    }
}

/// What a search looks at.
fn haystack(report: &ReportCard) -> String {
    format!(
        "{} {} {}",
        report.title,
        report.id,
        report.description.as_deref().unwrap_or_default()
    )
}
