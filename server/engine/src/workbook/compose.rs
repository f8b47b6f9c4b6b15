//! One sheet from its input: columns, rows or pivot, charts, totals, and what a page shows of it.

use report::{Chart, Sheet};
use source::Chunk;

use super::chart::{self, Drawn, Look};
use super::columns::{MAX_COLUMNS, Plan, Planned, plan};
use super::names;
use super::pivot::Pivoting;
use super::plot::{Plot, Plotted};
use super::session::{Session, excel};
use super::sheet::{FinishedSheet, SheetWriter, Storage, empty_sentence};
use super::value::Key;
use super::{SheetInput, WrittenSheet};
use crate::outcome::{ChartView, ControlTotal};
use crate::{EngineError, MissingColumns};

/// Told the number of rows just written; fails when the writing should stop.
pub(crate) type Step<'a> = &'a mut dyn FnMut(u64) -> Result<(), EngineError>;

/// A written sheet and its control totals.
pub(crate) struct Composed {
    pub sheet: WrittenSheet,
    pub totals: Vec<ControlTotal>,
}

/// Writes one sheet with everything around it.
pub(crate) fn compose(
    session: &mut Session,
    input: SheetInput,
    name: &str,
    step: Step<'_>,
) -> Result<Composed, EngineError> {
    let SheetInput {
        spec,
        block,
        columns,
        rows,
        mut chunks,
    } = input;
    let first = chunks.next().transpose()?;
    let mut plan = plan(&spec, &columns, first.as_ref(), session.lang);
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let refuse = |missing| missing_columns(name, &block, missing, &names);
    if plan.shown.is_empty() {
        plan.shown.clone_from(&plan.all);
    }
    if plan.shown.is_empty() || plan.shown.len() > MAX_COLUMNS {
        return Err(refuse(spec.columns.keys().cloned().collect()));
    }
    say_lost_totals(session, name, &plan);
    let mut plots = Vec::new();
    for chart in &spec.charts {
        plots.push(Plot::new(chart, &plan.all).map_err(refuse)?);
    }
    let rows_of = |chunk: Option<Result<Chunk, EngineError>>| chunk.transpose();
    let mut next = first;
    let mut read = 0u64;
    let finished = if let Some(pivot) = &spec.pivot {
        let mut pivoting = Pivoting::new(name, pivot, &plan.all).map_err(refuse)?;
        while let Some(chunk) = next {
            read += chunk.rows as u64;
            plots
                .iter_mut()
                .for_each(|plot| plot.see(&chunk, &session.zone));
            pivoting.see(&chunk, &session.zone)?;
            step(0)?;
            next = rows_of(chunks.next())?;
        }
        let pivoted = pivoting.finish(session.lang);
        let storage = session.storage(pivoted.rows, pivoted.columns.len(), pivoted.chunks.first());
        let mut writer = SheetWriter::begin(
            session,
            &spec,
            name.to_owned(),
            &block,
            pivoted.columns,
            pivoted.rows,
            storage,
        )?;
        for chunk in &pivoted.chunks {
            writer.write(session, chunk)?;
            step(chunk.rows as u64)?;
        }
        writer.finish(session)?
    } else {
        let storage = session.storage(rows, plan.shown.len(), next.as_ref());
        // Whether there is a table depends on this; a chunk in hand is better evidence than a number.
        let rows = next.as_ref().map_or(0, |chunk| rows.max(chunk.rows as u64));
        let mut writer = SheetWriter::begin(
            session,
            &spec,
            name.to_owned(),
            &block,
            plan.shown.clone(),
            rows,
            storage,
        )?;
        while let Some(chunk) = next {
            read += chunk.rows as u64;
            plots
                .iter_mut()
                .for_each(|plot| plot.see(&chunk, &session.zone));
            writer.write(session, &chunk)?;
            step(chunk.rows as u64)?;
            next = rows_of(chunks.next())?;
        }
        let is_in_memory = storage == Storage::Memory;
        let finished = writer.finish(session)?;
        if is_in_memory && finished.parts.len() == 1 && finished.rows > 0 {
            let views = draw_all(session, &spec, &plan, plots, &finished, true)?;
            return Ok(composed(session, &spec, name, finished, views, read));
        }
        finished
    };
    let views = draw_all(session, &spec, &plan, plots, &finished, false)?;
    Ok(composed(session, &spec, name, finished, views, read))
}

fn composed(
    session: &Session,
    spec: &Sheet,
    name: &str,
    finished: FinishedSheet,
    charts: Vec<ChartView>,
    read: u64,
) -> Composed {
    let totals = control_totals(name, &finished);
    let empty = (finished.rows == 0).then(|| empty_sentence(spec, session));
    let FinishedSheet {
        parts,
        rows,
        columns,
        preview,
        shown_totals,
        ..
    } = finished;
    let view = preview.finish(name, rows, &columns, shown_totals, empty, charts);
    Composed {
        sheet: WrittenSheet {
            name: name.to_owned(),
            rows,
            read,
            parts,
            view,
        },
        totals,
    }
}

fn control_totals(name: &str, finished: &FinishedSheet) -> Vec<ControlTotal> {
    let columns = finished.columns.iter().zip(&finished.totals);
    columns
        .filter_map(|(column, total)| {
            let total = total.as_ref()?;
            Some(ControlTotal {
                sheet: name.to_owned(),
                column: column.name.clone(),
                title: column.title.clone(),
                kind: total.kind.as_str().to_owned(),
                value: total.plain(),
            })
        })
        .collect()
}

