//! From a value to the cell that holds it unchanged, or the nearest that Excel can open.
//!
//! Every text is written as a string, never as a formula or a link. Texts that Excel would turn into
//! something else when somebody edits the cell carry the quote prefix, as if typed with an apostrophe.

use std::borrow::Cow;

use lang::Lang;
use rows::Exact;
use rows::time_text::{self, Detail};

use super::columns::Planned;
use super::excel_time;
use super::format::{CellFormat, hex};
use super::names;
use super::notes::Note;
use super::value::Value;

/// The most UTF-16 units a cell holds.
const TEXT_UNITS: usize = 32_767;

/// The most UTF-16 units of names of series and charts and of a file's properties.
const LABEL_UNITS: usize = 255;

/// What is written into a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Empty,
    /// A number, date, time or length of time in the column's format.
    Number(f64),
    /// A number that the column's format would disfigure.
    PlainNumber(f64),
    Boolean(bool),
    Text(Cow<'a, str>),
    /// A text that looks like a formula, a number or a date.
    QuotedText(Cow<'a, str>),
}

/// The cell of a refined value, and what had to be changed.
pub(crate) fn cell<'a>(value: Value<'a>, column: &Planned, lang: Lang) -> (Cell<'a>, Option<Note>) {
    match value {
        Value::Null => (Cell::Empty, None),
        Value::Boolean(value) => (Cell::Boolean(value), None),
        Value::Float(number) if !number.is_finite() => (Cell::Empty, Some(Note::NotFinite)),
        Value::Float(number) if column.format == CellFormat::Text => {
            (quoted(number.to_string()), None)
        }
        Value::Float(number) => (in_column(number, column), None),
        Value::Number(number) => of_number(number, column),
        Value::Text(text) => of_text(text, column, lang),
        Value::Date(days) => {
            let shown = || time_text::show_date(i64::from(days));
            of_moment(excel_time::day_serial(i64::from(days)), column, shown)
        }
        Value::Datetime(micros) => of_moment(excel_time::datetime_serial(micros), column, || {
            time_text::show_datetime(micros, Detail::All)
        }),
        Value::Time(micros) => of_moment(excel_time::time_serial(micros), column, || {
            time_text::show_time(micros, Detail::All)
        }),
        Value::Duration(micros) if column.format == CellFormat::Text => {
            (quoted(time_text::show_time(micros, Detail::All)), None)
        }
        Value::Duration(micros) => {
            let note = (micros < 0).then_some(Note::NegativeDuration);
            (in_column(excel_time::duration_serial(micros), column), note)
        }
        Value::Binary([]) => (Cell::Empty, None),
        Value::Binary(bytes) => {
            let text = hex(bytes);
            let (text, note) = shortened(Cow::Owned(text), lang);
            (Cell::QuotedText(text), note)
        }
    }
}

fn in_column<'a>(number: f64, column: &Planned) -> Cell<'a> {
    if column.format.is_moment() {
        Cell::PlainNumber(number)
    } else {
        Cell::Number(number)
    }
}

fn of_number<'a>(number: Exact, column: &Planned) -> (Cell<'a>, Option<Note>) {
    if column.format == CellFormat::Text {
        return (quoted(number.plain()), None);
    }
    if column.format.is_moment() {
        let (cell, note) = (Cell::PlainNumber(number.to_f64()), Note::NotADate);
        return (
            if number.fits_excel() {
                cell
            } else {
                quoted(number.plain())
            },
            Some(note),
        );
    }
    if number.fits_excel() {
        return (Cell::Number(number.to_f64()), None);
    }
    if column.is_quotient {
        // Only digits before the decimal point were there before the division.
        let note = number.is_longer_than_excel().then_some(Note::Rounded);
        return (Cell::Number(number.to_f64()), note);
    }
    if column.is_calculated && !number.is_longer_than_excel() {
        return (Cell::Number(number.to_f64()), Some(Note::Rounded));
    }
    let note = if column.total.is_some() {
        Note::LeftOutOfTotal
    } else {
        Note::NumberAsText
    };
    (quoted(number.plain()), Some(note))
}

