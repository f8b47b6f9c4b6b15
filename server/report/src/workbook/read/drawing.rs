//! Rules, charts and pivots of a sheet.

use crate::problem::Problem;
use crate::section::{Placed, Table};
use crate::workbook::{
    Chart, ChartKind, Condition, How, Mentions, Op, Operand, Pivot, Rule, RuleStyle,
};

const CHARTS: [ChartKind; 6] = [
    ChartKind::Line,
    ChartKind::Column,
    ChartKind::Bar,
    ChartKind::Area,
    ChartKind::Pie,
    ChartKind::Scatter,
];
const STYLES: [RuleStyle; 4] = [
    RuleStyle::Good,
    RuleStyle::Warn,
    RuleStyle::Bad,
    RuleStyle::Muted,
];

/// A `[[sheet.rule]]`.
pub(super) fn rule(
    mut table: Table<'_>,
    mentions: &mut Mentions,
    problems: &mut Vec<Problem>,
) -> Option<Rule> {
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
    let (column, when, style) = (column?, condition?, style?);
    mentions.add_text(How::Colours, [&column]);
    Some(Rule {
        column: column.value,
        when,
        style,
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

/// A `[[sheet.chart]]`.
pub(super) fn chart(
    mut table: Table<'_>,
    mentions: &mut Mentions,
    problems: &mut Vec<Problem>,
) -> Option<Chart> {
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
    let series = table.string("series", problems);
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
    let (kind, x, y) = (kind?, x?, y?);
    (!y.is_empty()).then_some(())?;
    mentions.add_text(How::Draws, std::iter::once(&x).chain(&y).chain(&series));
    Some(Chart {
        kind,
        title,
        x: x.value,
        y: y.into_iter().map(|column| column.value).collect(),
        series: series.map(|series| series.value),
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

/// The `pivot` of a sheet.
pub(super) fn pivot(
    table: &mut Table<'_>,
    mentions: &mut Mentions,
    problems: &mut Vec<Problem>,
) -> Option<Pivot> {
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
    let (rows, columns, values) = (rows?, columns?, values?);
    mentions.add_text(How::Turns, rows.iter().chain([&columns, &values]));
    let rows: Vec<String> = rows.into_iter().map(|column| column.value).collect();
    let (columns, values) = (columns.value, values.value);
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
