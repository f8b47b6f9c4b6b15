//! Whatever the rows hold, they read back as they were.

use calamine::Data;
use lang::Lang;
use proptest::prelude::*;
use rows::{Bytes, ColumnData};

use crate::book::*;

/// Letters from every corner, also those XML and Excel dislike.
fn any_text() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        8 => any::<char>(),
        4 => proptest::char::range('가', '힣'),
        4 => proptest::char::range(' ', '~'),
        1 => proptest::char::range('\0', '\u{1F}'),
        2 => proptest::sample::select(vec!['_', 'x', '0', '4', '1', '=', '&', '<', '>', '"', '\'', '😀']),
    ];
    proptest::collection::vec(letter, 0..40).prop_map(|letters| letters.into_iter().collect())
}

/// What a cell can hold of a text.
fn cellular(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_bad = |letter: &char| matches!(letter, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    lines
        .chars()
        .map(|letter| if is_bad(&letter) { '\u{FFFD}' } else { letter })
        .collect()
}

type Row = (
    Option<String>,
    Option<i64>,
    Option<i128>,
    Option<f64>,
    Option<bool>,
    Option<i32>,
);

fn any_row() -> impl Strategy<Value = Row> {
    (
        proptest::option::of(any_text()),
        proptest::option::of(any::<i64>()),
        proptest::option::of(-10_i128.pow(24)..10_i128.pow(24)),
        proptest::option::of(any::<f64>()),
        proptest::option::of(any::<bool>()),
        proptest::option::of(-25_000..2_900_000),
    )
}

fn table(rows: &[Row]) -> Table {
    let mut names = Bytes::default();
    rows.iter()
        .for_each(|row| names.push(row.0.as_deref().map(str::as_bytes)));
    let pick = |rows: &[Row]| rows.iter().map(|row| row.1).collect::<Vec<_>>();
    let decimals: Vec<_> = rows.iter().map(|row| row.2).collect();
    let floats: Vec<_> = rows.iter().map(|row| row.3).collect();
    let flags: Vec<_> = rows.iter().map(|row| row.4).collect();
    let days: Vec<_> = rows.iter().map(|row| row.5).collect();
    vec![
        ("text", ColumnData::Text(names)),
        ("integer", ColumnData::Integer(flat(&pick(rows)))),
        (
            "decimal",
            ColumnData::Decimal {
                mantissa: flat(&decimals),
                scale: 4,
            },
        ),
        ("float", ColumnData::Float(flat(&floats))),
        ("flag", ColumnData::Boolean(flat(&flags))),
        ("day", ColumnData::Date(flat(&days))),
    ]
}

/// The digits of a number without zeros at the end of its fraction.
fn digits(plain: &str) -> String {
    if plain.contains('.') {
        plain.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        plain.to_owned()
    }
}

fn plain(mantissa: i128, scale: usize) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = format!(
        "{:0>width$}",
        mantissa.unsigned_abs().to_string(),
        width = scale + 1
    );
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

fn check_number(cell: &Data, expected: &str) {
    match cell {
        // A text keeps all digits.
        Data::String(text) => assert_eq!(digits(text), digits(expected)),
        Data::Float(number) => assert_eq!(*number, expected.parse::<f64>().unwrap(), "{expected}"),
        other => panic!("{expected} became {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rows_read_back_as_they_were(
        rows in proptest::collection::vec(any_row(), 1..12),
        storage in 0..5usize,
    ) {
        let limits = every_storage()[storage];
        let finished = finish_within(vec![input(sheet("S", "any"), table(&rows))], Lang::Ko, limits);
        let range = finished.range("S");
        for (at, row) in (1u32..).zip(&rows) {
            let cell = |column: u32| range.get_value((at, column)).cloned().unwrap_or(Data::Empty);
            match row.0.as_deref().filter(|text| !text.is_empty()) {
                Some(text) => prop_assert_eq!(cell(0), Data::String(cellular(text))),
                None => prop_assert_eq!(cell(0), Data::Empty),
            }
            match row.1 {
                Some(integer) => check_number(&cell(1), &integer.to_string()),
                None => prop_assert_eq!(cell(1), Data::Empty),
            }
            match row.2 {
                Some(mantissa) => check_number(&cell(2), &plain(mantissa, 4)),
                None => prop_assert_eq!(cell(2), Data::Empty),
            }
            match row.3.filter(|float| float.is_finite()) {
                Some(float) => prop_assert_eq!(cell(3), Data::Float(float)),
                None => prop_assert_eq!(cell(3), Data::Empty),
            }
            prop_assert_eq!(cell(4), row.4.map_or(Data::Empty, Data::Bool));
            match row.5 {
                Some(days) => {
                    let date = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
                    prop_assert_eq!(moment(&cell(5)), format!("{date} 00:00:00"));
                }
                None => prop_assert_eq!(cell(5), Data::Empty),
            }
        }
        let counted = workbook::recount(&finished.path).unwrap();
        prop_assert_eq!(counted[0].1, rows.len() as u64);
    }
}