/// Puts the charts beside the rows. `has_cells` says that the sheet's own cells can be drawn from.
fn draw_all(
    session: &mut Session,
    spec: &Sheet,
    plan: &Plan,
    plots: Vec<Plot>,
    finished: &FinishedSheet,
    has_cells: bool,
) -> Result<Vec<ChartView>, EngineError> {
    let mut views = Vec::new();
    // One empty column between the rows and the charts.
    let beside = u16::try_from(finished.columns.len() + 1).unwrap_or(u16::MAX);
    let mut next_row = 1;
    for (chart, plot) in spec.charts.iter().zip(plots) {
        let plotted = plot.finish();
        let title = chart
            .title
            .as_ref()
            .map_or("", |title| title.get(session.lang))
            .to_owned();
        views.push(plotted.view(chart.kind, &title));
        if plotted.labels.is_empty() || plotted.lines.is_empty() {
            continue;
        }
        let own = if has_cells {
            own_cells(chart, &plan.shown, finished)
        } else {
            None
        };
        let sheet = &finished.parts[0].0;
        if own.is_none() && plotted.is_cut {
            say_cut(session, sheet, &title);
        }
        let at = chart
            .at
            .as_deref()
            .and_then(names::parse_cell)
            .unwrap_or((next_row, beside));
        if chart.at.is_none() {
            next_row += chart::HEIGHT / session.style.row_height + 2;
        }
        draw(session, chart, &title, plotted, own, finished, at)?;
    }
    Ok(views)
}

fn draw(
    session: &mut Session,
    chart: &Chart,
    title: &str,
    plotted: Plotted,
    own: Option<Drawn>,
    finished: &FinishedSheet,
    at: (u32, u16),
) -> Result<(), EngineError> {
    let sheet = &finished.parts[0].0;
    let (x_title, x_format) = (plotted.x_title.clone(), plotted.x_format.clone());
    let y_format = plotted.y_format.clone();
    let has_dates = plotted
        .labels
        .iter()
        .all(|label| matches!(label, Key::Date(_) | Key::Datetime(_)));
    let points = plotted.labels.len();
    let is_own = own.is_some();
    let heading = if title.is_empty() {
        sheet.clone()
    } else {
        format!("{sheet} – {title}")
    };
    let drawn = match own {
        Some(drawn) => drawn,
        None => session.add_block(heading, plotted),
    };
    let look = Look {
        kind: chart.kind,
        title,
        font: session.style.font,
        x_title: &x_title,
        x_format: &x_format,
        y_format: &y_format,
        has_dates,
        points,
    };
    let mut native = chart::build(&drawn, &look);
    if !is_own {
        native.show_hidden_data();
    }
    let worksheet = excel(session.workbook.worksheet_from_index(finished.index))?;
    excel(worksheet.insert_chart(at.0, at.1, &native))?;
    Ok(())
}

/// The sheet's own cells when the chart can be drawn from them: it then follows the table's filter.
fn own_cells(chart: &Chart, shown: &[Planned], finished: &FinishedSheet) -> Option<Drawn> {
    if chart.series.is_some() {
        return None;
    }
    let place = |name: &String| {
        let place = shown.iter().position(|column| column.name == *name)?;
        u16::try_from(place).ok()
    };
    let rows = u32::try_from(finished.rows).ok()?;
    Some(Drawn {
        sheet: finished.parts[0].0.clone(),
        rows: (1, chart.rows.map_or(rows, |limit| limit.min(rows))),
        x: place(&chart.x)?,
        series: chart
            .y
            .iter()
            .map(|y| Some((0, place(y)?)))
            .collect::<Option<_>>()?,
    })
}

fn say_cut(session: &mut Session, sheet: &str, title: &str) {
    session.notes.say(
        "chart_cut",
        format!("‘{sheet}’ 시트의 차트 ‘{title}’: 점이나 계열이 너무 많아 앞부분만 그렸습니다. 표에는 모든 행이 있습니다."),
        format!("Chart “{title}” on “{sheet}”: too many points or series, so only the first are drawn. The table has every row."),
    );
}

fn say_lost_totals(session: &mut Session, sheet: &str, plan: &Plan) {
    for title in &plan.without_total {
        session.notes.say(
            "no_total",
            format!("‘{sheet}’ 시트의 ‘{title}’ 열: 숫자나 날짜가 아니어서 합계를 낼 수 없습니다."),
            format!("Column “{title}” on “{sheet}” holds no numbers or dates, so it has no total."),
        );
    }
}

fn missing_columns(
    sheet: &str,
    block: &str,
    missing: Vec<String>,
    returned: &[String],
) -> EngineError {
    EngineError::Columns(Box::new(MissingColumns {
        sheet: sheet.to_owned(),
        block: block.to_owned(),
        missing: missing.into_iter().map(|name| (name, None)).collect(),
        returned: returned.to_vec(),
    }))
}

/// Writes the sheet with the cells behind the charts, when there are any.
pub(crate) fn write_chart_data(session: &mut Session) -> Result<(), EngineError> {
    let Some(name) = session.chart_sheet().map(str::to_owned) else {
        return Ok(());
    };
    let blocks = std::mem::take(&mut session.blocks);
    let index = session.add_worksheet(&name, Storage::Memory)?;
    let formats = chart::BlockFormats {
        base: session.style.base.clone(),
        title: session.style.section(),
        head: session.style.header(),
    };
    let worksheet = excel(session.workbook.worksheet_from_index(index))?;
    for block in &blocks {
        excel(chart::write_block(worksheet, block, &formats))?;
    }
    excel(worksheet.set_freeze_panes(chart::BLOCK_HEAD + 1, 0))?;
    worksheet.set_tab_color(0x9AA5B1);
    super::print::set_up(worksheet, &session.title, 100.0, session.lang);
    Ok(())
}
