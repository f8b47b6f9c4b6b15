//! The workbook section: what each sheet shows and how.

mod drawing;
mod name;

use std::ops::Range;

use indexmap::IndexMap;
use toml::de::DeValue;

use self::drawing::{chart, pivot, rule};
use super::{Column, Format, Freeze, How, Mentions, Sheet, Total, Workbook};
use crate::block::Block;
use crate::document::Section;
use crate::nearest::{nearest, suggestion};
use crate::parse::{MOST_PARTS, too_many};
use crate::problem::Problem;
use crate::section::{self, Placed, Table};
use lang::Text;

const TOTALS: [Total; 5] = [
    Total::Sum,
    Total::Average,
    Total::Count,
    Total::Min,
    Total::Max,
];
/// Reads the section. Without one the last block that is no check becomes the only sheet.
pub(crate) fn read(
    text: &str,
    section: Option<&Section>,
    title: &Text,
    blocks: &[Block],
    problems: &mut Vec<Problem>,
) -> Workbook {
    let Some(section) = section else {
        return Workbook {
            sheets: only_sheet(title, blocks).into_iter().collect(),
            mentions: Vec::new(),
        };
    };
    let (toml, clean) = section::parse(text, &section.body, problems);
    let mut table = Table::new(
        "the workbook section",
        toml.get_ref(),
        section.fence.clone(),
        section.body.start,
    );
    let mut workbook = Workbook::default();
    let mut names: Vec<(String, Range<usize>)> = Vec::new();
    let sheets = table.tables("sheet", "[[sheet]]", problems);
    if sheets.len() > MOST_PARTS {
        problems.push(too_many("sheets", sheets.len()).at(section.fence.clone()));
        return workbook;
    }
    for inner in sheets {
        let mut mentions = Mentions::default();
        if let Some(sheet) = sheet(inner, blocks, &mut names, &mut mentions, problems) {
            workbook.sheets.push(sheet);
            workbook.mentions.push(mentions);
        }
    }
    if clean && table.entries().iter().all(|entry| entry.key != "sheet") {
        problems.push(
            Problem::error("report::missing_key", "the workbook section has no sheet")
                .at(section.fence.clone())
                .help("write `[[sheet]]` with `name` and `query`, or remove the section"),
        );
    }
    table.finish(problems);
    workbook
}

/// The sheet of a report without a workbook section, called like the report.
fn only_sheet(title: &Text, blocks: &[Block]) -> Option<Sheet> {
    let last = blocks
        .iter()
        .filter(|block| block.check.is_none())
        .max_by_key(|block| block.span.start)?;
    let name = |text: &Option<String>| text.as_deref().map(name::from_title);
    Some(Sheet {
        name: Text {
            ko: name(&title.ko),
            en: name(&title.en),
        },
        ..empty_sheet(last.name.clone())
    })
}

fn empty_sheet(query: String) -> Sheet {
    Sheet {
        name: Text::default(),
        query,
        freeze: None,
        columns: IndexMap::new(),
        others: true,
        empty: None,
        rules: Vec::new(),
        charts: Vec::new(),
        pivot: None,
    }
}

fn sheet(
    mut table: Table<'_>,
    blocks: &[Block],
    names: &mut Vec<(String, Range<usize>)>,
    mentions: &mut Mentions,
    problems: &mut Vec<Problem>,
) -> Option<Sheet> {
    let name = table.text("name", problems);
    let query = table.string("query", problems);
    match &name {
        Some(name) => name::check(name, names, problems),
        None if table.entries().iter().all(|entry| entry.key != "name") => {
            table.missing(
                "name",
                "write `name = \"…\"`, at most 31 characters",
                problems,
            );
        }
        None => {}
    }
    match &query {
        Some(query) => check_query(query, blocks, problems),
        None if table.entries().iter().all(|entry| entry.key != "query") => {
            table.missing(
                "query",
                "name the query whose rows the sheet shows",
                problems,
            );
        }
        None => {}
    }
    let mut sheet = empty_sheet(query.map(|query| query.value).unwrap_or_default());
    sheet.freeze = freeze(&mut table, problems);
    if let Some(columns) = table.table("columns", "[sheet.columns]", problems) {
        for entry in columns.entries() {
            if let Some(inner) =
                columns.as_table(&entry, &format!("column `{}`", entry.key), problems)
            {
                mentions.add(How::Formats, entry.key, entry.key_span.clone());
                sheet
                    .columns
                    .insert(entry.key.to_owned(), column(inner, problems));
            }
        }
    }
    sheet.others = table
        .boolean("others", problems)
        .is_none_or(|others| others.value);
    if !sheet.others && sheet.columns.is_empty() {
        problems.push(
            Problem::error("report::missing_key", "this sheet shows no columns")
                .at(table.span.clone())
                .help("list columns below `[sheet.columns]`, or remove `others = false`"),
        );
    }
    sheet.empty = table.text("empty", problems).map(|text| text.value);
    for inner in table.tables("rule", "[[sheet.rule]]", problems) {
        sheet.rules.extend(rule(inner, mentions, problems));
    }
    for inner in table.tables("chart", "[[sheet.chart]]", problems) {
        sheet.charts.extend(chart(inner, mentions, problems));
    }
    sheet.pivot = pivot(&mut table, mentions, problems);
    table.finish(problems);
    sheet.name = name?.value;
    (!sheet.query.is_empty()).then_some(sheet)
}

