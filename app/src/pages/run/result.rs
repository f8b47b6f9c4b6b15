//! What a finished run made: control totals, warnings, and every sheet with its charts and first rows.

use leptos::prelude::*;

use crate::components::{Chips, DataTable, Empty, Glyph, Icon, Notice, Tone};
use crate::context::{session, texts};
use crate::format;
use crate::view::{
    BlockView, Chip, Direction, FileView, ResultView, RunView, SheetView, TotalView,
};

/// Sections in workbook order with links to them; nothing is hidden behind a tab that needs JavaScript.
#[component]
pub fn RunResult(view: RunView) -> impl IntoView {
    let texts = texts();
    let result = view.result.unwrap_or_default();
    let ResultView {
        files,
        totals,
        compared_with,
        warnings,
        sheets,
        blocks,
        ..
    } = result;
    let is_empty = sheets.iter().all(|sheet| sheet.rows == 0);
    let links = (sheets.len() > 1).then(|| view! { <SheetLinks sheets=sheets.clone() /> });
    view! {
        {warnings.into_iter().map(|message| view! { <Notice tone=Tone::Warn message /> }).collect_view()}
        {is_empty.then(|| view! { <Notice message=texts.zero_rows /> })}
        <Totals totals compared_with />
        {links}
        {sheets.into_iter().enumerate().map(|(index, sheet)| view! { <Sheet index sheet /> }).collect_view()}
        <Proof files blocks />
    }
}

#[component]
fn Totals(totals: Vec<TotalView>, compared_with: Option<(String, Vec<Chip>)>) -> impl IntoView {
    let texts = texts();
    (!totals.is_empty()).then(|| {
        let tiles = totals
            .into_iter()
            .map(|total| view! { <TotalTile total /> });
        view! {
            <section class="Totals" aria-labelledby="totals-title">
                <h2 id="totals-title">{texts.control_totals}</h2>
                <ul class="TotalTiles">{tiles.collect_view()}</ul>
                {compared_with
                    .map(|(run, chips)| {
                        view! {
                            <div class="Totals-compared">
                                <a href=format!("/runs/{run}")>{texts.compared_with}</a>
                                <Chips chips />
                            </div>
                        }
                    })}
            </section>
        }
    })
}

#[component]
fn TotalTile(total: TotalView) -> impl IntoView {
    let texts = texts();
    let (class, glyph, word) = match total.direction {
        Direction::Up => ("TotalTile-delta up", Some(Glyph::TrendUp), texts.grew),
        Direction::Down => ("TotalTile-delta down", Some(Glyph::TrendDown), texts.shrank),
        Direction::Same => ("TotalTile-delta", None, ""),
    };
    // The total column of a pivot is called what its kind is called; once is enough.
    let title = (total.title != total.kind).then(|| format!("{} ", total.title));
    view! {
        <li class="TotalTile">
            <p class="TotalTile-name">
                {title} " " <span class="TotalTile-kind">{total.kind}</span>
            </p>
            <p class="TotalTile-value">{total.value}</p>
            <p class=class>
                {total
                    .delta
                    .map(|delta| {
                        view! {
                            {glyph.map(|glyph| view! { <Icon glyph /> })}
                            <span class="visually-hidden">{word}</span>
                            <span>{delta}</span>
                        }
                    })}
                {total.previous.map(|previous| view! { <span class="TotalTile-previous">{(texts.previous_value)(&previous)}</span> })}
            </p>
            <p class="TotalTile-sheet">{total.sheet}</p>
        </li>
    }
    .into_any()
}

#[component]
fn SheetLinks(sheets: Vec<SheetView>) -> impl IntoView {
    let links = sheets.into_iter().enumerate().map(|(index, sheet)| {
        view! {
            <a href=format!("#sheet-{index}")>
                {sheet.name}
                <span class="SheetLinks-rows">{lang::grouped(sheet.rows)}</span>
            </a>
        }
    });
    view! {
        <nav class="SheetLinks" aria-label=texts().sheets>
            {links.collect_view()}
        </nav>
    }
}

#[component]
fn Sheet(index: usize, sheet: SheetView) -> impl IntoView {
    let texts = texts();
    let shown = sheet.preview.len() as u64;
    let note = if sheet.rows == 0 {
        (texts.rows)(0)
    } else if shown < sheet.rows {
        (texts.first_rows)(shown, sheet.rows)
    } else {
        (texts.all_rows)(sheet.rows)
    };
    let caption = format!("{} – {note}", sheet.name);
    let charts = sheet.charts.into_iter().map(|chart| {
        let label = chart.title.clone();
        view! {
            <figure class="Chart">
                <figcaption>{chart.title}</figcaption>
                // Scrolls sideways on a phone, and then by keyboard too.
                <div class="Chart-drawing" role="group" aria-label=label tabindex="0" inner_html=chart.svg></div>
            </figure>
        }
    });
    let charts = charts.collect::<Vec<_>>();
    let title_id = format!("sheet-{index}");
    let labelled_by = title_id.clone();
    view! {
        <section class="Panel Sheet" aria-labelledby=labelled_by>
            <div class="Sheet-head">
                <h2 id=title_id>{sheet.name}</h2>
                <p class="Sheet-rows">{note}</p>
            </div>
            {(!charts.is_empty()).then(|| view! { <div class="Charts">{charts}</div> })}
            {if sheet.rows == 0 {
                let advice = sheet.empty.unwrap_or_else(|| texts.sheet_empty_advice.to_owned());
                view! { <Empty glyph=Glyph::Sheet title=texts.sheet_empty_title advice /> }.into_any()
            } else {
                let totals = sheet.totals.unwrap_or_default();
                view! { <DataTable caption columns=sheet.columns rows=sheet.preview totals /> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// How the rows were counted, and the checksum, for whoever wants to be sure.
#[component]
fn Proof(files: Vec<FileView>, blocks: Vec<BlockView>) -> impl IntoView {
    let texts = texts();
    let lang = session().preferences.lang;
    let rows = blocks.into_iter().map(|block| {
        let kept = match block.partitions {
            Some((kept, all)) => (kept > 0).then(|| (texts.partitions_kept)(kept, all)),
            None => block.is_from_stage.then(|| texts.from_stage.to_owned()),
        };
        let origin = match block.source {
            Some(source) => [Some(source), block.endpoint, kept]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            None => texts.computed.to_owned(),
        };
        view! {
            <tr>
                <th scope="row">{block.name}</th>
                <td>{origin}</td>
                <td class="right">{lang::grouped(block.rows)}</td>
                <td class="right">{format::duration(lang, block.ms)}</td>
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    let files = files.into_iter().map(|file| {
        view! {
            <li>
                <a href=file.href>
                    {file.name}
                </a>
                <span>{format::bytes(file.bytes)}</span>
                <span class="Proof-sum">"SHA-256 " <code>{file.sha256}</code></span>
            </li>
        }
    });
    view! {
        <details class="Panel Fold Proof">
            <summary>{texts.proof_title}</summary>
            <p>{texts.proof_note}</p>
            <ul class="Proof-files">{files.collect_view()}</ul>
            {(!rows.is_empty())
                .then(|| {
                    view! {
                        <table class="PlainTable">
                            <thead>
                                <tr>
                                    <th scope="col">{texts.block}</th>
                                    <th scope="col">{texts.block_source}</th>
                                    <th scope="col" class="right">
                                        {texts.fact_rows}
                                    </th>
                                    <th scope="col" class="right">
                                        {texts.fact_duration}
                                    </th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    }
                })}
        </details>
    }
    .into_any()
}
