//! "My runs": the history, newest first, filtered by state and report.

use leptos::prelude::*;

use crate::components::{
    Chips, Empty, Glyph, Icon, LinkButton, Look, PageHead, PostButton, StateBadge, TimeText,
};
use crate::context::{session, texts};
use crate::format;
use crate::view::{RunCard, RunState, RunsFilter, RunsView};

/// Reads the query of an address of the page.
pub fn runs_filter_of(query: &str) -> RunsFilter {
    let word = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    };
    RunsFilter {
        state: word("state").and_then(|state| state.parse().ok()),
        report: word("report"),
        everyone: word("everyone").is_some(),
        before: word("before"),
    }
}

/// The address of a filtered page.
fn address(filter: &RunsFilter) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let parts = [
        ("state", filter.state.map(|state| state.as_str().to_owned())),
        ("report", filter.report.clone()),
        ("everyone", filter.everyone.then(|| String::from("1"))),
        ("before", filter.before.clone()),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            query.append_pair(name, &value);
        }
    }
    match query.finish() {
        query if query.is_empty() => String::from("/runs"),
        query => format!("/runs?{query}"),
    }
}

/// The page at `/runs`. Filters are links and a GET form, so that every view has its own address.
#[component]
pub fn Runs(view: RunsView, filter: RunsFilter) -> impl IntoView {
    let texts = texts();
    let is_filtered = filter != RunsFilter::default();
    let everyone = filter.everyone;
    let older = view.older.clone().map(|before| {
        address(&RunsFilter {
            before: Some(before),
            ..filter.clone()
        })
    });
    let newest = filter.before.is_some().then(|| {
        address(&RunsFilter {
            before: None,
            ..filter.clone()
        })
    });
    view! {
        <PageHead title=texts.runs_title lead=texts.runs_lead />
        <Filters filter=filter.clone() reports=view.reports.clone() />
        {if view.runs.is_empty() {
            if is_filtered {
                view! {
                    <Empty glyph=Glyph::Search title=texts.runs_none_found advice=texts.runs_none_found_advice>
                        <LinkButton href="/runs" label=texts.all_runs />
                    </Empty>
                }
                    .into_any()
            } else {
                view! {
                    <Empty glyph=Glyph::Clock title=texts.runs_none advice=texts.runs_none_advice>
                        <LinkButton look=Look::Primary href="/" label=texts.find_report />
                    </Empty>
                }
                    .into_any()
            }
        } else {
            view! { <RunTable runs=view.runs everyone /> }.into_any()
        }}
        {(older.is_some() || newest.is_some())
            .then(|| {
                view! {
                    <nav class="Pagination" aria-label=texts.pages>
                        {newest.map(|href| view! { <LinkButton glyph=Glyph::Left href label=texts.newest_runs /> })}
                        {older.map(|href| view! { <LinkButton glyph=Glyph::Right href label=texts.older_runs /> })}
                    </nav>
                }
            })}
    }
    .into_any()
}

#[component]
fn Filters(filter: RunsFilter, reports: Vec<(String, String)>) -> impl IntoView {
    let texts = texts();
    let is_admin = session().viewer.is_some_and(|viewer| viewer.is_admin);
    let link = |state: Option<RunState>| {
        let href = address(&RunsFilter {
            state,
            before: None,
            ..filter.clone()
        });
        let current = (filter.state == state).then_some("page");
        let label = state.map_or(texts.every_state, |state| texts.state(state));
        view! {
            <a href=href aria-current=current>
                {label}
            </a>
        }
    };
    let states = std::iter::once(None)
        .chain(RunState::ALL.into_iter().map(Some))
        .map(link)
        .collect_view();
    let options = reports.into_iter().map(|(id, title)| {
        let is_chosen = filter.report.as_deref() == Some(id.as_str());
        view! {
            <option value=id selected=is_chosen>
                {title}
            </option>
        }
    });
    view! {
        <div class="Filters">
            <nav class="Tabs" aria-label=texts.filter_state>
                {states}
            </nav>
            <form class="Filters-form" method="get" action="/runs">
                {filter.state.map(|state| view! { <input type="hidden" name="state" value=state.as_str() /> })}
                <label class="visually-hidden" for="filter-report">
                    {texts.filter_report}
                </label>
                <div class="Select">
                    <select id="filter-report" name="report">
                        <option value="">{texts.every_report}</option>
                        {options.collect_view()}
                    </select>
                    <Icon glyph=Glyph::Down />
                </div>
                {is_admin
                    .then(|| {
                        view! {
                            <label class="Check">
                                <input type="checkbox" name="everyone" value="1" checked=filter.everyone />
                                <span>{texts.everyones_runs}</span>
                            </label>
                        }
                    })}
                <button type="submit" class="Button">
                    {texts.apply}
                </button>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn RunTable(runs: Vec<RunCard>, everyone: bool) -> impl IntoView {
    let texts = texts();
    let rows = runs
        .into_iter()
        .map(|run| view! { <RunRow run everyone /> });
    view! {
        <table class="RunTable">
            <caption class="visually-hidden">{texts.runs_title}</caption>
            <thead>
                <tr>
                    <th scope="col">{texts.column_report}</th>
                    <th scope="col">{texts.column_state}</th>
                    <th scope="col">{texts.fact_asked}</th>
                    {everyone.then(|| view! { <th scope="col">{texts.fact_person}</th> })}
                    <th scope="col" class="right">
                        {texts.fact_duration}
                    </th>
                    <th scope="col" class="right">
                        {texts.fact_rows}
                    </th>
                    <th scope="col">
                        <span class="visually-hidden">{texts.column_actions}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn RunRow(run: RunCard, everyone: bool) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    let href = format!("/runs/{}", run.id);
    let title = run.title.clone();
    view! {
        <tr>
            <th scope="row" class="RunTable-report">
                <a href=href>{run.title}</a>
                <Chips chips=run.chips />
                {run.note.map(|note| view! { <p class="RunTile-step">{note}</p> })}
                {run.error.map(|error| view! { <p class="RunTable-error">{error}</p> })}
            </th>
            <td>
                <StateBadge state=run.state />
            </td>
            <td class="RunTable-when" data-label=texts.fact_asked>
                <TimeText moment=run.created />
            </td>
            {everyone.then(|| view! { <td data-label=texts.fact_person>{run.person}</td> })}
            <td class="right" data-label=texts.fact_duration>
                {run.elapsed_ms.map_or_else(|| String::from("–"), |ms| format::duration(lang, ms))}
            </td>
            <td class="right" data-label=texts.fact_rows>
                {run.rows.map_or_else(|| String::from("–"), lang::grouped)}
            </td>
            <td class="RunTable-actions">
                <div>
                    {run
                        .file
                        .map(|file| {
                            view! {
                                <LinkButton
                                    look=Look::Quiet
                                    glyph=Glyph::Download
                                    href=file.href
                                    label=texts.download
                                    of=file.name
                                />
                            }
                        })}
                    {(run.can_run_again && run.state.is_finished())
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
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_its_filter() {
        let filter = RunsFilter {
            state: Some(RunState::Failed),
            report: Some(String::from("sales/daily_sales")),
            everyone: true,
            before: Some(String::from("01-a&b")),
        };
        let address = address(&filter);
        let (path, query) = address.split_once('?').unwrap();
        assert_eq!(path, "/runs");
        assert_eq!(runs_filter_of(query), filter);
        assert_eq!(super::address(&RunsFilter::default()), "/runs");
    }
}
