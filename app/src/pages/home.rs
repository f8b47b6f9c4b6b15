//! "My reports": running now, recent runs, and every report in its folder.

use leptos::prelude::*;

use crate::components::{Empty, Glyph, LinkButton, Notice, PageHead, ReportTile, RunTile, Tone};
use crate::context::texts;
use crate::islands::{Counted, Search, SearchWords, matches};
use crate::view::{Folder, HomeView, ReportCard, RunCard};

/// How often running runs are looked at, milliseconds. The run's own page is live; here five seconds are enough.
const LOOK_AGAIN_MS: &str = "5000";

/// The page at `/`.
#[component]
pub fn Home(view: HomeView, query: String) -> impl IntoView {
    let texts = texts();
    let is_searching = !query.trim().is_empty();
    let reports = || view.folders.iter().flat_map(|folder| &folder.reports);
    let has_reports = reports().next().is_some();
    let found = reports()
        .filter(|report| matches(&query, &haystack(report)))
        .count();
    let words = SearchWords {
        label: texts.search_label.to_owned(),
        placeholder: texts.search_placeholder.to_owned(),
        key: texts.search_key.to_owned(),
        found: Counted::of(texts.search_found),
    };
    let folders = view
        .folders
        .into_iter()
        .map(|folder| view! { <FolderSection folder query=query.clone() /> });
    let folders = folders.collect_view();
    // `live.js` looks again while something runs; what ends moves from one list to the other.
    let look_again = (!view.running.is_empty()).then_some(LOOK_AGAIN_MS);
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
        {has_reports.then(|| view! { <Search query found words /> })}
        <div id="home-runs" hidden=is_searching data-live=look_again>
            <RunningNow runs=view.running />
            <Recent runs=view.recent />
        </div>
        {if has_reports {
            view! {
                {folders}
                <div id="search-nothing" hidden=found != 0>
                    <Empty glyph=Glyph::Search title=texts.search_nothing_title advice=texts.search_nothing_advice />
                </div>
            }
                .into_any()
        } else {
            view! { <Empty glyph=Glyph::Folder title=texts.no_reports_title advice=texts.no_reports_advice /> }.into_any()
        }}
    }
    .into_any()
}

#[component]
fn RunningNow(runs: Vec<RunCard>) -> impl IntoView {
    (!runs.is_empty()).then(|| {
        view! {
            <section class="HomeSection" id="home-running">
                <h2 tabindex="-1">{texts().running_now}</h2>
                <div class="RunTiles">{tiles(runs)}</div>
            </section>
        }
    })
}

#[component]
fn Recent(runs: Vec<RunCard>) -> impl IntoView {
    let texts = texts();
    (!runs.is_empty()).then(|| {
        view! {
            <section class="HomeSection" id="home-recent">
                <div class="HomeSection-head">
                    <h2 tabindex="-1">{texts.recent_runs}</h2>
                    <a href="/runs">{texts.all_runs}</a>
                </div>
                <div class="RunTiles">{tiles(runs)}</div>
            </section>
        }
    })
}

fn tiles(runs: Vec<RunCard>) -> impl IntoView {
    runs.into_iter()
        .map(|run| view! { <RunTile run /> })
        .collect_view()
}

#[component]
fn FolderSection(folder: Folder, query: String) -> impl IntoView {
    let is_match = |report: &ReportCard| matches(&query, &haystack(report));
    let is_hidden = !folder.reports.iter().any(is_match);
    let tiles = folder.reports.into_iter().map(|report| {
        let is_hidden = !is_match(&report);
        view! {
            <li hidden=is_hidden>
                <ReportTile report />
            </li>
        }
    });
    view! {
        <section class="HomeSection" data-folder="" hidden=is_hidden>
            <h2>{texts().folder(&folder.name)}</h2>
            <ul class="ReportTiles">{tiles.collect_view()}</ul>
        </section>
    }
}

/// What a search looks at; the island reads the same from the tile.
fn haystack(report: &ReportCard) -> String {
    format!(
        "{} {} {}",
        report.title,
        report.id,
        report.description.as_deref().unwrap_or_default()
    )
}
