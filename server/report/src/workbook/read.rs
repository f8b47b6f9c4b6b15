//! The workbook section: what each sheet shows and how.

use std::ops::Range;

use indexmap::IndexMap;
use toml::de::DeValue;

use super::{
    Chart, ChartKind, Column, Condition, Format, Freeze, Op, Operand, Pivot, Rule, RuleStyle,
    Sheet, Total, Workbook,
};
use crate::block::Block;
use crate::document::Section;
use crate::nearest::{nearest, suggestion};
use crate::problem::Problem;
use crate::section::{self, Placed, Table};
use crate::text::Text;

/// What Excel allows, in UTF-16 units.
const LONGEST_NAME: usize = 31;

/// Characters Excel refuses in the name of a sheet.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

const CHARTS: [ChartKind; 6] = [
    ChartKind::Line,
    ChartKind::Column,
    ChartKind::Bar,
    ChartKind::Area,
    ChartKind::Pie,
    ChartKind::Scatter,
];
const TOTALS: [Total; 5] = [
    Total::Sum,
    Total::Average,
    Total::Count,
    Total::Min,
    Total::Max,
];
const STYLES: [RuleStyle; 4] = [
    RuleStyle::Good,
    RuleStyle::Warn,
    RuleStyle::Bad,
    RuleStyle::Muted,
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
        };
    };
    let (toml, clean) = section::parse(text, &section.body, problems);
    let mut table = Table::new(
        "the workbook section",
        toml.get_ref(),
        section.fence.clone(),
        section.body.start,
    );
    let mut sheets = Vec::new();
    let mut names: Vec<(String, Range<usize>)> = Vec::new();
    for inner in table.tables("sheet", "[[sheet]]", problems) {
        if let Some(sheet) = sheet(inner, blocks, &mut names, problems) {
            sheets.push(sheet);
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
    Workbook { sheets }
}

/// The sheet of a report without a workbook section, called like the report.
fn only_sheet(title: &Text, blocks: &[Block]) -> Option<Sheet> {
    let last = blocks
        .iter()
        .filter(|block| block.check.is_none())
        .max_by_key(|block| block.span.start)?;
    let name = |text: &Option<String>| text.as_deref().map(sheet_name);
    Some(Sheet {
        name: Text {
            ko: name(&title.ko),
            en: name(&title.en),
        },
        ..empty_sheet(last.name.clone())
    })
}

/// A title as the name of a sheet.
fn sheet_name(title: &str) -> String {
    let mut name = String::new();
    for c in title
        .chars()
        .filter(|c| !FORBIDDEN.contains(c) && !c.is_control())
    {
        if name.encode_utf16().count() + c.len_utf16() > LONGEST_NAME {
            break;
        }
        name.push(c);
    }
    let name = name.trim_matches(|c: char| c == '\'' || c.is_whitespace());
    if name.is_empty() {
        "Sheet1".to_owned()
    } else {
        name.to_owned()
    }
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
    problems: &mut Vec<Problem>,
) -> Option<Sheet> {
    let name = table.text("name", problems);
    let query = table.string("query", problems);
    match &name {
        Some(name) => check_name(name, names, problems),
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
        sheet.rules.extend(rule(inner, problems));
    }
    for inner in table.tables("chart", "[[sheet.chart]]", problems) {
        sheet.charts.extend(chart(inner, problems));
    }
    sheet.pivot = pivot(&mut table, problems);
    table.finish(problems);
    sheet.name = name?.value;
    (!sheet.query.is_empty()).then_some(sheet)
}

fn check_name(
    name: &Placed<Text>,
    names: &mut Vec<(String, Range<usize>)>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: Vec<&str> = Vec::new();
    for text in [&name.value.ko, &name.value.en].into_iter().flatten() {
        if seen.contains(&text.as_str()) {
            continue;
        }
        seen.push(text);
        // Excel counts UTF-16 units; people count characters. They differ only for emoji.
        let length = text.encode_utf16().count();
        let message = if length > LONGEST_NAME {
            format!("\"{text}\" has {length} characters; Excel allows {LONGEST_NAME}")
        } else if let Some(bad) = text.chars().find(|c| FORBIDDEN.contains(c)) {
            format!("\"{text}\" has `{bad}`, which Excel does not allow in the name of a sheet")
        } else if text.starts_with('\'') || text.ends_with('\'') {
            format!(
                "\"{text}\" begins or ends with `'`, which Excel does not allow in the name of a sheet"
            )
        } else if text.chars().any(char::is_control) {
            "the name of a sheet has a control character".to_owned()
        } else if text.eq_ignore_ascii_case("history") {
            "Excel keeps the name \"History\" for itself".to_owned()
        } else if names.iter().any(|(other, _)| *other == text.to_lowercase()) {
            format!(
                "two sheets are named \"{text}\"; Excel does not tell capitals from small letters"
            )
        } else {
            continue;
        };
        problems.push(
            Problem::error("report::sheet_name", message)
                .at(name.span.clone())
                .help("give the sheet another name"),
        );
    }
    names.extend(
        seen.into_iter()
            .map(|text| (text.to_lowercase(), name.span.clone())),
    );
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

fn rule(mut table: Table<'_>, problems: &mut Vec<Problem>) -> Option<Rule> {
    let column = required(
        &mut table,
        "column",
        "name the column that is coloured",
        problems,
    );
    let when = required(
        &mut table,
        "when",
        "write a comparison, for example `when = \"> 1000\"`",
        problems,
    );
    let style = table
        .word("style", &["good", "warn", "bad", "muted"], problems)
        .map(|word| STYLES[word.value]);
    if style.is_none() && table.entries().iter().all(|entry| entry.key != "style") {
        table.missing("style", "there are good, warn, bad, muted", problems);
    }
    table.finish(problems);
    let when = when?;
    let condition = condition(&when.value);
    if condition.is_none() {
        problems.push(
            Problem::error("report::bad_rule", format!("`{}` is no comparison", when.value))
                .at(when.span)
                .help("write `>`, `>=`, `<`, `<=`, `=` or `<>`, then a number or a text in single quotes: `> 1000`, `= 'late'`"),
        );
    }
    Some(Rule {
        column: column?.value,
        when: condition?,
        style: style?,
    })
}

fn condition(text: &str) -> Option<Condition> {
    let text = text.trim();
    let operators = [
        (">=", Op::Ge),
        ("<=", Op::Le),
        ("<>", Op::Ne),
        ("!=", Op::Ne),
        ("==", Op::Eq),
        (">", Op::Gt),
        ("<", Op::Lt),
        ("=", Op::Eq),
    ];
    let (op, rest) = operators
        .into_iter()
        .find_map(|(sign, op)| Some((op, text.strip_prefix(sign)?.trim())))?;
    let quoted = ['\'', '"']
        .into_iter()
        .find_map(|quote| rest.strip_prefix(quote)?.strip_suffix(quote));
    let value = match quoted {
        Some(text) => Operand::Text(text.to_owned()),
        None => {
            let number = rest.replace('_', "");
            Operand::Number(rust_decimal::Decimal::from_str_exact(&number).ok()?)
        }
    };
    Some(Condition { op, value })
}

fn chart(mut table: Table<'_>, problems: &mut Vec<Problem>) -> Option<Chart> {
    let kind = table
        .word("type", &CHARTS.map(ChartKind::as_str), problems)
        .map(|word| CHARTS[word.value]);
    if kind.is_none() && table.entries().iter().all(|entry| entry.key != "type") {
        table.missing(
            "type",
            "there are line, column, bar, area, pie, scatter",
            problems,
        );
    }
    let title = table.text("title", problems).map(|text| text.value);
    let x = required(
        &mut table,
        "x",
        "name the column along the x axis",
        problems,
    );
    let y = table.strings("y", problems);
    if y.as_ref().is_none_or(Vec::is_empty) {
        table.missing(
            "y",
            "name the columns that are drawn: `y = [\"…\"]`",
            problems,
        );
    }
    let series = table.string("series", problems).map(|series| series.value);
    let rows = table
        .whole("rows", 1, 1_048_575, problems)
        .and_then(|rows| u32::try_from(rows.value).ok());
    let at = table.string("at", problems).and_then(|at| {
        if is_cell(&at.value) {
            return Some(at.value);
        }
        problems.push(
            Problem::error("report::bad_cell", format!("`{}` is no cell", at.value))
                .at(at.span)
                .help("write a column and a row, for example `G2`"),
        );
        None
    });
    table.finish(problems);
    let y: Vec<String> = y?.into_iter().map(|column| column.value).collect();
    (!y.is_empty()).then_some(())?;
    Some(Chart {
        kind: kind?,
        title,
        x: x?.value,
        y,
        series,
        rows,
        at,
    })
}

/// `A1` to `XFD1048576`.
fn is_cell(text: &str) -> bool {
    let letters = text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_uppercase())
            .len();
    let (column, row) = text.split_at(letters);
    let number = column.bytes().fold(0u32, |sum, letter| {
        sum.saturating_mul(26) + u32::from(letter - b'A') + 1
    });
    let row: Option<u32> = row
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| row.parse().ok())
        .flatten();
    (1..=16_384).contains(&number)
        && letters <= 3
        && row.is_some_and(|row| (1..=1_048_576).contains(&row))
}