fn check_query(query: &Placed<String>, blocks: &[Block], problems: &mut Vec<Problem>) {
    if blocks.iter().any(|block| block.name == query.value) {
        return;
    }
    let known = blocks.iter().map(|block| block.name.as_str());
    let help = match nearest(&query.value, known.clone()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!(
            "queries of this report: {}",
            known.collect::<Vec<_>>().join(", ")
        ),
    };
    problems.push(
        Problem::error(
            "report::unknown_query",
            format!("this sheet shows `{}`, which is no query", query.value),
        )
        .at(query.span.clone())
        .label("no such query")
        .help(help),
    );
}

fn freeze(table: &mut Table<'_>, problems: &mut Vec<Problem>) -> Option<Freeze> {
    let mut inner = table.table("freeze", "`freeze`", problems)?;
    let rows = inner
        .whole("rows", 0, 100, problems)
        .map_or(1, |rows| rows.value);
    let columns = inner
        .whole("columns", 0, 100, problems)
        .map_or(0, |columns| columns.value);
    inner.finish(problems);
    Some(Freeze {
        rows: u32::try_from(rows).ok()?,
        columns: u16::try_from(columns).ok()?,
    })
}

fn column(mut table: Table<'_>, problems: &mut Vec<Problem>) -> Column {
    let title = table.text("title", problems).map(|text| text.value);
    let format = format(&mut table, problems);
    let width = table.take("width").and_then(|entry| {
        let width = section::decimal(entry.value).and_then(|width| f64::try_from(width).ok());
        match width {
            Some(width) if (1.0..=255.0).contains(&width) => Some(width),
            _ => {
                problems.push(
                    Problem::error(
                        "report::out_of_range",
                        format!("`width` in {} must be a number from 1 to 255", table.path),
                    )
                    .at(entry.span),
                );
                None
            }
        }
    });
    let total = table
        .word("total", &TOTALS.map(Total::as_str), problems)
        .map(|word| TOTALS[word.value]);
    table.finish(problems);
    Column {
        title,
        format,
        width,
        total,
    }
}

fn format(table: &mut Table<'_>, problems: &mut Vec<Problem>) -> Option<Format> {
    let entry = table.take("format")?;
    match entry.value {
        DeValue::String(word) => {
            let format = match word.as_ref() {
                "int" => Format::Int,
                "decimal2" => Format::Decimal2,
                "percent1" => Format::Percent1,
                "krw" => Format::Krw,
                "usd" => Format::Usd,
                "eur" => Format::Eur,
                "date" => Format::Date,
                "datetime" => Format::Datetime,
                "month" => Format::Month,
                "text" => Format::Text,
                other => {
                    let help = suggestion(other, Format::WORDS, "there are").map(|help| {
                        format!(
                            "{help}; a code of Excel is written `format = {{ excel = \"0.00\" }}`"
                        )
                    });
                    problems.push(
                        Problem::error(
                            "report::unknown_word",
                            format!("`{other}` is no format in {}", table.path),
                        )
                        .at(entry.span)
                        .maybe_help(help),
                    );
                    return None;
                }
            };
            Some(format)
        }
        DeValue::Table(_) => {
            let mut inner = table.as_table(&entry, "`format`", problems)?;
            let code = inner.string("excel", problems);
            if code.is_none() {
                inner.missing("excel", "write `format = { excel = \"0.00\" }`", problems);
            }
            inner.finish(problems);
            code.map(|code| Format::Excel(code.value))
        }
        _ => {
            table.wrong(
                &entry,
                "a word such as \"int\", or `{ excel = \"…\" }`",
                problems,
            );
            None
        }
    }
}
