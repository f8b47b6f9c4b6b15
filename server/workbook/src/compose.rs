//! One sheet from its input: columns, rows or pivot, charts, totals, and what a page shows of it.

mod draw;

use std::sync::Arc;

use report::{Pivot, Sheet};
use rows::Chunk;

use super::columns::{InVain, MAX_COLUMNS, Plan, plan};
use super::format::CellFormat;
use super::limits::Storage;
use super::names::cell_name;
use super::pivot::{Pivoted, Pivoting};
use super::plot::Plot;
use super::session::Session;
use super::sheet::{FinishedSheet, SheetWriter, empty_sentence};
use super::{Known, SheetInput, WrittenSheet};
use crate::view::{ChartView, ControlTotal};
use crate::{MissingColumns, WorkbookError};
use draw::draw_all;
pub(crate) use draw::write_chart_data;

/// Told the number of rows just written; fails when the writing should stop.
pub(crate) type Step<'a> = &'a mut dyn FnMut(u64) -> Result<(), WorkbookError>;

/// A written sheet and its control totals, each with the look of its column's total.
pub(crate) struct Composed {
    pub sheet: WrittenSheet,
    pub totals: Vec<(ControlTotal, CellFormat)>,
}

/// Writes one sheet with everything around it.
pub(crate) fn compose(
    session: &mut Session,
    input: SheetInput,
    name: &str,
    step: Step<'_>,
) -> Result<Composed, WorkbookError> {
    let SheetInput {
        spec,
        block,
        columns,
        quotients,
        numbers,
        rows,
        mut chunks,
    } = input;
    let first = chunks.next().transpose()?;
    let known = numbers.unwrap_or_else(|| Known::of_first(first.as_deref(), rows, columns.len()));
    let mut plan = plan(&spec, &columns, &quotients, &known, session.lang);
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let refuse = |missing| missing_columns(name, &block, missing, &names);
    if plan.shown.is_empty() {
        plan.shown.clone_from(&plan.all);
    }
    if plan.shown.is_empty() || plan.shown.len() > MAX_COLUMNS {
        return Err(refuse(spec.columns.keys().cloned().collect()));
    }
    say_what_was_in_vain(session, name, &plan);
    let mut plots = Vec::new();
    for chart in &spec.charts {
        plots.push(Plot::new(chart, &plan.all).map_err(refuse)?);
    }
    let rows_of = |chunk: Option<Result<Arc<Chunk>, WorkbookError>>| chunk.transpose();
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
        say_of_pivot(session, name, pivot, &pivoted);
        let storage = session.limits.storage(pivoted.rows, pivoted.columns.len());
        let mut writer = SheetWriter::begin(
            session,
            &spec,
            name.to_owned(),
            &block,
            pivoted.columns,
            pivoted.rows,
            storage,
        )?;
        for chunk in pivoted.chunks {
            let rows = chunk.rows as u64;
            writer.write(session, Arc::new(chunk))?;
            step(rows)?;
        }
        writer.finish(session)?
    } else {
        // Whether there is a table depends on this; a chunk in hand is better evidence than a number.
        let rows = next.as_ref().map_or(0, |chunk| rows.max(chunk.rows as u64));
        let storage = session.limits.storage(rows, plan.shown.len());
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
            let rows = chunk.rows as u64;
            read += rows;
            plots
                .iter_mut()
                .for_each(|plot| plot.see(&chunk, &session.zone));
            writer.write(session, chunk)?;
            step(rows)?;
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
    let totals = control_totals(name, &finished, spec.pivot.is_some());
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

/// A pivot's columns change with its values; what can be compared with last month is their total.
fn control_totals(
    name: &str,
    finished: &FinishedSheet,
    is_pivot: bool,
) -> Vec<(ControlTotal, CellFormat)> {
    let first = if is_pivot {
        finished.columns.len().saturating_sub(1)
    } else {
        0
    };
    let columns = finished.columns.iter().zip(&finished.totals).skip(first);
    columns
        .filter_map(|(column, total)| {
            let total = total.as_ref()?;
            let format = total.format(&column.format);
            let control = ControlTotal {
                sheet: name.to_owned(),
                column: column.name.clone(),
                title: column.title.clone(),
                kind: total.kind,
                value: total.plain(),
                shown: format.show(&total.value()),
            };
            Some((control, format))
        })
        .collect()
}

fn say_of_pivot(session: &mut Session, sheet: &str, pivot: &Pivot, pivoted: &Pivoted) {
    for (note, count, (row, column)) in &pivoted.notes {
        session
            .notes
            .add_many(*note, *count, sheet, &pivot.values, || {
                format!("'{sheet}'!{}", cell_name(*row, *column))
            });
    }
    if pivoted.is_total_in_vain {
        let values = &pivot.values;
        session.notes.say(
            "no_total",
            format!(
                "‘{sheet}’ 시트의 ‘{values}’ 열: 숫자가 아니어서 피벗의 합계를 낼 수 없습니다."
            ),
            format!("Column “{values}” on “{sheet}” holds no numbers, so the pivot has no totals."),
        );
    }
}

fn say_what_was_in_vain(session: &mut Session, sheet: &str, plan: &Plan) {
    for asked in &plan.in_vain {
        match asked {
            InVain::Total(title) => session.notes.say(
                "no_total",
                format!("‘{sheet}’ 시트의 ‘{title}’ 열: 숫자나 날짜가 아니어서 합계를 낼 수 없습니다."),
                format!("Column “{title}” on “{sheet}” holds no numbers or dates, so it has no total."),
            ),
            InVain::Format(title) => session.notes.say(
                "bad_format",
                format!("‘{sheet}’ 시트의 ‘{title}’ 열: 엑셀이 읽을 수 없는 표시 형식이어서 기본 형식으로 적었습니다."),
                format!("Column “{title}” on “{sheet}” asks for a format Excel cannot read; it has the usual one."),
            ),
        }
    }
}

fn missing_columns(
    sheet: &str,
    block: &str,
    missing: Vec<String>,
    returned: &[String],
) -> WorkbookError {
    WorkbookError::Columns(Box::new(MissingColumns {
        sheet: sheet.to_owned(),
        block: block.to_owned(),
        missing: missing.into_iter().map(|name| (name, None)).collect(),
        returned: returned.to_vec(),
    }))
}