fn pivot(table: &mut Table<'_>, problems: &mut Vec<Problem>) -> Option<Pivot> {
    let mut inner = table.table("pivot", "`pivot`", problems)?;
    let rows = inner.strings("rows", problems);
    if rows.as_ref().is_none_or(Vec::is_empty) {
        inner.missing(
            "rows",
            "name the columns that name a row: `rows = [\"…\"]`",
            problems,
        );
    }
    let columns = required(
        &mut inner,
        "columns",
        "name the column whose values become columns",
        problems,
    );
    let values = required(
        &mut inner,
        "values",
        "name the column that fills the cells",
        problems,
    );
    let total = inner
        .boolean("total", problems)
        .is_some_and(|total| total.value);
    let place = inner.span.clone();
    inner.finish(problems);
    let rows: Vec<String> = rows?.into_iter().map(|column| column.value).collect();
    let (columns, values) = (columns?.value, values?.value);
    let mut all: Vec<&String> = rows.iter().chain([&columns, &values]).collect();
    all.sort();
    if let Some(twice) = all.windows(2).find(|pair| pair[0] == pair[1]) {
        problems.push(
            Problem::error(
                "report::bad_pivot",
                format!("the pivot uses `{}` twice", twice[0]),
            )
            .at(place)
            .help("rows, columns and values are different columns"),
        );
    }
    (!rows.is_empty()).then_some(Pivot {
        rows,
        columns,
        values,
        total,
    })
}

/// A text that must be there.
fn required(
    table: &mut Table<'_>,
    key: &'static str,
    help: &str,
    problems: &mut Vec<Problem>,
) -> Option<Placed<String>> {
    let found = table.string(key, problems);
    if found.is_none() && table.entries().iter().all(|entry| entry.key != key) {
        table.missing(key, help, problems);
    }
    found
}