fn of_moment<'a>(
    serial: Option<f64>,
    column: &Planned,
    shown: impl FnOnce() -> String,
) -> (Cell<'a>, Option<Note>) {
    match serial {
        Some(_) if column.format == CellFormat::Text => (quoted(shown()), None),
        Some(serial) => (Cell::Number(serial), None),
        None => (quoted(shown()), Some(Note::DateOutOfRange)),
    }
}

fn of_text<'a>(text: &'a str, column: &Planned, lang: Lang) -> (Cell<'a>, Option<Note>) {
    if text.is_empty() {
        return (Cell::Empty, None);
    }
    let misfit = match () {
        () if column.format.is_moment() => Some(Note::NotADate),
        () if column.format.is_number() => Some(Note::NotANumber),
        () => None,
    };
    let (text, replaced) = without_control_letters(text);
    let (text, cut) = shortened(text, lang);
    let cell = if is_mistakable(&text) {
        Cell::QuotedText(text)
    } else {
        Cell::Text(text)
    };
    (cell, cut.or(replaced).or(misfit))
}

fn quoted<'a>(text: String) -> Cell<'a> {
    Cell::QuotedText(Cow::Owned(text))
}

/// Control letters other than tab and line ends become U+FFFD, which everybody can see.
///
/// A lone carriage return becomes a line feed, which is what Excel itself stores for a line end.
pub(crate) fn without_control_letters(text: &str) -> (Cow<'_, str>, Option<Note>) {
    // All bytes are looked at together, which the compiler does many at a time; most texts end here.
    let needs_care = |byte: u8| (byte < b' ') | (byte == 0xEF);
    if !text.bytes().fold(false, |any, byte| any | needs_care(byte)) {
        return (Cow::Borrowed(text), None);
    }
    let is_bad = |letter: char| matches!(letter, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    let has_bad = text.contains(is_bad);
    if !has_bad && !text.contains('\r') {
        return (Cow::Borrowed(text), None);
    }
    let clean = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace(is_bad, "\u{FFFD}");
    (Cow::Owned(clean), has_bad.then_some(Note::ControlLetters))
}

/// A text as a name in the file: on few letters, without any that XML cannot hold.
pub(crate) fn label(text: &str) -> String {
    names::cut(&without_control_letters(text).0, LABEL_UNITS).to_owned()
}

fn shortened(text: Cow<'_, str>, lang: Lang) -> (Cow<'_, str>, Option<Note>) {
    // Bytes are never fewer than UTF-16 units, and most texts end here.
    if text.len() <= TEXT_UNITS {
        return (text, None);
    }
    let units = text.encode_utf16().count();
    if units <= TEXT_UNITS {
        return (text, None);
    }
    let units = lang::grouped_digits(&units.to_string());
    let mark = match lang {
        Lang::Ko => format!(" …[잘림: 원래 {units}자]"),
        Lang::En => format!(" …[cut: {units} characters]"),
    };
    let room = TEXT_UNITS - mark.encode_utf16().count();
    (
        Cow::Owned(format!("{}{mark}", names::cut(&text, room))),
        Some(Note::TextCut),
    )
}

/// Whether Excel would read the text as a formula, number, date or truth value if it were typed.
pub(crate) fn is_mistakable(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    if matches!(first, '=' | '+' | '-' | '@' | '\'' | '\t' | '\n') {
        return true;
    }
    let is_short = text.len() <= 40;
    let is_like_number = || {
        (first.is_ascii_digit() || matches!(first, '.' | '(' | '$' | '₩' | '€'))
            && text
                .chars()
                .all(|letter| letter.is_ascii_digit() || ".,-/:%eE+ ()$₩€TZAPMapm".contains(letter))
    };
    is_short
        && (is_like_number()
            || text.eq_ignore_ascii_case("true")
            || text.eq_ignore_ascii_case("false"))
}

#[cfg(test)]
mod tests {
    use rows::ColumnType;

    use super::*;

    fn column(format: CellFormat) -> Planned {
        Planned {
            source: 0,
            name: "x".into(),
            title: "x".into(),
            kind: ColumnType::Text,
            format,
            total: None,
            width: None,
            is_calculated: false,
            is_quotient: false,
        }
    }

    fn text(text: &str) -> (Cell<'_>, Option<Note>) {
        cell(Value::Text(text), &column(CellFormat::General), Lang::En)
    }

    #[test]
    fn texts_that_look_like_something_else_are_quoted() {
        for hostile in [
            "=1+1",
            "+1",
            "@x",
            "-5",
            "00123",
            "1e5",
            "2026-09-03",
            "TRUE",
            "1/2",
            "'a",
            "50%",
        ] {
            assert!(
                matches!(text(hostile), (Cell::QuotedText(_), None)),
                "{hostile}"
            );
        }
        for harmless in [
            "서울",
            "a=b",
            "3층 302호 정문 앞",
            "x-1",
            "https://example.com",
        ] {
            assert!(
                matches!(text(harmless), (Cell::Text(_), None)),
                "{harmless}"
            );
        }
    }

    #[test]
    fn letters_no_cell_can_hold_are_replaced_and_told() {
        assert_eq!(
            text("a\u{1}b"),
            (Cell::Text("a\u{FFFD}b".into()), Some(Note::ControlLetters))
        );
        assert_eq!(text("a\r\nb\tc"), (Cell::Text("a\nb\tc".into()), None));
    }

    #[test]
    fn long_texts_are_cut_where_everybody_sees_it() {
        let long = "가".repeat(40_000);
        let (Cell::Text(cut), Some(Note::TextCut)) = text(&long) else {
            panic!("not cut")
        };
        assert_eq!(cut.encode_utf16().count(), 32_767);
        assert!(cut.ends_with("…[cut: 40,000 characters]"));
        let fits = "😀".repeat(16_383);
        assert_eq!(text(&fits), (Cell::Text(fits.as_str().into()), None));
    }

    #[test]
    fn digits_are_never_lost_silently() {
        let number = |digits: &str, column: &Planned| {
            cell(
                Value::Number(Exact::parse(digits).unwrap()),
                column,
                Lang::En,
            )
        };
        let plain = column(CellFormat::General);
        assert_eq!(
            number("123456789012345", &plain),
            (Cell::Number(123_456_789_012_345.0), None)
        );
        assert_eq!(
            number("12345678901234567890", &plain),
            (
                Cell::QuotedText("12345678901234567890".into()),
                Some(Note::NumberAsText)
            )
        );
        let amount = Planned {
            is_calculated: true,
            ..column(CellFormat::Krw)
        };
        assert_eq!(
            number("0.12345678901234567", &amount),
            (Cell::Number(0.123_456_789_012_345_67), Some(Note::Rounded))
        );
        assert!(matches!(
            number("12345678901234567890", &amount).0,
            Cell::QuotedText(_)
        ));
    }

    #[test]
    fn a_quotient_is_the_nearest_number_without_a_word() {
        let quotient = Planned {
            is_quotient: true,
            ..column(CellFormat::General)
        };
        let number = |digits: &str| {
            let number = Value::Number(Exact::parse(digits).unwrap());
            cell(number, &quotient, Lang::En)
        };
        assert_eq!(
            number("3.3333333333333333"),
            (Cell::Number(10.0 / 3.0), None)
        );
        assert_eq!(
            number("-123456789012.66666666666666666667"),
            (Cell::Number(-370_370_367_038.0 / 3.0), None)
        );
        assert_eq!(
            number("1234567890123456789.5"),
            (
                Cell::Number(1_234_567_890_123_456_768.0),
                Some(Note::Rounded)
            )
        );
    }

    #[test]
    fn dates_excel_does_not_know_stay_readable() {
        let (cell, note) = cell(Value::Date(-100_000), &column(CellFormat::Date), Lang::En);
        assert_eq!(
            (cell, note),
            (
                Cell::QuotedText("1696-03-17".into()),
                Some(Note::DateOutOfRange)
            )
        );
    }
}
