//! The columns of a sheet: which, in what order, called what, and looking how.

use lang::Lang;
use report::{Column, Sheet, Total};
use rows::{Chunk, ColumnInfo, ColumnType, Exact, Numbers, calendar};

use super::Known;
use super::excel_time;
use super::format::CellFormat;
use super::names;
use super::value::Value;

/// Excel's last column is XFD.
pub(crate) const MAX_COLUMNS: usize = 16_384;

/// One column of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// Its place in the chunks.
    pub source: usize,
    /// Its name in the query.
    pub name: String,
    /// Its heading; unique in the sheet ignoring case.
    pub title: String,
    pub kind: ColumnType,
    pub format: CellFormat,
    /// What stands under it. `None` as well where nothing sensible can be calculated.
    pub total: Option<Total>,
    /// The author's width in characters.
    pub width: Option<f64>,
    /// Whether the author or a total made it a number: then too many decimals are rounded rather
    /// than written as text, which no formula would add.
    pub is_calculated: bool,
    /// Whether its decimals were rounded by a division, so that digits beyond a float's mean nothing.
    pub is_quotient: bool,
}

impl Planned {
    /// Whether values stand at the right edge of their cells.
    pub(crate) fn is_right(&self) -> bool {
        let is_moment = matches!(
            self.kind,
            ColumnType::Date | ColumnType::Datetime | ColumnType::Time | ColumnType::Duration
        );
        self.format != CellFormat::Text
            && (self.kind.is_numeric()
                || is_moment
                || self.format.is_number()
                || self.format.is_moment())
    }
}

/// The columns of a query, those of the sheet, and what the author asked in vain.
pub(crate) struct Plan {
    /// Shown columns, left to right.
    pub shown: Vec<Planned>,
    /// Every column of the query, as charts and pivots see them.
    pub all: Vec<Planned>,
    /// What the author asked for in vain.
    pub in_vain: Vec<InVain>,
}

/// Something an author asked of a column that cannot be.
pub(crate) enum InVain {
    /// A total of something that is no number, by the column's title.
    Total(String),
    /// A format code Excel cannot read, by the column's title.
    Format(String),
}

impl Known {
    /// What the first chunk of `rows` rows shows.
    pub(crate) fn of_first(first: Option<&Chunk>, rows: u64, columns: usize) -> Self {
        let mut numbers = vec![Numbers::default(); columns];
        if let Some(first) = first {
            Numbers::see_all(&mut numbers, first);
        }
        Self {
            numbers,
            is_all: first.map_or(0, |first| first.rows as u64) >= rows,
        }
    }
}

/// Decides the columns.
pub(crate) fn plan(
    sheet: &Sheet,
    columns: &[ColumnInfo],
    quotients: &[String],
    known: &Known,
    lang: Lang,
) -> Plan {
    let mut in_vain = Vec::new();
    let all: Vec<Planned> = columns
        .iter()
        .enumerate()
        .map(|(source, info)| {
            let described = sheet.columns.get(&info.name).cloned().unwrap_or_default();
            let column = planned(source, info, &described, known, lang, &mut in_vain);
            Planned {
                is_quotient: quotients.contains(&column.name),
                ..column
            }
        })
        .collect();
    let listed = sheet
        .columns
        .keys()
        .filter_map(|name| all.iter().find(|column| column.name == *name));
    let others = all
        .iter()
        .filter(|column| sheet.others && !sheet.columns.contains_key(&column.name));
    let mut shown: Vec<Planned> = listed.chain(others).cloned().collect();
    let titles = names::titles(shown.iter().map(|column| column.title.as_str()));
    for (column, title) in shown.iter_mut().zip(titles) {
        column.title = title;
    }
    Plan {
        shown,
        all,
        in_vain,
    }
}

fn planned(
    source: usize,
    info: &ColumnInfo,
    described: &Column,
    known: &Known,
    lang: Lang,
    in_vain: &mut Vec<InVain>,
) -> Planned {
    let title = match &described.title {
        Some(title) => title.get(lang).to_owned(),
        None => info.name.clone(),
    };
    let wanted = described.format.as_ref().map(CellFormat::of);
    if wanted.as_ref().is_some_and(|format| !format.is_readable()) {
        in_vain.push(InVain::Format(title.clone()));
    }
    let numbers = known.numbers.get(source).cloned().unwrap_or_default();
    let format = wanted.filter(CellFormat::is_readable).unwrap_or_else(|| {
        CellFormat::by_type(info.kind, &info.name, &numbers, known.is_all, lang)
    });
    let total = described
        .total
        .filter(|total| can_total(*total, info.kind, &format));
    if described.total.is_some() && total.is_none() {
        in_vain.push(InVain::Total(title.clone()));
    }
    let is_calculated = total.is_some() || (described.format.is_some() && format.is_number());
    Planned {
        source,
        name: info.name.clone(),
        title,
        kind: info.kind,
        format,
        total,
        width: described.width,
        is_calculated,
        is_quotient: false,
    }
}

/// Whether Excel's SUBTOTAL gives something sensible for such cells.
fn can_total(total: Total, kind: ColumnType, format: &CellFormat) -> bool {
    let is_summed = kind.is_numeric() || kind == ColumnType::Duration;
    let is_number = (is_summed && *format != CellFormat::Text) || format.is_number();
    let is_moment = matches!(kind, ColumnType::Date | ColumnType::Datetime) || format.is_moment();
    match total {
        Total::Count => true,
        Total::Sum | Total::Average => is_number && !format.is_moment(),
        Total::Min | Total::Max => is_number || is_moment,
    }
}

/// The value as the column's format understands it: ISO texts become dates, digits numbers.
pub(crate) fn refine<'a>(
    value: Value<'a>,
    format: &CellFormat,
    zone: &jiff::tz::TimeZone,
) -> Value<'a> {
    if format.is_moment() {
        let digits;
        let text = match value {
            Value::Text(text) => text,
            Value::Number(number) if number.scale == 0 => {
                digits = number.plain();
                &digits
            }
            other => return other,
        };
        return match excel_time::parse(text, zone) {
            Some((days, None)) => i32::try_from(days).map_or(value, Value::Date),
            Some((days, Some(micros))) => Value::Datetime(days * calendar::DAY + micros),
            None => value,
        };
    }
    match value {
        Value::Text(text) if format.is_number() => Exact::parse(text).map_or(value, Value::Number),
        other => other,
    }
}

/// The value by which a pivot or a chart tells groups apart: as precise as the column shows it, so that
/// days shown as months are one month.
pub(crate) fn grouped<'a>(value: Value<'a>, format: &CellFormat) -> Value<'a> {
    let days = match value {
        Value::Date(days) => i64::from(days),
        Value::Datetime(micros) => micros.div_euclid(calendar::DAY),
        other => return other,
    };
    let days = match format {
        CellFormat::Month => calendar::first_of_month(days),
        CellFormat::Date => days,
        _ => return value,
    };
    i32::try_from(days).map_or(value, Value::Date)
}
