//! The author's rules as Excel's conditional formats.

use report::{Op, Operand, Rule, RuleStyle};
use rows::calendar;
use rust_xlsxwriter::{ConditionalFormatFormula, Format, FormatBorder, Worksheet, XlsxError};

use super::columns::Planned;
use super::excel_time;
use super::names::column_name;

/// Colours the cells of every column a rule names, over the data rows `1..=last_row`.
///
/// Later rules give way to earlier ones, as the author reads them.
pub(crate) fn apply(
    worksheet: &mut Worksheet,
    rules: &[Rule],
    columns: &[(u16, &Planned)],
    last_row: u32,
    zone: &jiff::tz::TimeZone,
) -> Result<(), XlsxError> {
    for rule in rules {
        for (place, column) in columns
            .iter()
            .filter(|(_, column)| column.name == rule.column)
        {
            let formula = formula(rule, *place, column, zone);
            let format = ConditionalFormatFormula::new()
                .set_rule(formula.as_str())
                .set_format(style(rule.style))
                .set_stop_if_true(true);
            worksheet.add_conditional_format(1, *place, last_row, *place, &format)?;
        }
    }
    Ok(())
}

/// True for the first data cell when it meets the condition; empty cells never do.
///
/// A formula rather than Excel's "cell value" rule: that one takes an empty cell for 0 and puts every
/// text above every number.
fn formula(rule: &Rule, place: u16, column: &Planned, zone: &jiff::tz::TimeZone) -> String {
    let cell = format!("${}2", column_name(place));
    let op = match rule.when.op {
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Eq => "=",
        Op::Ne => "<>",
    };
    match &rule.when.value {
        Operand::Number(number) => format!("=AND(ISNUMBER({cell}),{cell}{op}{number})"),
        Operand::Text(text) => match date(text, column, zone) {
            Some(serial) => format!("=AND(ISNUMBER({cell}),{cell}{op}{serial})"),
            None => format!(
                "=AND({cell}<>\"\",{cell}{op}\"{}\")",
                text.replace('"', "\"\"")
            ),
        },
    }
}

fn date(text: &str, column: &Planned, zone: &jiff::tz::TimeZone) -> Option<f64> {
    use rows::ColumnType::{Date, Datetime};
    if !matches!(column.kind, Date | Datetime) && !column.format.is_moment() {
        return None;
    }
    let (days, micros) = excel_time::parse(text, zone)?;
    excel_time::datetime_serial(days * calendar::DAY + micros.unwrap_or(0))
}

/// Dark letters on a light ground: each pair has a contrast above 5:1 and differs in lightness, not
/// only in hue.
fn style(style: RuleStyle) -> Format {
    match style {
        RuleStyle::Good => Format::new()
            .set_font_color(0x0B5A2A)
            .set_background_color(0xD6F0DD),
        RuleStyle::Warn => Format::new()
            .set_font_color(0x6B4A00)
            .set_background_color(0xFFEDB8),
        RuleStyle::Bad => Format::new()
            .set_font_color(0x8F1218)
            .set_background_color(0xFBD9D7)
            .set_bold()
            .set_border_left(FormatBorder::Thin)
            .set_border_left_color(0x8F1218),
        RuleStyle::Muted => Format::new().set_font_color(0x5F6670).set_italic(),
    }
}
