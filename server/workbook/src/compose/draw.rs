//! Charts beside the rows they draw.

use report::{Chart, Sheet};

use crate::WorkbookError;
use crate::cell::label;
use crate::chart::{self, Drawn, Look};
use crate::columns::{Plan, Planned};
use crate::error::excel;
use crate::names;
use crate::plot::{Plot, Plotted};
use crate::print;
use crate::session::Session;
use crate::sheet::FinishedSheet;
use crate::value::Key;
use crate::view::ChartView;

/// Puts the charts beside the rows. `has_cells` says that the sheet's own cells can be drawn from.
pub(super) fn draw_all(
    session: &mut Session,
    spec: &Sheet,
    plan: &Plan,
    plots: Vec<Plot>,
    finished: &FinishedSheet,
    has_cells: bool,
) -> Result<Vec<ChartView>, WorkbookError> {
    let mut views = Vec::new();
    // One empty column between the rows and the charts.
    let beside = u16::try_from(finished.columns.len() + 1).unwrap_or(u16::MAX);
    let mut next_row = 1;
    for (chart, plot) in spec.charts.iter().zip(plots) {
        let plotted = plot.finish();
        let title = chart
            .title
            .as_ref()
            .map_or("", |title| title.get(session.lang));
        let title = label(title);
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
) -> Result<(), WorkbookError> {
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
    excel(worksheet.insert_chart_with_offset(at.0, at.1, &native, 4, 6))?;
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

/// Writes the sheet with the cells behind the charts, when there are any.
pub(crate) fn write_chart_data(session: &mut Session) -> Result<(), WorkbookError> {
    let Some(name) = session.chart_sheet().map(str::to_owned) else {
        return Ok(());
    };
    let blocks = std::mem::take(&mut session.blocks);
    let index = session.add_worksheet(&name)?;
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
    print::set_up(worksheet, &session.title, 100.0, session.lang);
    Ok(())
}
