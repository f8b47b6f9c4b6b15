//! Whether a query returns what the sheets ask of it.

use report::{Report, Sheet};
use rows::ColumnInfo;

use crate::{EngineError, MissingColumns};

/// Checks every sheet of a block as soon as its columns are known, before anything else runs.
///
/// # Errors
/// [`EngineError::Columns`] for the first sheet that formats, draws or pivots other columns.
pub(crate) fn check(
    report: &Report,
    block: &str,
    columns: &[ColumnInfo],
    lang: lang::Lang,
) -> Result<(), EngineError> {
    for sheet in report
        .workbook
        .sheets
        .iter()
        .filter(|sheet| sheet.query == block)
    {
        let mut missing: Vec<(String, Option<String>)> = Vec::new();
        for name in wanted(sheet) {
            let is_there = columns.iter().any(|column| column.name == name);
            if !is_there && !missing.iter().any(|(other, _)| other == name) {
                let known = columns.iter().map(|column| column.name.as_str());
                let near = report::nearest(name, known).map(str::to_owned);
                missing.push((name.to_owned(), near));
            }
        }
        if !missing.is_empty() {
            return Err(EngineError::Columns(Box::new(MissingColumns {
                sheet: sheet.name.get(lang).to_owned(),
                block: block.to_owned(),
                missing,
                returned: columns.iter().map(|column| column.name.clone()).collect(),
            })));
        }
    }
    Ok(())
}

/// The query columns a sheet names. Behind a pivot, the rest of the sheet speaks of the pivoted
/// columns, whose names are values.
fn wanted(sheet: &Sheet) -> Vec<&str> {
    if let Some(pivot) = &sheet.pivot {
        let rows = pivot.rows.iter().map(String::as_str);
        return rows
            .chain([pivot.columns.as_str(), pivot.values.as_str()])
            .collect();
    }
    let charts = sheet.charts.iter().flat_map(|chart| {
        let y = chart.y.iter().map(String::as_str);
        y.chain([chart.x.as_str()]).chain(chart.series.as_deref())
    });
    let rules = sheet.rules.iter().map(|rule| rule.column.as_str());
    sheet
        .columns
        .keys()
        .map(String::as_str)
        .chain(rules)
        .chain(charts)
        .collect()
}
